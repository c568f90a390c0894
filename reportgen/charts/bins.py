"""Values in rows and columns: few different ones each for itself, many numbers in ranges with round ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from reportgen.charts.axis import is_log_key, tick_step, wants_log
from reportgen.charts.words import category, number_text
from reportgen.model import number

_FEW = 8
"""So many different numbers have a row of their own each; more are put into bins."""
_MOST_CATEGORIES = 40


def binned(column: str, values: Sequence[object], most: int, log: bool | None) -> tuple[list[str], tuple[str, ...]]:
    """Which row each value stands in, and all rows in ascending order.

    Few different numbers and all other values stand for themselves; many numbers are put into bins with round ends, of
    equal width, or of equal ratio where the axis is logarithmic.
    """
    numbers = [number(value) for value in values if not isinstance(value, bool)]
    known = [value for value in numbers if value is not None and math.isfinite(value)]
    if len(known) < len(values):
        names = [category(column, value) for value in values]
        shown = sorted(set(names))[:_MOST_CATEGORIES]
        return [name if name in shown else "others" for name in names], (*shown, *(["others"] if len(set(names)) > len(shown) else []))
    if len(set(known)) <= _FEW:
        labels = {value: category(column, original) for value, original in zip(known, values, strict=True)}
        return [labels[value] for value in known], tuple(labels[value] for value in sorted(labels))
    low, high = min(known), max(known)
    is_log = low > 0 and (wants_log(column, known) or (is_log_key(column) and high / low > 4) if log is None else log)
    edges = _log_edges(low, high, most) if is_log else _round_edges(low, high, most)
    names = [_range_text(low, high) for low, high in pairwise(edges)]
    place = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(names) - 1)
    return [names[i] for i in place], tuple(names)


def _range_text(low: float, high: float) -> str:
    """`0.001 – 0.003`; both as powers of ten where one would be as long as `0.0003` otherwise, as on an axis."""
    if 0 < low < 0.00099:
        parts = [f"{end:.3e}".split("e") for end in (low, high)]
        return " – ".join(f"{float(digits):g}e{int(power)}" for digits, power in parts)
    return f"{number_text(low)} – {number_text(high)}"


def _round_edges(low: float, high: float, most: int) -> list[float]:
    step = tick_step(low, high, most)
    while (high - low) / step > most:
        step *= 2
    first = math.floor(low / step + 1e-9)
    count = max(1, math.ceil(high / step - first - 1e-9))
    return [float(f"{(first + i) * step:.12g}") for i in range(count + 1)]


def _log_edges(low: float, high: float, most: int) -> list[float]:
    """Powers of ten, or halves or thirds of them while that gives no more than `most` bins."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    last = max(last, first + 1)
    for digits in ((1, 2, 5), (1, 3), (1,)):
        edges = [float(f"{digit}e{power}") for power in range(first, last) for digit in digits] + [float(f"1e{last}")]
        while len(edges) > 2 and edges[1] <= low:
            edges.pop(0)
        while len(edges) > 2 and edges[-2] >= high:
            edges.pop()
        if len(edges) - 1 <= most:
            return edges
    return [float(f"1e{power}") for power in range(first, last + 1, math.ceil((last - first) / most))] + (
        [float(f"1e{last}")] if (last - first) % math.ceil((last - first) / most) else []
    )
