"""Plotly's figures (JSON) drawn as a plain SVG, as far as they are lines, points and bars."""

from __future__ import annotations

import json
import math
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from markupsafe import Markup

from reportgen.blocks.readable import readable
from reportgen.model import number
from reportgen.words import _

Kind = Literal["line", "points", "both", "bar"]

_LARGEST = 50 * 2**20
_TRACES, _POINTS = 30, 2_000
_PALETTE = ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0")
_INK, _RULE = "#7d828c", "#9498a055"
"""Seen on light and on dark paper: an image does not know which it stands on."""
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 520, 320, 56, 12, 40, 44


@dataclass(frozen=True)
class Trace:
    """One series of a figure; x and y are numbers, or x are words."""

    name: str
    kind: Kind
    x: tuple[Any, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class PlotlyFigure:
    """What is drawn of a figure.

    Attributes:
        lost: What is not: the types of its other traces, and what is too much.
    """

    title: str
    x_title: str
    y_title: str
    traces: tuple[Trace, ...]
    lost: tuple[str, ...]


def read_plotly(path: Path) -> PlotlyFigure | None:
    """The figure of a file; None when it is none."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    data = content.get("data") if isinstance(content, Mapping) else None
    if not isinstance(data, list):
        return None
    layout = content.get("layout")
    layout = layout if isinstance(layout, Mapping) else {}
    traces = [(one, _trace(one, i)) for i, one in enumerate(data)]
    drawn = [trace for _one, trace in traces if trace is not None]
    lost = dict.fromkeys(str(one.get("type", "scatter")) if isinstance(one, Mapping) else "?" for one, trace in traces if trace is None)
    if len(drawn) > _TRACES:
        lost[_("{n} traces").format(n=len(drawn) - _TRACES)] = None
    x_title, y_title = _title(layout.get("xaxis")), _title(layout.get("yaxis"))
    return PlotlyFigure(_title(layout), x_title, y_title, tuple(drawn[:_TRACES]), tuple(map(readable, lost)))


def _title(value: Any) -> str:
    title = value.get("title") if isinstance(value, Mapping) else None
    text = title.get("text") if isinstance(title, Mapping) else title
    return readable(text)[:120] if isinstance(text, str) else ""


def _trace(value: Any, i: int) -> Trace | None:
    if not isinstance(value, Mapping) or value.get("type", "scatter") not in ("scatter", "scattergl", "bar"):
        return None
    y = _numbers(value.get("y"))
    if y is None or not y:
        return None
    x = _values(value.get("x"))
    x = x if x is not None and len(x) == len(y) else list(range(len(y)))
    mode = str(value.get("mode") or ("lines+markers" if len(y) < 20 else "lines"))
    kind: Kind = (
        "bar"
        if value.get("type") == "bar"
        else "both"
        if "lines" in mode and "markers" in mode
        else "points"
        if "markers" in mode
        else "line"
    )
    chosen = range(len(y)) if len(y) <= _POINTS else [round(k * (len(y) - 1) / (_POINTS - 1)) for k in range(_POINTS)]
    name = readable(str(value.get("name") or _("trace {n}").format(n=i)))[:60]
    return Trace(name, kind, tuple(x[k] for k in chosen), tuple(y[k] for k in chosen))


def _values(value: Any) -> list[Any] | None:
    """A list of numbers and words; of Plotly's packed arrays (`bdata`), too."""
    if isinstance(value, Mapping) and isinstance(value.get("bdata"), str):
        try:
            kind = np.dtype(str(value.get("dtype"))).newbyteorder("<")
            return np.frombuffer(b64decode(value["bdata"]), kind).tolist() if kind.kind in "iuf" else None
        except (TypeError, ValueError):
            return None
    return value if isinstance(value, list) else None


def _numbers(value: Any) -> list[float] | None:
    values = _values(value)
    if values is None:
        return None
    read = [number(one) for one in values]
    return [math.nan if one is None else one for one in read]


def plotly_svg(figure: PlotlyFigure) -> bytes | None:
    """The figure as an SVG that stands alone, None when nothing of it can be drawn."""
    finite = [value for trace in figure.traces for value in trace.y if math.isfinite(value)]
    if not finite:
        return None
    if any(trace.kind == "bar" for trace in figure.traces):
        finite.append(0.0)
    across = _Across([one for trace in figure.traces for one in trace.x])
    low, high = _padded(min(finite), max(finite))

    def down(value: float) -> float:
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    bars = [trace for trace in figure.traces if trace.kind == "bar"]
    marks = []
    for i, trace in enumerate(figure.traces):
        colour = _PALETTE[i % len(_PALETTE)]
        places = [(across.place(x), down(y) if math.isfinite(y) else None) for x, y in zip(trace.x, trace.y, strict=True)]
        if trace.kind == "bar":
            wide = max(1.0, across.step * 0.8 / len(bars))
            marks.append(
                _bars(places, down(0.0) if low <= 0 <= high else _HEIGHT - _BOTTOM, wide, bars.index(trace) - len(bars) / 2, colour)
            )
        else:
            marks.append(_line(places, colour) if trace.kind in ("line", "both") else "")
            marks.append(_dots(places, colour) if trace.kind in ("points", "both") else "")
    return _document(figure, "".join(marks), across, low, high, down).encode()


def _padded(low: float, high: float) -> tuple[float, float]:
    room = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return low - room, high + room


class _Across:
    """The horizontal axis: numbers, or words in the order in which they come."""

    def __init__(self, values: Sequence[Any]) -> None:
        numbers = [number(one) for one in values]
        self.words: list[str] = []
        self.low = self.high = 0.0
        if all(one is not None and math.isfinite(one) for one in numbers):
            known = sorted({float(one or 0) for one in numbers})
            self.step_value = min((b - a for a, b in pairwise(known)), default=1.0)
            self.low, self.high = known[0] - self.step_value / 2, known[-1] + self.step_value / 2
        else:
            self.words = list(dict.fromkeys(readable(str(one)) for one in values))
            self.step_value, self.low, self.high = 1.0, -0.5, len(self.words) - 0.5
            self._index = {word: i for i, word in enumerate(self.words)}

    @property
    def step(self) -> float:
        return self.step_value / (self.high - self.low) * (_WIDTH - _LEFT - _RIGHT)

    def place(self, value: Any) -> float:
        at = float(self._index[readable(str(value))]) if self.words else float(value)
        return _LEFT + (at - self.low) / (self.high - self.low) * (_WIDTH - _LEFT - _RIGHT)

    def ticks(self) -> list[tuple[float, str]]:
        if self.words:
            every = -(-len(self.words) // 6)
            return [(self.place(word), word[:16]) for word in self.words[::every]]
        return [(self.place(one), f"{one:g}") for one in _ticks(self.low, self.high)]


def _ticks(low: float, high: float) -> list[float]:
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = math.ceil(low / step)
    return [float(f"{k * step:.12g}") for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _line(places: Sequence[tuple[float, float | None]], colour: str) -> str:
    path, is_open = [], False
    for x, y in places:
        if y is not None:
            path.append(f"{'L' if is_open else 'M'}{x:.1f} {y:.1f}")
        is_open = y is not None
    return f'<path fill="none" stroke="{colour}" stroke-width="1.75" stroke-linejoin="round" d="{"".join(path)}"/>'


def _dots(places: Sequence[tuple[float, float | None]], colour: str) -> str:
    return "".join(f'<circle fill="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places if y is not None)


def _bars(places: Sequence[tuple[float, float | None]], floor: float, wide: float, shift: float, colour: str) -> str:
    return "".join(
        f'<rect fill="{colour}" x="{x + shift * wide:.1f}" y="{min(y, floor):.1f}" width="{wide:.1f}" height="{abs(y - floor):.1f}"/>'
        for x, y in places
        if y is not None
    )


def _document(figure: PlotlyFigure, marks: str, across: _Across, low: float, high: float, down: Any) -> str:
    text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    rules = "".join(f'<path stroke="{_RULE}" d="M{_LEFT} {down(one):.1f}H{_WIDTH - _RIGHT}"/>' for one in _ticks(low, high))
    words = [text.format(_LEFT - 8, down(one) + 4, "end", f"{one:g}") for one in _ticks(low, high)]
    words += [text.format(x, _HEIGHT - _BOTTOM + 18, "middle", said) for x, said in across.ticks()]
    words += [text.format(_WIDTH - _RIGHT, _HEIGHT - 8, "end", figure.x_title), text.format(0, _TOP - 10, "start", figure.y_title)]
    at, keys = float(_LEFT), []
    for i, trace in enumerate(figure.traces[:6] if len(figure.traces) > 1 else ()):
        keys.append(
            f'<circle fill="{_PALETTE[i % len(_PALETTE)]}" cx="{at + 4:.1f}" cy="12" r="4"/>'
            + str(text.format(at + 12, 16, "start", trace.name[:18]))
        )
        at += 26 + 7 * min(len(trace.name), 18)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'font-family="system-ui,sans-serif" font-size="12" fill="{_INK}">{rules}{marks}{"".join(words)}{"".join(keys)}</svg>\n'
    )
