"""Moving averages, thinning, and means of several runs, as exact values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from reportgen.analysis.axes import Trace
from reportgen.analysis.downsampling import keep_shape
from reportgen.analysis.grouping import align, summarise
from reportgen.analysis.smoothing import moving_average


def floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


def test_evenly_spaced_values_are_smoothed_as_in_tensorboard() -> None:
    y, weight = np.random.default_rng(0).normal(size=50), 0.9
    last, expected = 0.0, []
    for n, value in enumerate(y, start=1):
        last = last * weight + (1 - weight) * value
        expected.append(last / (1 - weight**n))
    np.testing.assert_allclose(moving_average(np.arange(50.0), y, weight), expected, rtol=1e-12)


def test_a_gap_stays_a_gap_and_counts_for_nothing() -> None:
    smooth = moving_average(np.arange(3.0), floats(1, np.nan, 2), 0.5)
    assert np.isnan(smooth[1])
    assert smooth[2] == pytest.approx((0.25 * 1 + 2) / 1.25)


@pytest.mark.parametrize("weight", [-0.1, 1.0])
def test_a_weight_outside_of_its_range_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="at least 0 and less than 1"):
        moving_average(floats(0, 1), floats(0, 1), weight)


def test_thinning_keeps_ends_extremes_and_gaps() -> None:
    y = np.sin(np.arange(50_000) / 500)
    y[31_234], y[777], y[20_000:20_100] = 9.0, -9.0, np.nan
    kept = keep_shape(np.arange(50_000.0), y, 1000)
    assert len(kept) <= 1254
    assert {0, 777, 31_234, 49_999} <= set(kept.tolist())
    assert np.isnan(y[kept]).sum() == 1
    assert (np.diff(kept) > 0).all()


def test_runs_meet_on_the_union_of_their_steps_and_nothing_is_extrapolated() -> None:
    x, values = align([Trace("a", floats(0, 2), floats(0, 4)), Trace("b", floats(1, 3), floats(1, 3))])
    assert x.tolist() == [0, 1, 2, 3]
    np.testing.assert_array_equal(values, [[0, 2, 4, np.nan], [np.nan, 1, 2, 3]])


def test_the_band_is_students_interval_of_the_mean_and_says_how_many_runs() -> None:
    band = summarise(floats(0, 1), np.array([[1.0, 5.0], [2.0, np.nan], [3.0, np.nan]]), "ci")
    half = t.ppf(0.975, 2) * 1 / np.sqrt(3)
    assert band.mean.tolist() == [2, 5]
    assert band.n.tolist() == [3, 1]
    np.testing.assert_allclose([band.lower[0], band.upper[0]], [2 - half, 2 + half])
    assert np.isnan([band.lower[1], band.upper[1]]).all()
