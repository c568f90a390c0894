"""From the configs of runs to parameters: their kind, scale and values, and which keys are no parameters."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.result import Ignored, Kind, Level
from reportgen.errors import QueryError
from reportgen.model import Distribution, Run, number
from reportgen.words import _

MOST_GRID_LEVELS = 12
LEAST_LOG_RATIO = 50.0
"""A range on which largest / smallest is less than this is never read as log by itself."""
_SEEDS = {
    "seed", "seeds", "random_seed", "random_state", "rng", "rng_seed", "seed_everything", "manual_seed", "torch_seed",
    "np_seed", "data_seed",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter over the runs.

    Attributes:
        values: One per run; None where the run does not set it.
        levels: The distinct values of a grid (ascending) or a category (sorted by name); () when continuous.
        range: The ends of the search space of a continuous parameter: those that the logs name, else the least and the largest value.
        is_told: The logs say what it was drawn from.
    """

    name: str
    column: str
    kind: Kind
    log: bool
    values: tuple[Level | None, ...]
    levels: tuple[Level, ...]
    boolean: bool = False
    range: tuple[float, float] | None = None
    is_told: bool = False

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which runs have it, shape (n_runs,)."""
        return np.array([value is not None for value in self.values])

    def numbers(self) -> NDArray[np.float64] | None:
        """The values as numbers, NaN where a run has none, shape (n_runs,); None for names without order."""
        if self.boolean:
            return np.array([math.nan if value is None else float(value == "true") for value in self.values])
        if self.kind == "category":
            return None
        return np.array([math.nan if value is None else float(value) for value in self.values])


def is_seed(name: str) -> bool:
    """Whether the last part of a key is one of the usual names of a random seed."""
    return name.rsplit(".", 1)[-1].lower() in _SEEDS


def read_parameter(column: str, runs: Sequence[Run], log: bool | None = None) -> Parameter | Ignored:
    """The parameter of a column, or why it is none.

    Args:
        log: Read it on a log scale, or not; None decides by the values.

    Raises:
        QueryError: `log` was asked for values that are not all positive numbers.
    """
    name = column.removeprefix("config.")
    raw = [_plain(run[column]) for run in runs]
    given = [value for value in raw if value is not None]
    distinct = set(map(_label, given))
    if len(distinct) + (len(given) < len(raw)) < 2:
        same = _("{value} in all runs").format(value=_short(given[0])) if given else _("not set in any run")
        return Ignored(name, same)
    numbers = _as_numbers(given)
    if numbers is None:
        if log:
            raise QueryError(f"'{name}' cannot be read on a log scale: it is not a number in every run")
        if len(distinct) > 3 and len(given) < 2 * len(distinct):
            reason = _("names that hardly repeat ({distinct} in {n} runs)")
            return Ignored(name, reason.format(distinct=len(distinct), n=len(given)))
        levels: tuple[Level, ...] = tuple(sorted(distinct))
        labels = tuple(None if value is None else _label(value) for value in raw)
        return Parameter(name, column, "category", False, labels, levels, boolean=all(isinstance(v, bool) for v in given))
    if log and min(numbers) <= 0:
        raise QueryError(f"'{name}' cannot be read on a log scale: its least value is {min(numbers):g}")
    values = iter(numbers)
    filled = tuple(None if value is None else next(values) for value in raw)
    grid = tuple(sorted(set(numbers)))
    is_grid = len(grid) <= 2 or (len(grid) <= MOST_GRID_LEVELS and len(numbers) >= 2 * len(grid))
    spaces = [run.search_space[name] for run in runs if name in run.search_space]
    low, high = _hull(spaces, numbers)
    use_log = log
    if use_log is None and spaces:
        use_log = all(space.log for space in spaces) and low > 0
    elif use_log is None:
        use_log = _geometric(grid) if is_grid else _log_uniform(np.array(numbers))
    if is_grid:
        return Parameter(name, column, "grid", use_log, filled, grid, is_told=bool(spaces))
    return Parameter(name, column, "continuous", use_log, filled, (), range=(low, high), is_told=bool(spaces))


def same_as(first: Parameter, second: Parameter) -> bool:
    """Whether two parameters order or divide the runs in the same way, so that no method could tell them apart."""
    if (first.present != second.present).any():
        return False
    a, b = first.numbers(), second.numbers()
    if a is not None and b is not None:
        ranks = [np.unique(x[first.present], return_inverse=True)[1] for x in (a, b)]
        return bool((ranks[0] == ranks[1]).all() or (ranks[0] == ranks[1].max() - ranks[1]).all())
    pairs = {(x, y) for x, y in zip(first.values, second.values, strict=True) if x is not None}
    return len(pairs) == len({x for x, _ in pairs}) == len({y for _, y in pairs})


def decides(category: Parameter, other: Parameter) -> bool:
    """Whether a category decides if the other parameter is set: `other` is missing exactly where it has some of its values."""
    if category.kind != "category" or other.present.all() or not category.present.all():
        return False
    present: set[object] = set()
    absent: set[object] = set()
    for has, value in zip(other.present, category.values, strict=True):
        (present if has else absent).add(value)
    return not present & absent


def _hull(spaces: Sequence[Distribution], values: Sequence[float]) -> tuple[float, float]:
    """The range over which the values were drawn: all that the logs name, and the values themselves."""
    low = min([*values, *(float(space.low) for space in spaces if space.low is not None)])
    return low, max([*values, *(float(space.high) for space in spaces if space.high is not None)])


def _plain(value: object) -> object:
    """None for what stands for "not set": no value, or a number that is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _label(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, default=str)


def _short(value: object) -> str:
    text = _label(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _as_numbers(values: Sequence[object]) -> list[float] | None:
    """The values as floats where all are finite numbers or texts of numbers (YAML reads 1e-3 as text)."""
    numbers = []
    for value in values:
        found = None if isinstance(value, bool) else number(value)
        if found is None and isinstance(value, str):
            try:
                found = float(value)
            except ValueError:
                return None
        if found is None or not math.isfinite(found):
            return None
        numbers.append(found)
    return numbers


def _geometric(levels: Sequence[float]) -> bool:
    """Whether a grid such as 4, 8, 16, 32 is more even in its ratios than in its differences."""
    if len(levels) < 3 or levels[0] <= 0 or levels[-1] / levels[0] < 8:
        return False
    return _unevenness(np.log(levels)) < _unevenness(np.array(levels))


def _unevenness(levels: NDArray[np.float64]) -> float:
    steps = np.diff(levels)
    return float(steps.std() / steps.mean())


def _log_uniform(values: NDArray[np.float64]) -> bool:
    """Whether positive values span enough to be log, and lie nearer to log-uniform than to uniform."""
    if values.min() <= 0 or values.max() / values.min() < LEAST_LOG_RATIO:
        return False
    return _distance_to_uniform(np.log(values)) < _distance_to_uniform(values)


def _distance_to_uniform(values: NDArray[np.float64]) -> float:
    """The Kolmogorov-Smirnov distance between the values and a uniform distribution over their range."""
    ordered = np.sort(values)
    expected = (ordered - ordered[0]) / (ordered[-1] - ordered[0])
    return float(np.abs(expected - np.linspace(0, 1, len(ordered))).max())
