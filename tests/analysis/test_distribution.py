"""Histograms over steps on common bins."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analysis.distribution import over_steps
from reportgen.model import Histogram


def histogram(step: int, edges: list[float], counts: list[float]) -> Histogram:
    return Histogram("w", step, float(step), np.array(edges, dtype=float), np.array(counts, dtype=float))


def test_rebinning_keeps_the_mass_and_splits_bins_evenly() -> None:
    found = over_steps([histogram(0, [0, 2, 4], [3, 1]), histogram(5, [1, 3], [10])], bins=4, keep=1.0)
    assert found is not None
    assert found.steps.tolist() == [0, 5]
    np.testing.assert_allclose(found.edges, [0, 1, 2, 3, 4], atol=2e-3)
    np.testing.assert_allclose(found.share, [[0.375, 0.375, 0.125, 0.125], [0, 0.5, 0.5, 0]], atol=2e-3)
    assert found.covered == pytest.approx(1.0)


def test_moments_are_those_of_the_bin_centres() -> None:
    found = over_steps([histogram(0, [-1, 0, 1], [1, 3])])
    assert found is not None
    assert found.mean[0] == pytest.approx(0.25)
    assert found.spread[0] == pytest.approx(np.sqrt(0.25 * 0.75**2 + 0.75 * 0.25**2))


def test_far_tails_leave_the_picture_and_are_said() -> None:
    heavy = histogram(0, [0, 1, 2, 100], [500, 499, 1])
    found = over_steps([heavy], keep=0.99)
    assert found is not None
    assert found.edges[-1] < 3
    assert found.covered == pytest.approx(0.99, abs=0.01)


def test_a_constant_tensor_is_one_full_bin() -> None:
    found = over_steps([histogram(0, [2, 2], [7]), histogram(1, [2, 2], [7])], bins=8)
    assert found is not None
    assert found.share.sum(axis=1).tolist() == [1.0, 1.0]
    assert (found.share > 0).sum() == 2


def test_what_cannot_be_drawn_is_none() -> None:
    assert over_steps([]) is None
    assert over_steps([histogram(0, [0, np.inf], [1]), histogram(1, [0, 1], [0])]) is None


def test_of_two_at_one_step_the_later_counts() -> None:
    found = over_steps([histogram(0, [0, 1], [1]), histogram(0, [5, 6], [1])], keep=1.0)
    assert found is not None
    assert found.edges[0] == pytest.approx(5, abs=1e-3)
