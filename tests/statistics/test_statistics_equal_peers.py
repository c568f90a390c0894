"""The numbers of `analysis/statistics` are those of scipy, statsmodels and rliable where these have the same."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower

sys.path.insert(0, str(Path(__file__).parent))
from rliable_peer import rliable

from reportgen.analysis.statistics import (
    Sample,
    aggregate,
    difference,
    estimate,
    hedges_g,
    holm,
    improvement,
    permutation,
    profile,
    resampled,
    runs_needed,
    sign_flips,
    welch,
)
from reportgen.analysis.statistics.resampling import interval

SHAPES = [(3, 1), (5, 4), (10, 7)]


def scores(runs: int, tasks: int, seed: int = 0, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(shift, 0.7, size=(runs, tasks))


def sample(values: np.ndarray) -> Sample:
    return Sample.of_tasks({f"task {j}": list(values[:, j]) for j in range(values.shape[1])})


@pytest.mark.parametrize(("runs", "tasks"), SHAPES)
def test_aggregates_are_those_of_rliable(runs: int, tasks: int) -> None:
    _, metrics = rliable()
    values = scores(runs, tasks)
    assert aggregate(sample(values), "mean") == pytest.approx(metrics.aggregate_mean(values), rel=1e-12)
    assert aggregate(sample(values), "iqm") == pytest.approx(metrics.aggregate_iqm(values), rel=1e-12)
    if tasks > 1:
        assert aggregate(sample(values), "median") == pytest.approx(metrics.aggregate_median(values), rel=1e-12)


@pytest.mark.parametrize("name", ["mean", "median", "iqm"])
def test_bootstrap_intervals_are_those_of_rliable(name: str) -> None:
    """Both draw 8,000 resamples: they agree to what two sets of draws differ by, 3 % of the interval's width."""
    library, metrics = rliable()
    values = scores(8, 6)
    function = getattr(metrics, f"aggregate_{name}")
    np.random.seed(1)
    _, theirs = library.get_interval_estimates({"a": values}, lambda one: np.array([function(one)]), reps=8_000)
    ours = interval(resampled(sample(values), name, 8_000), 0.95)  # type: ignore[arg-type]
    low, high = theirs["a"].ravel()
    assert ours == pytest.approx((low, high), abs=0.03 * (high - low))


def test_probability_of_improvement_is_that_of_rliable() -> None:
    library, metrics = rliable()
    one, other = scores(6, 5, 1, 0.3), scores(9, 5, 2)
    found = improvement(sample(one), sample(other), "max")
    assert found.value == pytest.approx(metrics.probability_of_improvement(one, other), rel=1e-12)
    assert improvement(sample(one), sample(other), "min").value == pytest.approx(1 - found.value)
    np.random.seed(1)
    _, theirs = library.get_interval_estimates({"a": [one, other]}, metrics.probability_of_improvement, reps=150)
    low, high = theirs["a"].ravel()
    assert found.low < low + 0.03
    assert found.high > high - 0.03
    assert found.high - found.low < 1.5 * (high - low)


def test_ties_count_half() -> None:
    assert improvement(Sample.of([1.0, 2.0]), Sample.of([1.0, 2.0]), "max").value == 0.5
    expected = stats.mannwhitneyu([1, 2, 2, 3], [2, 2, 0]).statistic / 12
    assert improvement(Sample.of([1.0, 2.0, 2.0, 3.0]), Sample.of([2.0, 2.0, 0.0]), "max").value == pytest.approx(expected)


def test_performance_profiles_are_those_of_rliable() -> None:
    library, _ = rliable()
    values = scores(6, 5)
    taus = np.linspace(0, 4, 9)
    np.random.seed(1)
    shares, ends = library.create_performance_profile({"a": values}, taus, reps=2_000)
    found = profile(sample(values), taus)
    assert found.share == pytest.approx(shares["a"])
    assert found.low == pytest.approx(ends["a"][0], abs=0.035)
    assert found.high == pytest.approx(ends["a"][1], abs=0.035)
    assert profile(sample(-values), -taus[::-1], "min").share == pytest.approx(shares["a"][::-1])


def test_welch_and_its_interval_are_those_of_scipy() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        one, other = rng.normal(size=rng.integers(2, 8)), rng.normal(0.8, 3, size=rng.integers(2, 8))
        theirs = stats.ttest_ind(one, other, equal_var=False)
        ends = theirs.confidence_interval(0.95)
        found = difference(Sample.of(one), Sample.of(other))
        assert welch(Sample.of(one), Sample.of(other)) == pytest.approx(theirs.pvalue, rel=1e-9)
        assert (found.low, found.high) == pytest.approx((ends.low, ends.high), rel=1e-9)


def test_the_interval_of_a_mean_is_students() -> None:
    values = scores(7, 1)[:, 0]
    theirs = stats.t.interval(0.9, 6, values.mean(), stats.sem(values))
    found = estimate(Sample.of(values), "mean", 0.9)
    assert (found.low, found.high) == pytest.approx(theirs)


def mean_difference(one: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.mean(one, axis=axis) - np.mean(other, axis=axis)


@pytest.mark.parametrize(("n", "m"), [(2, 3), (3, 3), (4, 6), (7, 8)])
def test_permutation_tests_are_those_of_scipy(n: int, m: int) -> None:
    one, other = scores(n, 1, n)[:, 0], scores(m, 1, 50 + m, 0.6)[:, 0]
    theirs = stats.permutation_test((one, other), mean_difference, vectorized=True, n_resamples=np.inf)
    # scipy doubles the smaller tail, which for groups of equal size is the share of differences that are as far from none.
    ours = permutation(Sample.of(one), Sample.of(other))
    if n == m:
        assert ours == pytest.approx(theirs.pvalue)
    whole = np.abs(theirs.null_distribution) >= abs(theirs.statistic) - 1e-12
    assert ours == pytest.approx(whole.mean())


def test_many_runs_are_shuffled_and_agree_with_scipy() -> None:
    one, other = scores(15, 1, 1)[:, 0], scores(15, 1, 2, 0.4)[:, 0]
    theirs = stats.permutation_test((one, other), mean_difference, vectorized=True, n_resamples=50_000, rng=np.random.default_rng(0))
    assert permutation(Sample.of(one), Sample.of(other)) == pytest.approx(theirs.pvalue, abs=0.02)


@pytest.mark.parametrize("n", [2, 5, 10, 14])
def test_sign_flips_are_those_of_scipy(n: int) -> None:
    changes = np.random.default_rng(n).normal(0.5, size=n)
    theirs = stats.permutation_test((changes,), np.mean, permutation_type="samples", vectorized=True, n_resamples=np.inf)
    assert sign_flips(changes) == pytest.approx(theirs.pvalue)


def test_holm_is_that_of_statsmodels() -> None:
    values = [0.04, 0.01, 0.2, 0.012, 0.9, 0.01]
    assert holm(values) == pytest.approx(list(multipletests(values, method="holm")[1]))
    assert holm([None, 0.03, None]) == [None, 0.03, None]


def test_the_runs_that_are_needed_are_those_of_statsmodels() -> None:
    for seed in range(8):
        one, other = Sample.of(scores(4, 1, seed)[:, 0]), Sample.of(scores(5, 1, 90 + seed)[:, 0])
        pooled = math.sqrt((3 * one.sd**2 + 4 * other.sd**2) / 7)  # type: ignore[operator]
        effect = abs(one.mean - other.mean) / pooled
        theirs = TTestIndPower().solve_power(effect, alpha=0.05, power=0.8) if effect > 0.13 else math.inf
        assert runs_needed(one, other) == (math.ceil(theirs) if theirs <= 1_000 else None)


def test_hedges_g_by_hand() -> None:
    """Means 2 and 4, both standard deviations 1, J = 1 − 3 / (4·4 − 1) in Hedges' approximation."""
    found = hedges_g(Sample.of([1.0, 2.0, 3.0]), Sample.of([3.0, 4.0, 5.0]))
    assert found.value == pytest.approx(-2 * (1 - 3 / 15), rel=3e-3)
