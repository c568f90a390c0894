"""Whether the parameters say anything of the target at all: a permutation test over all of them and their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.basis import Basis

Floats = NDArray[np.float64]

SHUFFLES = 999
_DECAY = 0.9
_LOW = 3
"""In pairs only functions of so few turns are looked at."""
_MOST_RUNS = 1000
_MOST_FOR_PAIRS = 24


def chance(bases: Sequence[Basis], target: Floats, rng: np.random.Generator) -> float:
    """How often a shuffled target goes with the parameters as much as this one does: a p-value, valid at any number of runs.

    For each parameter, each pair, and all parameters together, the target is projected on their smooth functions; the surest of
    these, each measured by its own rank among the shuffles, is compared with the surest of each shuffle (the step minP of Westfall and
    Young 1993). So it answers for all of them at once.

    Args:
        target: With mean 0 and variance 1, shape (n_runs,).
    """
    rows = np.arange(len(target)) if len(target) <= _MOST_RUNS else rng.choice(len(target), _MOST_RUNS, replace=False)
    own = target[rows]
    targets = np.column_stack([own, *(rng.permutation(own) for _ in range(SHUFFLES))])
    features = [_centred(one.values[rows] * np.exp(-_DECAY * one.degrees / 2)) for one in bases]
    singles = [_projected(one, targets) for one in features]
    pairs = []
    if len(features) <= _MOST_FOR_PAIRS:
        low = [one[:, basis.degrees < _LOW] for one, basis in zip(features, bases, strict=True)]
        for one, other in combinations(low, 2):
            pairs.append(_projected(_centred(np.einsum("na,nb->nab", one, other).reshape(len(rows), -1)), targets))
    together = _ranks(np.sum([one / (one.std() or 1.0) for one in singles], axis=0))
    families = [_ranks(-_surest(several)) for several in (singles, pairs) if several]
    surest = np.min([together, *families], axis=0)
    return float((surest <= surest[0]).mean())


def _centred(features: Floats) -> Floats:
    found: Floats = features - features.mean(axis=0)
    return found


def _projected(features: Floats, targets: Floats) -> Floats:
    """The squared length of the projections of targets on features, shape (n_targets,)."""
    return np.asarray(((features.T @ targets) ** 2).sum(axis=0))


def _ranks(statistic: Floats) -> Floats:
    """The part of all columns whose statistic is at least as large, shape (n_columns,)."""
    ordered = np.sort(-statistic, axis=-1)
    return np.searchsorted(ordered, -statistic, side="right") / len(statistic)


def _surest(statistics: Sequence[Floats]) -> Floats:
    """The least of the parts that `_ranks` gives for several statistics, shape (n_columns,)."""
    found: Floats = np.min([_ranks(one) for one in statistics], axis=0)
    return found
