"""How well the model predicts runs that it has not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from reportgen.analysis.importance.modes import search
from reportgen.analysis.importance.process import Process

Floats = NDArray[np.float64]

_FOLDS = 5
_STEPS = 12
_MANY = 150


def cross_validated_r2(process: Process, unknowns: Floats) -> float:
    """R² of the predictions of each fifth of the runs by the others, the unknowns searched anew for each; at most 1, below 0 when the
    mean of the others predicts better. With many runs, which hardly move the unknowns, of each run by the others, these as they are.

    Args:
        unknowns: Where each search starts.
    """
    n = len(process.target)
    if n > _MANY:
        return float(1 - np.mean(process.residuals(unknowns) ** 2))
    fold = np.random.default_rng(0).permutation(n) % _FOLDS
    errors, around = np.empty(n), np.empty(n)
    for k in range(_FOLDS):
        rows, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        part = process.of(rows)
        _, at = search(part, unknowns, _STEPS)
        own = process.target[rows]
        errors[held] = process.target[held] - own.mean() - own.std() * _predicted(part, at, [one.values[held] for one in process.bases])
        around[held] = process.target[held] - own.mean()
    return float(1 - (errors @ errors) / (around @ around))


def _predicted(process: Process, unknowns: Floats, held: list[Floats]) -> Floats:
    """The mean of the posterior at other runs, given by their basis functions."""
    covariance = process.covariance(unknowns, process.parts(unknowns))
    weights = cho_solve(cho_factor(covariance, lower=True), process.target)
    return np.asarray(process.kernel(unknowns, process.parts(unknowns, held)).T @ weights)
