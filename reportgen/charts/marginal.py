"""How a target goes with one parameter: the curve of the mean prediction with its band over the runs, or a curve for each level of another.

`python -m reportgen.charts.marginal > marginal.svg` draws an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.importance import Importance, Level, PairMap, ParameterImportance, plain
from reportgen.charts.axis import Scale, scale_for
from reportgen.charts.figure import Figure
from reportgen.charts.interaction import VISIBLE, toggle_params
from reportgen.charts.layout import Layout, layered
from reportgen.charts.parameter_axis import ParameterAxis, level_names, parameter_axis
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words
from reportgen.words import _

_MOST_CURVES = 6


@dataclass(frozen=True, eq=False)
class Curves:
    """What a marginal shows.

    Attributes:
        curves: A row for each value on the axis of each curve: `x, mean, low, high, entry` (the level of the other parameter, or "").
        runs: A row for each run that has the parameter: `x, target, run, entry`.
        entries: The names of the curves in their order; () for one curve.
        left_out: Levels of the other parameter that have no curve.
    """

    curves: pd.DataFrame
    runs: pd.DataFrame
    axis: ParameterAxis
    entries: tuple[str, ...] = ()
    left_out: int = 0


def curves_of(found: Importance, one: ParameterImportance, names: Mapping[str, str], made: PairMap | None = None) -> Curves:
    """The curve of a parameter, or one for each of at most six values of another, by their map.

    Args:
        names: Run id → name.
        made: The map of this parameter across and the other upwards.
    """
    assert one.marginal is not None
    at = made.x if made else one.marginal.at
    everywhere: tuple[Level, ...] = at if one.kind == "category" else (*at, *(v for v in one.values if v is not None))
    axis = parameter_axis(one, everywhere)
    other = found[made.names[1]] if made else None
    if made is None or other is None:
        rows = [(axis.place(v, at), *ends, "") for v, *ends in zip(at, one.marginal.mean, one.marginal.low, one.marginal.high, strict=True)]
        entries: tuple[str, ...] = ()
        chosen: list[int] = []
    else:
        chosen = _chosen(other, made.y)
        given = [made.y[i] for i in chosen]
        labels = tuple(plain(float(value)) for value in given) if other.kind == "continuous" else level_names(given)
        entries = tuple(f"{key_words(other.name)} {label}" if other.kind != "category" else label for label in labels)
        rows = [
            (axis.place(v, at), made.mean[i][j], made.low[i][j], made.high[i][j], entry)
            for i, entry in zip(chosen, entries, strict=True)
            for j, v in enumerate(at)
            if np.isfinite(made.mean[i][j])
        ]
    by_level = {made.y[i]: entry for i, entry in zip(chosen, entries, strict=True)} if made and other and other.kind == "category" else {}
    levels = other.values if other else [None] * len(one.values)
    points = [
        (axis.place(value, at), target, names.get(run, run), "" if level is None else by_level.get(level, ""))
        for run, value, target, level in zip(found.run_ids, one.values, found.target_values, levels, strict=True)
        if value is not None
    ]
    left_out = len(made.y) - len(chosen) if made and other and other.kind == "category" else 0
    return Curves(
        pd.DataFrame(rows, columns=["x", "mean", "low", "high", "entry"]), pd.DataFrame(points, columns=["x", "target", "run", "entry"]),
        axis, entries, left_out,
    )  # fmt: skip


def _chosen(other: ParameterImportance, at: Sequence[Level]) -> list[int]:
    """The places of the values that have a curve: all of a few levels, the most frequent of many names, else three over the range."""
    if other.kind == "category":
        order = sorted(range(len(at)), key=lambda i: (-other.values.count(at[i]), i))
        return sorted(order[:_MOST_CURVES])
    if len(at) <= _MOST_CURVES:
        return list(range(len(at)))
    if other.kind == "grid":
        return [round(i * (len(at) - 1) / (_MOST_CURVES - 1)) for i in range(_MOST_CURVES)]
    return [round(part * (len(at) - 1)) for part in (0.125, 0.5, 0.875)]


def marginal_chart(
    found: Importance, one: ParameterImportance, style: ChartStyle, names: Mapping[str, str], layout: Layout | None = None,
    made: PairMap | None = None,
) -> Figure:  # fmt: skip
    """The curve or curves of a parameter with their bands, and the runs as points."""
    layout = layout or Layout()
    values = curves_of(found, one, names, made)
    y = _target_scale(found, values)
    height = layout.tall(300)
    other = found[made.names[1]] if made else None
    colours = _colours(other, len(values.entries), style)
    return Figure(
        spec=_spec(values, one, found, y, colours, style, layout, height),
        data={"curves": values.curves, "runs": values.runs},
        title=layout.title or (_title(one, other, found)),
        subtitle=_("mean prediction over the other parameters, {level} % interval; a point is a run").format(
            level=f"{100 * found.level:.0f}"
        ),
        description=_describe(values, one, found),
        width=layout.width,
        height=height,
        legend=tuple(zip(values.entries, colours, strict=True)),
        notes=_notes(values, one, found),
    )


def _title(one: ParameterImportance, other: ParameterImportance | None, found: Importance) -> str:
    if other is None:
        return _("{metric} over {key}").format(metric=found.target, key=key_words(one.name))
    return _("{metric} over {key} by {other}").format(metric=found.target, key=key_words(one.name), other=key_words(other.name))


def _colours(other: ParameterImportance | None, n: int, style: ChartStyle) -> tuple[str, ...]:
    if other is None:
        return ()
    return style.ordered(n) if other.kind != "category" else tuple(style.categories[i % len(style.categories)] for i in range(n))


def _target_scale(found: Importance, values: Curves) -> Scale:
    """The axis of the target: all of the curves, and the runs but those that are far from all others."""
    curves = values.curves[["mean", "low", "high"]].to_numpy(dtype=float).ravel()
    targets = values.runs["target"].to_numpy(dtype=float)
    low, high = np.quantile(targets, [0.25, 0.75]) if len(targets) else (0.0, 0.0)
    reach = 5 * (high - low)
    near = targets[(targets >= low - reach) & (targets <= high + reach)] if reach > 0 else targets
    return scale_for(found.target, np.concatenate([curves, near]))


def _spec(
    values: Curves, one: ParameterImportance, found: Importance, y: Scale, colours: Sequence[str], style: ChartStyle, layout: Layout,
    height: int,
) -> dict[str, Any]:  # fmt: skip
    x, several = values.axis.channel("x"), bool(values.entries)
    up = {"type": "quantitative", "scale": y.vega_scale(), "axis": {**y.vega_axis(), "grid": True}}
    shade: dict[str, Any] = {"value": style.categories[0] if one.above_noise else style.muted}
    point: dict[str, Any] = {"value": style.muted}
    visible: list[dict[str, Any]] = []
    if several:
        shade = {"field": "entry", "type": "nominal", "legend": None, "scale": {"domain": list(values.entries), "range": list(colours)}}
        point = {"condition": {"test": "datum.entry !== ''", **shade}, "value": style.muted}
        visible = [dict(VISIBLE)]
    target = {"field": "target", "type": "quantitative", "title": found.target, "format": ".4~g"}
    runs = {
        "data": {"name": "runs"},
        "transform": visible,
        "mark": {"type": "circle", "size": 34, "opacity": 0.5, "clip": True},
        "encoding": {
            "x": x, "y": {"field": "target", **up}, "color": point,
            "tooltip": [{"field": "run", "title": _("run")}, values.axis.shown("x"), target],
        },
    }  # fmt: skip
    drawn = _curve_layers(values, one, x, up, shade, visible, style)
    layers = [drawn[0], runs, *drawn[1:]] if one.kind == "continuous" else [runs, *drawn]
    return layered(layers, style, layout, height, "marginal", toggle_params() if several else (), **({"toggle": True} if several else {}))


def _curve_layers(
    values: Curves, one: ParameterImportance, x: dict[str, Any], up: dict[str, Any], shade: dict[str, Any], visible: list[dict[str, Any]],
    style: ChartStyle,
) -> list[dict[str, Any]]:  # fmt: skip
    """The band and the line of numbers, else a point with its interval at each level, those of several curves beside each other."""
    several = bool(values.entries)
    names = {"mean": _("mean"), "low": _("low"), "high": _("high")}
    ends = [{"field": field, "type": "quantitative", "title": name, "format": ".4~g"} for field, name in names.items()]
    tooltip = [*([{"field": "entry", "title": _("curve")}] if several else []), values.axis.shown("x"), *ends]
    beside: dict[str, Any] = {}
    if several and values.axis.names:
        beside = {"xOffset": {"field": "entry", "type": "nominal", "sort": list(values.entries)}}
    mean = {"x": x, "y": {"field": "mean", **up}, **beside}
    interval = {"x": x, "y": {"field": "low", **up}, "y2": {"field": "high"}, "color": shade, **beside}

    def layer(mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
        return {"data": {"name": "curves"}, "transform": visible, "mark": mark, "encoding": encoding}

    if one.kind == "continuous":
        return [
            layer({"type": "area", "opacity": style.band_opacity, "clip": True}, interval),
            layer({"type": "line", "strokeWidth": 2}, {**mean, "color": shade}),
            layer({"type": "circle", "size": 120, "opacity": 0}, {**mean, "tooltip": tooltip}),
        ]
    joined = [] if values.axis.names else [layer({"type": "line", "strokeWidth": 1, "opacity": 0.6}, {**mean, "color": shade})]
    return [
        *joined,
        layer({"type": "rule", "strokeWidth": 1.75}, interval),
        layer({"type": "circle", "size": 80, "opacity": 1}, {**mean, "color": shade, "tooltip": tooltip}),
    ]


def _describe(values: Curves, one: ParameterImportance, found: Importance) -> str:
    what = _("{y} against {x}, {runs}.").format(y=found.target, x=one.name, runs=counted(len(values.runs), "run"))
    said = []
    for entry in values.entries or ("",):
        mine = values.curves[values.curves["entry"] == entry]
        if not len(mine):
            continue
        low, high = plain(float(mine["mean"].min())), plain(float(mine["mean"].max()))
        sentence = _("{curve}: from {low} to {high}.") if entry else _("The mean prediction goes from {low} to {high}.")
        said.append(sentence.format(curve=entry, low=low, high=high))
    return " ".join([what, *said])


def _notes(values: Curves, one: ParameterImportance, found: Importance) -> tuple[str, ...]:
    notes = []
    if values.left_out:
        notes.append(_("{n} more levels have no curve.").format(n=values.left_out))
    missing = found.n_runs - one.n_runs
    if missing and one.marginal and one.marginal.unset:
        mean, least, most = (plain(end) for end in one.marginal.unset)
        notes.append(_("Not set in {n} runs: {mean} ({low}–{high}).").format(n=missing, mean=mean, low=least, high=most))
    shown = values.runs["target"].to_numpy(dtype=float)
    low, high = _target_scale(found, values).domain
    if far := int(((shown < low) | (shown > high)).sum()):
        notes.append(_("{runs} too far away to be drawn.").format(runs=counted(far, "run")))
    return tuple(notes)




if __name__ == "__main__":
    from reportgen.analysis.importance import importance
    from reportgen.charts.demo import example_runs, print_svg

    example = importance(example_runs(40), "val/acc")
    print_svg(marginal_chart(example, example.parameters[0], ChartStyle(), {}))
