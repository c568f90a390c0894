"""How the values of one column are written: equal digits, so that the decimal points stand in one line.

Two steps: `column_format` looks at all values of a column and decides; the frozen `ColumnFormat` then
writes each of them, and the differences between them. What is written is for reading; `exact` is the value
itself, to the last digit, for sorting and copying.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Literal

import numpy as np

from reportgen.model import Goal, number
from reportgen.words import _

Style = Literal["number", "duration", "time", "text"]
Notation = Literal["integer", "fixed", "scientific"]

_SIGNIFICANT = 3
"""Digits of a typical value of a metric; more only where the two best values would look the same."""
_DURATIONS = frozenset({"duration", "_runtime"})
_LABELS = frozenset({"seed", "random_seed", "random_state", "id", "port", "year"})
"""Integers under these names are labels and not amounts: without separators."""
_TEXT_LENGTH = 80


@dataclass(frozen=True)
class ColumnFormat:
    """The way in which all values of one column are written.

    Attributes:
        style: What the values are.
        notation: How numbers are written.
        decimals: Digits after the point (of the mantissa, in scientific notation; of the seconds, in a column of
            durations that are all below a minute).
        grouped: Thousands are separated by a comma.
        percent: Numbers are shares of one and written as percentages.
    """

    style: Style
    notation: Notation = "fixed"
    decimals: int = 0
    grouped: bool = False
    percent: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the column stands at the right."""
        return self.style in ("number", "duration")

    def text(self, value: object) -> str:
        """The value as it is read. None becomes "null" (a missing value has no text: the caller knows)."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
        size = amount(value)
        if size is None:
            return plain_text(value)
        if not math.isfinite(size):
            return "NaN" if math.isnan(size) else "∞" if size > 0 else "−∞"
        if self.style == "duration":
            return self._duration(size)
        return self._number(size) if self.style == "number" else plain_text(value)

    def texts(self, values: Iterable[object]) -> list[str]:
        """The values as they are read, "" for None; the same as `text` of each, but quick for ten thousand."""
        if self.style != "number" or self.notation == "scientific" or self.percent:
            return ["" if value is None else self.text(value) for value in values]
        least, form = 10.0**-self.decimals, f"{',' if self.grouped else ''}.{self.decimals}f"
        return [
            (format(value, form) if least <= value < 1e12 else self.text(value))
            if type(value) is float or type(value) is int
            else "" if value is None else self.text(value)
            for value in values
        ]  # fmt: skip

    def difference(self, change: float) -> str:
        """A difference of two values of the column, with its sign; "±0" when there is none."""
        if change == 0:
            return "±0"
        sign = "+" if change > 0 else "−"
        if self.style == "duration":
            return sign + self._duration(abs(change))
        size = abs(change) * (100 if self.percent else 1)
        if self.notation == "fixed" and round(size, self.decimals) == 0:
            return sign + _scientific(size, 0)
        return sign + self._unsigned(size)

    def spread(self, sd: float) -> str:
        """A standard deviation, with the digits of the column."""
        if self.style == "duration":
            return self._duration(sd)
        size = sd * (100 if self.percent else 1)
        return "0" if size == 0 else self._unsigned(size)

    def _duration(self, seconds: float) -> str:
        return _("{n} s").format(n=f"{seconds:.{self.decimals}f}") if self.decimals else duration_text(seconds)

    def _number(self, value: float) -> str:
        scaled = _shortest(value) * 100 if self.percent else value
        return ("−" if scaled < 0 else "") + self._unsigned(abs(scaled)) + ("\u202f%" if self.percent else "")

    def _unsigned(self, size: float) -> str:
        """A number ≥ 0. One that the column's digits cannot show is written in its own way rather than as zero."""
        if self.notation == "scientific":
            return "0" if size == 0 else _scientific(size, self.decimals)
        rounds_to_zero = 0 < size < 1 and round(size, self.decimals) == 0
        if rounds_to_zero or size >= 1e12:
            return _scientific(size, 1)
        return f"{size:{',' if self.grouped else ''}.{self.decimals}f}"


def column_format(
    name: str, values: Sequence[object], *, metric: bool = False, percent: bool = False, goal: Goal | None = None
) -> ColumnFormat:
    """How to write a column.

    Args:
        name: The column's name: durations and seeds are known by it.
        values: Its values, without the missing ones.
        metric: Whether they are results, rounded to what can be read, or settings, written in full where
            four digits can.
        percent: Whether they are shares of one to be written as percentages.
        goal: Where given, the two best values are told apart if five digits can.
    """
    present = [value for value in values if value is not None]
    sizes = [size for value in present if (size := amount(value)) is not None]
    if not present or len(sizes) < len(present):
        is_time = bool(present) and all(isinstance(value, datetime) for value in present)
        return ColumnFormat("time" if is_time else "text")
    leaf = name.replace("/", ".").rsplit(".", 1)[-1]
    sizes = [size for size in sizes if math.isfinite(size)]
    if leaf in _DURATIONS:
        longest = max(map(abs, sizes), default=0.0)
        return ColumnFormat("duration", decimals=0 if longest >= 59.5 else 1 if longest >= 1 else 2 if longest >= 0.1 else 3)
    if percent:
        shares = [round(_shortest(size) * 100, 12) for size in sizes]
        return ColumnFormat("number", "fixed", _metric_decimals(shares, goal, least=1), percent=True)
    if all(size.is_integer() for size in sizes) and max(map(abs, sizes), default=0) < 1e12:
        grouped = leaf.casefold() not in _LABELS and max(map(abs, sizes), default=0) >= 10_000
        return ColumnFormat("number", "integer", 0, grouped)
    if _is_scientific(sizes, metric):
        needed = max(len(_digits(size)) - 1 for size in sizes if size)
        return ColumnFormat("number", "scientific", min(needed, _SIGNIFICANT - 1))
    decimals = _metric_decimals(sizes, goal) if metric else _setting_decimals(sizes)
    return ColumnFormat("number", "fixed", decimals, grouped=_typical(sizes) >= 10_000)


def amount(value: object) -> float | None:
    """The value as a float, or None when it is not a number that can be written as one (True is none, 10**400 neither)."""
    if type(value) is float:
        return value
    try:
        return None if isinstance(value, bool | np.bool_) else number(value)
    except OverflowError:
        return None


def exact(value: object) -> str:
    """The value to its last digit: numbers as Python reads them back, text as it is, lists as JSON, tags with commas."""
    if type(value) is float or type(value) is int:
        return repr(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(exact(one) for one in value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "null" if value is None else repr(value)


def plain_text(value: object) -> str:
    """A value on its own, in short: `0.98` for the 32-bit 0.9800000190734863, the beginning of a long list."""
    if isinstance(value, list | tuple):
        text = ", ".join(plain_text(one) for one in value[: _TEXT_LENGTH // 2])
        text = f"[{text}]" if isinstance(value, list) else text
    elif (size := amount(value)) is None:
        text = exact(value)
    else:
        size = _shortest(size)
        whole = size.is_integer() and abs(size) < 1e12
        text = ("−" if size < 0 else "") + (f"{abs(size):.0f}" if whole else _plain_number(abs(size)))
    return text if len(text) <= _TEXT_LENGTH else text[: _TEXT_LENGTH - 1] + "…"


def size_text(size: int) -> str:
    """A number of bytes in decimal units.

    >>> size_text(25276502016)
    '25.3 GB'
    """
    amount, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 999.5 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.3g} {units[0]}"


def duration_text(seconds: float) -> str:
    """Seconds in their two largest units: "4 ms", "0.42 s", "40 s", "2 min 3 s", "1 h 5 min", "3 d 4 h".

    >>> duration_text(123.4), duration_text(3599.7)
    ('2 min 3 s', '1 h 0 min')
    """
    if seconds < 0:
        return "−" + duration_text(-seconds)
    if 0 < seconds < 0.0995:
        return _("{n} ms").format(n=max(1, round(seconds * 1000)))
    if seconds < 9.95:
        return _("{n} s").format(n=f"{seconds:.2f}" if 0 < seconds < 0.995 else f"{seconds:.1f}")
    whole = round(seconds)
    if whole < 60:
        return _("{n} s").format(n=whole)
    if whole < 3600:
        return _("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    hours = round(seconds / 3600)
    return _("{days} d {hours} h").format(days=hours // 24, hours=hours % 24)


def _is_scientific(values: Iterable[float], metric: bool) -> bool:
    """Whether powers of ten say more: learning rates and weight decays; for metrics only what is tiny or huge."""
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return False
    middle = median(sizes)
    return middle >= 1e9 or (middle < 2e-3 if metric else min(sizes) <= 1e-3 and middle < 0.1)


def _metric_decimals(values: Sequence[float], goal: Goal | None, least: int = 0) -> int:
    """Three digits of a typical value, up to five where the two best values would look alike, no more than there are."""
    typical = _typical(values)
    decimals = max(least, _SIGNIFICANT - 1 - math.floor(math.log10(typical))) if typical else least
    ranked = sorted(set(values), reverse=goal == "max")[:2]
    for first, second in pairwise(ranked) if goal else ():
        wanted = next((more for more in range(3) if f"{first:.{decimals + more}f}" != f"{second:.{decimals + more}f}"), 0)
        decimals += wanted
    return _most_decimals(values, decimals)


def _setting_decimals(values: Sequence[float]) -> int:
    """All digits that the values have, but no more than four of a typical value."""
    typical = _typical(values)
    limit = max(1, 3 - math.floor(math.log10(typical))) if typical else 1
    return _most_decimals(values, limit)


def _most_decimals(values: Iterable[float], limit: int) -> int:
    """The digits after the point of the value that has most of them, or `limit` as soon as one has so many."""
    most = 0
    for value in values:
        most = max(most, _decimals(value))
        if most >= limit:
            return limit
    return most


def _typical(values: Iterable[float]) -> float:
    sizes = [abs(value) for value in values if value]
    return median(sizes) if sizes else 0.0


def _shortest(value: float) -> float:
    """The number with the fewest digits that is this value, or that has this value as its nearest 32-bit float.

    Frameworks log 32-bit floats: 0.9800000190734863 was 0.98.
    """
    if not math.isfinite(value) or not 1e-37 < abs(value) < 1e38:
        return value
    single = np.float32(value)
    return float(str(single)) if float(single) == value else value


def _digits(value: float) -> tuple[int, ...]:
    return Decimal(repr(_shortest(value))).normalize().as_tuple().digits


def _decimals(value: float) -> int:
    exponent = Decimal(repr(_shortest(value))).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _scientific(size: float, decimals: int) -> str:
    mantissa, exponent = f"{size:.{decimals}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _plain_number(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞"
    mantissa, *exponent = f"{value:.6g}".split("e")
    return f"{mantissa}e{int(exponent[0])}" if exponent else mantissa
