"""Whether two groups of runs differ by more than chance explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.statistics.aggregates import LEVEL, Estimate, Statistic, aggregate, fewest_runs, of_draws, resampled
from reportgen.analysis.statistics.resampling import SEED, interval
from reportgen.analysis.statistics.sample import Floats, Sample

Indices = NDArray[np.int64]
SIGNIFICANCE = 0.05
_MOST_EXACT = 20_000
_SHUFFLES = 9_999


def shared(one: Sample, other: Sample) -> tuple[Sample, Sample]:
    """Both on the tasks that both were run on."""
    names = {name for name, _ in one.tasks} & {name for name, _ in other.tasks}
    return one.on(names), other.on(names)


def difference(one: Sample, other: Sample, statistic: Statistic = "mean", level: float = LEVEL) -> Estimate:
    """The statistic of one minus that of the other on their common tasks.

    For means with the interval of Welch's t (Welch 1947, Biometrika 34, 28–35), else with that of the stratified bootstrap.
    """
    from scipy.special import stdtrit

    one, other = shared(one, other)
    value, n = aggregate(one, statistic) - aggregate(other, statistic), one.n + other.n
    spread = _spread(one, other)
    if spread is None or min(one.n, other.n) < fewest_runs(statistic):
        return Estimate(value, math.nan, math.nan, n, level, "none")
    if statistic != "mean":
        changes = resampled(one, statistic) - resampled(other, statistic, seed=SEED + 1)
        low, high = interval(changes, level, one if one.n <= other.n else other)
        return Estimate(value, float(low), float(high), n, level, "bootstrap")
    error, freedom = spread
    half = error * float(stdtrit(freedom, 0.5 + level / 2))
    return Estimate(value, value - half, value + half, n, level, "student")


def p_value(one: Sample, other: Sample, statistic: Statistic = "mean") -> float | None:
    """The two-sided p value of a difference: Welch's for means, else of the permutation test; None when there are too few runs to say."""
    return welch(one, other) if statistic == "mean" else permutation(one, other, statistic)


def welch(one: Sample, other: Sample) -> float | None:
    """The two-sided p value of Welch's unequal-variances t test; None when there are too few runs to say.

    With several tasks the difference is that of the means over tasks, and its variance the sum of theirs, with the degrees of
    freedom of Satterthwaite (1946, Biometrics Bulletin 2, 110–114).
    """
    from scipy.special import stdtr

    one, other = shared(one, other)
    spread = _spread(one, other)
    if spread is None:
        return None
    error, freedom = spread
    change = abs(one.mean - other.mean)
    if error == 0:
        return 1.0 if change == 0 else 0.0
    return float(2 * stdtr(freedom, -change / error))


def _spread(one: Sample, other: Sample) -> tuple[float, float] | None:
    """The standard error of a difference of means and its degrees of freedom."""
    if one.error is None or other.error is None:
        return None
    (a, freedom_a), (b, freedom_b) = one.error, other.error
    both = a * a + b * b
    if not math.isfinite(both):
        return None
    if both == 0:
        return 0.0, freedom_a + freedom_b
    return math.sqrt(both), 1 / ((a * a / both) ** 2 / freedom_a + (b * b / both) ** 2 / freedom_b)


def permutation(one: Sample, other: Sample, statistic: Statistic = "mean") -> float | None:
    """The two-sided p value of a permutation test of the difference of a statistic, labels shuffled within each task.

    All ways to divide the runs are tried when they are at most 20,000, else 9,999 of them, the observed one counted in (Phipson
    and Smyth 2010). None where no other way exists.
    """
    one, other = shared(one, other)
    sizes = [(len(a), len(b)) for a, b in zip(one.arrays, other.arrays, strict=True)]
    ways = math.prod(math.comb(n + m, n) for n, m in sizes)
    if ways < 2 or one.n + other.n < 3:
        return None
    is_exact = ways <= _MOST_EXACT
    orders = _all_orders(sizes, ways) if is_exact else _some_orders(sizes)
    mixed = [np.concatenate([a, b])[order] for a, b, order in zip(one.arrays, other.arrays, orders, strict=True)]
    first = of_draws([own[:, :n] for own, (n, _) in zip(mixed, sizes, strict=True)], statistic)
    second = of_draws([own[:, n:] for own, (n, _) in zip(mixed, sizes, strict=True)], statistic)
    changes = first - second
    return _two_sided(changes, aggregate(one, statistic) - aggregate(other, statistic), exact=is_exact)


def _all_orders(sizes: Sequence[tuple[int, int]], ways: int) -> list[Indices]:
    """For each task the runs in each order that divides them differently, shape (ways, n + m): the first n are one group."""
    chosen = np.unravel_index(np.arange(ways), [math.comb(n + m, n) for n, m in sizes])
    orders = []
    for (n, m), own in zip(sizes, chosen, strict=True):
        firsts = [(*first, *(i for i in range(n + m) if i not in first)) for first in combinations(range(n + m), n)]
        orders.append(np.array(firsts)[own])
    return orders


def _some_orders(sizes: Sequence[tuple[int, int]]) -> list[Indices]:
    rng = np.random.default_rng(SEED)
    return [rng.permuted(np.tile(np.arange(n + m), (_SHUFFLES, 1)), axis=1) for n, m in sizes]


def sign_flips(changes: Floats) -> float | None:
    """The two-sided p value of paired differences, shape (n,): each may as well have had the other sign (Fisher 1935).

    All 2ⁿ ways when they are at most 20,000, else 9,999. None below two pairs.
    """
    n = len(changes)
    if n < 2:
        return None
    if 2**n <= _MOST_EXACT:
        signs = 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
    else:
        signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(_SHUFFLES, n))
    return _two_sided(signs @ changes / n, float(changes.mean()), exact=2**n <= _MOST_EXACT)


def _two_sided(changes: Floats, seen: float, *, exact: bool) -> float:
    """The share of differences that are at least as far from none; rounding must not make an equal one smaller."""
    scale = float(np.abs(changes).max(initial=abs(seen)))
    as_far = int((np.abs(changes) >= abs(seen) - 1e-12 * scale).sum())
    return as_far / len(changes) if exact else (as_far + 1) / (len(changes) + 1)


def holm(values: Sequence[float | None]) -> list[float | None]:
    """P values for that many tests at once (Holm 1979, Scandinavian Journal of Statistics 6, 65–70); None stays None and does not count."""
    known = sorted((value, i) for i, value in enumerate(values) if value is not None)
    found: list[float | None] = [None] * len(values)
    least = 0.0
    for rank, (value, i) in enumerate(known):
        least = max(least, min(1.0, value * (len(known) - rank)))
        found[i] = least
    return found
