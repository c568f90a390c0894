"""Heatmaps: a metric over two keys, the mean of the runs in each cell.

`python -m reportgen.charts.heatmap > heatmap.svg` draws an example.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.attribute_names import attribute_name
from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.bins import binned
from reportgen.charts.colouring import Colouring
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered, slanted_labels
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, is_share, key_words, natural, number_text, shorten, text_width, value_label
from reportgen.model import Runs, number
from reportgen.words import _, count, ngettext


@dataclass(frozen=True)
class HeatmapSettings:
    """What the reader asked for; columns by their full names. `bins` None takes what suits the number of runs."""

    x: str
    y: str
    color: str
    log_x: bool | None = None
    log_y: bool | None = None
    log_color: bool | None = None
    bins: int | None = None
    facet: str | None = None


@dataclass(frozen=True)
class Cell:
    """Runs with equal (or equally binned) keys."""

    x: str
    y: str
    mean: float
    n: int
    facet: str = ""


@dataclass(frozen=True, eq=False)
class HeatmapValues:
    """A heatmap as values: rows and columns in their order, and the cells that have runs."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[Cell, ...]
    scale: Scale
    settings: HeatmapSettings
    run_count: int
    notes: tuple[str, ...]
    facets: tuple[str, ...] = ("",)


def heatmap_values(runs: Runs, settings: HeatmapSettings) -> HeatmapValues:
    """Sorts the runs into cells; runs without one of the three values are told in `notes`."""
    having = []
    for run in runs:
        value = number(run[settings.color])
        if value is not None and math.isfinite(value) and run[settings.x] is not None and run[settings.y] is not None:
            facet = value_label(settings.facet, run[settings.facet]) if settings.facet else ""
            having.append((run[settings.x], run[settings.y], value, facet))
    bins = settings.bins or max(3, min(8, round(math.sqrt(len(having))) + 1))
    xs, columns = binned(settings.x, [x for x, *_ in having], bins, settings.log_x)
    ys, rows = binned(settings.y, [y for _, y, *_ in having], bins, settings.log_y)
    cells: dict[tuple[str, str, str], list[float]] = {}
    for x, y, (_x, _y, value, facet) in zip(xs, ys, having, strict=True):
        cells.setdefault((facet, x, y), []).append(value)
    means = {place: float(np.mean(values)) for place, values in cells.items()}
    log = wants_log(settings.color, list(means.values())) if settings.log_color is None else settings.log_color
    percent = is_share(settings.color, list(means.values()))
    title = _("mean {metric}").format(metric=key_words(settings.color))
    scale = scale_for(settings.color, list(means.values()), log=log, nice=False, percent=percent, title=title)
    notes = []
    if lacking := len(runs) - len(having):
        sentence = ngettext(
            "{n} of {runs} has not all of {x}, {y} and a finite {metric}.", "{n} of {runs} have not all of {x}, {y} and a finite {metric}.",
            lacking,
        )  # fmt: skip
        named = {"x": key_words(settings.x), "y": key_words(settings.y), "metric": key_words(settings.color)}
        notes.append(sentence.format(n=count(lacking), runs=counted(len(runs), "run"), **named))
    facets = tuple(sorted({facet for *_, facet in having}, key=natural)) or ("",)
    made = tuple(
        Cell(x, y, means[facet, x, y], len(cells[facet, x, y]), facet)
        for facet in facets
        for y in rows
        for x in columns
        if (facet, x, y) in cells
    )
    return HeatmapValues(columns, rows, made, scale, settings, len(having), tuple(notes), facets)


def heatmap_chart(runs: Runs, settings: HeatmapSettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """The mean of `settings.color` in cells of two keys, with its value in each where there is room.

    One figure, or one for each value of `settings.facet`, with common rows, columns and colours.
    """
    values = heatmap_values(runs, settings)
    layout = layout or Layout()
    return [draw(values, style, layout, facet, first=i == 0) for i, facet in enumerate(values.facets)]


def draw(values: HeatmapValues, style: ChartStyle, layout: Layout, facet: str = "", first: bool = True) -> Figure:
    """One figure of the values: that of one facet, or of all cells."""
    settings, cells = values.settings, [cell for cell in values.cells if cell.facet == facet]
    height = layout.height or max(90, min(480, 40 * len(values.rows)))
    steps = style.ordered(101)
    rows = []
    for cell in cells:
        colour = steps[round(min(max(values.scale.fraction(cell.mean), 0), 1) * 100)]
        text = number_text(cell.mean, values.scale.percent) if values.scale.percent else number_text(float(f"{cell.mean:.3g}"))
        rows.append({"x": cell.x, "y": cell.y, "shade": cell.mean, "runs": cell.n, "text": text, "ink": _ink(colour)})
    frame = pd.DataFrame(rows, columns=["x", "y", "shade", "runs", "text", "ink"])
    title = _("{metric} by {x} and {y}, {runs}").format(
        metric=key_words(settings.color), x=shorten(key_words(settings.x), 40), y=shorten(key_words(settings.y), 40),
        runs=counted(values.run_count, "run"),
    )  # fmt: skip
    shades = Colouring("numbers", values.scale.title, scale=values.scale)
    return Figure(
        spec=_spec(values, style, layout, height, texts=frame["text"].tolist()), data={"cells": frame},
        title=facet or layout.title or title,
        subtitle="" if all(cell.n == 1 for cell in values.cells) else _("mean of the runs in each cell"),
        description=describe(values, facet), width=layout.width, height=height, notes=values.notes if first else (),
        legend=shades.legend(style, layout) if len(values.cells) > 1 else (),
    )  # fmt: skip


def describe(values: HeatmapValues, facet: str = "") -> str:
    """The text alternative: the size, and the greatest and the least cell."""
    settings = values.settings
    cells = [cell for cell in values.cells if cell.facet == facet]
    what = (
        _("Heatmap of mean {metric} by {x} and {y} for {which}, {runs}") if facet else _("Heatmap of mean {metric} by {x} and {y}, {runs}")
    ).format(
        metric=attribute_name(settings.color), x=attribute_name(settings.x), y=attribute_name(settings.y), which=facet,
        runs=counted(sum(cell.n for cell in cells), "run"),
    )  # fmt: skip
    if not cells:
        return _("{what}: no run has all three.").format(what=what)
    greatest, least = (end(cells, key=lambda cell: cell.mean) for end in (max, min))

    def said(cell: Cell) -> str:
        return _("{value} at {x} {at_x} and {y} {at_y}").format(
            value=number_text(cell.mean, values.scale.percent), x=key_words(settings.x), at_x=cell.x, y=key_words(settings.y), at_y=cell.y
        )

    return _("{what} in {cells}. The greatest is {greatest}, the least {least}.").format(
        what=what, cells=counted(len(cells), "cell"), greatest=said(greatest), least=said(least)
    )


def _spec(values: HeatmapValues, style: ChartStyle, layout: Layout, height: int, texts: list[str]) -> dict[str, Any]:
    settings, columns, rows = values.settings, list(values.columns), list(reversed(values.rows))
    widest = round(max((text_width(column) for column in columns), default=40)) + 8
    quiet = {"ticks": False, "domain": False, "grid": False, "labelOverlap": False}
    x = {"field": "x", "type": "ordinal", "scale": {"domain": columns, "paddingInner": 0.04, "paddingOuter": 0},
         "axis": {**quiet, "title": key_words(settings.x), **slanted_labels(len(columns), widest), "labelLimit": 140}}  # fmt: skip
    y = {"field": "y", "type": "ordinal", "scale": {"domain": rows, "paddingInner": 0.06, "paddingOuter": 0},
         "axis": {**quiet, "title": key_words(settings.y), "labelLimit": 160}}  # fmt: skip
    legend = layout.legend and not layout.shared_legend and len(values.cells) > 1
    fill = {
        "field": "shade", "type": "quantitative", "legend": values.scale.gradient(values.scale.title) if legend else None,
        "scale": {"type": values.scale.type, "domain": list(values.scale.domain), "range": list(style.sequence), "interpolate": "rgb"},
    }  # fmt: skip
    number_format = ".1%" if values.scale.percent else ".4~g"
    tooltip = [
        {"field": "x", "title": shorten(key_words(settings.x), 40)}, {"field": "y", "title": shorten(key_words(settings.y), 40)},
        {"field": "shade", "type": "quantitative", "title": shorten(values.scale.title, 40), "format": number_format},
        {"field": "runs", "type": "quantitative", "title": _("runs")},
    ]  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "cells"},
            "mark": {"type": "rect", "cornerRadius": 2},
            "encoding": {"x": x, "y": y, "fill": fill, "tooltip": tooltip},
        }
    ]
    if height / max(len(rows), 1) > 15:
        ink = {"field": "ink", "type": "nominal", "scale": None}
        room = max((text_width(text) for text in texts), default=0) + 2
        shown = {"expr": f"width / {max(len(columns), 1)} < {room:.0f} ? 0 : 1"}
        layers.append({"data": {"name": "cells"}, "mark": {"type": "text", "tooltip": None, "opacity": shown}, "encoding": {
            "x": x, "y": y, "text": {"field": "text"}, "color": ink}})  # fmt: skip
    spec = layered(layers, style, layout, height, "heatmap", slants=True)
    # A slanted label begins before its column.
    return {**spec, "padding": {"left": 16 if widest > 60 else 2, "top": 2, "right": 2, "bottom": 2}}


def _ink(colour: str) -> str:
    """Black or white, whichever can be read on the colour (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] if colour.startswith("#") and len(colour) == 7 else [1.0, 1.0, 1.0]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if luminance < 0.18 else "#16171a"


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(heatmap_chart(example_runs(60), HeatmapSettings("config.optimizer.lr", "config.channels", "val/acc"), ChartStyle())[0])
