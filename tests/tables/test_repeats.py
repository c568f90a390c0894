"""What repeats can tell apart, against SciPy's own test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from table_runs import run

from reportgen.analysis.repeats import Sample, can_be_told, is_seed, repeats


def test_sample_keeps_count_of_what_is_not_finite() -> None:
    assert Sample.of([1.0, 2.0, math.nan, None, 3.0]) == Sample(3, 2.0, 1.0, 2)
    assert Sample.of([5.0]) == Sample(1, 5.0, None)
    empty = Sample.of([math.inf, None])
    assert (empty.n, empty.sd, empty.missing) == (0, None, 2)
    assert math.isnan(empty.mean)
    assert Sample.of([1e308, -1e308]).sd is None  # Too large to be squared, and no warning.


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.5, 0.8, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("sizes", [(3, 3), (2, 5), (10, 4)])
def test_told_apart_as_scipy_does(shift: float, sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(7)
    one, other = rng.normal(0, 0.3, sizes[0]), rng.normal(shift, 0.6, sizes[1])
    expected = stats.ttest_ind(one, other, equal_var=False).pvalue < 0.05
    assert can_be_told(Sample.of(one), Sample.of(other)) == expected


def test_no_repeats_tell_nothing() -> None:
    assert can_be_told(Sample.of([1.0]), Sample.of([2.0, 2.1])) is None


def test_repeats_without_spread() -> None:
    same = Sample.of([0.5, 0.5])
    assert can_be_told(same, Sample.of([0.5, 0.5, 0.5])) is False
    assert can_be_told(same, Sample.of([0.6, 0.6])) is True
    assert can_be_told(Sample.of([0.0, 1e-200]), Sample.of([1.0, 1.0])) is True  # Its square is zero.


def test_seeds_make_repeats_and_nothing_else_does() -> None:
    runs = [
        run("a0", {"lr": 0.1, "seed": 0}),
        run("a1", {"lr": 0.1, "seed": 1}),
        run("a2", {"lr": 0.1, "seed": 2}, state="crashed"),
        run("b0", {"lr": 0.2, "seed": 0}),
        run("empty0"),
        run("empty1"),
    ]
    found = {name: tuple(one.name for one in family) for name, family in repeats(runs).items()}
    alone = {name: (name,) for name in ("a2", "b0", "empty0", "empty1")}
    assert found == {"a0": ("a0", "a1"), "a1": ("a0", "a1"), **alone}


def test_names_of_seeds() -> None:
    keys = ["seed", "trainer.random_seed", "data/Seed", "seedling", "lr"]
    assert [is_seed(key) for key in keys] == [True, True, True, False, False]
