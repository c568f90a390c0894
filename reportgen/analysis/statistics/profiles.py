"""Performance profiles: which share of the runs does better than a score, for every score (Agarwal and others 2021, section 4.2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.aggregates import LEVEL
from reportgen.analysis.statistics.resampling import SEED, draws, interval
from reportgen.analysis.statistics.sample import Floats, Sample
from reportgen.model import Goal

_RESAMPLES = 2_000


@dataclass(frozen=True, eq=False)
class Profile:
    """The share of runs that are better than each score.

    Attributes:
        scores: Ascending, shape (m,).
        share: The share of the runs of all tasks that are strictly better, shape (m,).
        low, high: Pointwise interval by the stratified bootstrap, shape (m,); NaN where a task has but one run.
        n: How many runs.
    """

    scores: Floats
    share: Floats
    low: Floats
    high: Floats
    n: int


def profile(sample: Sample, scores: Floats, goal: Goal = "max", level: float = LEVEL) -> Profile:
    """The performance profile of a sample that is not empty at these scores."""
    share = _better([one[None] for one in sample.arrays], scores, goal)[0]
    if sample.error is None:
        nothing = np.full(len(scores), np.nan)
        return Profile(scores, share, nothing, nothing, sample.n)
    rng = np.random.default_rng(SEED)
    resampled = np.concatenate([_better(portion, scores, goal) for portion in draws(sample, _RESAMPLES, rng)])
    low, high = interval(resampled, level)
    return Profile(scores, share, low, high, sample.n)


def _better(drawn: list[Floats], scores: Floats, goal: Goal) -> Floats:
    """The share that is better than each score: for each task values of shape (m, n_runs) → (m, n_scores)."""
    pooled = np.sort(np.concatenate(drawn, axis=1), axis=1)
    n = pooled.shape[1]
    if goal == "max":
        return np.asarray(np.stack([n - np.searchsorted(one, scores, side="right") for one in pooled]) / n)
    return np.asarray(np.stack([np.searchsorted(one, scores, side="left") for one in pooled]) / n)
