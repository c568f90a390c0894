"""What `analysis/statistics` says of few, equal, unequal and huge values, and how often its intervals hold the truth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from reportgen.analysis.statistics import (
    Sample,
    against,
    against_paired,
    aggregate,
    difference,
    estimate,
    hedges_g,
    improvement,
    p_value,
    permutation,
    profile,
    runs_needed,
    sign_flips,
    welch,
)


def test_values_that_are_not_finite_are_counted() -> None:
    found = Sample.of([1.0, math.nan, None, math.inf, 3.0])
    assert (found.n, found.missing, found.mean) == (2, 3, 2.0)


def test_nothing_has_no_numbers() -> None:
    empty, one = Sample.of([]), Sample.of([1.0])
    assert math.isnan(empty.mean)
    assert math.isnan(aggregate(empty, "iqm"))
    assert not estimate(empty).has_interval
    assert welch(empty, one) is None
    assert permutation(empty, one) is None
    assert math.isnan(improvement(empty, one, "max").value)


def test_one_run_has_a_value_and_no_interval() -> None:
    one, five = Sample.of([1.0]), Sample.of([1.0, 2.0, 3.0, 4.0, 5.0])
    for statistic in ("mean", "median", "iqm"):
        found = estimate(one, statistic)
        assert (found.value, found.has_interval) == (1.0, False)
    assert welch(one, five) is None
    assert not difference(one, five).has_interval
    assert math.isnan(hedges_g(one, one).value)
    assert runs_needed(one, five) is None


def test_a_task_with_one_run_leaves_no_interval() -> None:
    assert not estimate(Sample.of_tasks({"a": [1.0, 2.0], "b": [3.0]})).has_interval


def test_equal_runs_are_told_only_when_they_differ() -> None:
    same = Sample.of([1.0, 1.0, 1.0])
    assert welch(same, same) == 1.0
    assert welch(same, Sample.of([2.0, 2.0])) == 0.0
    assert estimate(same).low == estimate(same).high == 1.0
    assert math.isnan(hedges_g(same, same).value)
    assert runs_needed(same, same) is None


def test_huge_values_do_not_overflow() -> None:
    huge = Sample.of([1e300, -1e300, 1e308])
    assert huge.sd is None
    assert welch(huge, huge) is None
    assert not estimate(huge).has_interval


def test_tasks_count_the_same_however_many_runs_they_have() -> None:
    found = Sample.of_tasks({"a": [1.0] * 9, "b": [3.0]})
    assert found.mean == 2.0
    assert Sample.of([1.0, 3.0, 5.0], ["b", "a", "b"]).tasks == (("a", (3.0,)), ("b", (1.0, 5.0)))


def test_groups_are_compared_on_the_tasks_that_both_have() -> None:
    one = Sample.of_tasks({"easy": [10.0, 11.0], "hard": [1.0, 2.0]})
    other = Sample.of_tasks({"hard": [1.0, 2.0]})
    assert difference(one, other).value == 0
    assert welch(one, other) == 1.0


def test_three_runs_each_cannot_be_told_by_shuffling() -> None:
    """Of 20 ways to divide them 2 are as extreme as the most extreme."""
    assert permutation(Sample.of([1.0, 2.0, 3.0]), Sample.of([7.0, 8.0, 9.0])) == pytest.approx(0.1)


def test_shuffling_within_tasks_finds_what_tasks_hide() -> None:
    """Tasks differ by hundreds, the groups by one on each."""
    rng = np.random.default_rng(0)
    one = {f"t{j}": list(100 * j + rng.normal(0, 0.3, 4)) for j in range(6)}
    other = {f"t{j}": list(100 * j + 1 + rng.normal(0, 0.3, 4)) for j in range(6)}
    found = permutation(Sample.of_tasks(one), Sample.of_tasks(other))
    assert found is not None
    assert found < 0.001
    without_tasks = permutation(Sample.of(Sample.of_tasks(one).pooled), Sample.of(Sample.of_tasks(other).pooled))
    assert without_tasks is not None
    assert without_tasks > 0.9


def test_the_median_and_the_iqm_are_tested_by_shuffling() -> None:
    one, other = Sample.of([1.0, 2.0, 3.0, 4.0, 50.0]), Sample.of([11.0, 12.0, 13.0, 14.0, 15.0])
    assert p_value(one, other) == welch(one, other)
    found = p_value(one, other, "iqm")
    assert found == permutation(one, other, "iqm")
    assert found is not None
    assert found < 0.05 < welch(one, other)  # type: ignore[operator]
    change = difference(one, other, "median")
    assert change.value == -10.0
    assert change.low < -10.0 < change.high


def test_few_runs_have_no_interval_of_a_median() -> None:
    assert not estimate(Sample.of([1.0, 2.0, 3.0, 4.0]), "median").has_interval
    assert estimate(Sample.of([1.0, 2.0, 3.0, 4.0, 5.0]), "median").has_interval


def test_pairs_of_seeds_find_what_seeds_hide() -> None:
    rng = np.random.default_rng(0)
    seeds = rng.normal(0, 10, 8)
    own, other = seeds + 1 + rng.normal(0, 0.1, 8), seeds
    [paired] = against_paired([(own, other)], "max")
    [unpaired] = against([Sample.of(own)], Sample.of(other), "max")
    assert paired.is_told
    assert paired.paired == 8
    assert paired.difference.value == pytest.approx(unpaired.difference.value)
    assert not unpaired.is_told
    assert sign_flips(own - other) == pytest.approx(2 / 2**8)


def test_no_pair_says_nothing() -> None:
    [found] = against_paired([(np.empty(0), np.empty(0))], "max")
    assert found.p is None
    assert found.is_told is None
    assert math.isnan(found.difference.value)


def test_many_comparisons_are_corrected() -> None:
    rng = np.random.default_rng(3)
    reference = Sample.of(rng.normal(size=10))
    others = [Sample.of(rng.normal(0.9, 1, size=10)) for _ in range(8)]
    alone = [against([one], reference, "max")[0] for one in others]
    together = against(others, reference, "max")
    assert sum(bool(one.is_told) for one in alone) > sum(bool(one.is_told) for one in together)
    assert all(one.p_holm >= one.p for one in together)  # type: ignore[operator]


def test_runs_are_only_needed_where_nothing_is_told() -> None:
    [told] = against([Sample.of([1.0, 1.1, 0.9])], Sample.of([9.0, 9.1, 8.9]), "max")
    assert told.needed is None
    [open_] = against([Sample.of([1.0, 2.0, 3.0])], Sample.of([2.0, 3.0, 4.0]), "max")
    assert open_.needed == 17
    assert runs_needed(Sample.of([0.0, 2.0]), Sample.of([0.001, 2.001])) is None


def test_better_without_exception_is_not_certain() -> None:
    found = improvement(Sample.of([5.0, 6.0, 7.0]), Sample.of([1.0, 2.0, 3.0]), "max")
    assert found.value == found.high == 1.0
    assert found.low == pytest.approx(0.025 ** (1 / 3))


def test_a_profile_counts_strictly_better_runs() -> None:
    found = profile(Sample.of([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 2.5, 4.0]))
    assert list(found.share) == [1.0, 0.75, 0.5, 0.0]
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()
    assert list(profile(Sample.of([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 9.0]), "min").share) == [0.0, 0.5, 1.0]
    assert np.isnan(profile(Sample.of([1.0]), np.array([0.0])).low).all()


def normal(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(size=n)


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.exponential(size=n)


TRUE_IQM = {normal: 0.0, skewed: 0.738}


@pytest.mark.parametrize(("draw", "n", "least"), [(normal, 5, 0.90), (normal, 10, 0.92), (skewed, 5, 0.80), (skewed, 20, 0.90)])
def test_bootstrap_intervals_hold_the_truth(draw: Callable[..., np.ndarray], n: int, least: float) -> None:
    """Nominal 95 %. The plain percentile interval holds 81 % with five normal runs."""
    rng = np.random.default_rng(n)
    held = 0
    for _ in range(300):
        found = estimate(Sample.of(draw(rng, n)), "iqm")
        held += found.low <= TRUE_IQM[draw] <= found.high
    assert held / 300 >= least
    assert held / 300 <= 0.995
