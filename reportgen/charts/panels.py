"""The charts that a run asked to be drawn from its tables (`wandb.plot.*`, a PR curve of TensorBoard), as they were meant.

`python -m reportgen.charts.panels > panel.svg` draws an example.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.table_columns import TableColumn, table_columns
from reportgen.charts.axis import Scale, scale_for
from reportgen.charts.figure import Figure
from reportgen.charts.interaction import VISIBLE, toggle_params, zoom_layer, zoom_params
from reportgen.charts.layout import CARD, Layout, layered, one_row
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, listed, named, natural, number_text, shorten
from reportgen.model import Panel, Table, number
from reportgen.words import _, count, ngettext

_MOST_ROWS, _MOST_BARS, _MOST_CLASSES, _MOST_SERIES = 3000, 30, 40, 20
_INK = "#4269d0"
_TB_CURVE = frozenset({"threshold", "precision", "recall"})


def panels_of(panels: Sequence[Panel], table: Table) -> tuple[Panel, ...]:
    """The panels that are drawn from a table: those that the run names, else one that its columns speak for."""
    named = tuple(panel for panel in panels if panel.table == table.key)
    columns = {str(name) for name in table.columns}
    if named or not table.rows:
        return named
    if columns >= _TB_CURVE:
        return (Panel(table.key, table.key, "curve", {"x": "recall", "y": "precision"}, title=table.key),)
    if columns == {"actual", "predicted"}:
        return (Panel(table.key, table.key, "confusion", {"truth": "actual", "guess": "predicted"}, title=table.key),)
    return ()


def panel_figure(panel: Panel, table: Table, style: ChartStyle, *, title: str = "", place: int = CARD) -> Figure | None:
    """The chart of a panel; None when it is of a kind that is not ours to draw, or the table lacks one of its columns.

    Args:
        title: In place of the author's own.
        place: The width in pixels of the place that it stands in.
    """
    columns = {column.name: column for column in table_columns(table)}
    found = {role: columns[name] for role, name in panel.fields.items() if name in columns}
    title = title or panel.title or panel.key
    layout = Layout(place=place)
    match panel.kind:
        case "line" | "curve" | "scatter" if {"x", "y"} <= found.keys():
            return _points(panel, found, title, style, layout)
        case "bar" if {"label", "value"} <= found.keys():
            return _bars(found["label"], found["value"], title, style, layout)
        case "histogram" if "value" in found:
            return _histogram(found["value"], title, style, layout)
        case "confusion" if {"truth", "guess"} <= found.keys():
            return _confusion(found, title, style, layout)
    return None


def _points(panel: Panel, found: Mapping[str, TableColumn], title: str, style: ChartStyle, layout: Layout) -> Figure | None:
    """Lines or points; a line for each value of the column `series`."""
    kept, entries, notes = _placed(found)
    if not len(kept):
        return None
    is_curve = panel.kind == "curve"
    if panel.kind != "scatter":
        # A curve of a threshold is drawn in the order of its rows: several points share an x.
        kept = kept if is_curve else kept.sort_values(["entry", "x"], kind="stable")
        kept = kept.assign(place=range(len(kept)))
    given = (0.0, 1.0) if is_curve and _in_unit(kept["x"]) and _in_unit(kept["y"]) else None
    x_title, y_title = panel.x_title or found["x"].name, panel.y_title or found["y"].name
    x = scale_for("", kept["x"], given=given, nice=panel.kind == "scatter", percent=False, title=x_title)
    y = scale_for("", kept["y"], given=given, percent=False, title=y_title)
    is_several = len(entries) > 1
    colours = {name: style.categories[i % len(style.categories)] for i, name in enumerate(entries)}
    low, high = (number_text(end(kept["y"])) for end in (min, max))
    said = _described(panel, is_several).format(y=y_title, x=x_title, low=low, high=high, names=listed(entries))
    return Figure(
        spec=_points_spec(panel, x, y, colours if is_several else {}, style, layout),
        data={"rows": kept.reset_index(drop=True), "plot": one_row()},
        title=title, description=said, height=layout.tall(220), notes=tuple(notes),
        legend=tuple((shorten(name, 24), colour) for name, colour in colours.items()) if is_several else (),
    )  # fmt: skip


def _described(panel: Panel, is_several: bool) -> str:
    """The text alternative of lines or points as a message; it names y, x, low and high, and the names of several."""
    match panel.kind:
        case "scatter" if is_several:
            return _("Scatter chart of {y} over {x}, from {low} to {high}, for {names}.")
        case "scatter":
            return _("Scatter chart of {y} over {x}, from {low} to {high}.")
        case "curve" if is_several:
            return _("Curve of {y} over {x}, from {low} to {high}, for {names}.")
        case "curve":
            return _("Curve of {y} over {x}, from {low} to {high}.")
        case _other if is_several:
            return _("Line chart of {y} over {x}, from {low} to {high}, for {names}.")
    return _("Line chart of {y} over {x}, from {low} to {high}.")


def _placed(found: Mapping[str, TableColumn]) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The rows that have a place, as `x`, `y` and `entry`; the entries in their order; and what was left out."""
    xs, ys = _numbers(found["x"]), _numbers(found["y"])
    series = found.get("series")
    names = ["–" if value is None else series.format.text(value) for value in series.values] if series else [""] * len(xs)
    frame = pd.DataFrame({"x": xs, "y": ys, "entry": names})
    kept = frame[np.isfinite(frame["x"]) & np.isfinite(frame["y"])]
    notes = []
    if lost := len(frame) - len(kept):
        sentence = ngettext("{n} of {rows} has no place in the chart.", "{n} of {rows} have no place in the chart.", lost)
        notes.append(sentence.format(n=count(lost), rows=counted(len(frame), "row")))
    entries = sorted(dict.fromkeys(kept["entry"]), key=natural)
    if len(entries) > _MOST_SERIES:
        notes.append(_("The first {n} of {all} lines.").format(n=_MOST_SERIES, all=len(entries)))
        entries = entries[:_MOST_SERIES]
        kept = kept[kept["entry"].isin(entries)]
    if len(kept) > _MOST_ROWS:
        notes.append(_("{n} of {all} rows, evenly chosen.").format(n=count(_MOST_ROWS), all=count(len(kept))))
        kept = kept.iloc[np.unique(np.linspace(0, len(kept) - 1, _MOST_ROWS).round().astype(int))]
    return kept, entries, notes


def _points_spec(
    panel: Panel, x: Scale, y: Scale, colours: Mapping[str, str], style: ChartStyle, layout: Layout
) -> dict[str, Any]:  # fmt: skip
    encoding: dict[str, Any] = {
        "x": {"field": "x", "type": "quantitative", "scale": x.vega_scale("zoom_x"), "axis": x.vega_axis("zoom_x")},
        "y": {"field": "y", "type": "quantitative", "scale": y.vega_scale("zoom_y"), "axis": y.vega_axis("zoom_y")},
        "tooltip": [
            *([{"field": "entry", "title": panel.fields.get("series", _("series"))}] if colours else []),
            {"field": "x", "type": "quantitative", "title": x.title, "format": ".4~g"},
            {"field": "y", "type": "quantitative", "title": y.title, "format": ".4~g"},
        ],
    }
    scale = {"domain": list(colours), "range": list(colours.values())}
    if panel.kind == "scatter":
        mark: dict[str, Any] = {"type": "circle", "size": 36, "opacity": 0.7, "clip": True}
        encoding |= {"fill": {"field": "entry", "type": "nominal", "scale": scale, "legend": None}} if colours else {}
    else:
        mark = {"type": "line", "clip": True}
        encoding["order"] = {"field": "place", "type": "quantitative"}
        encoding |= {"color": {"field": "entry", "type": "nominal", "scale": scale, "legend": None}} if colours else {}
    mark |= {} if colours else {"color": style.categories[0]}
    rows = {"data": {"name": "rows"}, "transform": [dict(VISIBLE)] if colours else [], "mark": mark, "encoding": encoding}
    params = [*zoom_params(), *(toggle_params() if colours else [])]
    return layered([rows, zoom_layer(style)], style, layout, layout.tall(220), "panel", params, zoom=True, toggle=bool(colours))


def _bars(labels: TableColumn, values: TableColumn, title: str, style: ChartStyle, layout: Layout) -> Figure | None:
    rows = [
        {"name": labels.format.text(label) if label is not None else "–", "value": size, "text": number_text(size)}
        for label, size in zip(labels.values, _numbers(values), strict=True)
        if math.isfinite(size)
    ]
    if not rows:
        return None
    notes = (_("The first {n} of {all} bars.").format(n=_MOST_BARS, all=len(rows)),) if len(rows) > _MOST_BARS else ()
    frame = pd.DataFrame(rows[:_MOST_BARS])
    scale = scale_for("", [0.0, *frame["value"]], percent=False, title=values.name)
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": labels.name, "domain": False, "grid": False}}
    axis = {**scale.vega_axis(), "grid": True, "domain": False}
    x = {"field": "value", "type": "quantitative", "scale": scale.vega_scale(), "axis": axis}
    tooltip = [{"field": "name", "title": labels.name}, {"field": "text", "title": values.name}]
    bars = {"data": {"name": "bars"}, "mark": {"type": "bar", "height": {"band": 0.66}, "color": style.categories[0]},
            "encoding": {"y": y, "x": x, "x2": {"datum": 0}, "tooltip": tooltip}}  # fmt: skip
    height = max(22 * len(frame), 44)
    spec = layered([bars], style, layout, height, "panel")
    # Text is measured with figures narrower than the page's tabular ones: names may be wider by a tenth.
    spec["padding"] = {"left": 8, "top": 2, "right": 14, "bottom": 2}
    best = frame.iloc[int(frame["value"].argmax())]
    return Figure(
        spec=spec, data={"bars": frame}, title=title, height=height, notes=notes,
        description=_("Bar chart of {metric}, {bars}; the greatest is {name} with {value}.").format(
            metric=values.name, bars=counted(len(frame), "bar"), name=best["name"], value=best["text"]
        ),
    )  # fmt: skip


def _histogram(values: TableColumn, title: str, style: ChartStyle, layout: Layout) -> Figure | None:
    bins = values.bins
    if bins is None:
        return None
    edges = np.linspace(bins.low, bins.high, len(bins.counts) + 1) if bins.high > bins.low else np.array([bins.low - 0.5, bins.low + 0.5])
    frame = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "count": bins.counts})
    across = Scale(values.name, domain=(float(edges[0]), float(edges[-1])))
    upwards = scale_for("", [0, *bins.counts], percent=False, title=_("rows"))
    said = {"from": _("from"), "to": _("to"), "count": _("count")}
    encoding = {
        "x": {"field": "from", "type": "quantitative", "scale": across.vega_scale(), "axis": across.vega_axis()}, "x2": {"field": "to"},
        "y": {"field": "count", "type": "quantitative", "scale": upwards.vega_scale(), "axis": upwards.vega_axis()}, "y2": {"datum": 0},
        "tooltip": [{**named(name, title), "type": "quantitative", "format": ".4~g"} for name, title in said.items()],
    }  # fmt: skip
    bars = {"data": {"name": "bins"}, "mark": {"type": "rect", "color": style.categories[0], "opacity": 0.9, "stroke": style.paper},
            "encoding": encoding}  # fmt: skip
    finite = int(sum(bins.counts))
    lost = len(values.values) - finite
    return Figure(
        spec=layered([bars], style, layout, layout.tall(200), "panel"), data={"bins": frame}, title=title, height=layout.tall(200),
        description=_("Histogram of {metric}, {rows} from {low} to {high}.").format(
            metric=values.name, rows=counted(finite, "row"), low=number_text(bins.low), high=number_text(bins.high)
        ),
        notes=(_("{rows} without a finite value left out.").format(rows=counted(lost, "row")),) if lost else (),
    )  # fmt: skip


def _confusion(found: Mapping[str, TableColumn], title: str, style: ChartStyle, layout: Layout) -> Figure | None:
    """Counts by what is true (rows) and what was predicted (columns), the more ink the larger their share of the row."""
    truths, guesses = ([column.format.text(value) for value in column.values] for column in (found["truth"], found["guess"]))
    sizes = _numbers(found["count"]) if "count" in found else [1.0] * len(truths)
    cells = Counter[tuple[str, str]]()
    for truth, guess, size in zip(truths, guesses, sizes, strict=True):
        cells[truth, guess] += size if math.isfinite(size) else 0  # type: ignore[assignment]
    classes = list(dict.fromkeys([*truths, *guesses]))
    classes = classes if "count" in found else sorted(classes, key=natural)
    if not 0 < len(classes) <= _MOST_CLASSES or not sum(cells.values()):
        return None
    of_row = {truth: sum(cells[truth, guess] for guess in classes) for truth in classes}
    rows = [
        {"truth": truth, "guess": guess, "count": cells[truth, guess], "text": f"{cells[truth, guess]:,.6g}" if cells[truth, guess] else "",
         "share": cells[truth, guess] / of_row[truth] if of_row[truth] else 0.0}
        for truth in classes for guess in classes
    ]  # fmt: skip
    right, whole = sum(cells[one, one] for one in classes), sum(cells.values())
    height = max(120, min(420, 26 * len(classes)))
    share = f"{100 * right / whole:.1f}\u202f%"
    return Figure(
        spec=_confusion_spec(classes, found, style, layout, height), data={"cells": pd.DataFrame(rows)}, title=title, height=height,
        subtitle=_("{share} right; ink by the share of the row").format(share=share),
        description=_("Confusion matrix of {n} classes: {right} of {all} are right ({share}).").format(
            n=len(classes), right=f"{right:,.6g}", all=f"{whole:,.6g}", share=share
        ),
    )  # fmt: skip


def _confusion_spec(
    classes: Sequence[str], found: Mapping[str, TableColumn], style: ChartStyle, layout: Layout, height: int
) -> dict[str, Any]:  # fmt: skip
    under = {"title": found["guess"].name, "labelAngle": -40 if len(classes) > 6 else 0, "domain": False, "ticks": False}
    x = {"field": "guess", "type": "nominal", "sort": list(classes), "axis": under}
    y = {"field": "truth", "type": "nominal", "sort": list(classes), "axis": {"title": found["truth"].name, "domain": False, "grid": False}}
    tooltip = [
        {"field": "truth", "title": found["truth"].name}, {"field": "guess", "title": found["guess"].name},
        {**named("count", _("count")), "type": "quantitative"},
        {"field": "share", "type": "quantitative", "format": ".1%", "title": _("of the row")},
    ]  # fmt: skip
    opacity = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1], "range": [0.03, 0.95]}, "legend": None}
    cells = {"data": {"name": "cells"}, "mark": {"type": "rect", "color": _INK, "stroke": style.paper},
             "encoding": {"x": x, "y": y, "opacity": opacity, "tooltip": tooltip}}  # fmt: skip
    colour = {"condition": {"test": "datum.share > 0.5", "value": "#ffffff"}, "value": style.ink}
    texts = {"data": {"name": "cells"}, "mark": {"type": "text", "fontSize": 11 if len(classes) <= 12 else 8},
             "encoding": {"x": x, "y": y, "text": {"field": "text"}, "color": colour}}  # fmt: skip
    return layered([cells, texts], style, layout, height, "panel")


def _numbers(column: TableColumn) -> list[float]:
    """The values as floats; NaN for what is none."""
    return [size if (size := number(value)) is not None else math.nan for value in column.values]


def _in_unit(values: pd.Series[Any]) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


if __name__ == "__main__":
    from reportgen.charts.demo import print_svg

    table = Table("t", 0, ("actual", "predicted"), tuple((name, "cat") for name in ("cat", "dog", "cat")))
    made = panel_figure(panels_of((), table)[0], table, ChartStyle())
    if made:
        print_svg(made)
