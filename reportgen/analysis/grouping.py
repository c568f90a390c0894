"""Several runs as one: their mean along x, and how sure or how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.axes import Trace

BandKind = Literal["ci", "bootstrap", "se", "minmax", "none"]
RESAMPLES = 1000


@dataclass(frozen=True, eq=False)
class Band:
    """The mean of several traces and the band around it.

    Attributes:
        x: Ascending positions, shape (m,).
        mean: Mean over the traces that have a value there, shape (m,); NaN where none has.
        lower, upper: The band, shape (m,); NaN where too few traces have a value for it.
        n: How many traces have a value there, int64, shape (m,).
    """

    x: NDArray[np.float64]
    mean: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    n: NDArray[np.int64]


def align(traces: Sequence[Trace]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The traces on one x axis: the union of their positions.

    A trace has its own values at its own positions, between two neighbours the straight line, and nothing before its
    first, after its last or inside of a gap.

    Returns:
        Positions, shape (m,), and values, shape (n_traces, m), NaN where there is nothing.
    """
    positions = [one.x for one in traces if len(one)]
    if not positions:
        return np.empty(0), np.empty((len(traces), 0))
    x = np.unique(np.concatenate(positions))
    return x, np.stack([_at(one, x) for one in traces])


def _at(one: Trace, x: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(one):
        return np.full(len(x), np.nan)
    last_of_each = np.append(np.diff(one.x) > 0, True)
    own_x = one.x[last_of_each]
    own_y = np.where(np.isfinite(one.y), one.y, np.nan)[last_of_each]
    right = np.clip(np.searchsorted(own_x, x), 0, len(own_x) - 1)
    left = np.where(own_x[right] == x, right, np.clip(right - 1, 0, None))
    distance = own_x[right] - own_x[left]
    share = np.divide(x - own_x[left], distance, out=np.zeros(len(x)), where=distance > 0)
    between = own_y[left] * (1 - share) + own_y[right] * share
    return np.where((x < own_x[0]) | (x > own_x[-1]), np.nan, between)


def summarise(x: NDArray[np.float64], values: NDArray[np.float64], kind: BandKind, level: float = 0.95) -> Band:
    """Mean and band of aligned values, shape (n_traces, m).

    `minmax` spans all values. `se` is the mean ± one standard error s/√n. `ci` is the interval for the mean by
    Student's t with n − 1 degrees of freedom (Student 1908). `bootstrap` is the percentile interval over 1,000
    resamples of the traces (Efron 1979), drawn with a fixed seed. All but `minmax` need two values.
    """
    there = np.isfinite(values)
    n = there.sum(axis=0)
    filled = np.where(there, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, filled.sum(axis=0) / n, np.nan)
        if kind == "none":
            lower = upper = np.full(len(x), np.nan)
        elif kind == "minmax":
            lower = np.where(n > 0, np.where(there, values, np.inf).min(axis=0, initial=np.inf), np.nan)
            upper = np.where(n > 0, np.where(there, values, -np.inf).max(axis=0, initial=-np.inf), np.nan)
        elif kind == "bootstrap":
            lower, upper = _bootstrap(values, there, level)
        else:
            deviation = np.sqrt((np.where(there, values - mean, 0.0) ** 2).sum(axis=0) / (n - 1))
            half = deviation / np.sqrt(n) * (_t(n, level) if kind == "ci" else 1.0)
            half = np.where(n > 1, half, np.nan)
            lower, upper = mean - half, mean + half
    return Band(x, mean, lower, upper, n.astype(np.int64))


def _t(n: NDArray[np.int64], level: float) -> NDArray[np.float64]:
    """The quantile of Student's t for a two-sided interval at each n (NaN below two)."""
    from scipy.stats import t

    quantile = {int(one): float(t.ppf(0.5 + level / 2, one - 1)) if one > 1 else np.nan for one in np.unique(n)}
    return np.array([quantile[int(one)] for one in n])


def _bootstrap(values: NDArray[np.float64], there: NDArray[np.bool_], level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Percentile intervals of the mean, each column resampled among the traces that it has."""
    lower, upper = np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    patterns, which = np.unique(there, axis=1, return_inverse=True)
    for i in range(patterns.shape[1]):
        rows, columns = np.flatnonzero(patterns[:, i]), np.flatnonzero(which.ravel() == i)
        if len(rows) < 2:
            continue
        drawn = np.random.default_rng(0).integers(len(rows), size=(RESAMPLES, len(rows)))
        counts = np.stack([np.bincount(draw, minlength=len(rows)) for draw in drawn]) / len(rows)
        for block in np.array_split(columns, max(1, len(columns) // 500)):
            means = counts @ values[np.ix_(rows, block)]
            lower[block], upper[block] = np.quantile(means, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return lower, upper
