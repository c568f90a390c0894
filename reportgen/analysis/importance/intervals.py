"""The middle of draws and the ends of their interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.result import Share

LEVEL = 0.9


def ends(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lower end, the median and the upper end of draws, which are rows: shape (3, …)."""
    return np.asarray(np.quantile(draws, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0))


def share_of(draws: NDArray[np.float64]) -> Share:
    """The median of draws of a share, shape (n_draws,), and the ends of their interval."""
    low, value, high = map(float, ends(draws))
    return Share(value, low, high)
