"""The layers of a line chart, from the back to the front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.charts.interaction import VISIBLE
from reportgen.charts.layout import Layout
from reportgen.charts.line_values import LineValues
from reportgen.charts.style import ChartStyle

Layer = dict[str, Any]
_MANY = 40
_GREY_OPACITY, _GREY_WIDTH = 0.4, 1.0


@dataclass(frozen=True)
class Channels:
    """What the layers of one chart share.

    Attributes:
        x, y: The position channels, with scales that zoom.
        stroke, fill: The colour channels of lines and of areas; `stroke` has the legend.
        clip: Whether marks end at the edges of the plot: always, or only when it is zoomed.
        keep: The transform that leaves out what the legend hides.
        count: How many lines there are.
    """

    x: Mapping[str, Any]
    y: Mapping[str, Any]
    stroke: Mapping[str, Any]
    fill: Mapping[str, Any]
    clip: Any
    keep: tuple[Mapping[str, Any], ...]
    count: int

    def layer(self, frame: str, mark: Mapping[str, Any], **encoding: Any) -> Layer:
        """A layer of `frame` with the common positions; one mark for each series."""
        common = {"x": self.x, "y": self.y, "detail": {"field": "series"}}
        return {"data": {"name": frame}, "transform": list(self.keep), "mark": dict(mark), "encoding": {**common, **encoding}}


def channels(values: LineValues, style: ChartStyle, layout: Layout, count: int, *, toggles: bool) -> Channels:
    """The channels of a chart of `count` lines."""
    ranges = values.settings.x_range is None and values.settings.y_range is None
    return Channels(
        x={
            "field": "x",
            "type": "temporal" if values.x.type == "utc" else "quantitative",
            "scale": values.x.vega_scale("zoom_x"),
            "axis": values.x.vega_axis("zoom_x"),
        },
        y={"field": "y", "type": "quantitative", "scale": values.y.vega_scale("zoom_y"), "axis": values.y.vega_axis("zoom_y")},
        # The same in all layers: one layer without a legend would take it from the others.
        stroke=values.colours.channel(style, layout),
        fill=values.colours.inner(style),
        clip={"expr": "!!(zoom_x || zoom_y)"} if ranges else True,
        keep=(dict(VISIBLE),) if toggles else (),
        count=count,
    )


def bands(shared: Channels, style: ChartStyle) -> Layer:
    """The areas around means."""
    mark = {"type": "area", "opacity": style.band_opacity, "clip": True}
    return shared.layer("lines", mark, y={**shared.y, "field": "lower"}, y2={"field": "upper"}, fill=shared.fill)


def raw(shared: Channels, style: ChartStyle) -> Layer:
    """The values before smoothing."""
    opacity = style.raw_opacity if shared.count <= _MANY else 0.1
    return shared.layer("raw", {"type": "line", "opacity": opacity, "strokeWidth": 1, "clip": shared.clip}, stroke=shared.stroke)


def lines(shared: Channels, values: LineValues, style: ChartStyle) -> Layer:
    """The lines themselves; those that have no colour of their own are thin and light."""
    rest = values.colours.rest
    pale = values.colours.kind == "plain" or (shared.count > _MANY and not rest)
    opacity: dict[str, Any] = {"value": 0.45 if pale else 1}
    width: dict[str, Any] = {"value": style.line_width if shared.count <= 12 or rest else 1.25}
    if rest:
        grey = {"test": f"datum.entry === {rest!r}"}
        # Hundreds of grey lines must not become one dark area.
        faint = max(0.12, min(_GREY_OPACITY, 16 / shared.count))
        opacity = {"condition": {**grey, "value": round(faint, 2)}, "value": 1}
        width = {"condition": {**grey, "value": _GREY_WIDTH}, "value": style.line_width}
    return shared.layer("lines", {"type": "line", "clip": shared.clip}, stroke=shared.stroke, opacity=opacity, strokeWidth=width)


def dots(shared: Channels) -> Layer:
    """Points without a neighbour, which a line does not show."""
    return shared.layer("dots", {"type": "circle", "size": 30, "opacity": 1, "clip": shared.clip}, fill=shared.fill)


def front(shared: Channels, style: ChartStyle) -> list[Layer]:
    """While a line is pointed at, all others step back behind a veil of paper, and it comes to the front."""
    veil: Layer = {
        "data": {"name": "plot"},
        "mark": {"type": "rect", "color": style.paper, "opacity": {"expr": "front === null ? 0 : 0.6"}},
        "encoding": {"x": {"value": 0}, "x2": {"value": "width"}, "y": {"value": 0}, "y2": {"value": "height"}},
    }
    line = shared.layer("lines", {"type": "line", "clip": shared.clip, "strokeWidth": style.line_width + 1}, stroke=shared.stroke)
    return [veil, {**line, "transform": [{"filter": "datum.series === front"}]}]


def labels(shared: Channels, style: ChartStyle) -> list[Layer]:
    """A short stroke in the line's colour from its end to its name, and the name in ink; none where the page has no room.

    In a zoomed chart the ends are elsewhere: the strokes stand beside their names alone, as in a legend.
    """
    zoomed = "(zoom_x || zoom_y)"
    base = {"data": {"name": "ends"}, "transform": [*shared.keep, {"filter": "labels"}]}
    return [
        {
            **base,
            "mark": {"type": "rule", "strokeWidth": style.line_width, "strokeCap": "round"},
            "encoding": {
                "x": {"value": {"expr": f"{zoomed} ? width + 4 : min(width, scale('x', datum.x)) + 4"}},
                "x2": {"value": {"expr": "width + 14"}},
                "y": {"value": {"expr": f"{zoomed} ? datum.top : datum.end"}},
                "y2": {"value": {"expr": "datum.top"}},
                "stroke": shared.stroke,
            },
        },
        {
            **base,
            "mark": {"type": "text", "align": "left", "baseline": "middle", "limit": 300},
            "encoding": {"x": {"value": {"expr": "width + 19"}}, "y": {"value": {"expr": "datum.top"}}, "text": {"field": "series"}},
        },
    ]


def reach(shared: Channels) -> Layer:
    """The lines once more, wide and invisible, so that none need be hit exactly; none until the pointer moves."""
    line = shared.layer("lines", {"type": "line", "strokeWidth": 11, "strokeOpacity": 0, "clip": True}, stroke=shared.stroke)
    return {"name": "reach", **line, "transform": [*shared.keep, {"filter": "!!pointer"}]}
