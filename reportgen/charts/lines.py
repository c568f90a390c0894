"""Line charts: one line per run, or means of groups of runs with a band.

`python -m reportgen.charts.lines > lines.svg` draws an example.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reportgen.charts import line_layers
from reportgen.charts.figure import Figure
from reportgen.charts.interaction import hover_layer, pointer_params, toggle_params, zoom_layer, zoom_params
from reportgen.charts.labels import spread
from reportgen.charts.layout import Layout, joined, layered, one_row
from reportgen.charts.line_values import Line, LineSettings, LineValues, line_values
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import axis_name, counted, key_words, number_text, shorten, text_width
from reportgen.model import Runs
from reportgen.words import _

MOST_LABELS = 6
_NEAR_THE_EDGE = 0.94
"""The share of the axis that a line must reach to carry its name beside the edge."""
_HOVER_ROWS = 12_000


def line_chart(runs: Runs, key: str, settings: LineSettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """The metric `key` over steps, time or another metric: one figure, or one for each value of `settings.facet`."""
    values = line_values(runs, key, settings, style)
    layout = layout or Layout()
    return [draw(values, style, layout, facet, first=i == 0) for i, facet in enumerate(values.facets)]


def draw(values: LineValues, style: ChartStyle, layout: Layout, facet: str = "", first: bool = True) -> Figure:
    """One figure of the values: that of one facet, or of all lines."""
    lines = [line for line in values.lines if line.facet == facet]
    if facet in values.nothing:
        return _nothing(values, style, layout, facet, first)
    if not layout.y_title:
        values = replace(values, y=replace(values.y, title=""))
    height = layout.tall()
    least = _least_width(values, lines) if layout.legend else math.inf
    direct = least <= layout.pixels
    legend = () if _is_named_by_facets(values) else values.colours.legend(style, layout)
    frames = _frames(values, lines, style)
    frames["ends"] = _ends(values, lines, height, style) if direct else _ends(values, [], height, style)
    spec = _spec(values, lines, style, layout, height, frames, direct=direct, toggles=bool(legend) and values.colours.kind != "numbers")
    if direct:
        # Where the page is narrower it names the lines above the chart.
        labels = {"least": least, "title": values.colours.title, "entries": [list(entry) for entry in legend]}
        spec["usermeta"]["reportgen"]["labels"] = labels
    said = [values.subtitle] if direct or not legend else [values.subtitle, values.colours.said]
    title = facet or layout.title or default_title(values)
    return Figure(
        spec=spec, data={name: frame for name, frame in frames.items() if _is_used(spec, name)}, title=title,
        subtitle=", ".join(filter(None, said)), description=describe(values, lines, facet), width=layout.width, height=height,
        notes=values.notes if first else (), legend=() if direct else legend,
    )  # fmt: skip


def _is_named_by_facets(values: LineValues) -> bool:
    """Whether the titles of the small charts say already what the colours stand for."""
    facet = values.settings.facet
    return facet is not None and values.colours.kind == "categories" and values.colours.title == key_words(facet)


def _nothing(values: LineValues, style: ChartStyle, layout: Layout, facet: str, first: bool) -> Figure:
    """In place of axes without a line the sentence that says why."""
    sentence = values.nothing[facet]
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 13, "color": style.muted, "limit": {"expr": "width"}}
    text = {"x": {"value": 0}, "y": {"value": 10}, "text": {"value": sentence}}
    spec = layered([{"data": {"name": "plot"}, "mark": mark, "encoding": text}], style, layout, 20, "nothing")
    return Figure(
        spec=spec, data={"plot": one_row()}, title=facet or layout.title or default_title(values), width=layout.width, height=20,
        subtitle=values.subtitle if facet else "", description=f"{describe(values, [], facet)} {sentence}",
        notes=values.notes if first else (),
    )  # fmt: skip


def default_title(values: LineValues) -> str:
    """“val/acc over epoch, 24 runs”; of a single run its name."""
    over = _("time") if values.x_key in ("time", "wall") else key_words(axis_name(values.x_key))
    who = (
        values.lines[0].label
        if len(values.lines) == values.run_count == 1 and not values.settings.group
        else counted(values.run_count, "run")
    )
    return _("{metric} over {axis}, {runs}").format(metric=shorten(key_words(values.key), 60), axis=shorten(over, 40), runs=who)


def describe(values: LineValues, lines: Sequence[Line], facet: str = "") -> str:
    """The text alternative: how many lines, where they end, which is best."""
    what = _("{metric} over {axis} for {which}") if facet else _("{metric} over {axis}")
    what = what.format(metric=values.key, axis=axis_name(values.x_key), which=facet)
    ended = [line for line in lines if math.isfinite(line.last)]
    if not ended:
        return _("Line chart of {what}: no finite value to draw.").format(what=what)

    def text(number: float) -> str:
        return number_text(number, values.y.percent)

    ends = [line.last for line in ended]
    number = counted(len(lines), "group" if values.settings.group else "run")
    sentence = _("Line chart of {what}, {lines}.").format(what=what, lines=number)
    if len(ended) == 1:
        y = ended[0].y[np.isfinite(ended[0].y)]
        course = _("{line} goes from {first} to {last}, between {low} and {high}.").format(
            line=ended[0].label, first=text(float(y[0])), last=text(ends[0]), low=text(float(y.min())), high=text(float(y.max()))
        )
        return f"{sentence} {course}"
    low, high = text(min(ends)), text(max(ends))
    if values.goal is None:
        greatest = max(ended, key=lambda line: line.last).label
        range_ = _("Last values range from {low} to {high}; the greatest is that of {line}.").format(low=low, high=high, line=greatest)
        return f"{sentence} {range_}"
    best = (max if values.goal == "max" else min)(ended, key=lambda line: line.last)
    range_ = _("Last values range from {low} to {high}; the best is {line} with {value}.")
    return f"{sentence} {range_.format(low=low, high=high, line=best.label, value=text(best.last))}"


def _least_width(values: LineValues, lines: Sequence[Line]) -> float:
    """From which width of the chart in pixels on lines carry their names at their ends; infinite: never.

    They do when they are at most six, when colours stand for nothing but themselves, and when all end near the right edge:
    a name beside the edge would not be that of a line that ended long before.
    """
    own = values.colours.kind == "runs" or bool(values.settings.group and not values.settings.color)
    if not own or values.colours.kind == "numbers" or not 1 < len(lines) <= MOST_LABELS:
        return math.inf
    ends = [values.x.fraction(_end(line) / values.x.divisor) for line in lines if math.isfinite(line.last)]
    if not ends or min(ends) < _NEAR_THE_EDGE:
        return math.inf
    return max(400.0, 2.4 * round(max(text_width(line.label) for line in lines)))


def _end(line: Line) -> float:
    """Where along x the last finite value stands."""
    return float(line.x[np.isfinite(line.y)][-1])


def _frames(values: LineValues, lines: Sequence[Line], style: ChartStyle) -> dict[str, pd.DataFrame]:
    """`lines`, `raw`, `dots` and `hover`: long frames with `x`, `y`, `series` and the colour's column.

    Means have in `lines` also `lower` and `upper`, the ends of their band, and `n`, how many runs have a value there; `hover` has
    with `at` where a value stands itself, when this is not always where it is told.
    """
    scale = values.x.divisor
    columns = ["x", "y", "series", *values.colours.columns("", style)]

    def frame(line: Line, x: Any, **more: Any) -> pd.DataFrame:
        rows = {"x": np.asarray(x) / scale, **more, "series": line.label, **values.colours.columns(line.id, style)}
        return pd.DataFrame(rows, index=range(len(x)))

    surrounded = any(line.has_band for line in lines)
    drawn = [frame(line, line.x[line.drawn], y=_finite(line.y[line.drawn]), **_around(line, surrounded)) for line in lines]
    raw = [
        frame(line, line.raw_x, y=_finite(line.raw_y))
        for line in lines
        if line.raw_x is not None and line.raw_y is not None and not values.colours.is_rest(line.id)
    ]
    dots = []
    for line in lines:
        alone = _isolated(line.y[line.drawn])
        if alone.any():
            dots.append(frame(line, line.x[line.drawn][alone], y=line.y[line.drawn][alone]))
    grid = _grid(lines)
    near = [(line, *_nearest(line, grid)) for line in lines]
    apart = any((line.x[nearest] != grid[inside]).any() for line, inside, nearest in near)
    hover = [
        frame(line, grid[inside], **({"at": line.x[nearest] / scale} if apart else {}), y=line.y[nearest])
        for line, inside, nearest in near
        if len(inside)
    ]
    return {
        "lines": joined(drawn, columns),
        "raw": joined(raw, columns),
        "dots": joined(dots, columns),
        "hover": joined(hover, columns),
        "plot": one_row(),
    }


def _around(line: Line, surrounded: bool) -> dict[str, Any]:
    """The columns of a mean beside its own: the ends of its band where one is drawn, and the number of runs."""
    if line.band is None:
        return {}
    ends = {"lower": _finite(line.band.lower), "upper": _finite(line.band.upper)} if surrounded else {}
    return {**ends, "n": line.band.n}


def _finite(y: Any) -> Any:
    return np.where(np.isfinite(y), y, np.nan)


def _isolated(y: Any) -> Any:
    """Which points have no finite neighbour: a line does not show them."""
    there = np.isfinite(y)
    before, after = np.concatenate([[False], there[:-1]]), np.concatenate([there[1:], [False]])
    return there & ~before & ~after


def _grid(lines: Sequence[Line]) -> Any:
    """The positions at which values can be read: all that were logged, or evenly chosen ones of too many."""
    if not lines:
        return np.empty(0)
    positions = np.unique(np.concatenate([line.x for line in lines]))
    most = max(40, min(400, _HOVER_ROWS // len(lines)))
    return positions if len(positions) <= most else positions[np.linspace(0, len(positions) - 1, most).round().astype(int)]


def _nearest(line: Line, grid: Any) -> tuple[Any, Any]:
    """Which grid positions a line has a value for, and the index of its nearest point; none in a gap and beyond its ends."""
    right = np.clip(np.searchsorted(line.x, grid, side="right"), 1, len(line.x)) - 1
    after = np.clip(right + 1, 0, len(line.x) - 1)
    nearest = np.where(np.abs(line.x[after] - grid) < np.abs(line.x[right] - grid), after, right)
    inside = np.flatnonzero((grid >= line.x[0]) & (grid <= line.x[-1]) & np.isfinite(line.y[nearest]))
    return inside, nearest[inside]


def _ends(values: LineValues, lines: Sequence[Line], height: int, style: ChartStyle) -> pd.DataFrame:
    """Where the labels stand: `end` and `top` in pixels from the top, for the end of the line and for its label."""
    ended = [line for line in lines if math.isfinite(line.last)]
    ends = [(1 - values.y.fraction(line.last)) * height for line in ended]
    ends = [min(max(end, 0.0), float(height)) for end in ends]
    tops = spread(ends, 15, 0, height)
    rows = [
        {"series": line.label, "x": _end(line) / values.x.divisor, "end": round(end, 1), "top": round(top, 1),
         **values.colours.columns(line.id, style)}
        for line, end, top in zip(ended, ends, tops, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["series", "x", "end", "top", *values.colours.columns("", style)])


def _spec(
    values: LineValues, lines: Sequence[Line], style: ChartStyle, layout: Layout, height: int, frames: dict[str, pd.DataFrame],
    *, direct: bool, toggles: bool,
) -> dict[str, Any]:  # fmt: skip
    shared = line_layers.channels(values, style, layout, len(lines), toggles=toggles)
    layers: list[dict[str, Any]] = []
    if "lower" in frames["lines"]:
        layers.append(line_layers.bands(shared, style))
    if len(frames["raw"]):
        layers.append(line_layers.raw(shared, style))
    layers.append(line_layers.lines(shared, values, style))
    if len(frames["dots"]):
        layers.append(line_layers.dots(shared))
    layers += line_layers.front(shared, style)
    if direct:
        layers += line_layers.labels(shared, style)
    if len(frames["hover"]):
        layers.append(_hover(values, lines, style, height, toggles, shared, frames["hover"]))
    layers.append(zoom_layer(style))
    layers.append(line_layers.reach(shared))
    params = [*pointer_params(), *zoom_params(), *(toggle_params() if toggles else [])]
    if direct:
        params.append({"name": "labels", "value": True})
    spec = layered(layers, style, layout, height, "line", params, zoom=True, toggle=toggles)
    if direct:
        # The picture is measured in another font than the page's: names may be wider by a tenth.
        spec["padding"] = {"left": 2, "top": 5, "right": 20, "bottom": 5}
    return spec


def _hover(
    values: LineValues, lines: Sequence[Line], style: ChartStyle, height: int, toggles: bool, shared: line_layers.Channels,
    hover: pd.DataFrame,
) -> dict[str, Any]:  # fmt: skip
    positions = np.unique(hover["x"].to_numpy(dtype=float))
    widest = float(np.diff(positions).max()) if len(positions) > 1 else 1.0
    if len(positions) == 1:
        low, high = values.x.domain
        widest = high - low
    name = "" if values.x_key in ("wall",) else axis_name(values.x_key) + " "
    x_text = f"{_quoted(shorten(name, 24))} + {values.x.text_expr('datum.x')}"
    own = values.x.text_expr("datum.at") if values.x.type != "utc" else "utcFormat(datum.at, '%H:%M:%S')"
    return hover_layer(
        "hover", widest, x_text, values.y.text_expr("datum.y"), shared.fill, {"x": shared.x, "y": shared.y}, style,
        labels=tuple(line.label for line in lines), height=height, toggles=toggles, own_text=own if "at" in hover else "",
    )  # fmt: skip


def _quoted(text: str) -> str:
    """A text as a literal of a Vega expression; a metric's name may hold anything."""
    import json

    return json.dumps(text)


def _is_used(spec: dict[str, Any], name: str) -> bool:
    def names(layers: Sequence[dict[str, Any]]) -> Any:
        for layer in layers:
            yield layer.get("data", {}).get("name")
            yield from names(layer.get("layer", []))

    return name in set(names(spec["layer"]))


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(line_chart(example_runs(), "val/acc", LineSettings(), ChartStyle())[0])
