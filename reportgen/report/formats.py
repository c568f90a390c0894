"""How values are written in prose: the filters of expressions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from reportgen.analysis.column_format import duration_text
from reportgen.errors import Mistake
from reportgen.model import number

NONE = "–"
"""What stands where a run has no value."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def num(value: Any, digits: int | None = None) -> str:
    """A number with three significant digits, or with as many as are asked for, zeros included: 0.987, 12,346, 1.2×10⁻⁵; 2.0."""
    return _typographic(value, digits, "num")


def signed(value: Any, digits: int | None = None) -> str:
    """A difference, always with its sign: +0.012, −3.4, ±0."""
    text = _typographic(value, digits, "signed")
    if text in (NONE, "NaN") or text.startswith("−"):
        return text
    return f"±{text}" if _float(value, "signed") == 0 else f"+{text}"


def percent(value: Any, digits: int | None = None) -> str:
    """A share as per cent with three significant digits, or with as many as are asked for: 0.987 is 98.7 %."""
    share = _float(value, "percent")
    return NONE if share is None else f"{_typographic(share * 100, digits, 'percent')}\u00a0%"


def duration(value: Any) -> str:
    """Seconds in the two largest units: 0.35 s, 40 s, 3 min 20 s, 1 h 23 min, 2 d 3 h."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else _float(value, "duration")
    if seconds is None:
        return NONE
    if not math.isfinite(seconds):
        return num(seconds)
    text = re.sub(r" 0\s?[^\W\d]+$", "", duration_text(seconds))
    return re.sub(r"(?<=\d) (?=[a-z])", "\u00a0", text)


def day(language: str) -> Callable[[Any], str]:
    """The filter `date` in a language: 23 Nov 2026, 2026년 11월 23일, else 2026-11-23."""

    def written(value: Any) -> str:
        """A day: 23 Nov 2026."""
        if value is None:
            return NONE
        if not isinstance(value, date):
            raise Mistake(f"date expects a time such as run.started, got '{value}'")
        match language.split("-")[0].lower():
            case "en":
                return f"{value.day}\u00a0{_MONTHS[value.month - 1]} {value.year}"
            case "ko":
                return f"{value.year}년 {value.month}월 {value.day}일"
        return f"{value.year:04}-{value.month:02}-{value.day:02}"

    return written


def time(value: Any) -> str:
    """The time of day in UTC: 21:33."""
    if value is None:
        return NONE
    if not isinstance(value, datetime):
        raise Mistake(f"time expects a time such as run.started, got '{value}'")
    return f"{value.hour:02}:{value.minute:02}"


def plain(value: Any, language: str = "en") -> str:
    """A value without a filter: text as it is, numbers to four digits, a list with commas."""
    match value:
        case str():
            return value
        case None:
            return NONE
        case bool():
            return "true" if value else "false"
        case int():
            return str(value).replace("-", "−")
        case float():
            return _typographic(value, 4, "num", keeps_zeros=False)
        case date():
            return day(language)(value)
        case list() | tuple():
            return ", ".join(plain(item, language) for item in value)
        case dict():
            return ", ".join(f"{key}: {plain(item, language)}" for key, item in value.items())
    number_like = number(value)
    return str(value) if number_like is None else _typographic(number_like, 4, "num", keeps_zeros=False)


def _typographic(value: Any, asked: int | None, name: str, *, keeps_zeros: bool = True) -> str:
    """The number in significant digits: grouped by commas from 10,000 on, powers of ten where it is tiny or huge.

    Digits that were asked for are all written, zeros too, unless the value is a whole number by its type.
    """
    keeps_zeros = keeps_zeros and asked is not None and isinstance(value, float)
    digits = 3 if asked is None else asked
    value = _float(value, name)
    if value is None:
        return NONE
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if not isinstance(digits, int) or not 1 <= digits <= 17:
        raise Mistake(f"{name} expects 1 to 17 digits, got {digits}")
    if value == 0:
        return "0"
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
    power = int(exponent)
    sign = "−" if value < 0 else ""
    if -4 <= power < 9:
        text = f"{abs(value):.0f}" if power >= digits else f"{float(f'{mantissa}e{exponent}'):.{max(0, digits - 1 - power)}f}"
        whole, _, rest = text.partition(".")
        whole, rest = f"{int(whole):,}" if len(whole) > 4 else whole, rest if keeps_zeros else rest.rstrip("0")
        return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa and not keeps_zeros else mantissa
    return f"{sign}{mantissa}×10{str(power).translate(_SUPERSCRIPTS)}"


def _float(value: Any, name: str) -> float | None:
    if value is None:
        return None
    found = number(value)
    if found is None:
        raise Mistake(f"{name} expects a number, got '{value}'")
    return found
