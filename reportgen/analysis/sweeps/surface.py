"""An objective over two hyperparameters: the mean of the trials nearby, and nothing where there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NEAR = 2.0
"""Further than so many bandwidths from the nearest trial nothing is said."""


@dataclass(frozen=True, eq=False)
class Surface:
    """A smoothed objective on a grid.

    Attributes:
        x, y: The centres of its cells, 0 to 1, shapes (n_x,) and (n_y,).
        value: Shape (n_y, n_x); NaN far from all trials.
        bandwidth: Of the kernel along each axis, in units of the axis.
    """

    x: Floats
    y: Floats
    value: Floats
    bandwidth: tuple[float, float]


def surface(x: Floats, y: Floats, value: Floats, size: tuple[int, int]) -> Surface:
    """The mean of the values of points around each cell, weighted by a Gaussian kernel (Nadaraya 1964, Watson 1964).

    The bandwidth along an axis is n^(-1/6) times its standard deviation (Scott 1992, eq. 6.42, for two dimensions).

    Args:
        x, y: Positions 0 to 1, shape (n,).
        value: Finite, shape (n,).
        size: Cells along x and y.
    """
    n = len(value)
    wide, tall = (max(float(np.std(one)) * n ** (-1 / 6), 0.04) for one in (x, y))
    across, up = ((np.arange(cells) + 0.5) / cells for cells in size)
    by_x = ((across[:, None] - x[None, :]) / wide) ** 2
    by_y = ((up[:, None] - y[None, :]) / tall) ** 2
    # Relative to the nearest trial, so that weights far from all of them are no zeros.
    distance = by_y[:, None, :] + by_x[None, :, :]
    nearest = distance.min(axis=2)
    weight = np.exp(-0.5 * (distance - nearest[:, :, None]))
    mean = (weight * value).sum(axis=2) / weight.sum(axis=2)
    return Surface(across, up, np.where(nearest > _NEAR**2, np.nan, mean), (wide, tall))
