"""A hyperparameter as an axis from 0 to 1: what slices, surfaces and parallel coordinates have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.column_format import exact
from reportgen.model import Distribution, Run, Value

_LOG_RATIO = 50.0
_MOST_LEVELS = 6
"""So many different numbers, each tried about twice or more, are choices where the log does not say what they were drawn from."""
_LOG_NAMES = ("lr", "learning_rate", "weight_decay", "wd", "l1", "l2", "alpha", "gamma")


@dataclass(frozen=True, eq=False)
class Searched:
    """A hyperparameter of a sweep.

    Attributes:
        key: The config key.
        space: What it was drawn from: what the log says, else the span of its values.
        is_known: Whether the log says it.
        is_choice: Its values are names, or numbers without an order that is known.
        is_whole: All its values are whole numbers.
        values: Of each run, None where it has none.
        position: Each value between the ends of the space, on its scale, shape (n_runs,); for choices the place of the choice; NaN
            where there is none.
    """

    key: str
    space: Distribution
    is_known: bool
    is_choice: bool
    is_whole: bool
    values: tuple[Value, ...]
    position: NDArray[np.float64] = field(repr=False)

    @property
    def log(self) -> bool:
        """Whether it is read on a logarithmic scale."""
        return self.space.log

    @property
    def has(self) -> NDArray[np.bool_]:
        """Which runs have it, shape (n_runs,)."""
        return np.isfinite(self.position)


def searched(key: str, runs: Sequence[Run]) -> Searched:
    """The hyperparameter of a config key over some runs.

    A space that changed during the sweep is the hull of all that was drawn from.
    """
    values = tuple(run.config.get(key) for run in runs)
    spaces = [run.search_space[key] for run in runs if key in run.search_space]
    given = [value for value in values if value is not None]
    numbers = [_number(value) for value in given]
    finite = [value for value in numbers if value is not None]
    is_range = bool(spaces) and all(space.low is not None for space in spaces)
    few = 2 <= len(set(finite)) <= _MOST_LEVELS and len(finite) >= 2 * len(set(finite))
    is_choice = not is_range and (bool(spaces) or len(finite) < len(given) or not finite or few)
    is_whole = bool(finite) and all(float(value).is_integer() for value in finite)
    if is_choice:
        choices = tuple(dict.fromkeys([*(choice for space in spaces for choice in space.choices), *map(_scalar, given)]))
        if all(_number(choice) is not None for choice in choices):
            choices = tuple(sorted(choices, key=lambda choice: _number(choice) or 0.0))
        elif not spaces:
            choices = tuple(sorted(choices, key=exact))
        place = {exact(choice): float(i) for i, choice in enumerate(choices)}
        position = np.array([math.nan if value is None else place[exact(_scalar(value))] for value in values])
        return Searched(key, Distribution(choices=choices), bool(spaces), True, is_whole, values, position)
    space = _hull(spaces, finite) if is_range else _span(key, finite, is_whole)
    return Searched(key, space, is_range, False, is_whole, values, unit(space, [_number(value) for value in values]))


def unit(space: Distribution, values: Sequence[float | None]) -> NDArray[np.float64]:
    """Values between the ends of a range as 0 to 1 on its scale, NaN for None, shape (n,)."""
    assert space.low is not None
    assert space.high is not None
    numbers = np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    low, high = float(space.low), float(space.high)
    if space.log:
        with np.errstate(invalid="ignore", divide="ignore"):
            numbers = np.where(numbers > 0, np.log(np.where(numbers > 0, numbers, 1.0)), np.nan)
        low, high = math.log(low), math.log(high)
    return (numbers - low) / (high - low) if high > low else np.where(np.isnan(numbers), np.nan, 0.5)


def value_at(space: Distribution, position: float) -> float:
    """The value at a position of a range; positions beyond 0 and 1 lie outside of it on the same scale."""
    assert space.low is not None
    assert space.high is not None
    low, high = float(space.low), float(space.high)
    if space.log:
        return math.exp(math.log(low) + position * (math.log(high) - math.log(low)))
    return low + position * (high - low)


def _hull(spaces: Sequence[Distribution], values: Sequence[float]) -> Distribution:
    low = min([space.low for space in spaces if space.low is not None] + list(values))
    high = max([space.high for space in spaces if space.high is not None] + list(values))
    steps = {space.step for space in spaces}
    log = all(space.log for space in spaces) and low > 0
    return Distribution(low, high, log, steps.pop() if len(steps) == 1 else None)


def _span(key: str, values: Sequence[float], is_whole: bool) -> Distribution:
    """The span of the values; on a logarithmic scale where the key or the values ask for it."""
    low, high = min(values), max(values)
    log = low > 0 and high / low >= (10.0 if key.replace("/", ".").rsplit(".", 1)[-1].casefold() in _LOG_NAMES else _LOG_RATIO)
    if log and not is_whole:
        ordered = np.sort(np.array(values))
        even = (ordered - low) / (high - low)
        even_log = np.log(ordered / low) / math.log(high / low)
        expected = np.linspace(0, 1, len(values))
        log = bool(np.abs(even_log - expected).max() <= np.abs(even - expected).max())
    return Distribution(int(low) if is_whole else low, int(high) if is_whole else high, log, 1 if is_whole and not log else None)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _scalar(value: Value) -> str | int | float | bool | None:
    return exact(value) if isinstance(value, list) else value
