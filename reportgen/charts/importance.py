"""Importance as pictures: shares with their intervals as bars, and one marginal curve for each parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from reportgen.analysis.importance import Importance, ParameterImportance, Share, percent, plain, share_text, signed
from reportgen.charts.axis import Scale
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.words import _

_ROW, _ROW_WITH_LOCAL = 42, 54
"""Height of a bar with its name in pixels; with a second, thin bar below."""
_CURVE_SIZE = (290, 190)
"""Width and height in pixels of a small chart with its axes: two fit side by side in a column of text, three in a wide one."""


def share_label(one: ParameterImportance) -> str:
    """A share with its interval: "61 % (52–70)"."""
    return share_text(one.first)


# Bars ------------------------------------------------------------------------------------------------------


def bar_values(found: Importance, top: int) -> pd.DataFrame:
    """What the bars show, one row each, the largest first, last the interactions and the noise.

    Columns `parameter, share, low, high, total, label, told` ("told from noise", "within the noise" or "rest", in the reader's
    language). `total` is the share with all interactions, NaN in the last rows. Where shares among the best are known, also `local`,
    `local_low`, `local_high` and `local_label`.
    """
    rows = [
        _row(one.name, one.first, _("told from noise") if one.above_noise else _("within the noise"), one.total, one.local)
        for one in found.parameters[:top]
    ]
    if smaller := found.parameters[top:]:
        hidden = sum(one.share for one in smaller)
        rows.append(_row(_("{n} smaller parameters").format(n=len(smaller)), Share(hidden), _("rest")))
    rows.append(_row(_("interactions"), found.interactions, _("rest")))
    rows.append(_row(_("what no parameter explains"), found.noise, _("rest"), local=found.local_noise))
    return pd.DataFrame(rows)


def _row(name: str, share: Share, told: str, total: Share | None = None, local: Share | None = None) -> dict[str, Any]:
    label = share_text(share)
    if total and total.value - share.value >= 0.005 and percent(total.value) != percent(share.value):
        label = _("{share}; with interactions {total}").format(share=label, total=percent(total.value))
    ends = {"share": share.value, "low": share.low, "high": share.high, "total": total.value if total else math.nan}
    row = {"parameter": name, **ends, "label": label, "told": told}
    if local is None:
        return row
    return {**row, "local": local.value, "local_low": local.low, "local_high": local.high, "local_label": share_text(local)}


def importance_bars(found: Importance, style: ChartStyle, top: int = 10) -> Figure:
    """Horizontal bars of the shares with their intervals, paler as far as interactions add to them.

    A name stands above its bar and not beside it, so that long names and narrow screens leave room for the bars.
    """
    frame = bar_values(found, top)
    end = axis_end(frame)
    x = alt.Scale(domain=[0, end], nice=False)
    order = list(frame["parameter"])
    y = alt.Y("parameter:N", sort=order, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    percentages = "format(100 * datum.value, '.0f') + ' %'"
    axis = alt.Axis(labelExpr=percentages, values=axis_ticks(end), grid=True, domain=False, ticks=False)
    rows = alt.Chart(alt.NamedData("shares")).transform_filter("isValid(datum.share)")
    tooltip = [
        _tooltip("parameter:N", _("parameter")), alt.Tooltip("label:N", title=_("share")), alt.Tooltip("told:N", title=_("verdict")),
    ]  # fmt: skip
    within = _("within the noise")
    colour = alt.Color(
        "told:N",
        legend=None,
        scale=alt.Scale(
            domain=[_("told from noise"), within, _("rest")], range=[style.categories[0], style.muted, style.hairline]
        ),
    )
    bars = rows.mark_bar(size=12, yOffset=9, cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", scale=x, axis=axis, title=None), y=y, color=colour, tooltip=tooltip,
        opacity=alt.condition(f"datum.told === {within!r}", alt.value(0.55), alt.value(1)),
    )  # fmt: skip
    totals = rows.transform_filter("isValid(datum.total) && datum.total > datum.share").mark_bar(size=12, yOffset=9, opacity=0.3)
    with_others = totals.encode(x=alt.X("share:Q", scale=x), x2=alt.X2("total:Q"), y=y, color=colour, tooltip=tooltip)
    interval = rows.transform_filter("isValid(datum.low)")
    whisker = interval.mark_rule(color=style.ink, strokeWidth=1.5, yOffset=9).encode(
        x=alt.X("low:Q", scale=x), x2=alt.X2("high:Q"), y=y, tooltip=tooltip
    )
    ends = [
        interval.mark_tick(color=style.ink, thickness=1.5, size=7, yOffset=9).encode(x=alt.X(f"{side}:Q", scale=x), y=y)
        for side in ("low", "high")
    ]
    names = rows.mark_text(align="left", baseline="middle", yOffset=-7, fontSize=13, color=style.ink, limit=420).encode(
        x=alt.value(0), y=y, text="parameter:N"
    )
    labels = rows.mark_text(align="right", baseline="middle", yOffset=-7, fontSize=13, color=style.ink).encode(
        x=alt.value("width"), y=y, text="label:N"
    )
    layers = [with_others, bars, whisker, *ends, *_local_layers(found, rows, x, y, style), names, labels]
    height = (_ROW if found.among is None else _ROW_WITH_LOCAL) * len(frame)
    spec = alt.layer(*layers).properties(width="container", height=height).to_dict(validate=False)
    spec["config"] = style.vega_config()
    return Figure(
        spec=spec,
        data={"shares": frame},
        title=_("What explains {metric}").format(metric=found.target),
        subtitle=_bars_subtitle(found),
        description=_bars_in_words(found, top),
        height=height,
    )


def _local_layers(found: Importance, rows: alt.Chart, x: alt.Scale, y: alt.Y, style: ChartStyle) -> list[alt.Chart]:
    """Below each bar a thin one: the share among the best part of the search space."""
    if found.among is None:
        return []
    known = rows.transform_filter("isValid(datum.local)")
    tooltip = [_tooltip("parameter:N", _("parameter")), alt.Tooltip("local_label:N", title=_among(found))]
    bars = known.mark_bar(size=6, yOffset=21, cornerRadiusEnd=2, color=style.categories[1]).encode(
        x=alt.X("local:Q", scale=x), y=y, tooltip=tooltip
    )
    lines = known.mark_rule(color=style.ink, strokeWidth=1, yOffset=21).encode(
        x=alt.X("local_low:Q", scale=x), x2=alt.X2("local_high:Q"), y=y, tooltip=tooltip
    )
    return [bars, lines]


def _among(found: Importance) -> str:
    return _("among the best {part}").format(part=percent(found.among or 0))


def _bars_subtitle(found: Importance) -> str:
    said = _("share of the variance of {metric} over {n} runs; lines: {level} % intervals; paler: with interactions").format(
        metric=_target(found), n=found.n_runs, level=f"{100 * found.level:.0f}"
    )
    if found.among is None:
        return said
    return _("{first}; thin bars: among the best {part} of the search space").format(first=said, part=percent(found.among))


def axis_end(frame: pd.DataFrame) -> float:
    """The end of the axis: the next tenth after all that is drawn."""
    drawn = [name for name in ("share", "high", "total", "local", "local_high") if name in frame]
    largest = float(frame[drawn].max().max())
    return min(1.0, max(0.1, math.ceil(largest * 10 - 1e-9) / 10))


def axis_ticks(end: float) -> list[float]:
    """What is written on an axis of shares that ends there."""
    step = 0.25 if end > 0.8 else 0.1 if end <= 0.5 else 0.2
    return [round(i * step, 2) for i in range(int(end / step + 1e-9) + 1)]


def _bars_in_words(found: Importance, top: int) -> str:
    shown = "; ".join(f"{one.name} {share_label(one)}" for one in found.parameters[:top])
    sentence = _("Shares with intervals: {shares}; interactions {together}; unexplained {rest}.")
    said = sentence.format(shares=shown, together=percent(found.interactions.value), rest=percent(found.noise.value))
    return f"{found.verdict} {said}"


def _target(found: Importance) -> str:
    match found.target_scale:
        case "linear":
            return found.target
        case "log":
            return _("the logarithm of {metric}").format(metric=found.target)
        case "rank":
            return _("the rank of {metric}").format(metric=found.target)


def _tooltip(field: str, name: str, **more: Any) -> alt.Tooltip:
    """A line of a tooltip, with its name where that is not the field's own."""
    return alt.Tooltip(field, **more) if field.partition(":")[0] == name else alt.Tooltip(field, title=name, **more)


# Marginal curves -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class MarginalValues:
    """What one marginal shows: `curve` with columns `x, mean, low, high`, `runs` with columns `x, target, run`."""

    curve: pd.DataFrame
    runs: pd.DataFrame


def marginal_values(found: Importance, one: ParameterImportance, names: Mapping[str, str]) -> MarginalValues:
    """The curve and the runs of one parameter; runs without it stand at "not set" when it is a category."""
    marginal = one.marginal
    at: list[float | str] = list(marginal.at) if marginal else []
    ends = [list(marginal.mean), list(marginal.low), list(marginal.high)] if marginal else [[], [], []]
    named = one.kind == "category"
    if marginal and marginal.unset and named:
        at.append(_("not set"))
        for values, value in zip(ends, marginal.unset, strict=True):
            values.append(value)
    curve = pd.DataFrame({"x": at, "mean": ends[0], "low": ends[1], "high": ends[2]})
    rows = [
        {"x": _("not set") if value is None else value, "target": target, "run": names.get(run, run)}
        for run, value, target in zip(found.run_ids, one.values, found.target_values, strict=True)
        if value is not None or named
    ]
    return MarginalValues(curve, pd.DataFrame(rows, columns=["x", "target", "run"]))


def marginal_curves(
    found: Importance, style: ChartStyle, names: Mapping[str, str], top: int = 6, only: Sequence[str] | None = None
) -> tuple[Figure, ...]:
    """One small chart per parameter, the most important first, or those that are named; all with the same vertical axis."""
    shown = found.parameters[:top] if only is None else [found[name] for name in only]
    values = [marginal_values(found, one, names) for one in shown]
    lows = [float(v.runs["target"].min()) for v in values] + [float(v.curve["low"].min()) for v in values if len(v.curve)]
    highs = [float(v.runs["target"].max()) for v in values] + [float(v.curve["high"].max()) for v in values if len(v.curve)]
    span = _span(min(lows), max(highs))
    return tuple(_curve_figure(found, one, v, span, style) for one, v in zip(shown, values, strict=True))


def _span(low: float, high: float) -> tuple[float, float]:
    """The vertical axis: from 0 when the values come near it, else from the lowest to the highest."""
    return (0.0, high) if 0 <= low <= 0.3 * high else (low, high)


def _curve_figure(
    found: Importance, one: ParameterImportance, values: MarginalValues, span: tuple[float, float], style: ChartStyle
) -> Figure:
    colour = style.categories[0] if one.above_noise else style.muted
    y_axis = alt.Axis(tickCount=4, grid=True, **_labels(Scale("", domain=span)))
    y = alt.Scale(domain=list(span), nice=True)
    runs = alt.Chart(alt.NamedData("runs")).mark_circle(size=22, color=style.muted, opacity=0.45)
    x = _x_encoding(one, values)
    layers: list[alt.Chart] = [
        runs.encode(
            x=x,
            y=alt.Y("target:Q", scale=y, axis=y_axis, title=found.target),
            tooltip=[
                _tooltip("run:N", _("run")),
                alt.Tooltip("x:N", title=one.name),
                alt.Tooltip("target:Q", title=found.target, format=".4~g"),
            ],
        )
    ]
    if one.marginal:
        layers = _curve_layers(one, x, y, colour, style) + layers if one.kind != "category" else layers
        layers += _level_layers(x, y, colour) if one.kind != "continuous" else []
    spec = alt.layer(*layers).properties(width=_CURVE_SIZE[0], height=_CURVE_SIZE[1]).to_dict(validate=False)
    spec |= {"autosize": {"type": "fit", "contains": "padding"}, "config": style.vega_config()}
    return Figure(
        spec=spec,
        data={"curve": values.curve, "runs": values.runs} if one.marginal else {"runs": values.runs},
        title=one.name,
        subtitle=_curve_subtitle(one, found),
        description=_curve_in_words(one, found),
        width="small",
        height=_CURVE_SIZE[1],
        notes=_unset_note(one, found),
    )


def _curve_layers(one: ParameterImportance, x: alt.X, y: alt.Scale, colour: str, style: ChartStyle) -> list[alt.Chart]:
    curve = alt.Chart(alt.NamedData("curve"))
    tooltip = [alt.Tooltip("x:Q", title=one.name, format=".3~g"), *_interval_tooltip()]
    return [
        curve.mark_area(color=colour, opacity=style.band_opacity).encode(x=x, y=alt.Y("low:Q", scale=y), y2="high:Q"),
        curve.mark_line(color=colour).encode(x=x, y=alt.Y("mean:Q", scale=y), tooltip=tooltip),
    ]


def _level_layers(x: alt.X, y: alt.Scale, colour: str) -> list[alt.Chart]:
    curve = alt.Chart(alt.NamedData("curve"))
    return [
        curve.mark_rule(color=colour, strokeWidth=1.75).encode(x=x, y=alt.Y("low:Q", scale=y), y2="high:Q"),
        curve.mark_circle(color=colour, size=64, opacity=1).encode(x=x, y=alt.Y("mean:Q", scale=y), tooltip=_interval_tooltip()),
    ]


def _interval_tooltip() -> list[alt.Tooltip]:
    names = {"mean": _("mean"), "low": _("low"), "high": _("high")}
    return [_tooltip(f"{field}:Q", name, format=".4~g") for field, name in names.items()]


def _x_encoding(one: ParameterImportance, values: MarginalValues) -> alt.X:
    if one.kind == "category":
        names = list(dict.fromkeys([*values.curve["x"], *sorted(values.runs["x"])]))
        return alt.X("x:N", title=None, sort=names, axis=alt.Axis(labelAngle=0, labelLimit=90, labelOverlap=True))
    numbers = [value for value in one.values if isinstance(value, float)]
    low, high = min(numbers), max(numbers)
    few = one.kind == "grid" and len(set(numbers)) <= 8
    ticks = sorted(set(numbers)) if few else _decades(low, high) if one.log else []
    scale = alt.Scale(type="log" if one.log else "linear", domain=_padded(low, high, one.log), nice=False)
    axis = alt.Axis(tickCount=4, labelOverlap=True, **_labels(Scale("", "log" if one.log else "linear", (low, high))))
    if ticks:
        axis.values = ticks
    return alt.X("x:Q", title=None, scale=scale, axis=axis)


def _padded(low: float, high: float, log: bool) -> list[float]:
    """The range with 3 % of room at both ends, so that no point is cut in half."""
    if low == high:
        return [low - 1, high + 1]
    if log:
        room = (high / low) ** 0.03
        return [low / room, high * room]
    return [low - 0.03 * (high - low), high + 0.03 * (high - low)]


def _decades(low: float, high: float) -> list[float]:
    """The powers of ten inside a range, at most five; none when there are fewer than two."""
    inside = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    step = max(1, math.ceil(len(inside) / 5))
    return [10.0**k for k in inside[::step]] if len(inside) >= 2 else []


def _labels(scale: Scale) -> dict[str, Any]:
    label = scale.label_expr("datum.value")
    return {"labelExpr": label} if label else {}


def _curve_subtitle(one: ParameterImportance, found: Importance) -> str:
    if not one.marginal:
        return _("rank correlation {value}").format(value=signed(one.correlation.value)) if one.correlation else ""
    if one.above_noise:
        explained = _("explains {share}").format(share=percent(one.share))
        return ", ".join(part for part in (explained, one.direction) if part)
    return _("not told from noise")


def _curve_in_words(one: ParameterImportance, found: Importance) -> str:
    said = _("{y} against {x} for {n} runs.").format(y=found.target, x=one.name, n=one.n_runs)
    if not one.marginal:
        return said
    low, high = plain(min(one.marginal.mean)), plain(max(one.marginal.mean))
    sentence = (
        _("The mean prediction over the other parameters goes from {low} to {high}; {direction}.")
        if one.direction
        else _("The mean prediction over the other parameters goes from {low} to {high}.")
    )
    return f"{said} {sentence.format(low=low, high=high, direction=one.direction)}"


def _unset_note(one: ParameterImportance, found: Importance) -> tuple[str, ...]:
    missing = found.n_runs - one.n_runs
    if not missing or one.kind == "category":
        return ()
    if not one.marginal or not one.marginal.unset:
        return (_("{n} runs do not set it.").format(n=missing),)
    mean, low, high = one.marginal.unset
    said = _("Not set in {n} runs: {mean} ({low}–{high}).")
    return (said.format(n=missing, mean=plain(mean), low=plain(low), high=plain(high)),)
