"""What a chart does under the pointer: parameters and layers of the specification, run by Vega's interpreter.

Vega-Lite hands unknown properties of a parameter on to Vega, so that `{"name", "value", "on": […]}` is a Vega signal with
its own events. That is how one rule, a table beside it, and zooming by dragging come to work together; Vega-Lite's own
selections cannot share the pointer. Nothing of this is drawn before the pointer moves: a static drawing has none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.charts.style import ChartStyle
from reportgen.charts.words import expression, text_width
from reportgen.words import _

_INSIDE = "inrange(x(), [0, width]) && inrange(y(), [0, height])"
_DRAG = "[pointerdown[event.pointerType !== 'touch' && event.button === 0], window:pointerup] > window:pointermove"
ROW = 16
"""Height of a row of the hover table in pixels."""
_MOST_ROWS = 12
_OWN = 66
"""Width of the column that says where a value stands itself, in pixels."""


def pointer_params() -> list[dict[str, Any]]:
    """`pointer`: where the pointer is, [x, y] in pixels of the plot, or null; `front`: the series under it, or null."""
    return [
        {
            "name": "pointer",
            "value": None,
            "on": [
                {"events": "pointermove, pointerdown", "update": f"{_INSIDE} ? [x(), y()] : null"},
                {"events": "view:pointerleave", "update": "null"},
            ],
        },
        {
            "name": "front",
            "value": None,
            "on": [
                {"events": "@reach_marks:pointerover", "update": "datum.series"},
                {"events": "@reach_marks:pointerout, view:pointerleave", "update": "null"},
            ],
        },
    ]


def zoom_params() -> list[dict[str, Any]]:
    """`zoom_x` and `zoom_y`: the domains that were chosen by dragging a box, or null; a double click resets them.

    A box that is nearly flat zooms along x alone, and one that is nearly upright along y alone.
    """

    def zoomed(axis: str, i: int, other: int) -> dict[str, Any]:
        # Along an axis that the box hardly covers nothing changes.
        along, across = f"abs(drag[1][{i}] - drag[0][{i}])", f"abs(drag[1][{other}] - drag[0][{other}])"
        covers = f"{along} > 8 && ({along} > 24 || {across} <= 24)"
        ends = [f"invert('{axis}', clamp(drag[{end}][{i}], 0, {'width' if i == 0 else 'height'}))" for end in (0, 1)]
        low, high = f"min({ends[0]}, {ends[1]})", f"max({ends[0]}, {ends[1]})"
        return {
            "name": f"zoom_{axis}",
            "value": None,
            "on": [
                {"events": {"signal": "dragging"}, "update": f"!dragging && drag && {covers} ? [{low}, {high}] : zoom_{axis}"},
                {"events": "dblclick", "update": f"{_INSIDE} ? null : zoom_{axis}"},
            ],
        }

    return [*drag_params(), zoomed("x", 0, 1), zoomed("y", 1, 0)]


def drag_params(margin: int = 0) -> list[dict[str, Any]]:
    """`drag`: the two corners of the box of the present or last drag, or null; `dragging`: whether there is one now.

    A drag may begin `margin` pixels outside of the plot.
    """
    inside = f"inrange(x(), [-{margin}, width + {margin}]) && inrange(y(), [-{margin}, height + {margin}])"
    return [
        {
            "name": "drag_from",
            "value": None,
            "on": [{"events": "pointerdown", "update": f"{inside} ? [x(), y()] : null"}],
        },
        {
            "name": "drag",
            "value": None,
            "on": [
                {"events": "pointerdown", "update": "null"},
                {"events": _DRAG, "update": "drag_from ? [drag_from, [x(), y()]] : null"},
            ],
        },
        {
            "name": "dragging",
            "value": False,
            "on": [{"events": _DRAG, "update": "!!drag_from"}, {"events": "window:pointerup", "update": "false"}],
        },
    ]


def zoom_layer(style: ChartStyle) -> dict[str, Any]:
    """The box that is being dragged; it needs a frame `plot` of one row."""

    def side(i: int, end: int) -> dict[str, Any]:
        size, other = ("width", 1) if i == 0 else ("height", 0)
        flat = f"abs(drag[1][{i}] - drag[0][{i}]) <= 24 && abs(drag[1][{other}] - drag[0][{other}]) > 24"
        whole = "0" if end == 0 else size
        return {"value": {"expr": f"dragging && drag ? ({flat} ? {whole} : clamp(drag[{end}][{i}], 0, {size})) : 0"}}

    return {
        "data": {"name": "plot"},
        "mark": {"type": "rect", "color": style.accent, "opacity": {"expr": "dragging && drag ? 0.12 : 0"}},
        "encoding": {"x": side(0, 0), "x2": side(0, 1), "y": side(1, 0), "y2": side(1, 1)},
    }


def toggle_params() -> list[dict[str, Any]]:
    """`off`: the entries of the legend that are switched off. The page sets it: the legend is a list of buttons there."""
    return [{"name": "off", "value": []}]


VISIBLE: Mapping[str, Any] = {"filter": "indexof(off, datum.entry) < 0"}
"""The transform that keeps what the legend leaves on."""


def hover_layer(
    frame: str,
    reach: float,
    x_text: str,
    y_text: str,
    fill: Mapping[str, Any],
    scales: Mapping[str, Any],
    style: ChartStyle,
    *,
    labels: tuple[str, ...],
    height: int,
    toggles: bool,
    own_text: str = "",
) -> dict[str, Any]:
    """One rule at the logged position nearest to the pointer, and a table of the values there, the greatest first.

    Args:
        frame: The name of a frame with `x`, `y`, `series` and what `fill` needs; all series at common positions. With `own_text`
            also with `at`: where the value stands itself.
        reach: The greatest distance between neighbouring positions, in the unit of x: what is further away is not looked at.
        x_text, y_text: Expressions that write `datum.x` and `datum.y`.
        fill: The colour channel.
        scales: The x and y channels of the chart.
        labels: All names that can stand in the table: it is as wide as the widest.
        height: Of the plot in pixels: the table has no more rows than fit.
        toggles: Whether the legend can hide series.
        own_text: An expression that writes `datum.at`; it stands behind a value that does not stand at the rule.
    """
    rows = max(1, min(_MOST_ROWS, (height - 30) // ROW, len(labels)))
    box = round(max((text_width(label, 11.5) for label in labels), default=40)) + 92 + (_OWN if own_text else 0)
    at = {**scales["x"], "field": "at"} if own_text else scales["x"]
    rule = {
        "transform": [{"filter": "datum.rank === 1"}],
        "mark": {"type": "rule", "color": style.muted, "strokeWidth": 1, "opacity": 0.6},
        "encoding": {"x": scales["x"], "y": {"value": 0}, "y2": {"value": "height"}},
    }
    dots = {
        "transform": [{"filter": f"datum.place <= {rows} || datum.count <= 40"}],
        "mark": {"type": "circle", "size": 36, "opacity": 1, "stroke": style.paper, "strokeWidth": 1, "clip": True},
        "encoding": {"x": at, "y": scales["y"], "fill": fill},
    }
    return {
        "data": {"name": frame},
        "transform": _values_at_pointer(reach, rows, toggles),
        "layer": [rule, dots, *_table(rows, box, x_text, y_text, own_text, fill, style)],
    }


def _values_at_pointer(reach: float, rows: int, toggles: bool) -> list[dict[str, Any]]:
    """The rows at the position nearest to the pointer, with their `rank` by value, their `place` in the table, and their `count`.

    The series in front is in the table in any case: in the last row, when others fill it.
    """
    late = f"datum.series === front && datum.rank > {rows}"
    return [
        {"filter": f"pointer && !dragging && isFinite(datum.y) && abs(datum.x - invert('x', pointer[0])) <= {reach!r}"},
        {"filter": "datum.x >= domain('x')[0] && datum.x <= domain('x')[1]"},
        *([dict(VISIBLE)] if toggles else []),
        {"calculate": "abs(scale('x', datum.x) - pointer[0])", "as": "away"},
        {"joinaggregate": [{"op": "min", "field": "away", "as": "nearest"}]},
        {"filter": "datum.away <= datum.nearest + 1e-6"},
        # In the middle between two positions both are the nearest.
        {"joinaggregate": [{"op": "min", "field": "x", "as": "first"}]},
        {"filter": "datum.x === datum.first"},
        {"window": [{"op": "row_number", "as": "rank"}], "sort": [{"field": "y", "order": "descending"}]},
        {"joinaggregate": [{"op": "count", "as": "count"}]},
        {"calculate": f"{late} ? {rows} : datum.rank", "as": "place"},
        {"calculate": late, "as": "late"},
        {"joinaggregate": [{"op": "max", "field": "late", "as": "squeezed"}]},
        {"filter": f"!datum.squeezed || datum.late || datum.rank !== {rows}"},
    ]


def _table(
    rows: int, box: int, x_text: str, y_text: str, own_text: str, fill: Mapping[str, Any], style: ChartStyle
) -> list[dict[str, Any]]:  # fmt: skip
    """The table beside the rule: `rows` rows at the most, `box` pixels wide, on the side that has room, near the pointer."""
    left = f"(scale('x', datum.x) > width / 2 ? max(scale('x', datum.x) - {box} - 12, -40) : scale('x', datum.x) + 12)"
    shown = f"(min(datum.count, {rows}) + (datum.count > {rows} ? 1 : 0))"
    top = f"clamp(pointer[1] - {shown} * {ROW / 2:g} - 14, -4, max(-4, height - {shown} * {ROW} - 22))"
    row_y = f"{top} + 18 + datum.place * {ROW} - {ROW / 2:g}"
    last_y = f"{top} + 18 + {rows + 1} * {ROW} - {ROW / 2:g}"
    value_x = f"{left} + {box - 10 - (_OWN if own_text else 0)}"
    weight = {"expr": "datum.series === front ? 700 : 400"}
    first, listed = {"filter": "datum.rank === 1"}, {"filter": f"datum.place <= {rows}"}
    more = {"filter": f"datum.rank === 1 && datum.count > {rows}"}
    apart = {"filter": f"datum.place <= {rows} && datum.at !== datum.x"}

    def at(**pixels: str) -> dict[str, Any]:
        return {channel: {"value": {"expr": place}} for channel, place in pixels.items()}

    def text(chosen: dict[str, Any], value: str, x: str, y: str, **mark: Any) -> dict[str, Any]:
        plain = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11.5, "color": style.ink}
        return {"transform": [chosen], "mark": {**plain, **mark}, "encoding": {**at(x=x, y=y), "text": {"value": {"expr": value}}}}

    paper = {"type": "rect", "color": style.paper, "stroke": style.hairline, "strokeWidth": 1, "cornerRadius": 4, "opacity": 0.96}
    ground = at(x=left, x2=f"{left} + {box}", y=top, y2=f"{top} + {shown} * {ROW} + 26")
    swatch = {"type": "circle", "size": 50, "opacity": 1}
    return [
        {"transform": [first], "mark": paper, "encoding": ground},
        text(first, x_text, f"{left} + 10", f"{top} + 12", color=style.muted),
        text(more, expression(_("and {n} more"), n=f"(datum.count - {rows})"), f"{left} + 22", last_y, color=style.muted),
        {"transform": [listed], "mark": swatch, "encoding": {**at(x=f"{left} + 13", y=row_y), "fill": fill}},
        text(listed, "datum.series", f"{left} + 22", row_y, fontWeight=weight),
        text(listed, y_text, value_x, row_y, align="right", fontWeight=weight),
        *([text(apart, own_text, f"{left} + {box - 10}", row_y, align="right", color=style.muted)] if own_text else []),
    ]
