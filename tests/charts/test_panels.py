"""Charts that runs asked for by `wandb.plot`: what is drawn from which columns, and what is not drawn."""

from __future__ import annotations

import math
from typing import Any

import pytest

from reportgen.charts.panels import panel_figure, panels_of
from reportgen.charts.style import ChartStyle
from reportgen.model import Panel, Table
from reportgen.sources.wandb.panels import panels_of as read_panels

STYLE = ChartStyle()


def table(columns: tuple[str, ...], *rows: tuple[Any, ...]) -> Table:
    return Table("t", 0, columns, rows)


def config(key: str, spec: str, fields: dict[str, Any], **texts: str) -> dict[str, Any]:
    query = {"queryFields": [{"name": "runSets", "fields": [{"name": "summaryTable", "args": [{"name": "tableKey", "value": "t"}]}]}]}
    told = {"panelDefId": spec, "fieldSettings": fields, "stringSettings": texts, "userQuery": query}
    return {"visualize": {key: {"panel_type": "Vega2", "panel_config": told}}}


@pytest.mark.parametrize(
    ("spec", "fields", "kind", "roles"),
    [
        ("wandb/line/v0", {"x": "a", "y": "b", "stroke": None}, "line", {"x": "a", "y": "b"}),
        ("wandb/scatter/v0", {"x": "a", "y": "b"}, "scatter", {"x": "a", "y": "b"}),
        ("wandb/bar/v0", {"label": "a", "value": "b"}, "bar", {"label": "a", "value": "b"}),
        ("wandb/histogram/v0", {"value": "a"}, "histogram", {"value": "a"}),
        ("wandb/area-under-curve/v0", {"x": "r", "y": "p", "class": "c"}, "curve", {"x": "r", "y": "p", "series": "c"}),
        ("wandb/lineseries/v0", {"step": "s", "lineKey": "k", "lineVal": "v"}, "line", {"x": "s", "series": "k", "y": "v"}),
        ("wandb/confusion_matrix/v1", {"Actual": "A", "Predicted": "P", "nPredictions": "n"}, "confusion",
         {"truth": "A", "guess": "P", "count": "n"}),
        ("me/line/v0", {"x": "a"}, "", {"x": "a"}),
    ],
)  # fmt: skip
def test_panels_are_read(spec: str, fields: dict[str, Any], kind: str, roles: dict[str, str]) -> None:
    (panel,) = read_panels(config("k", spec, fields, title="T"))
    assert (panel.key, panel.table, panel.kind, panel.fields, panel.title, panel.spec) == ("k", "t", kind, roles, "T", spec)


@pytest.mark.parametrize(
    "damaged", [None, 1, {"visualize": 3}, {"visualize": {"a": 1, "b": {"panel_config": []}}}, {"visualize": {"c": {"panel_config": None}}}]
)
def test_damaged_panels_are_none(damaged: Any) -> None:
    assert read_panels(damaged) == ()


def test_a_line_for_each_series() -> None:
    panel = Panel("p", "t", "line", {"x": "x", "y": "y", "series": "g"}, title="Title")
    figure = panel_figure(panel, table(("x", "y", "g"), (2, 3.0, "a"), (1, 1.0, "a"), (1, math.nan, "b"), (5, 4.0, "b")), STYLE)
    assert figure is not None
    assert figure.data["rows"][["entry", "x", "y"]].to_numpy().tolist() == [["a", 1.0, 1.0], ["a", 2.0, 3.0], ["b", 5.0, 4.0]]
    assert [name for name, _ in figure.legend] == ["a", "b"]
    assert figure.notes == ("1 of 4 rows has no place in the chart.",)


def test_a_curve_keeps_the_order_of_its_thresholds_and_has_both_axes_from_0_to_1() -> None:
    (panel,) = panels_of((), table(("threshold", "precision", "recall"), (0.0, 0.3, 1.0), (0.5, 0.5, 0.5), (1.0, 1.0, 0.5)))
    figure = panel_figure(panel, table(("threshold", "precision", "recall"), (0.0, 0.3, 1.0), (0.5, 0.5, 0.5), (1.0, 1.0, 0.5)), STYLE)
    assert figure is not None
    assert figure.data["rows"]["x"].tolist() == [1.0, 0.5, 0.5]
    encoding = figure.spec["layer"][0]["encoding"]
    assert [encoding[axis]["scale"]["domain"] for axis in "xy"] == [[0.0, 1.0], [0.0, 1.0]]


def test_a_confusion_matrix_counts_and_says_how_many_are_right() -> None:
    counted = Panel("p", "t", "confusion", {"truth": "A", "guess": "P", "count": "n"})
    figure = panel_figure(counted, table(("A", "P", "n"), ("a", "a", 3.0), ("a", "b", 1.0), ("b", "a", 0.0), ("b", "b", 4.0)), STYLE)
    assert figure is not None
    assert figure.data["cells"]["count"].tolist() == [3.0, 1.0, 0.0, 4.0]
    assert "7 of 8 are right (87.5\u202f%)" in figure.description
    rows = table(("actual", "predicted"), ("dog", "cat"), ("cat", "cat"))
    (implied,) = panels_of((), rows)
    made = panel_figure(implied, rows, STYLE)
    assert made is not None
    assert "1 of 2 are right" in made.description


def test_bars_and_histograms() -> None:
    bars = panel_figure(Panel("p", "t", "bar", {"label": "l", "value": "v"}), table(("l", "v"), ("a", 1.5), ("b", 2)), STYLE)
    assert bars is not None
    assert bars.data["bars"][["name", "value"]].to_numpy().tolist() == [["a", 1.5], ["b", 2.0]]
    rows = [(float(i),) for i in range(30)] + [(None,)]
    histogram = panel_figure(Panel("p", "t", "histogram", {"value": "v"}), table(("v",), *rows), STYLE)
    assert histogram is not None
    assert histogram.data["bins"]["count"].sum() == 30
    assert histogram.notes == ("1 row without a finite value left out.",)


@pytest.mark.parametrize(
    "panel",
    [
        Panel("p", "t", "", {"x": "a", "y": "b"}, spec="me/own"),
        Panel("p", "t", "line", {"x": "a", "y": "nothing"}),
        Panel("p", "t", "line", {"x": "b", "y": "b"}),
        Panel("p", "t", "histogram", {"value": "b"}),
    ],
)
def test_what_cannot_be_drawn_is_none(panel: Panel) -> None:
    assert panel_figure(panel, table(("a", "b"), (1, "x"), (2, "y")), STYLE) is None


def test_a_table_without_panels_has_none() -> None:
    assert panels_of((), table(("a",), (1,))) == ()
    assert panels_of((Panel("p", "other", "line", {}),), table(("a",), (1,))) == ()
