"""A line chart of one or two kilobytes as inline SVG: what stands in a page of many charts before they come alive, and without JavaScript.

It has the size and the axes that `browser/lines-*.js` draws in its place, so that nothing moves. Coordinates are tenths of a pixel: whole
numbers are short. Colours and sizes of text are those of the theme (`styles/64-metrics.css`).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from reportgen.analysis.downsampling import keep_extremes
from reportgen.charts.axis import Scale, duration_scale, nice_decades, nice_domain
from reportgen.charts.layout import CARD
from reportgen.charts.words import text_width
from reportgen.words import _

Floats = NDArray[np.float64]

WIDTH, HEIGHT = CARD, 190
POINTS = 150
"""Of each line that are drawn: the extremes of each four pixels."""
_TOP, _BOTTOM, _RIGHT = 10, 40, 12
_LOW = 160
"""In a chart lower than this there is room for half of the ticks."""
_MANY = 6
"""More lines than these are faint."""
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k"))


@dataclass(frozen=True, eq=False)
class SmallLine:
    """Points in ascending x, shapes (n,); values that are not finite are gaps."""

    x: Floats
    y: Floats


@dataclass(frozen=True, eq=False)
class SmallChart:
    """What is drawn.

    Attributes:
        x, y: The axes; the domains are in the units of the lines divided by their `divisor`.
        colour: Of all lines.
        description: The text alternative.
        title: Of the x axis.
        width, height: In pixels; the chart is as wide as its place, these are its proportions.
    """

    lines: tuple[SmallLine, ...]
    x: Scale
    y: Scale
    colour: str
    description: str
    title: str
    width: int = WIDTH
    height: int = HEIGHT


def thinned(x: Floats, y: Floats, most: int = POINTS) -> SmallLine:
    """A line with about so many points: no spike is lost, gaps stay gaps."""
    chosen = keep_extremes(y, most)
    return SmallLine(x[chosen], y[chosen])


def y_axis(y: Floats, *, percent: bool = False, log: bool = False) -> Scale:
    """The axis for values of a metric: round ends around the finite ones, which are all above zero on a logarithmic axis."""
    finite = y[np.isfinite(y)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    if log:
        return Scale("", "log", nice_decades(low, high))
    low, up = nice_domain(low, high)
    if not up / 2 > low / 2:  # Round ends around the least and the greatest floats there are come out equal, or the wrong way round.
        pad = max(0.5, abs(float(finite[0])) / 16)
        low, up = max(float(finite.min()) - pad, -sys.float_info.max), min(float(finite.max()) + pad, sys.float_info.max)
    return Scale("", "linear", (low, min(up, 1.0) if percent else up), percent)


def x_axis(axis: str, ends: Sequence[float]) -> Scale:
    """The axis from the least to the greatest of some positions; one alone stands in its middle."""
    low, high = min(ends), max(ends)
    if low == high:
        pad = max(0.5, abs(low) / 1e6)
        low, high = low - pad, high + pad
    return duration_scale([low, high], "") if axis == "time" else Scale("", "linear", (low, high))


def axis_title(axis: str) -> str:
    """What an axis is called: “step”, “time since start”, or the metric."""
    return _("step") if axis == "step" else _("time since start") if axis == "time" else _("time, UTC") if axis == "wall" else axis


def short(value: float, digits: int = 3) -> str:
    """A number with at most so many digits that count, as the browser code writes it (`rg.short`): 0.0123, 1.2e−7, 12.3k, 4M."""
    if not math.isfinite(value):
        return str(value)
    size, sign = abs(value), "−" if value < 0 else ""
    if size == 0:
        return "0"
    if size >= 1e15 or size < 1e-4:
        mantissa, _e, power = f"{size:.{digits - 1}e}".partition("e")
        return f"{sign}{float(mantissa):.15g}e{int(power)}".replace("-", "−")
    divisor, letter = next(((1e3 if letter == "k" else unit, letter) for unit, letter in _UNITS if size >= unit), (1.0, ""))
    return f"{sign}{float(f'{size / divisor:.{digits}g}'):.15g}{letter}"


def value_text(value: float, percent: bool, digits: int = 4) -> str:
    """A value of a metric; shares as per cent."""
    return f"{short(100 * value, digits)}\u202f%" if percent else short(value, digits)


def draw(chart: SmallChart) -> Markup:
    """The chart as SVG, as wide as its place."""
    ticks = [(value, _tick_text(chart.y, value)) for value in chart.y.ticks(5 if chart.height >= _LOW else 3)]
    left = math.ceil(max([24.0, *(text_width(text, 12) for _value, text in ticks)])) + 10
    frame = _Frame(left, chart.width - _RIGHT, _TOP, chart.height - _BOTTOM)
    positions = _x_ticks(chart, frame)
    paths = "".join(f'<path d="{_path(line, chart, frame)}"/>' for line in chart.lines)
    many = " is-many" if len(chart.lines) > _MANY else ""
    # By hand and not by `Markup.format`, which would take longer than all the rest: only texts have to be escaped.
    box = f"0 0 {chart.width * 10} {chart.height * 10}"
    return Markup(
        f'<svg class="small-chart" role="img" aria-label="{escape(chart.description)}" viewBox="{box}">'
        f'<path class="grid" d="{_grid(chart, frame, ticks, positions)}"/>{_words(chart, frame, ticks, positions)}'
        f'<g class="lines{many}" stroke="{escape(chart.colour)}">{paths}</g></svg>'
    )


@dataclass(frozen=True)
class _Frame:
    """The place of the plot in pixels."""

    left: int
    right: int
    top: int
    bottom: int

    def across(self, scale: Scale, value: float) -> float:
        return self.left + scale.fraction(value) * (self.right - self.left)

    def down(self, scale: Scale, value: float) -> float:
        return self.bottom - scale.fraction(value) * (self.bottom - self.top)


def _tick_text(scale: Scale, value: float) -> str:
    if scale.percent:
        return value_text(value, True)
    return short(value, 3 if scale.type == "log" else 6)


def _x_ticks(chart: SmallChart, frame: _Frame) -> list[tuple[float, float, str]]:
    """Value, place of the label, label: those that do not overlap."""
    kept = []
    free = 0.0
    for value in chart.x.ticks(max(2, (frame.right - frame.left) // 80)):
        text = _tick_text(chart.x, value)
        half = text_width(text, 12) / 2
        at = min(frame.across(chart.x, value), chart.width - half)
        if at - half >= free:
            kept.append((value, at, text))
            free = at + half + 8
    return kept


def _grid(chart: SmallChart, frame: _Frame, ticks: Sequence[tuple[float, str]], positions: Sequence[tuple[float, float, str]]) -> str:
    rules = [f"M{frame.left * 10} {round(frame.down(chart.y, value) * 10)}H{frame.right * 10}" for value, _text in ticks]
    marks = [f"M{round(frame.across(chart.x, value) * 10)} {frame.bottom * 10}v40" for value, _at, _text in positions]
    return "".join([*rules, *marks])


def _words(chart: SmallChart, frame: _Frame, ticks: Sequence[tuple[float, str]], positions: Sequence[tuple[float, float, str]]) -> str:
    left, bottom, right = frame.left * 10 - 80, frame.bottom * 10, frame.right * 10
    up = "".join(f'<text x="{left}" y="{round(frame.down(chart.y, value) * 10) + 40}">{text}</text>' for value, text in ticks)
    across = "".join(f'<text x="{round(at * 10)}" y="{bottom + 170}">{text}</text>' for _value, at, text in positions)
    title = f"{chart.title}, {chart.x.unit}" if chart.x.unit else chart.title
    return f'<g class="up">{up}<text x="{right}" y="{bottom + 330}">{escape(title)}</text></g><g class="across">{across}</g>'


def _path(line: SmallLine, chart: SmallChart, frame: _Frame) -> str:
    """The line between its gaps, in differences; a point alone is a line of no length, which the round cap draws as a dot."""
    (low_x, high_x), (low, high), y = chart.x.domain, chart.y.domain, line.y
    if chart.y.type == "log":
        y = np.log(np.where(y > 0, y, np.nan))
        low, high = math.log(low), math.log(high)
    # Halved before they are subtracted: values near the largest float must not overflow.
    share = (np.clip(y, low, high) / 2 - low / 2) / (high / 2 - low / 2)
    share_x = (line.x / chart.x.divisor / 2 - low_x / 2) / (high_x / 2 - low_x / 2)
    there = np.isfinite(line.y) & np.isfinite(share)
    down = np.where(there, np.rint(10 * (frame.bottom - np.where(there, share, 0) * (frame.bottom - frame.top))), 0).astype(np.int64)
    across = np.rint(10 * (frame.left + share_x * (frame.right - frame.left))).astype(np.int64)
    breaks = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return "".join(_piece(across[start:end], down[start:end]) for start, end in breaks.reshape(-1, 2).tolist())


def _piece(across: NDArray[np.int64], down: NDArray[np.int64]) -> str:
    begin = f"M{across[0]} {down[0]}"
    if len(across) == 1:
        return f"{begin}h0"
    steps = zip(np.diff(across).tolist(), np.diff(down).tolist(), strict=True)
    return f"{begin}l" + " ".join(f"{x}{y}" if y < 0 else f"{x} {y}" for x, y in steps)
