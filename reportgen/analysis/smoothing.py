"""Exponential moving averages of metrics, as experiment trackers draw them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def typical_spacing(x: NDArray[np.float64]) -> float:
    """The median of the positive distances between neighbours in `x`, shape (n,); 1.0 when there are none."""
    distances = np.diff(x)
    distances = distances[np.isfinite(distances) & (distances > 0)]
    return float(np.median(distances)) if len(distances) else 1.0


def moving_average(x: NDArray[np.float64], y: NDArray[np.float64], weight: float, spacing: float | None = None) -> NDArray[np.float64]:
    """The debiased exponential moving average of `y` over `x`.

        sᵢ = Σ_{j ≤ i} w^((xᵢ − xⱼ) / h) yⱼ  /  Σ_{j ≤ i} w^((xᵢ − xⱼ) / h),   j over the finite values

    For evenly spaced `x` this is TensorBoard's smoothing (`vz_line_chart2/line-chart.ts`, `resmoothDataset`): an
    average that starts at zero, with its bias to zero divided out (Kingma and Ba 2015, section 3). For uneven steps a
    value weighs less the further away it is along `x`, as in W&B's time-weighted smoothing, but `h` is the typical
    spacing of the series and not a thousandth of the chart: what is drawn does not depend on the zoom.

    Args:
        x: Ascending positions, shape (n,).
        y: Values, shape (n,). Non-finite ones stay as they are and count for nothing: gaps stay gaps.
        weight: How much of the past is kept per typical step, 0 ≤ weight < 1; 0 gives `y` back.
        spacing: `h`; by default the median distance between neighbours in `x`.

    Returns:
        The averages, shape (n,).

    Raises:
        ValueError: `weight` is not in [0, 1).
    """
    if not 0 <= weight < 1:
        raise ValueError(f"the weight of a moving average must be at least 0 and less than 1, got {weight}")
    smooth = np.array(y, dtype=np.float64)
    if weight == 0 or len(y) < 2:
        return smooth
    h = spacing or typical_spacing(x)
    decay = np.power(weight, np.clip(np.diff(x, prepend=x[0]), 0, None) / h).tolist()
    total = share = 0.0
    for i, value in enumerate(smooth.tolist()):
        total, share = total * decay[i], share * decay[i]
        if math.isfinite(value):
            total, share = total + value, share + 1.0
            smooth[i] = total / share
    return smooth
