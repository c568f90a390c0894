"""How large a difference is: probability of improvement, standardised difference, and how many runs would show it."""

from __future__ import annotations

import math

import numpy as np

from reportgen.analysis.statistics.aggregates import LEVEL, Estimate
from reportgen.analysis.statistics.resampling import RESAMPLES, SEED, counts, interval
from reportgen.analysis.statistics.sample import Sample
from reportgen.analysis.statistics.significance import SIGNIFICANCE, shared
from reportgen.model import Goal

POWER = 0.8
MOST_RUNS = 1_000
"""Beyond so many runs of each group no number is given."""


def improvement(one: Sample, other: Sample, goal: Goal, level: float = LEVEL) -> Estimate:
    """The probability that a run of `one` is better than a run of `other`, ties counted half, as the mean over their common tasks.

    It is Mann and Whitney's U / (n m) (1947), by task as in Agarwal and others (2021), with the stratified bootstrap's interval.
    Runs that are all better or all worse have a bootstrap that never varies; then the interval is that of so many runs without exception:
    the smaller group counts, by the rule of Clopper and Pearson (1934).
    """
    one, other = shared(one, other)
    n = one.n + other.n
    if not one.n or not other.n:
        return Estimate(math.nan, math.nan, math.nan, n, level, "none")
    sign = 1.0 if goal == "max" else -1.0
    wins = [(np.sign(sign * (a[:, None] - b[None])) + 1) / 2 for a, b in zip(one.arrays, other.arrays, strict=True)]
    value = float(np.mean([own.mean() for own in wins]))
    if one.error is None or other.error is None:
        return Estimate(value, math.nan, math.nan, n, level, "none")
    if value in (0.0, 1.0):
        end = ((1 - level) / 2) ** (1 / min(one.n, other.n))
        low, high = (end, 1.0) if value else (0.0, 1 - end)
        return Estimate(value, low, high, n, level, "bootstrap")
    rng = np.random.default_rng(SEED)
    total = np.zeros(RESAMPLES)
    for a, b, own in zip(counts(one, RESAMPLES, rng), counts(other, RESAMPLES, rng), wins, strict=True):
        total += ((a @ own) * b).sum(axis=1) / own.size
    fewest = one if one.n <= other.n else other
    ends = interval(total / len(wins), level, fewest)
    return Estimate(value, float(ends[0]), float(ends[1]), n, level, "bootstrap")


def hedges_g(one: Sample, other: Sample, level: float = LEVEL) -> Estimate:
    """The difference of means in pooled standard deviations, corrected for few runs.

    With the interval of its large-sample error; NaN without any spread (Hedges 1981, Journal of Educational Statistics 6, 107–128; Hedges
    and Olkin 1985, chapter 5).
    """
    from scipy.special import gammaln, ndtri

    one, other = shared(one, other)
    n, freedom = one.n + other.n, one.freedom + other.freedom
    nothing = Estimate(math.nan, math.nan, math.nan, n, level, "none")
    if one.sd is None or other.sd is None or freedom < 2:
        return nothing
    pooled = pooled_sd(one, other)
    if not pooled:
        return nothing
    correction = math.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / math.sqrt(freedom / 2)
    g = correction * (one.mean - other.mean) / pooled
    half = float(ndtri(0.5 + level / 2)) * math.sqrt(n / (one.n * other.n) + g * g / (2 * n))
    return Estimate(g, g - half, g + half, n, level, "student")


def pooled_sd(one: Sample, other: Sample) -> float:
    """The standard deviation within both groups; each must have one."""
    assert one.sd is not None
    assert other.sd is not None
    squares = one.freedom * one.sd**2 + other.freedom * other.sd**2
    return math.sqrt(squares / (one.freedom + other.freedom))


def runs_needed(one: Sample, other: Sample, power: float = POWER, significance: float = SIGNIFICANCE) -> int | None:
    """How many runs each group would need for a t test to show a difference as large as the one that was seen, at this power.

    Found from the noncentral t distribution with the pooled standard deviation of the runs (Cohen 1988, section 2.4), without the
    chance to show it in the wrong direction. What was seen is itself uncertain, so it is a rough number. None without a spread or a
    difference, and beyond `MOST_RUNS`.
    """
    from scipy.special import nctdtr, stdtrit

    one, other = shared(one, other)
    if one.sd is None or other.sd is None:
        return None
    spread, change = pooled_sd(one, other), abs(one.mean - other.mean)
    if not spread or not change:
        return None

    def reached(n: int) -> bool:
        freedom, shift = 2 * n - 2, change / spread * math.sqrt(n / 2)
        edge = float(stdtrit(freedom, 1 - significance / 2))
        return bool(shift > 30 or 1 - nctdtr(freedom, shift, edge) >= power)

    if not reached(MOST_RUNS):
        return None
    low, high = 1, MOST_RUNS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
