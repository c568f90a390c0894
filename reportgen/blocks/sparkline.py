"""Sparklines: a metric over steps as a word-sized SVG (Tufte, Beautiful Evidence, 2006, p. 46–63)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from reportgen.analysis.column_format import column_format
from reportgen.model import Goal, Series
from reportgen.words import _

WIDTH, HEIGHT = 80, 20
"""In CSS pixels."""

_MARGIN = 2.0
_BUCKETS = 40
_LINES = 12

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class SparklineFrame:
    """What the sparklines of one column have in common, so that they can be compared by eye.

    Only the height: each line is as wide as the cell, since runs of one sweep may differ in steps by a factor of ten.

    Attributes:
        bottom, top: The 1st and the 99th percentile of all values: a run that diverged does not flatten the others.
    """

    bottom: float
    top: float

    @classmethod
    def around(cls, series: Iterable[Series]) -> SparklineFrame:
        """The frame of these series; of length one where there is nothing to see."""
        drawn = [one for one in series if len(one.finite)]
        if not drawn:
            return cls(0.0, 1.0)
        bottom, top = np.percentile(np.concatenate([one.finite for one in drawn]), [1, 99], method="nearest")
        return cls(float(bottom), float(top))

    def height(self, value: float) -> float:
        """How far below the upper edge a value is drawn, in pixels; what is beyond the frame stands at its edge."""
        # Halved before they are subtracted: values near the largest float must not overflow.
        room = self.top / 2 - self.bottom / 2
        up = (value / 2 - self.bottom / 2) / room if room > 0 else 0.5
        return round(HEIGHT - _MARGIN - min(1.0, max(0.0, up)) * (HEIGHT - 2 * _MARGIN), 1)


def sparkline(lines: Sequence[tuple[Series, str]], frame: SparklineFrame, goal: Goal | None = None) -> Markup:
    """A small SVG of one metric: one line per series with its colour, a dot at the last value.

    Empty when no series has a finite value. More than twelve lines are not drawn.
    """
    drawn = [(series, colour) for series, colour in lines if len(series.finite)]
    if not drawn:
        return Markup("")
    paths = Markup("").join(_line(series, colour, frame) for series, colour in drawn[:_LINES])
    return Markup(
        '<svg class="sparkline" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}" fill="none" '
        'stroke-width="1.25" stroke-linejoin="round" stroke-linecap="round">{}</svg>'
    ).format(_spoken([series for series, _ in drawn], goal), WIDTH, HEIGHT, WIDTH, HEIGHT, paths)


def _line(series: Series, colour: str, frame: SparklineFrame) -> Markup:
    pieces = list(_pieces(series, frame))
    path = "".join(_path(piece) for piece in pieces)
    x, y = pieces[-1][-1]
    colour = colour or "currentColor"
    return Markup('<path stroke="{}" d="{}"/><circle fill="{}" cx="{:g}" cy="{:g}" r="1.75"/>').format(colour, path, colour, x, y)


def _path(points: Points) -> str:
    """A point alone becomes a line of no length, which the round line cap draws as a dot."""
    first, *others = points
    return f"M{first[0]:g} {first[1]:g}" + "".join(f"L{x:g} {y:g}" for x, y in others or [first])


def _pieces(series: Series, frame: SparklineFrame) -> Iterator[Points]:
    """The line between its gaps (values that are not finite)."""
    order = np.argsort(series.step, kind="stable")
    steps, values = _thinned(series.step[order].astype(np.float64), series.value[order])
    width = steps[-1] - steps[0]
    across = (steps - steps[0]) / width if width > 0 else np.ones(len(steps))
    piece: Points = []
    for x, value in zip((_MARGIN + across * (WIDTH - 2 * _MARGIN)).tolist(), values.tolist(), strict=True):
        if np.isfinite(value):
            piece.append((round(x, 1), frame.height(value)))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _thinned(steps: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """No more points than can be seen: the least and the greatest value of each two pixels, and the last.

    A stretch of two pixels without a finite value stays a gap.
    """
    if len(steps) <= 2 * _BUCKETS:
        return steps, values
    width = steps[-1] - steps[0] or 1.0
    bucket = np.minimum((steps - steps[0]) / width * _BUCKETS, _BUCKETS - 1).astype(int)
    kept: list[int] = []
    for one in np.unique(bucket):
        inside = np.flatnonzero(bucket == one)
        finite = inside[np.isfinite(values[inside])]
        if len(finite):
            kept += sorted({int(finite[values[finite].argmin()]), int(finite[values[finite].argmax()])})
        else:
            kept.append(int(inside[0]))
    last = int(np.flatnonzero(np.isfinite(values))[-1])
    kept = sorted({*kept, last})
    return steps[kept], values[kept]


def _spoken(drawn: Sequence[Series], goal: Goal | None) -> str:
    """What the line says, in words: "val/acc: first 0.31, highest 0.982, last 0.981"."""
    first = _mean(series.finite[0] for series in drawn)
    last = _mean(series.finite[-1] for series in drawn)
    best = [float(series.finite.min() if goal == "min" else series.finite.max()) for series in drawn]
    extreme = min(best) if goal == "min" else max(best)
    text = column_format(drawn[0].key, [first, extreme, last], metric=True).text
    what = _("{metric} of {n} runs").format(metric=drawn[0].key, n=len(drawn)) if len(drawn) > 1 else drawn[0].key
    sentence = _("{what}: first {first}, best {best}, last {last}") if goal else _("{what}: first {first}, highest {best}, last {last}")
    return sentence.format(what=what, first=text(first), best=text(extreme), last=text(last))


def _mean(values: Iterable[float]) -> float:
    found = [float(value) for value in values]
    return sum(value / len(found) for value in found)
