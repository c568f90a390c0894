"""Heatmaps: a metric over two keys, the mean of the runs in each cell.

`python -m reportgen.charts.heatmap > heatmap.svg` draws an example.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from reportgen.charts.axis import Scale, is_log_key, scale_for, tick_step, wants_log
from reportgen.charts.colouring import category
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, is_share, key_words, number_text, shorten, text_width
from reportgen.model import Runs, number

_FEW = 8
"""So many different numbers have a row of their own each; more are put into bins."""
_MOST_CATEGORIES = 40


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


@dataclass(frozen=True)
class Cell:
    """Runs with equal (or equally binned) keys."""

    x: str
    y: str
    mean: float
    n: int


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


def heatmap_values(runs: Runs, settings: HeatmapSettings) -> HeatmapValues:
    """Sorts the runs into cells; runs without one of the three values are told in `notes`."""
    having = []
    for run in runs:
        value = number(run[settings.color])
        if value is not None and math.isfinite(value) and run[settings.x] is not None and run[settings.y] is not None:
            having.append((run[settings.x], run[settings.y], value))
    bins = settings.bins or max(3, min(8, round(math.sqrt(len(having))) + 1))
    xs, columns = binned(settings.x, [x for x, _, _ in having], bins, settings.log_x)
    ys, rows = binned(settings.y, [y for _, y, _ in having], bins, settings.log_y)
    cells: dict[tuple[str, str], list[float]] = {}
    for x, y, (_, _, value) in zip(xs, ys, having, strict=True):
        cells.setdefault((x, y), []).append(value)
    means = {place: float(np.mean(values)) for place, values in cells.items()}
    log = wants_log(settings.color, list(means.values())) if settings.log_color is None else settings.log_color
    percent = is_share(settings.color, list(means.values()))
    scale = scale_for(settings.color, list(means.values()), log=log, nice=False, percent=percent, title=f"mean {key_words(settings.color)}")
    notes = []
    if lacking := len(runs) - len(having):
        verb = "has" if lacking == 1 else "have"
        notes.append(
            f"{lacking:,} of {counted(len(runs), 'run')} {verb} not all of {key_words(settings.x)}, {key_words(settings.y)} and a finite "
            f"{key_words(settings.color)}."
        )
    made = tuple(Cell(x, y, means[x, y], len(cells[x, y])) for y in rows for x in columns if (x, y) in cells)
    return HeatmapValues(columns, rows, made, scale, settings, len(having), tuple(notes))


def binned(column: str, values: Sequence[object], most: int, log: bool | None) -> tuple[list[str], tuple[str, ...]]:
    """Which row each value stands in, and all rows in ascending order.

    Few different numbers and all other values stand for themselves; many numbers are put into bins with round ends, of
    equal width, or of equal ratio where the axis is logarithmic.
    """
    numbers = [number(value) for value in values if not isinstance(value, bool)]
    known = [value for value in numbers if value is not None and math.isfinite(value)]
    if len(known) < len(values):
        names = [category(column, value) for value in values]
        shown = sorted(set(names))[:_MOST_CATEGORIES]
        return [name if name in shown else "others" for name in names], (*shown, *(["others"] if len(set(names)) > len(shown) else []))
    if len(set(known)) <= _FEW:
        labels = {value: category(column, original) for value, original in zip(known, values, strict=True)}
        return [labels[value] for value in known], tuple(labels[value] for value in sorted(labels))
    low, high = min(known), max(known)
    is_log = low > 0 and (wants_log(column, known) or (is_log_key(column) and high / low > 4) if log is None else log)
    edges = _log_edges(low, high, most) if is_log else _round_edges(low, high, most)
    names = [f"{number_text(a)} – {number_text(b)}" for a, b in pairwise(edges)]
    place = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(names) - 1)
    return [names[i] for i in place], tuple(names)


def _round_edges(low: float, high: float, most: int) -> list[float]:
    step = tick_step(low, high, most)
    while (high - low) / step > most:
        step *= 2
    first = math.floor(low / step + 1e-9)
    count = max(1, math.ceil(high / step - first - 1e-9))
    return [float(f"{(first + i) * step:.12g}") for i in range(count + 1)]


def _log_edges(low: float, high: float, most: int) -> list[float]:
    """Powers of ten, or halves or thirds of them while that gives no more than `most` bins."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    last = max(last, first + 1)
    for digits in ((1, 2, 5), (1, 3), (1,)):
        edges = [float(f"{digit}e{power}") for power in range(first, last) for digit in digits] + [float(f"1e{last}")]
        while len(edges) > 2 and edges[1] <= low:
            edges.pop(0)
        while len(edges) > 2 and edges[-2] >= high:
            edges.pop()
        if len(edges) - 1 <= most:
            return edges
    return [float(f"1e{power}") for power in range(first, last + 1, math.ceil((last - first) / most))] + (
        [float(f"1e{last}")] if (last - first) % math.ceil((last - first) / most) else []
    )


def heatmap_chart(runs: Runs, settings: HeatmapSettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """The mean of `settings.color` in cells of two keys, with its value written in each where there is room."""
    values = heatmap_values(runs, settings)
    layout = layout or Layout()
    height = layout.height or max(90, min(480, 40 * len(values.rows)))
    steps = style.ordered(101)
    rows = []
    for cell in values.cells:
        colour = steps[round(min(max(values.scale.fraction(cell.mean), 0), 1) * 100)]
        text = number_text(cell.mean, values.scale.percent) if values.scale.percent else number_text(float(f"{cell.mean:.3g}"))
        rows.append({"x": cell.x, "y": cell.y, "shade": cell.mean, "runs": cell.n, "text": text, "ink": _ink(colour)})
    frame = pd.DataFrame(rows, columns=["x", "y", "shade", "runs", "text", "ink"])
    title = layout.title or f"{key_words(settings.color)} by {shorten(key_words(settings.x), 40)} and {shorten(key_words(settings.y), 40)}"
    return [
        Figure(
            spec=_spec(values, style, layout, height), data={"cells": frame},
            title=title if layout.title else f"{title}, {counted(values.run_count, 'run')}",
            subtitle="" if all(cell.n == 1 for cell in values.cells) else "mean of the runs in each cell",
            description=describe(values), width=layout.width, height=height, notes=values.notes,
        )
    ]  # fmt: skip


def describe(values: HeatmapValues) -> str:
    """The text alternative: the size, and the greatest and the least cell."""
    settings = values.settings
    what = f"Heatmap of mean {settings.color} by {settings.x} and {settings.y}, {counted(values.run_count, 'run')}"
    if not values.cells:
        return f"{what}: no run has all three."
    greatest, least = (end(values.cells, key=lambda cell: cell.mean) for end in (max, min))

    def said(cell: Cell) -> str:
        return f"{number_text(cell.mean, values.scale.percent)} at {key_words(settings.x)} {cell.x} and {key_words(settings.y)} {cell.y}"

    return f"{what} in {counted(len(values.cells), 'cell')}. The greatest is {said(greatest)}, the least {said(least)}."


def _spec(values: HeatmapValues, style: ChartStyle, layout: Layout, height: int) -> dict[str, Any]:
    settings, columns, rows = values.settings, list(values.columns), list(reversed(values.rows))
    widest = round(max((text_width(column) for column in columns), default=40)) + 8
    slanted = {"expr": f"width / {max(len(columns), 1)} < {widest} ? -40 : 0"}
    quiet = {"ticks": False, "domain": False, "grid": False, "labelOverlap": False}
    x = {"field": "x", "type": "ordinal", "scale": {"domain": columns, "paddingInner": 0.04, "paddingOuter": 0},
         "axis": {**quiet, "title": key_words(settings.x), "labelAngle": slanted, "labelLimit": 140}}  # fmt: skip
    y = {"field": "y", "type": "ordinal", "scale": {"domain": rows, "paddingInner": 0.06, "paddingOuter": 0},
         "axis": {**quiet, "title": key_words(settings.y), "labelLimit": 160}}  # fmt: skip
    drawn = values.scale.vega_axis(type="gradient")
    drawn = {key: drawn[key] for key in ("title", "labelExpr", "values", "type") if key in drawn}
    fill = {
        "field": "shade", "type": "quantitative", "legend": {"tickCount": 4, **drawn} if layout.legend and len(values.cells) > 1 else None,
        "scale": {"type": values.scale.type, "domain": list(values.scale.domain), "range": list(style.sequence), "interpolate": "rgb"},
    }  # fmt: skip
    number_format = ".1%" if values.scale.percent else ".4~g"
    tooltip = [
        {"field": "x", "title": shorten(key_words(settings.x), 40)}, {"field": "y", "title": shorten(key_words(settings.y), 40)},
        {"field": "shade", "type": "quantitative", "title": shorten(values.scale.title, 40), "format": number_format},
        {"field": "runs", "type": "quantitative", "title": "runs"},
    ]  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "cells"},
            "mark": {"type": "rect", "cornerRadius": 2},
            "encoding": {"x": x, "y": y, "fill": fill, "tooltip": tooltip},
        }
    ]
    if layout.pixels / max(len(columns), 1) > 48 and height / max(len(rows), 1) > 15:
        ink = {"field": "ink", "type": "nominal", "scale": None}
        layers.append({"data": {"name": "cells"}, "mark": {"type": "text", "tooltip": None}, "encoding": {
            "x": x, "y": y, "text": {"field": "text"}, "color": ink}})  # fmt: skip
    return layered(layers, style, layout, height, "heatmap")


def _ink(colour: str) -> str:
    """Black or white, whichever can be read on the colour (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] if colour.startswith("#") and len(colour) == 7 else [1.0, 1.0, 1.0]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if luminance < 0.18 else "#16171a"


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(heatmap_chart(example_runs(60), HeatmapSettings("config.optimizer.lr", "config.channels", "val/acc"), ChartStyle())[0])
