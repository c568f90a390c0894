"""Bars, boxes and histograms: exact values, and drawings of odd input without a warning."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.charts.bar import bar_chart
from reportgen.charts.box import box_chart
from reportgen.charts.histogram import bin_edges, histogram_chart
from reportgen.charts.style import ChartStyle
from reportgen.charts.summaries import SummarySettings
from reportgen.errors import QueryError
from reportgen.model import Run, Runs, Source

STYLE = ChartStyle()
DRAW = {"bar": bar_chart, "box": box_chart, "histogram": histogram_chart}


def make(values: list[Any], names: list[str] | None = None, config: list[dict[str, Any]] | None = None) -> Runs:
    return Runs(
        Run(
            id=f"r{i:03d}",
            name=names[i] if names else f"run {i}",
            source=Source("hand", Path(str(i))),
            summary={"acc": value},
            config=config[i] if config else {"opt": "adam" if i % 2 else "sgd"},
        )
        for i, value in enumerate(values)
    )


def test_bars_are_sorted_best_first() -> None:
    [figure] = bar_chart(make([0.2, 0.9, 0.5]), SummarySettings("acc"), STYLE)
    assert figure.data["bars"]["name"].tolist() == ["run 1", "run 2", "run 0"]
    assert figure.data["bars"]["text"].tolist() == ["90.0\u202f%", "50.0\u202f%", "20.0\u202f%"]


def test_bars_of_groups_are_means_with_their_runs() -> None:
    [figure] = bar_chart(make([0.2, 0.9, 0.4, 0.7]), SummarySettings("acc", x="config.opt"), STYLE)
    assert figure.data["bars"][["name", "mean", "runs"]].to_dict("list") == {
        "name": ["adam", "sgd"],
        "mean": pytest.approx([0.8, 0.3]),
        "runs": [2, 2],
    }
    assert sorted(figure.data["dots"]["value"]) == [0.2, 0.4, 0.7, 0.9]


def test_boxes_are_quartiles_and_whiskers_end_at_values() -> None:
    [figure] = box_chart(make([1.0, 2.0, 3.0, 4.0, 100.0]), SummarySettings("acc"), STYLE)
    assert figure.data["boxes"].iloc[0].to_dict() == {
        "name": "all runs", "runs": 5, "low": 1.0, "q1": 2.0, "median": 3.0, "q3": 4.0, "high": 4.0,
    }  # fmt: skip


def test_boxes_of_numbers_are_in_their_order_and_few_runs_are_said() -> None:
    [figure] = box_chart(make([1.0, 2.0, 3.0], config=[{"n": 16}, {"n": 4}, {"n": 128}]), SummarySettings("acc", x="config.n"), STYLE)
    assert figure.data["boxes"]["name"].tolist() == ["4", "16", "128"]
    assert figure.notes == ("Fewer than five runs: 4, 16 and 128; their boxes say little.",)


def test_every_run_is_in_one_bin() -> None:
    values = list(np.random.default_rng(0).normal(size=200))
    [figure] = histogram_chart(make(values), SummarySettings("acc", bins=12), STYLE)
    bins = figure.data["bins"]
    assert bins["runs"].sum() == 200
    assert len(bins) <= 12
    assert bins["low"].iloc[0] == -2.4
    assert (bins["high"] - bins["low"]).round(9).unique().tolist() == [0.4]


@pytest.mark.parametrize("wanted", [1, 2, 3, 5, 7, 8, 10, 12, 17, 30])
@pytest.mark.parametrize(("low", "high"), [(0.588, 0.856), (0.3, 1.0), (-3, 120), (1e-9, 7e-9), (98.2, 99.1)])
def test_as_many_bins_as_wanted(wanted: int, low: float, high: float) -> None:
    edges = bin_edges(np.linspace(low, high, 50), wanted, log=False)
    assert len(edges) == wanted + 1
    assert np.diff(edges) == pytest.approx([(edges[-1] - edges[0]) / wanted] * wanted)
    assert edges[0] <= low < edges[1]
    assert edges[-2] < high <= edges[-1] * (1 + 1e-9)
    assert bin_edges(np.array([0.588, 0.856]), 8, log=False)[[0, 1, -1]].tolist() == [0.56, 0.6, 0.88]


def test_what_is_left_out_is_said() -> None:
    [figure] = bar_chart(make([0.5, math.nan, "text", None]), SummarySettings("acc"), STYLE)
    assert figure.notes == ("3 of 4 runs have no finite acc.",)
    with pytest.raises(QueryError, match="no run has a finite value of 'acc'"):
        bar_chart(make([math.nan]), SummarySettings("acc"), STYLE)


@pytest.mark.parametrize("kind", sorted(DRAW))
@pytest.mark.parametrize(
    "runs",
    [
        make([0.5]),
        make([0.5] * 3),
        make([1e-300, 1e300]),
        make([float(i) for i in range(300)]),
        make([0.1, 0.2], names=["<script>alert('x')</script>", "정확도 " + "x" * 120]),
    ],
    ids=["one", "constant", "extreme", "many", "hostile"],
)
def test_it_can_be_drawn(kind: str, runs: Runs) -> None:
    import vl_convert

    [figure] = DRAW[kind](runs, SummarySettings("acc", x="config.opt" if kind == "box" else None), STYLE)
    data = {name: json.loads(frame.to_json(orient="records")) for name, frame in figure.data.items()}
    svg = vl_convert.vegalite_to_svg(json.dumps({**figure.spec, "datasets": data}))
    assert "<script" not in svg
    assert "NaN" not in svg.split("<g", 1)[1]
