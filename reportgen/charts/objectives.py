"""The shares of several objectives beside each other: a group of bars for each parameter, a bar for each objective."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reportgen.analysis.importance import Importance, Share, percent, share_text
from reportgen.charts.figure import Figure
from reportgen.charts.importance import axis_end, axis_ticks
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.words import _

_ROOM = 1.4
"""The axis goes on beyond its last tick, so that the numbers stand beside the bars."""
_NAME, _BAR, _GAP = 20, 15, 8
"""Heights in pixels: of the name of a parameter, of a bar, and between two parameters."""


def objective_values(found: Sequence[Importance], top: int) -> pd.DataFrame:
    """A row for each parameter and objective: `parameter, target, place, share, low, high, total, label, told`.

    The parameter that matters most to any objective comes first; what no parameter explains last. `place` is that of the objective, from 0.
    """
    largest: dict[str, float] = {}
    for one in found:
        for parameter in one.parameters:
            largest[parameter.name] = max(largest.get(parameter.name, 0.0), parameter.total.value)
    names = sorted(largest, key=lambda name: (-largest[name], name))[:top]
    rows: list[dict[str, Any]] = []
    for name in names:
        for place, one in enumerate(found):
            rows += [
                _row(name, one.target, place, parameter.first, parameter.total.value, told=parameter.above_noise)
                for parameter in one.parameters
                if parameter.name == name
            ]
    rest = _("what no parameter explains")
    rows += [_row(rest, one.target, place, one.noise, one.noise.value, told=True) for place, one in enumerate(found)]
    return pd.DataFrame(rows)


def _row(name: str, target: str, place: int, share: Share, total: float, *, told: bool) -> dict[str, Any]:
    ends = {"share": share.value, "low": share.low, "high": share.high, "total": total}
    return {"parameter": name, "target": target, "place": place, **ends, "label": share_text(share), "told": told}


def objective_bars(found: Sequence[Importance], style: ChartStyle, top: int = 10, layout: Layout | None = None) -> Figure:
    """The bars with their intervals, paler as far as interactions add to them, and faint where they are within the noise."""
    layout = layout or Layout()
    frame = objective_values(found, top)
    names = list(dict.fromkeys(frame["parameter"]))
    row = _NAME + _BAR * len(found) + _GAP
    height = row * len(names)
    colours = [style.categories[i % len(style.categories)] for i in range(len(found))]
    targets = [one.target for one in found]
    return Figure(
        spec=_spec(frame, names, row, targets, colours, style, layout, height),
        data={"shares": frame},
        title=layout.title or _("What explains {metrics}").format(metrics=", ".join(targets)),
        subtitle=_("share of the variance of each; lines: {level} % intervals; paler: with interactions; faint: within the noise").format(
            level=f"{100 * found[0].level:.0f}"
        ),
        description=" ".join(_in_words(one, top) for one in found),
        width=layout.width,
        height=height,
        legend=tuple(zip(targets, colours, strict=True)),
    )


def _in_words(one: Importance, top: int) -> str:
    shares = ", ".join(f"{parameter.name} {percent(parameter.share)}" for parameter in one.parameters[:top])
    return f"{one.target}: {shares}."


def _spec(
    frame: pd.DataFrame, names: Sequence[str], row: int, targets: Sequence[str], colours: Sequence[str], style: ChartStyle,
    layout: Layout, height: int,
) -> dict[str, Any]:  # fmt: skip
    end = axis_end(frame)
    scale = {"domain": [0, end * _ROOM], "nice": False}
    percents = {"labelExpr": "format(100 * datum.value, '.0f') + ' %'", "values": axis_ticks(end), "grid": True, "domain": False}
    x = {"type": "quantitative", "scale": scale, "axis": {**percents, "title": None, "ticks": False}}
    bands = {"domain": list(names), "paddingInner": 0, "paddingOuter": 0}
    y = {"field": "parameter", "type": "nominal", "sort": list(names), "axis": None, "scale": bands}
    colour = {"field": "target", "type": "nominal", "legend": None, "scale": {"domain": list(targets), "range": list(colours)}}
    told = {"condition": {"test": "datum.told", "value": 1}, "value": 0.35}
    tooltip = [
        {"field": "parameter", "title": _("parameter")}, {"field": "target", "title": _("target")},
        {"field": "label", "title": _("share")},
    ]  # fmt: skip
    layers: list[dict[str, Any]] = []
    for place in range(len(targets)):
        offset = -row / 2 + _NAME + _BAR * place + _BAR / 2
        mine = {"data": {"name": "shares"}, "transform": [{"filter": f"datum.place === {place} && isValid(datum.share)"}]}
        bar = {"type": "bar", "size": _BAR - 5, "yOffset": offset}
        layers += [
            {**mine, "mark": {**bar, "opacity": 0.3},
             "encoding": {"y": y, "x": {"field": "share", **x}, "x2": {"field": "total"}, "color": colour, "tooltip": tooltip}},
            {**mine, "mark": bar, "encoding": {"y": y, "x": {"field": "share", **x}, "color": colour, "opacity": told, "tooltip": tooltip}},
            {**mine, "mark": {"type": "rule", "yOffset": offset, "color": style.ink, "strokeWidth": 1.25},
             "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}, "tooltip": tooltip}},
            {**mine, "mark": {"type": "text", "yOffset": offset, "align": "right", "baseline": "middle", "fontSize": 11.5,
                              "color": style.muted},
             "encoding": {"y": y, "x": {"value": {"expr": "width"}}, "text": {"field": "label"}}},
        ]  # fmt: skip
    name = {"type": "text", "align": "left", "baseline": "middle", "yOffset": -row / 2 + _NAME / 2 + 2, "fontSize": 13, "color": style.ink}
    once = {"data": {"name": "shares"}, "transform": [{"aggregate": [{"op": "count", "as": "n"}], "groupby": ["parameter"]}]}
    layers.append({**once, "mark": {**name, "limit": 420}, "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "parameter"}}})
    return layered(layers, style, layout, height, "importance")
