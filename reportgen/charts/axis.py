"""What a continuous axis shows and how its numbers are written: decided in Python, drawn by Vega."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from reportgen.charts.words import is_share, key_words, leaf
from reportgen.words import _

ScaleType = Literal["linear", "log", "utc"]
_LOG_NAMES = frozenset({"lr", "learning_rate", "learningrate", "weight_decay", "wd", "l1", "l2", "lr_init", "min_lr", "max_lr"})
_UNITS = ((120, 1, "s"), (7200, 60, "min"), (172800, 3600, "h"), (math.inf, 86400, "days"))
_LARGEST = 1e300
"""Vega computes in floats: ends beyond this have no distance."""


@dataclass(frozen=True)
class Scale:
    """A continuous axis.

    Attributes:
        title: The axis title.
        type: "linear", "log", or "utc" for epoch milliseconds.
        domain: The first and the last value of the axis.
        percent: Values are shares of one and written as per cent.
        divisor: What logged values are divided by before they are drawn (seconds to minutes: 60).
        unit: The unit after that, "" for none.
    """

    title: str
    type: ScaleType = "linear"
    domain: tuple[float, float] = (0.0, 1.0)
    percent: bool = False
    divisor: float = 1.0
    unit: str = ""

    def fraction(self, value: float) -> float:
        """Where a value stands between the two ends of the axis, 0 to 1 inside of it."""
        low, high = self.domain
        if self.type == "log":
            low, high, value = math.log(low), math.log(high), math.log(max(value, 1e-300))
        return (value - low) / (high - low) if high > low else 0.5

    def ticks(self, count: int = 5) -> list[float]:
        """About `count` round values between the ends."""
        low, high = self.domain
        if self.type == "log":
            return log_ticks(low, high, count)
        step = tick_step(low, high, count)
        return [float(f"{i * step:.12g}") for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]

    def vega_scale(self, raw: str | None = None) -> dict[str, Any]:
        """The Vega-Lite scale; `raw` names the parameter that holds the zoomed domain."""
        # Numbers would become dates inside of an object, which Vega's interpreter does not take as ends.
        domain: Any = {"expr": str(list(self.domain))} if self.type == "utc" else list(self.domain)
        scale: dict[str, Any] = {"type": self.type, "domain": domain, "nice": False}
        if self.type == "linear":
            scale["zero"] = False
        if raw:
            scale["domainRaw"] = {"expr": raw}
        return scale

    def vega_axis(self, raw: str | None = None, **more: Any) -> dict[str, Any]:
        """The Vega-Lite axis, its labels readable at every zoom; `raw` as for `vega_scale`."""
        axis: dict[str, Any] = {"title": self.title, **more}
        label = _clock(raw, self.domain) if self.type == "utc" else self.label_expr("datum.value")
        if self.type == "log":
            # Vega would draw a grid line for each digit.
            ticks = log_ticks(*self.domain)
            axis["values"] = {"expr": f"{raw} ? null : {ticks}"} if raw else ticks
            if raw:
                shown = _shown_when_zoomed(raw)
                label = f"{shown} ? ({label}) : ''"
                for part in ("gridOpacity", "tickOpacity"):
                    axis[part] = {"condition": {"test": shown, "value": 1}, "value": 0}
        if label:
            axis["labelExpr"] = label
        return axis

    def gradient(self, title: str) -> dict[str, Any]:
        """The Vega-Lite legend of a colour scale: few labels, which have room beside each other."""
        ticks = self.ticks(3)
        drawn = {"type": "gradient", "title": title, "values": ticks[:: -(-len(ticks) // 4)]}
        label = self.label_expr("datum.value")
        return {**drawn, "labelExpr": label} if label else drawn

    def label_expr(self, value: str) -> str | None:
        """A Vega expression that writes a tick at `value`; None where Vega's own numbers are good."""
        if self.type == "utc":
            return None
        if self.percent:
            return f"format(100 * {value}, '~f') + '\u202f%'"
        if self.type == "log":
            return log_label_expr(value)
        largest = max(abs(end) for end in self.domain)
        if largest >= 1e15 or largest < 1e-3:
            return f"{value} == 0 ? '0' : format({value}, '~e')"
        return f"format({value}, '~s')" if largest >= 1e4 else None

    def text_expr(self, value: str) -> str:
        """A Vega expression that writes one value of the axis in a tooltip, with its unit."""
        if self.type == "utc":
            return f"utcFormat({value}, '%Y-%m-%d %H:%M:%S')"
        if self.percent:
            return f"format(100 * {value}, '.1f') + '\u202f%'"
        after = f" + '\u202f{self.unit}'" if self.unit else ""
        return f"format({value}, {format_of(self.domain)!r}){after}"


def log_label_expr(value: str) -> str:
    """A Vega expression that writes a tick of a log axis: `1e-5`, `0.01`, `1k`."""
    plain = f"{value} >= 1000 ? format({value}, '~s') : format({value}, '~r')"
    return f"{value} < 0.00099 || {value} >= 1e15 ? format({value}, '~e') : {plain}"


def _clock(raw: str | None, domain: tuple[float, float]) -> str:
    """The labels of an axis of times: as much of date and time as tells its ticks apart."""
    whole = domain[1] - domain[0]
    span = f"({raw} ? {raw}[1] - {raw}[0] : {whole})" if raw else str(whole)
    day = 86_400_000
    clock = f"{span} < 240000 ? '%H:%M:%S' : {span} < {1.5 * day} ? '%H:%M' : {span} < {6 * day} ? '%-d %b %H:%M'"
    return f"utcFormat(datum.value, {clock} : {span} < {90 * day} ? '%-d %b' : '%b %Y')"


def _shown_when_zoomed(raw: str) -> str:
    """Whether a tick of a zoomed log axis, whose ticks are all digits of all powers, is one of about five round ones."""
    decades = f"abs(log({raw}[1] / {raw}[0])) / LN10"
    digit = "datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9))"
    one, two_or_five = f"{digit} < 1.01", f"abs({digit} - 2) < 0.01 || abs({digit} - 5) < 0.01"
    return f"(!{raw} || {decades} < 0.6 || {one} || ({decades} < 2.2 && ({two_or_five})))"


def format_of(domain: Sequence[float]) -> str:
    """The d3 format for single values of a range: about four significant digits, more before the point."""
    largest = max(abs(end) for end in domain)
    if largest >= 1e7 or 0 < largest < 1e-3:
        return ".4~g"
    return ",.5~r" if largest >= 10_000 else ".4~r" if largest >= 1 else ".4~g"


def is_log_key(column: str) -> bool:
    """Whether a column is one that people look at in powers of ten: a learning rate, a weight decay."""
    name = leaf(column).casefold()
    return name in _LOG_NAMES or name.endswith(("_lr", "learning_rate", "weight_decay"))


def wants_log(column: str, values: ArrayLike) -> bool:
    """Whether an axis of these values is logarithmic without being asked: by name, all positive, about a decade or more."""
    finite = finite_of(values)
    return bool(is_log_key(column) and len(finite) and finite.min() > 0 and finite.max() / finite.min() > 8)


def scale_for(
    column: str,
    values: ArrayLike,
    *,
    log: bool = False,
    given: tuple[float, float] | None = None,
    nice: bool = True,
    percent: bool | None = None,
    title: str | None = None,
) -> Scale:
    """The axis for the finite values of a column.

    Args:
        log: Whether it is logarithmic; then only positive values count.
        given: The ends that the reader asked for.
        nice: Whether the ends are rounded outwards to round numbers; a linear axis then starts at zero when
            zero is near.
        percent: Whether values are written as per cent; by default when the name and the values say so.
    """
    finite = finite_of(values)
    if log:
        finite = finite[finite > 0]
    is_percent = is_share(column, finite.tolist()) if percent is None else percent
    title = key_words(column) if title is None else title
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.1, 1.0) if log else (0.0, 1.0)
    if given is not None:
        low, high = given
    elif log:
        low, high = nice_decades(low, high) if nice else apart(low, high, log=True)
    elif nice:
        low, high = nice_domain(low, high)
        high = min(high, 1.0) if is_percent else high
    else:
        low, high = apart(low, high)
    return Scale(title, "log" if log else "linear", (low, high), is_percent)


def duration_scale(seconds: ArrayLike, title: str, given: tuple[float, float] | None = None) -> Scale:
    """An axis of seconds, drawn in the unit that gives readable numbers (s, min, h or days)."""
    finite = finite_of(seconds)
    longest = given[1] if given else float(finite.max()) if len(finite) else 0.0
    units = {"s": _("s"), "min": _("min"), "h": _("h"), "days": _("days")}
    divisor, unit = next((divisor, units[unit]) for most, divisor, unit in _UNITS if longest <= most)
    ends = given or ((float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0))
    low, high = apart(ends[0] / divisor, ends[1] / divisor)
    return Scale(_("{title}, {unit}").format(title=title, unit=unit), "linear", (low, high), divisor=float(divisor), unit=unit)


def tick_step(low: float, high: float, count: int = 5) -> float:
    """The round distance (1, 2 or 5 times a power of ten) that gives about `count` ticks."""
    raw = high / count - low / count
    if not math.isfinite(raw) or raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    error = raw / power if power else 1.0
    return power * (10 if error >= math.sqrt(50) else 5 if error >= math.sqrt(10) else 2 if error >= math.sqrt(2) else 1)


def log_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Powers of ten between two positive values, every second or third when they are many, with 2 and 5 between when they are few."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    powers = list(range(first, last + 1, max(1, math.ceil((last - first + 1) / count))))
    if len(powers) > 2:
        return [float(f"1e{power}") for power in powers]
    for digits in ((1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)):
        ticks = [float(f"{digit}e{power}") for power in range(first - 1, last + 1) for digit in digits]
        inside = [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(inside) > 2:
            return inside
    return [low, high]


def nice_domain(low: float, high: float) -> tuple[float, float]:
    """Round ends around two values; from zero when zero is no further from them than half of their distance."""
    low, high = apart(low, high)
    if 0 < low <= (high - low) / 2:
        low = 0.0
    elif 0 > high >= (low - high) / 2:
        high = 0.0
    step = tick_step(low, high)
    if not step > 0 or not math.isfinite(low / step) or abs(low / step) > 2**53:
        return low, high
    # Rounded to the digits of the step, or 0.30000000000000004 would be an end.
    digits = max(0, -math.floor(math.log10(step)) + 1)
    nice_low, nice_high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if digits < 300:
        nice_low, nice_high = round(nice_low, digits), round(nice_high, digits)
    return (nice_low, nice_high) if math.isfinite(nice_low) and math.isfinite(nice_high) and nice_low < nice_high else (low, high)


def nice_decades(low: float, high: float) -> tuple[float, float]:
    """Ends around two positive values: one digit and a power of ten."""
    low, high = apart(low, high, log=True)
    powers = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.floor(math.log10(high))
    if not powers[0] > 0 or not math.isfinite(powers[1] * 10):
        return low, high
    first, last = math.floor(low / powers[0] + 1e-9) * powers[0], math.ceil(high / powers[1] - 1e-9) * powers[1]
    return float(f"{first:.6g}"), float(f"{last:.6g}")


def apart(low: float, high: float, log: bool = False) -> tuple[float, float]:
    """Two different ends, also around one value; none is too large to be subtracted."""
    low, high = max(low, -_LARGEST), min(high, _LARGEST)
    size = max(abs(low), abs(high))
    if high - low > 1e-12 * size:
        return low, high
    if log:
        return low / 2, high * 2
    return (low - size / 10, high + size / 10) if size else (-1.0, 1.0)


def finite_of(values: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The finite ones of the values, flat."""
    numbers = np.asarray(values, dtype=np.float64).ravel()
    return numbers[np.isfinite(numbers)]
