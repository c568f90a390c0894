"""Spearman's rank correlation with its interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.result import Correlation

_Z = 1.959963984540054


def spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> Correlation | None:
    """The correlation of the ranks of two variables, both of shape (n,), NaN in `x` left out.

    The interval is Fisher's z with the variance (1 + r²/2)/(n - 3) (Bonett and Wright, Psychometrika 65, 2000).
    None with fewer than 4 pairs or when one of them does not vary.
    """
    kept = np.isfinite(x)
    x, y = x[kept], y[kept]
    if len(x) < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    value = rank_correlation(x, y)
    z = math.atanh(min(max(value, -1 + 1e-12), 1 - 1e-12))
    half = _Z * math.sqrt((1 + value**2 / 2) / (len(x) - 3))
    return Correlation(value, math.tanh(z - half), math.tanh(z + half))


def rank_correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Spearman's correlation of two variables without missing values, both of shape (n,)."""
    ranks = ranked(x), ranked(y)
    return float(np.clip(np.corrcoef(*ranks)[0, 1], -1, 1))


def ranked(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, ties with their mean rank, shape (n,)."""
    _, group, times = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray(last - (times - 1) / 2)[group]
