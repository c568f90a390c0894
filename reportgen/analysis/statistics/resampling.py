"""The stratified bootstrap: runs are drawn again with replacement within each task (Efron 1979; Agarwal and others 2021)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.statistics.sample import Floats, Sample

RESAMPLES = 10_000
SEED = 0
_AT_ONCE = 2_000_000


def draws(sample: Sample, resamples: int, rng: np.random.Generator) -> Iterator[list[Floats]]:
    """Resamples in portions: for each task the values that were drawn, shape (portion, n_runs_of_the_task)."""
    portion = max(1, _AT_ONCE // max(1, sample.n))
    for start in range(0, resamples, portion):
        size = min(portion, resamples - start)
        yield [one[rng.integers(len(one), size=(size, len(one)), dtype=np.int32)] for one in sample.arrays]


def counts(sample: Sample, resamples: int, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """How often each run was drawn: for each task, shape (resamples, n_runs_of_the_task)."""
    found = []
    for one in sample.arrays:
        n = len(one)
        drawn = rng.integers(n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
        found.append(np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n).astype(np.float64))
    return found


def interval(resampled: Floats, level: float, sample: Sample | None = None) -> tuple[Floats, Floats]:
    """The ends of the percentile interval of resampled statistics, shape (resamples, …) → (…).

    Args:
        resampled: The statistic of each resample.
        level: How much of the truth it should hold, for example 0.95.
        sample: Where given, the percentiles are moved outwards as far as the few runs of the sample make a percentile interval too
            narrow: by √(n / (n − 1)) and from the normal to Student's t ("expanded percentile", Hesterberg 2015, The American
            Statistician 69, 371–386).
    """
    tail = (1 - level) / 2
    if sample is not None:
        tail = _expanded(tail, sample)
    low, high = np.quantile(resampled, [tail, 1 - tail], axis=0)
    return low, high


def _expanded(tail: float, sample: Sample) -> float:
    from scipy.special import ndtr, stdtrit

    n = sample.n / len(sample.tasks)
    return float(ndtr(stdtrit(sample.freedom, tail) * math.sqrt(n / (n - 1))))
