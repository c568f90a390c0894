"""Repeats of an experiment: runs that differ in nothing but the seed, and what can be told from their spread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.column_format import exact
from reportgen.model import Run

SEEDS = frozenset({"seed", "random_seed", "rng_seed", "manual_seed", "random_state", "seeds"})
"""The last part of the config keys that make a repeat different from another."""

_UNDONE = frozenset({"running", "failed", "crashed", "killed", "pruned"})
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Sample:
    """The finite values of one metric over repeats.

    Attributes:
        sd: The standard deviation of the sample (n − 1 in the denominator); None for fewer than two values, and
            for values so large that it is not a number.
        missing: How many of the repeats have no finite value.
    """

    n: int
    mean: float
    sd: float | None
    missing: int = 0

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Sample:
        """The sample of these values; the mean is NaN when none is finite."""
        all_values = list(values)
        finite = np.array([value for value in all_values if value is not None and math.isfinite(value)], dtype=np.float64)
        n = len(finite)
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(finite.mean()) if n else math.nan
            sd = float(finite.std(ddof=1)) if n > 1 else math.nan
        return cls(n, mean, sd if math.isfinite(sd) else None, len(all_values) - n)


def is_seed(key: str) -> bool:
    """Whether a config key is a seed, by its last part (`config.trainer.seed`)."""
    return key.replace("/", ".").rsplit(".", 1)[-1].casefold() in SEEDS


def repeats(runs: Sequence[Run]) -> dict[str, tuple[Run, ...]]:
    """Run id → the runs with the same config but for the seed, itself included; only runs that came to their end count.

    A run without any config has no repeats: nothing says what it did.
    """
    groups: dict[tuple[tuple[str, str], ...], list[Run]] = {}
    for run in runs:
        groups.setdefault(_settings(run), []).append(run)
    found = {}
    for settings, group in groups.items():
        whole = tuple(run for run in group if run.state not in _UNDONE)
        for run in group:
            found[run.id] = whole if settings and run in whole else (run,)
    return found


def can_be_told(one: Sample, other: Sample) -> bool | None:
    """Whether two means differ by more than the spread of the repeats explains; None when there are too few to say.

    Welch's unequal-variances t test, two-sided at 5 % (Welch 1947, Biometrika 34, 28–35), with the degrees
    of freedom of Satterthwaite (1946, Biometrics Bulletin 2, 110–114).
    """
    if one.sd is None or other.sd is None:
        return None
    a, b = one.sd**2 / one.n, other.sd**2 / other.n
    both = a + b
    if both == 0 or math.isinf(both):
        return one.mean != other.mean if both == 0 else None
    from scipy.special import stdtr

    freedom = 1 / ((a / both) ** 2 / (one.n - 1) + (b / both) ** 2 / (other.n - 1))
    t = abs(one.mean - other.mean) / math.sqrt(both)
    return bool(2 * stdtr(freedom, -t) < SIGNIFICANCE)


def _settings(run: Run) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, exact(value)) for key, value in run.config.items() if not is_seed(key)))
