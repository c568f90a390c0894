"""Parallel coordinates: each run a line over its hyperparameters to the target.

`python -m reportgen.charts.parallel > parallel.svg` draws an example.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reportgen.charts.axis import scale_for, wants_log
from reportgen.charts.colouring import colour_by
from reportgen.charts.figure import Figure
from reportgen.charts.interaction import drag_params
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import category, counted, is_share, key_words, leaf, listed, number_text, run_labels, shorten
from reportgen.model import Run, Runs, number
from reportgen.words import _, count, ngettext

MOST_AXES = 10
_MOST_CATEGORIES = 20
_VAGUE = frozenset({"name", "type", "value", "kind", "id", "size"})
"""Last parts of keys that say nothing without what stands before them."""
_NEAR = 24
"""So many pixels beside an axis a drag is meant for it."""


@dataclass(frozen=True)
class ParallelSettings:
    """What the reader asked for: `columns` and the `target`, by their full names; the target is the last axis.

    Lines are coloured by the target, or by the column `color`.
    """

    columns: tuple[str, ...]
    target: str
    log_target: bool | None = None
    color: str | None = None


@dataclass(frozen=True)
class ParallelAxis:
    """One axis.

    Attributes:
        title: Its name in the chart.
        ticks: Places (0 at the bottom, 1 at the top) and their labels.
        places: Run id → place; runs without a value are missing.
        texts: Run id → its value in words.
    """

    column: str
    title: str
    ticks: tuple[tuple[float, str], ...]
    places: Mapping[str, float]
    texts: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class ParallelValues:
    """Parallel coordinates as values. `runs` are in drawing order: the best one is last."""

    axes: tuple[ParallelAxis, ...]
    runs: tuple[Run, ...]
    labels: Mapping[str, str]
    goal: str | None
    settings: ParallelSettings
    notes: tuple[str, ...]


def varying_columns(runs: Runs, target: str) -> list[str]:
    """The config keys that differ between runs: what a chart over hyperparameters shows when nothing is said."""
    found = []
    for key in runs.config_keys:
        different = {repr(run.config.get(key)) for run in runs}
        if len(different) > 1 and f"config.{key}" != target and leaf(key).casefold() not in ("seed", "random_seed", "random_state"):
            found.append(f"config.{key}")
    return found


def parallel_values(runs: Runs, settings: ParallelSettings) -> ParallelValues:
    """Places of all runs on all axes; runs without the target are left out and told in `notes`."""
    results = {run.id: value for run in runs if (value := number(run[settings.target])) is not None and math.isfinite(value)}
    having = [run for run in runs if run.id in results]
    goal = runs.goal(settings.target)
    having.sort(key=lambda run: results[run.id], reverse=goal == "min")
    columns = [column for column in dict.fromkeys(settings.columns) if column != settings.target]
    notes = []
    if lacking := len(runs) - len(having):
        sentence = ngettext(
            "{n} of {runs} has no finite {metric} and no line.", "{n} of {runs} have no finite {metric} and no line.", lacking
        )  # fmt: skip
        notes.append(sentence.format(n=count(lacking), runs=counted(len(runs), "run"), metric=key_words(settings.target)))
    if beyond := columns[MOST_AXES:]:
        sentence = _("{n} more keys have no axis here: {names}.")
        notes.append(sentence.format(n=len(beyond), names=listed([key_words(column) for column in beyond])))
    titles = [leaf(column) for column in columns[:MOST_AXES]]
    axes = []
    for column, title in zip(columns[:MOST_AXES], titles, strict=True):
        name = title if titles.count(title) == 1 and title.casefold() not in _VAGUE else key_words(column)
        axis = axis_of(having, column, shorten(name, 22))
        axes.append(axis)
        if missing := len(having) - len(axis.places):
            sentence = _("{runs} without {key}: the line has a gap there.")
            notes.append(sentence.format(runs=counted(missing, "run"), key=key_words(column)))
    axes.append(axis_of(having, settings.target, shorten(key_words(settings.target), 22), settings.log_target))
    return ParallelValues(tuple(axes), tuple(having), run_labels(having), goal, settings, tuple(notes))


def axis_of(runs: Sequence[Run], column: str, title: str, log: bool | None = None) -> ParallelAxis:
    """One axis: numbers on a scale (logarithmic by name), all else as evenly spaced categories."""
    raw = {run.id: run[column] for run in runs}
    values = {one: value for one, value in raw.items() if value is not None}
    numbers = {one: amount for one, value in values.items() if not isinstance(value, bool) and (amount := number(value)) is not None}
    if values and len(numbers) < len(values):
        names = {one: category(column, value) for one, value in values.items()}
        shown = sorted(set(names.values()))
        names = {one: name if name in shown[:_MOST_CATEGORIES] else _("others") for one, name in names.items()}
        shown = sorted(set(names.values()))
        place = {name: (i + 0.5) / len(shown) for i, name in enumerate(shown)}
        return ParallelAxis(
            column,
            title,
            tuple((place[name], shorten(name, 16)) for name in shown),
            {one: place[name] for one, name in names.items()},
            names,
        )
    finite = {one: value for one, value in numbers.items() if math.isfinite(value)}
    is_log = wants_log(column, list(finite.values())) if log is None else log
    if is_log:
        finite = {one: value for one, value in finite.items() if value > 0}
    percent = is_share(column, list(finite.values()))
    distinct = sorted(set(finite.values()))
    if 1 <= len(distinct) <= 5 and all(value.is_integer() for value in distinct):
        # Batch sizes and channels are chosen from a few: each has its own place, and they are as far apart as can be.
        share = {value: (i + 0.5) / len(distinct) for i, value in enumerate(distinct)}
        ticks = tuple((share[value], number_text(value)) for value in distinct)
        return ParallelAxis(
            column, title, ticks, {one: share[v] for one, v in finite.items()}, {one: number_text(v) for one, v in finite.items()}
        )
    scale = scale_for(column, list(finite.values()), log=is_log, nice=False, percent=percent)
    inside = [tick for tick in scale.ticks() if -1e-9 <= scale.fraction(tick) <= 1 + 1e-9]
    return ParallelAxis(
        column, title,
        tuple((scale.fraction(tick), f"{tick * 100:g}\u202f%" if percent else number_text(tick)) for tick in inside),
        {one: scale.fraction(value) for one, value in finite.items()},
        {one: number_text(value, percent) for one, value in finite.items()},
    )  # fmt: skip


def parallel_chart(runs: Runs, settings: ParallelSettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """Parallel coordinates, coloured by the target, the best runs in front. Dragging along an axis selects."""
    values = parallel_values(runs, settings)
    layout = layout or Layout("wide")
    height = layout.tall(300)
    lines, target = [], values.axes[-1]
    steps = style.ordered(101)
    by_key = colour_by(runs.in_order(values.runs), settings.color, style, bins=5) if settings.color else None
    for run in values.runs:
        share = target.places.get(run.id, math.nan)
        tint = steps[round(share * 100)] if math.isfinite(share) else style.muted
        tint = by_key.colour_of(run.id, style) if by_key else tint
        for i, axis in enumerate(values.axes):
            place = axis.places.get(run.id, math.nan)
            lines.append(
                {"axis": i, "place": round(place, 5), "series": values.labels[run.id], "text": axis.texts.get(run.id, ""), "tint": tint}
            )
    ticks = [{"axis": i, "place": round(place, 5), "text": text} for i, axis in enumerate(values.axes) for place, text in axis.ticks]
    heads = [{"axis": i, "text": axis.title} for i, axis in enumerate(values.axes)]
    data = {
        "lines": pd.DataFrame(lines, columns=["axis", "place", "series", "text", "tint"]),
        "ticks": pd.DataFrame(ticks, columns=["axis", "place", "text"]),
        "heads": pd.DataFrame(heads, columns=["axis", "text"]),
    }
    title = layout.title or _("{metric} over {keys}, {runs}").format(
        metric=key_words(settings.target), keys=counted(len(values.axes) - 1, "hyperparameter"), runs=counted(len(values.runs), "run")
    )
    subtitle = (
        _("each line is a run, coloured by {key}; the best are in front") if values.goal else _("each line is a run, coloured by {key}")
    ).format(key=key_words(settings.color or settings.target))
    return [
        Figure(
            spec=_spec(values, style, layout, height), data=data, title=title, subtitle=subtitle, description=describe(values),
            width=layout.width, height=height, notes=values.notes, legend=by_key.legend(style, layout) if by_key else (),
        )
    ]  # fmt: skip


def describe(values: ParallelValues) -> str:
    """The text alternative: the axes, the range of the target, and the values of the best run."""
    names = listed([key_words(axis.column) for axis in values.axes[:-1]], 10)
    target = values.axes[-1]
    text = _("Parallel coordinates of {runs} over {keys}, to {metric}.").format(
        runs=counted(len(values.runs), "run"), keys=names, metric=target.column
    )
    if not values.runs or values.goal is None:
        return text
    best = values.runs[-1]
    said = ", ".join(f"{axis.title} {axis.texts[best.id]}" for axis in values.axes[:-1] if best.id in axis.texts)
    sentence = _("The best is {run} with {value}: {config}.")
    return f"{text} {sentence.format(run=values.labels[best.id], value=target.texts.get(best.id, ''), config=said)}"


def _spec(values: ParallelValues, style: ChartStyle, layout: Layout, height: int) -> dict[str, Any]:
    last = len(values.axes) - 1
    x = {"field": "axis", "type": "quantitative", "scale": {"domain": [0, max(last, 1)], "nice": False, "zero": False}, "axis": None}
    y = {"field": "place", "type": "quantitative", "scale": {"domain": [0, 1], "nice": False}, "axis": None}
    base = {"x": x, "y": y, "detail": {"field": "series"}}
    stroke = {"field": "tint", "type": "nominal", "scale": None}
    brushed = " || ".join(f"!!brush_{i}" for i in range(last + 1))
    outside = " || ".join(
        f"(datum.axis === {i} && !!brush_{i} && !(datum.place >= brush_{i}[0] && datum.place <= brush_{i}[1]))" for i in range(last + 1)
    )
    judged = [{"calculate": outside, "as": "out"}, {"joinaggregate": [{"op": "max", "field": "out", "as": "off"}], "groupby": ["series"]}]
    opacity = 0.85 if len(values.runs) <= 60 else 0.5 if len(values.runs) <= 150 else 0.3
    halo = {"type": "text", "fontSize": 11, "stroke": style.paper, "strokeWidth": 3, "strokeJoin": "round"}
    side = {
        "align": {"expr": f"datum.axis === {last} ? 'left' : 'right'"},
        "dx": {"expr": f"datum.axis === {last} ? 8 : -7"},
        "baseline": "middle",
    }

    def twice(frame: str, text: dict[str, Any], encoding: dict[str, Any], transform: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Text with a rim of paper below it: lines pass behind."""
        plain = {key: value for key, value in text.items() if key not in ("stroke", "strokeWidth", "strokeJoin")}
        return [{"data": {"name": frame}, "transform": transform, "mark": mark, "encoding": encoding} for mark in (text, plain)]

    front = [{"filter": "datum.series === front"}]
    # On a phone the heads of neighbours stand one above the other.
    stagger = {"expr": f"width / {max(last, 1)} < 90 && datum.axis % 2 === 1 ? -30 : -14"}
    layers: list[dict[str, Any]] = [
        {"data": {"name": "lines"}, "transform": judged, "mark": {"type": "line", "strokeWidth": 1.4}, "encoding": {
            **base, "stroke": stroke, "opacity": {
                "condition": {"test": "datum.off", "value": 0.06}, "value": {"expr": f"front === null ? {opacity} : 0.2"}}}},
        {"data": {"name": "heads"}, "mark": {"type": "rule", "color": style.muted, "strokeWidth": 1, "opacity": 0.7}, "encoding": {
            "x": x, "y": {"value": 0}, "y2": {"value": "height"}}},
        *twice("ticks", {**halo, **side, "color": style.muted}, {"x": x, "y": y, "text": {"field": "text"}}, []),
        {"data": {"name": "heads"}, "mark": {
            "type": "text", "dy": stagger, "limit": {"expr": f"max(40, 2 * width / {max(last, 1)} - 16)"}, "baseline": "bottom",
            "color": style.ink, "align": {
            "expr": f"datum.axis === {last} && {last} > 0 ? 'right' : datum.axis === 0 ? 'left' : 'center'"}, "dx": {
            "expr": f"datum.axis === {last} && {last} > 0 ? 30 : datum.axis === 0 ? -30 : 0"}},
         "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}}},
        {"data": {"name": "heads"}, "mark": {"type": "rect", "color": style.accent,
                                             "opacity": {"expr": f"({_brush(last, 'true', 'false')}) ? 0.2 : 0"},
                                             "stroke": style.accent, "strokeWidth": 1},
         "encoding": {"x": {"value": {"expr": "scale('x', datum.axis) - 8"}}, "x2": {"value": {"expr": "scale('x', datum.axis) + 8"}},
                      "y": {"value": {"expr": f"scale('y', {_brush(last, '{}[1]', '0')})"}},
                      "y2": {"value": {"expr": f"scale('y', {_brush(last, '{}[0]', '0')})"}}}},
        {"data": {"name": "lines"}, "transform": front, "mark": {"type": "line", "strokeWidth": 3}, "encoding": {**base, "stroke": stroke}},
        *twice("lines", {**halo, "fontSize": 12, "fontWeight": 600, "color": style.ink, "dy": -9,
                         "align": {"expr": f"datum.axis === {last} ? 'right' : datum.axis === 0 ? 'left' : 'center'"}},
               {"x": x, "y": y, "text": {"field": "text"}}, front),
        *twice("lines", {**halo, "fontSize": 12, "fontWeight": 600, "color": style.ink, "align": "center", "baseline": "top", "dy": 8},
               {"x": {"value": {"expr": "width / 2"}}, "y": {"value": "height"}, "text": {"field": "series"}},
               [*front, {"filter": "datum.axis === 0"}]),
        {"name": "reach", "data": {"name": "lines"}, "transform": [*judged, {"filter": f"!datum.off && (awake || {brushed})"}],
         "mark": {"type": "line", "strokeWidth": 9, "strokeOpacity": 0}, "encoding": base},
    ]  # fmt: skip
    spec = layered(layers, style, layout, height, "parallel", _params(last), brush=True)
    # The name of the pointed run stands there, and nothing moves when it comes.
    spec["padding"] = {"left": 4, "top": 4, "right": 4, "bottom": 24}
    return spec


def _brush(last: int, some: str, none: str) -> str:
    """An expression over the rows of `heads`: `some` of the axis's own brush ({}), or `none` without one."""
    return " : ".join(f"datum.axis === {i} && brush_{i} ? {some.format(f'brush_{i}')}" for i in range(last + 1)) + f" : {none}"


def _params(last: int) -> list[dict[str, Any]]:
    """`front`: the run under the pointer; `brush_i`: what is selected on axis i, as places, or null."""
    nearest = f"clamp(round(invert('x', x())), 0, {last})"
    brushes = [
        {
            "name": f"brush_{i}",
            "value": None,
            "on": [
                {"events": "pointerdown", "update": f"grabbed === {i} ? null : brush_{i}"},
                {
                    "events": {"signal": "drag"},
                    "update": (
                        f"drag && grabbed === {i} && abs(drag[1][1] - drag[0][1]) > 3 ? "
                        "[invert('y', clamp(max(drag[0][1], drag[1][1]), 0, height)), "
                        "invert('y', clamp(min(drag[0][1], drag[1][1]), 0, height))]"
                        f" : brush_{i}"
                    ),
                },
                {"events": "dblclick", "update": "null"},
            ],
        }
        for i in range(last + 1)
    ]
    return [
        {
            "name": "front",
            "value": None,
            "on": [
                {"events": "@reach_marks:pointerover", "update": "datum.series"},
                {"events": "@reach_marks:pointerout, view:pointerleave", "update": "null"},
            ],
        },
        {"name": "awake", "value": False, "on": [{"events": "pointermove, pointerdown", "update": "true"}]},
        {
            "name": "grabbed",
            "value": None,
            "on": [{"events": "pointerdown", "update": f"abs(x() - scale('x', {nearest})) < {_NEAR} ? {nearest} : null"}],
        },
        *drag_params(_NEAR),
        *brushes,
    ]


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    example = example_runs()
    print_svg(parallel_chart(example, ParallelSettings(tuple(varying_columns(example, "val/acc")), "val/acc"), ChartStyle())[0])
