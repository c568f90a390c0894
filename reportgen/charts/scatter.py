"""Scatter charts: one point per run.

`python -m reportgen.charts.scatter > scatter.svg` draws an example.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.attribute_names import attribute_name
from reportgen.charts.axis import Scale, duration_scale, scale_for, wants_log
from reportgen.charts.colouring import Colouring, colour_by
from reportgen.charts.figure import Figure
from reportgen.charts.interaction import VISIBLE, toggle_params, zoom_layer, zoom_params
from reportgen.charts.layout import Layout, layered, one_row
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import category, counted, key_words, listed, natural, number_text, run_labels, shorten, value_label
from reportgen.model import Run, Runs, number
from reportgen.words import _, count, ngettext


@dataclass(frozen=True)
class ScatterSettings:
    """What the reader asked for; columns by their full names, ranges in the units of the columns."""

    x: str
    y: str
    color: str | None = None
    facet: str | None = None
    log_x: bool | None = None
    log_y: bool | None = None
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Point:
    """One run: `x` is a number or a category."""

    run: str
    label: str
    x: float | str
    y: float
    facet: str = ""


@dataclass(frozen=True, eq=False)
class ScatterValues:
    """A scatter chart as values. `x` is None when the positions are the names `categories`."""

    points: tuple[Point, ...]
    x: Scale | None
    y: Scale
    categories: tuple[str, ...]
    colours: Colouring
    settings: ScatterSettings
    facets: tuple[str, ...]
    notes: tuple[str, ...]
    best: str | None


def scatter_values(runs: Runs, settings: ScatterSettings, style: ChartStyle) -> ScatterValues:
    """Computes a scatter chart; runs without a place in it are told in `notes`."""
    labels = run_labels(runs)
    xs = {run.id: run[settings.x] for run in runs}
    plain = all(isinstance(x, bool | int | float | np.number) and not isinstance(x, bool) for x in xs.values() if x is not None)
    x_numbers = [float(x) for x in xs.values() if plain and x is not None]  # type: ignore[arg-type]
    y_numbers = [y for run in runs if (y := number(run[settings.y])) is not None]
    log_x = plain and (settings.log_x if settings.log_x is not None else wants_log(settings.x, x_numbers))
    log_y = settings.log_y if settings.log_y is not None else wants_log(settings.y, y_numbers)
    points, lacking, off = [], [], []
    for run in runs:
        x, y = xs[run.id], number(run[settings.y])
        if x is None or y is None:
            lacking.append(labels[run.id])
            continue
        place: float | str = float(x) if plain else category(settings.x, x)  # type: ignore[arg-type]
        bad = (
            not math.isfinite(y)
            or (log_y and y <= 0)
            or (isinstance(place, float) and (not math.isfinite(place) or (log_x and place <= 0)))
        )
        if bad:
            off.append(labels[run.id])
            continue
        points.append(Point(run.id, labels[run.id], place, y, value_label(settings.facet, run[settings.facet]) if settings.facet else ""))
    shown = runs.in_order(run for run in runs if run.id in {point.run for point in points})
    colours = colour_by(shown, settings.color, style) if settings.color else _plain(shown, style)
    categories = () if plain else tuple(sorted({str(point.x) for point in points}, key=natural))
    facets = tuple(sorted({point.facet for point in points}, key=natural)) if settings.facet and points else ("",)
    return ScatterValues(
        tuple(points), _scale(settings.x, [p.x for p in points], log_x, settings.x_range) if plain else None,
        _scale(settings.y, [p.y for p in points], log_y, settings.y_range), categories, colours, settings, facets,
        tuple(_notes(settings, len(runs), lacking, off, log_x or log_y)), _best(runs, settings.y, points),
    )  # fmt: skip


def scatter_chart(runs: Runs, settings: ScatterSettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """One point per run: one figure, or one for each value of `settings.facet`."""
    values = scatter_values(runs, settings, style)
    layout = layout or Layout()
    return [draw(values, style, layout, facet, first=i == 0) for i, facet in enumerate(values.facets)]


def draw(values: ScatterValues, style: ChartStyle, layout: Layout, facet: str = "", first: bool = True) -> Figure:
    """One figure of the values: that of one facet, or of all points."""
    points = [point for point in values.points if point.facet == facet]
    height = layout.tall(320)
    settings = values.settings
    x_factor, y_factor = values.x.divisor if values.x else 1.0, values.y.divisor
    rows = [
        {"run": point.label, "x": point.x / x_factor if isinstance(point.x, float) else point.x, "y": point.y / y_factor,
         "jitter": jitter, **values.colours.columns(point.run, style)}
        for point, jitter in zip(points, _jitter(points), strict=True)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["run", "x", "y", "jitter", *values.colours.columns("", style)])
    best = frame[[point.run == values.best for point in points]] if points else frame
    title = facet or layout.title or _("{metric} over {axis}, {runs}").format(
        metric=shorten(key_words(settings.y), 60), axis=shorten(key_words(settings.x), 40), runs=counted(len(values.points), "run")
    )  # fmt: skip
    legend = values.colours.legend(style, layout)
    return Figure(
        spec=_spec(values, style, layout, height, legend=legend, labels_best=len(best) > 0),
        data={"points": frame, "plot": one_row()} | ({"best": best.reset_index(drop=True)} if len(best) else {}),
        title=title, subtitle=values.colours.said if legend else "", description=describe(values, points, facet), width=layout.width,
        height=height, notes=values.notes if first else (), legend=legend,
    )  # fmt: skip


def describe(values: ScatterValues, points: Sequence[Point], facet: str = "") -> str:
    """The text alternative: how many points, the range of y, and the best."""
    y, x = values.settings.y, values.settings.x
    what = (_("{metric} over {axis} for {which}") if facet else _("{metric} over {axis}")).format(
        metric=attribute_name(y), axis=attribute_name(x), which=facet
    )
    if not points:
        return _("Scatter chart of {what}: no run has both.").format(what=what)
    head = _("Scatter chart of {what}, {runs}.").format(what=what, runs=counted(len(points), "run"))
    least, most = (number_text(end([point.y for point in points]), values.y.percent) for end in (min, max))
    best = next((point for point in points if point.run == values.best), None)
    if best is None:
        return " ".join([head, _("{metric} ranges from {low} to {high}.").format(metric=key_words(y), low=least, high=most)])
    range_ = _("{metric} ranges from {low} to {high}; the best is {run} at {key} {value}.").format(
        metric=key_words(y), low=least, high=most, run=best.label, key=key_words(x),
        value=best.x if isinstance(best.x, str) else number_text(best.x),
    )  # fmt: skip
    return f"{head} {range_}"


def _spec(
    values: ScatterValues, style: ChartStyle, layout: Layout, height: int, legend: tuple[tuple[str, str], ...], labels_best: bool
) -> dict[str, Any]:  # fmt: skip
    toggles = bool(legend) and values.colours.kind == "categories"
    zooms = values.x is not None
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": values.y.vega_scale("zoom_y" if zooms else None),
        "axis": values.y.vega_axis("zoom_y" if zooms else None),
    }
    x: dict[str, Any]
    if values.x is not None:
        x = {"field": "x", "type": "quantitative", "scale": values.x.vega_scale("zoom_x"), "axis": values.x.vega_axis("zoom_x", grid=True)}
    else:
        x = {"field": "x", "type": "nominal", "sort": list(values.categories), "scale": {"domain": list(values.categories), "type": "band"},
             "axis": {"title": key_words(values.settings.x), "labelAngle": 0, "labelLimit": 120, "ticks": False}}  # fmt: skip
    base: dict[str, Any] = {"x": x, "y": y}
    if values.x is None:
        base["xOffset"] = {"field": "jitter", "type": "quantitative", "scale": {"domain": [-1.6, 1.6]}}
    tooltip = [{"field": "run", "title": _("run")}, _shown("x", values.settings.x, values.x), _shown("y", values.settings.y, values.y)]
    if values.colours.kind == "numbers":
        tooltip.append(_shown("shade", values.colours.title, values.colours.scale))
    elif values.settings.color:
        tooltip.append({"field": "entry", "title": shorten(values.colours.title, 40)})
    points: dict[str, Any] = {
        "data": {"name": "points"},
        "transform": [dict(VISIBLE)] if toggles else [],
        "mark": {
            "type": "circle", "size": 64, "opacity": 0.85, "stroke": style.paper, "strokeWidth": 0.75,
            "clip": {"expr": "!!(zoom_x || zoom_y)"} if zooms else False,
        },
        "encoding": {**base, "fill": values.colours.channel(style, layout), "tooltip": tooltip},
    }  # fmt: skip
    layers = [points]
    if labels_best:
        right = "scale('x', datum.x) > width * 0.7" if zooms else "false"
        offset, text = {"expr": f"{right} ? -9 : 9"}, {"expr": f"{right} ? 'right' : 'left'"}
        layers.append({
            "data": {"name": "best"}, "transform": points["transform"],
            "mark": {"type": "text", "dx": offset, "dy": -9, "align": text, "baseline": "middle", "fontSize": 12, "limit": 220},
            "encoding": {**base, "text": {"field": "run"}},
        })  # fmt: skip
    if zooms:
        layers.append(zoom_layer(style))
    params = [*(zoom_params() if zooms else ()), *(toggle_params() if toggles else ())]
    return layered(layers, style, layout, height, "scatter", params, zoom=zooms, toggle=toggles)


def _shown(field: str, column: str, scale: Scale | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"field": field, "title": shorten(key_words(column), 40)}
    if scale is not None:
        entry |= {"type": "quantitative", "format": ".1%" if scale.percent else ".4~g"}
    return entry


def _scale(column: str, values: Sequence[float | str], log: bool, given: tuple[float, float] | None) -> Scale:
    numbers = [value for value in values if isinstance(value, float)]
    if column == "duration":
        return duration_scale([0.0, *numbers], _("duration"), given)
    scale = scale_for(column, numbers, log=log, given=given)
    return replace(scale, title=shorten(scale.title, 60))


def _plain(runs: Sequence[Run], style: ChartStyle) -> Colouring:
    everything = counted(len(runs), "run")
    return Colouring("plain", entries={run.id: everything for run in runs}, colours={everything: style.categories[0]})


def _best(runs: Runs, column: str, points: Sequence[Point]) -> str | None:
    goal = runs.goal(column)
    if goal is None or len(points) < 2:
        return None
    return (max if goal == "max" else min)(points, key=lambda point: point.y).run


def _jitter(points: Sequence[Point]) -> list[float]:
    """For points of one category: places beside each other in the order of their values, −1 to 1, the same at every build."""
    places = [0.0] * len(points)
    groups: dict[str, list[int]] = {}
    for i, point in enumerate(points):
        if isinstance(point.x, str):
            groups.setdefault(point.x, []).append(i)
    for group in groups.values():
        for rank, i in enumerate(sorted(group, key=lambda i: (points[i].y, i))):
            # The golden ratio spreads neighbours in value far apart (Roberts 2018, the R1 sequence).
            places[i] = round((rank * 0.6180339887 % 1) * 2 - 1, 3) if len(group) > 1 else 0.0
    return places


def _notes(settings: ScatterSettings, of: int, lacking: Sequence[str], off: Sequence[str], log: bool) -> list[str]:
    notes = []
    if lacking:
        sentence = ngettext("{n} of {runs} has no {x} or no {y}: {names}.", "{n} of {runs} have no {x} or no {y}: {names}.", len(lacking))
        keys = {"x": key_words(settings.x), "y": key_words(settings.y)}
        notes.append(sentence.format(n=count(len(lacking)), runs=counted(of, "run"), names=listed(lacking), **keys))
    if off:
        sentence = (
            _("{runs} cannot be drawn, a value is not finite, or not positive on a logarithmic axis: {names}.")
            if log
            else _("{runs} cannot be drawn, a value is not finite: {names}.")
        )
        notes.append(sentence.format(runs=counted(len(off), "run"), names=listed(off)))
    return notes


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(scatter_chart(example_runs(), ScatterSettings("config.optimizer.lr", "val/acc", "config.optimizer.name"), ChartStyle())[0])
