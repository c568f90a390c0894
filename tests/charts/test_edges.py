"""Every kind of chart on odd runs: it is drawn, nothing is markup, and what is missing is said."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chart_runs import drawn, run, series

from reportgen.blocks import chart
from reportgen.blocks.block import Context
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.errors import Place, QueryError
from reportgen.model import Runs

HOSTILE = "<script>alert(1)</script>"
KEYS = ["a.b[0]\"c'\\d", "{{x}} </svg>", "정확도/검증", "datum.x || 1", "m" * 120]


def searched(n: int, **more: Any) -> Runs:
    draw = np.random.default_rng(n)
    return Runs(
        run(
            f"run {i}", {"val/acc": np.cumsum(draw.uniform(0, 0.05, 8)).tolist(), "val/loss": (3 * draw.random(8)).tolist()},
            {"opt.name": ["adam", "sgd"][i % 2], "opt.lr": float(10.0 ** draw.uniform(-5, -1)), "width": int(2 ** draw.integers(2, 6))}
            | more,
            id=f"r{i:03d}",
        )
        for i in range(n)
    )  # fmt: skip


RUNS = {
    "one run": searched(1),
    "two runs": searched(2),
    "24 runs": searched(24),
    "300 runs": searched(300),
    "one point": Runs([run("a", {"val/acc": [0.5]}, {"opt.lr": 0.1, "opt.name": "adam"})]),
    "only NaN": Runs([run("a", {"val/acc": [math.nan] * 5}, {"opt.lr": 0.1, "opt.name": "adam"})]),
    "NaN, infinite and a value": Runs(
        [run(name, {"val/acc": [math.nan, math.inf, 0.5, -math.inf]}, {"opt.lr": 0.1, "opt.name": name}) for name in ("adam", "sgd")]
    ),
    "constant": Runs([run(f"r{i}", {"val/acc": [0.5] * 6}, {"opt.lr": 0.1, "opt.name": "adam"}) for i in range(3)]),
    "huge and tiny": Runs(
        [
            run("huge", {"val/acc": [1e300, -1e300, 1e308]}, {"opt.lr": 1e-300, "opt.name": "adam"}),
            run("tiny", {"val/acc": [1e-300, 5e-324, 0.0]}, {"opt.lr": 1e-5, "opt.name": "sgd"}),
        ]
    ),
    "odd names": Runs(
        [
            run(HOSTILE, {"val/acc": [0.1, 0.2]}, {"opt.lr": 0.1, "opt.name": HOSTILE}),
            run('"quotes" \\ [brackets] {braces}', {"val/acc": [0.1, 0.3]}, {"opt.lr": 0.01, "opt.name": "'; DROP"}),
            run("한국어 이름 " * 4, {"val/acc": [0.1, 0.25]}, {"opt.lr": 0.001, "opt.name": "아담"}),
            run("n" * 120, {"val/acc": [0.2, 0.2]}, {"opt.lr": 0.002, "opt.name": "x" * 200}),
            run("same", {"val/acc": [0.2, 0.4]}, {"opt.lr": 0.002, "opt.name": ""}, id="id-1"),
            run("same", {"val/acc": [0.2, 0.5]}, {"opt.lr": 0.002, "opt.name": None}, id="id-2"),
            run("image", {"val/acc": [0.2, 0.5]}, {"opt.lr": 0.002, "opt.name": ["a", "list"]}, id="id-3"),
            run("bell\x07\ud800\nline", {"val/acc": [0.2, 0.5]}, {"opt.lr": 0.002, "opt.name": True}, id="id-4"),
        ]
    ),
}
BLOCKS = {
    "line": {"y": "val/acc"},
    "smoothed": {"y": "val/acc", "smooth": 0.6},
    "coloured": {"y": "val/acc", "color": "opt.lr"},
    "categories": {"y": "val/acc", "color": "opt.name", "x": "time"},
    "grouped": {"y": "val/acc", "group": "opt.name", "band": "minmax"},
    "facets": {"y": "val/acc", "facet": "opt.name", "x": "wall"},
    "log": {"y": "val/acc", "log": "xy"},
    "scatter": {"kind": "scatter", "x": "opt.lr", "y": "val/acc", "color": "opt.name"},
    "strip": {"kind": "scatter", "x": "opt.name", "y": "val/acc", "color": "opt.lr"},
    "bar": {"kind": "bar", "y": "val/acc"},
    "bars of groups": {"kind": "bar", "y": "val/acc", "group": "opt.name"},
    "box": {"kind": "box", "y": "val/acc", "x": "opt.name"},
    "histogram": {"kind": "histogram", "x": "val/acc", "color": "opt.name"},
    "heatmap": {"kind": "heatmap", "x": "opt.lr", "y": "opt.name", "color": "val/acc"},
    "parallel": {"kind": "parallel", "x": ["opt.lr", "opt.name"], "y": "val/acc"},
}


def figures(options: dict[str, Any], runs: Runs) -> list[Figure]:
    context = Context(runs, runs, "", Place(Path(__file__)), ChartStyle(run_colours=run_colours(runs)), lambda text: None)
    return [part for part in chart.render(chart.Options(**options), context).parts if isinstance(part, Figure)]


MANY = ("line", "scatter", "bar", "parallel")
"""Kinds that are also drawn with 300 runs: it takes seconds."""


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in BLOCKS for name in RUNS if name != "300 runs" or kind in MANY])
def test_it_is_drawn(kind: str, name: str) -> None:
    if name == "only NaN" and kind in ("bar", "bars of groups", "box", "histogram"):
        with pytest.raises(QueryError, match="no run has a finite value of 'val/acc'"):
            figures(BLOCKS[kind], RUNS[name])
        return
    for figure in figures(BLOCKS[kind], RUNS[name]):
        assert figure.title
        assert figure.description
        drawn(figure)
        assert set(figure.data) >= set(_names(figure.spec))


@pytest.mark.parametrize("key", KEYS)
def test_names_of_keys_are_only_text(key: str) -> None:
    runs = Runs(run(f"r{i}", {key: [0.1, 0.2 + i]}, {key: i, "other": i % 2}) for i in range(7))
    column = f"config.{key}"
    for options in (
        {"y": [key.replace("[", "[[]")]},
        {"y": [key.replace("[", "[[]")], "x": "time", "color": column, "group": "other"},
        {"kind": "scatter", "x": column, "y": f"max({key})", "color": column},
        {"kind": "bar", "y": f"max({key})", "group": column},
        {"kind": "box", "y": f"max({key})", "x": column},
        {"kind": "histogram", "x": f"max({key})"},
        {"kind": "heatmap", "x": column, "y": "other", "color": f"max({key})"},
        {"kind": "parallel", "x": [column.replace("[", "[[]"), "other"], "y": f"max({key})"},
    ):
        for figure in figures(options, runs):
            drawn(figure)


def test_the_same_runs_give_the_same_specification() -> None:
    for options in BLOCKS.values():
        first, second = (
            [(figure.spec, {k: v.to_dict("list") for k, v in figure.data.items()}) for figure in figures(options, searched(24))]
            for _ in range(2)
        )
        assert repr(first) == repr(second)


def test_gaps_are_kept_and_said() -> None:
    runs = Runs([run("sweep-07", {"train/loss": series("train/loss", [1, math.nan, math.inf, 2, math.nan])}), run("b", {"x": [1]})])
    [figure] = figures({"y": "train/loss"}, runs)
    assert figure.notes == ("1 of 2 runs has no train/loss: b.", "3 non-finite values of train/loss in sweep-07 are gaps.")
    assert [None if math.isnan(y) else y for y in figure.data["lines"]["y"]] == [1, None, None, 2, None]
    assert figure.data["dots"]["y"].tolist() == [1, 2]


def _names(spec: Any) -> list[str]:
    if isinstance(spec, dict):
        own = [spec["data"]["name"]] if isinstance(spec.get("data"), dict) else []
        return own + [name for value in spec.values() for name in _names(value)]
    return [name for value in spec for name in _names(value)] if isinstance(spec, list) else []
