"""Two groups of runs against each other: all that can be said of their difference, as one value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.statistics.aggregates import LEVEL, Estimate, Statistic
from reportgen.analysis.statistics.effects import hedges_g, improvement, runs_needed
from reportgen.analysis.statistics.sample import Floats, Sample
from reportgen.analysis.statistics.significance import SIGNIFICANCE, difference, holm, p_value, permutation, shared, sign_flips
from reportgen.model import Goal


@dataclass(frozen=True)
class Versus:
    """One group against a reference.

    Attributes:
        difference: Its mean minus the reference's; over pairs where it is `paired`.
        improvement: The probability that one of its runs is better than one of the reference.
        effect: Hedges' g, positive where its mean is larger.
        p: Of Welch's t test (of Student's for pairs; for other statistics than the mean of the permutation test); None when there are too
            few runs.
        p_holm: The same, corrected for all comparisons of the table.
        p_permutation: Of the permutation test, corrected in the same way.
        needed: How many runs each group would need to show a difference of this size, where it is not shown yet.
        n, n_reference: How many runs each has.
        paired: How many pairs of the same seed, 0 where it is not about pairs.
    """

    difference: Estimate
    improvement: Estimate
    effect: Estimate
    p: float | None
    p_holm: float | None
    p_permutation: float | None
    needed: int | None
    n: int
    n_reference: int
    paired: int = 0

    @property
    def is_told(self) -> bool | None:
        """Whether the difference is more than chance explains; None when there are too few runs to say."""
        return None if self.p_holm is None else self.p_holm < SIGNIFICANCE


def against(
    samples: Sequence[Sample], reference: Sample, goal: Goal, statistic: Statistic = "mean", level: float = LEVEL
) -> list[Versus]:
    """Each sample against the reference; p values are Holm's over all of them."""
    return _corrected([_unpaired(one, reference, goal, statistic, level) for one in samples])


def against_paired(pairs: Sequence[tuple[Floats, Floats]], goal: Goal, level: float = LEVEL) -> list[Versus]:
    """The same for values of the same seeds, each (own, the reference's) of shape (n_pairs,)."""
    return _corrected([_paired(own, other, goal, level) for own, other in pairs])


def _unpaired(one: Sample, reference: Sample, goal: Goal, statistic: Statistic, level: float) -> Versus:
    one, reference = shared(one, reference)
    p = p_value(one, reference, statistic)
    needed = None if p is None or p < SIGNIFICANCE else runs_needed(one, reference)
    return Versus(
        difference(one, reference, statistic, level), improvement(one, reference, goal, level), hedges_g(one, reference, level),
        p, p, permutation(one, reference, statistic), needed, one.n, reference.n,
    )  # fmt: skip


def _paired(own: Floats, other: Floats, goal: Goal, level: float) -> Versus:
    from scipy.special import stdtr, stdtrit

    n, changes = len(own), own - other
    one, reference = Sample.of(map(float, own)), Sample.of(map(float, other))
    value = float(changes.mean()) if n else math.nan
    p: float | None = None
    found = Estimate(value, math.nan, math.nan, n, level, "none")
    if n > 1:
        error = float(changes.std(ddof=1)) / math.sqrt(n)
        half = error * float(stdtrit(n - 1, 0.5 + level / 2))
        found = Estimate(value, value - half, value + half, n, level, "student")
        p = float(2 * stdtr(n - 1, -abs(value) / error)) if error else float(value == 0)
    return Versus(found, improvement(one, reference, goal, level), hedges_g(one, reference, level), p, p, sign_flips(np.asarray(changes)),
                  None, n, n, n)  # fmt: skip


def _corrected(found: list[Versus]) -> list[Versus]:
    tests = holm([one.p for one in found]), holm([one.p_permutation for one in found])
    return [replace(one, p_holm=p, p_permutation=other) for one, p, other in zip(found, *tests, strict=True)]
