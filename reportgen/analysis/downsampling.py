"""Fewer points for the same picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 1000


def keep_shape(x: NDArray[np.float64], y: NDArray[np.float64], most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Which points of a line to draw so that it looks the same.

    MinMaxLTTB (Van Der Donckt et al. 2023, "MinMaxLTTB: Leveraging MinMax-Preselection to Scale LTTB-Based
    Visualization") over the finite points. The first, the last, the least and the greatest are always kept, and one
    non-finite point per gap, so that gaps stay gaps.

    Args:
        x: Ascending positions, shape (n,).
        y: Values, shape (n,); non-finite ones are gaps.
        most: About how many points to keep; a few more when there are gaps.

    Returns:
        Ascending indices into `x`, shape (m,) with m ≤ about 1.25 · `most` + 4.
    """
    if len(x) <= most:
        return np.arange(len(x))
    from tsdownsample import MinMaxLTTBDownsampler

    finite = np.flatnonzero(np.isfinite(y) & np.isfinite(x))
    if len(finite) > max(most, 8):
        chosen = MinMaxLTTBDownsampler().downsample(  # type: ignore[no-untyped-call]
            np.ascontiguousarray(x[finite]), np.ascontiguousarray(y[finite]), n_out=max(most, 4), parallel=False
        )
        extremes = [0, len(finite) - 1, int(y[finite].argmin()), int(y[finite].argmax())]
        finite = finite[np.union1d(chosen.astype(np.intp), extremes)]
    return np.union1d(finite, _gaps(x, y, max(most // 4, 1)))


def _gaps(x: NDArray[np.float64], y: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """The first point of each gap; of more gaps than `most`, those that are the widest along `x`."""
    missing = ~(np.isfinite(y) & np.isfinite(x))
    starts = np.flatnonzero(missing & ~np.concatenate([[False], missing[:-1]]))
    if len(starts) <= most:
        return starts
    ends = np.flatnonzero(missing & ~np.concatenate([missing[1:], [False]]))
    last = len(x) - 1
    widths = x[np.minimum(ends + 1, last)] - x[np.maximum(starts - 1, 0)]
    return np.sort(starts[np.argsort(-widths, kind="stable")[:most]])
