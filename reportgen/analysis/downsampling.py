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


def keep_extremes(y: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """Which points of a line to draw so that no spike is lost, and a picture of it as wide as half of them looks the same.

    The finite points are cut into `most` / 2 parts of equal length; the least and the greatest value of each stay, with the first
    and the last point and one non-finite point per gap (Jugel et al. 2014, "M4", without the ends of each part).

    Args:
        y: Values in drawing order, shape (n,); non-finite ones are gaps.
        most: About how many points to keep, at least 4.

    Returns:
        Ascending indices into `y`, shape (m,) with m ≤ about 1.25 · `most` + 4.
    """
    if len(y) <= most:
        return np.arange(len(y))
    finite = np.flatnonzero(np.isfinite(y))
    parts = max(most // 2, 2)
    if len(finite) > 2 * parts:
        values = y[finite]
        size = -(-len(values) // parts)
        padded = np.concatenate([values, np.repeat(values[-1:], -len(values) % size)]).reshape(-1, size)
        starts = np.arange(len(padded)) * size
        lasts = len(values) - 1
        low, high = (np.minimum(starts + padded_at, lasts) for padded_at in (padded.argmin(axis=1), padded.argmax(axis=1)))
        finite = finite[np.unique(np.concatenate([low, high, [0, lasts]]))]
    is_whole = bool(np.isfinite(y).all())
    return finite if is_whole else np.union1d(finite, _gaps(np.arange(len(y), dtype=np.float64), y, max(most // 4, 1)))


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
