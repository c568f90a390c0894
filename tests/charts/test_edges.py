"""Every kind of chart on odd runs: it is drawn, nothing is markup, and what is missing is said."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chart_runs import drawn, label_boxes, run, series, texts

from reportgen.analysis.distribution import over_steps
from reportgen.blocks import chart
from reportgen.blocks.block import Context
from reportgen.charts.distribution import distribution_over_steps
from reportgen.charts.figure import Figure
from reportgen.charts.remarks import remarks
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.errors import Place, QueryError
from reportgen.model import Histogram, Runs

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


FACETED = {
    "line": {"y": "val/acc", "facet": "opt.name", "color": "width"},
    "scatter": {"kind": "scatter", "x": "opt.lr", "y": "val/acc", "facet": "opt.name", "color": "width"},
    "bar": {"kind": "bar", "y": "val/acc", "facet": "opt.name", "color": "opt.lr"},
    "bars of groups": {"kind": "bar", "y": "val/acc", "group": "width", "facet": "opt.name"},
    "box": {"kind": "box", "y": "val/acc", "x": "width", "facet": "opt.name", "color": "opt.lr"},
    "histogram": {"kind": "histogram", "x": "val/acc", "facet": "opt.name", "color": "opt.lr"},
    "heatmap": {"kind": "heatmap", "x": "opt.lr", "y": "width", "color": "val/acc", "facet": "opt.name"},
}
FACETED = {f"facets of {kind}": options for kind, options in FACETED.items()}


def figures(options: dict[str, Any], runs: Runs) -> list[Figure]:
    context = Context(runs, runs, "", Place(Path(__file__)), ChartStyle(run_colours=run_colours(runs)), lambda text: None)
    return [part for part in chart.render(chart.Options(**options), context).parts if isinstance(part, Figure)]


MANY = ("line", "scatter", "bar", "box", "histogram", "heatmap", "parallel")
"""One of each kind is also drawn with 300 runs: it takes seconds."""


@pytest.mark.parametrize("kind", MANY)
def test_labels_of_three_hundred_runs_do_not_cover_each_other(kind: str) -> None:
    [figure] = figures(BLOCKS[kind], RUNS["300 runs"])
    boxes = label_boxes(drawn(figure))
    covered = [(a.text, b.text) for a, b in combinations(boxes, 2) if a.covers(b)]
    assert len(boxes) > 5
    assert covered == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in BLOCKS for name in RUNS if name != "300 runs"])
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


def test_vega_lite_has_nothing_to_remark() -> None:
    """On any kind of chart; a reader with an open console would see it."""
    kinds = {**BLOCKS, **FACETED, "distribution": {}}
    drawn_ = {kind: [f for name in ("24 runs", "one run", "odd names") for f in figures(BLOCKS[kind], RUNS[name])] for kind in BLOCKS}
    drawn_ |= {kind: figures(options, RUNS["24 runs"]) for kind, options in FACETED.items()}
    drawn_["distribution"] = [_distribution()]
    assert drawn_.keys() == kinds.keys()
    named = [(kind, figure) for kind, found in drawn_.items() for figure in found]
    said = remarks([figure.spec for _, figure in named])
    assert len(said) == len(named)
    assert {kind: one for (kind, _), one in zip(named, said, strict=True) if one} == {}


def _distribution() -> Figure:
    logged = [Histogram("g", step, 0.0, np.array([-10.0, 0.0, 5.0]), np.array([4.0, step])) for step in range(4)]
    distribution = over_steps(logged, keep=1.0)
    assert distribution is not None
    return distribution_over_steps(distribution, title="g", style=ChartStyle(), run="a", colour="#123456")


def test_the_numbers_of_a_distribution_are_plain() -> None:
    found = texts(drawn(_distribution()))
    assert "−10" in found
    assert not [text for text in found if "e" in text.replace("step", "")]


@pytest.mark.parametrize("kind", FACETED)
def test_one_small_chart_for_each_value_of_a_key(kind: str) -> None:
    """With the same axes, the same colours, and one legend for all."""
    found = figures(FACETED[kind], RUNS["24 runs"])
    assert [figure.title for figure in found] == ["adam", "sgd"]
    for figure in found:
        drawn(figure)
        assert figure.description.count(figure.title) >= 1
    assert found[0].legend == found[1].legend
    scales = [_scales(figure.spec) for figure in found]
    assert scales[0] == scales[1]


def _scales(spec: Any) -> set[str]:
    """All numeric scales of a specification."""
    if isinstance(spec, list):
        return {scale for one in spec for scale in _scales(one)}
    if not isinstance(spec, dict):
        return set()
    own = {repr(spec["scale"])} if spec.get("type") == "quantitative" and spec.get("scale") else set()
    return own | {scale for value in spec.values() for scale in _scales(value)}


def test_many_numbers_colour_a_histogram_in_ranges() -> None:
    [figure] = figures({"kind": "histogram", "x": "val/acc", "color": "opt.lr"}, RUNS["24 runs"])
    labels = [label for label, _ in figure.legend]
    assert labels == sorted(labels, key=lambda label: float(label.split(" – ")[0]))
    assert 2 < len(labels) <= 6
    assert len({colour for _, colour in figure.legend}) == len(labels)
    assert figure.subtitle == "coloured by opt.lr"
    assert figure.data["bins"]["runs"].sum() == 24


def test_a_bar_of_runs_that_differ_in_colour_says_so() -> None:
    [figure] = figures({"kind": "bar", "y": "val/acc", "group": "width", "color": "opt.name"}, RUNS["24 runs"])
    assert figure.notes == ("Runs of one bar differ in opt.name: it has the colour of the first of them.",)
    [figure] = figures({"kind": "bar", "y": "val/acc", "group": "width", "color": "width"}, RUNS["24 runs"])
    assert figure.notes == ()


def test_parallel_coordinates_are_coloured_by_any_key() -> None:
    [figure] = figures({**BLOCKS["parallel"], "color": "opt.name"}, RUNS["24 runs"])
    assert [label for label, _ in figure.legend] == ["adam", "sgd"]
    assert set(figure.data["lines"]["tint"]) == {colour for _, colour in figure.legend}
    assert figure.subtitle.startswith("each line is a run, coloured by opt.name")


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
