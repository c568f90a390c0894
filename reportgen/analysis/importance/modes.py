"""The unknowns of the process given the runs: where evidence times prior is greatest, and how far around that they may lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reportgen.analysis.importance.process import Process

Floats = NDArray[np.float64]

_STARTS = ((-1.0, -4.0), (-1.0, -0.7), (-4.0, -0.1))
"""Scale of each parameter and logarithm of the noise at the start: hardly any noise, half noise, nearly all noise."""
_ENOUGH_TO_COME_NEAR, _LAST_STEPS = 64, 20
_WIDEST = 3.0
"""The largest standard deviation of a direction: beyond it the quadratic that stands for the posterior means nothing."""
_SAME, _SAME_LOSS = 0.7, 0.05
"""Two ends of searches that differ by less in each unknown, and in the loss, are one."""


@dataclass(frozen=True, eq=False)
class Mode:
    """A maximum of the posterior of the unknowns, and the normal distribution around it (Laplace's method).

    Attributes:
        unknowns: Shape (q,).
        spread: A square root of the covariance, shape (q, q).
        weight: The part of the posterior's mass that is here.
    """

    unknowns: Floats
    spread: Floats
    weight: float


def modes(process: Process) -> list[Mode]:
    """The maxima that are found from several starts, the one with most mass first.

    Of many runs some are enough to come near a maximum.
    """
    n = len(process.target)
    some = process if n <= _ENOUGH_TO_COME_NEAR else process.of(np.linspace(0, n - 1, _ENOUGH_TO_COME_NEAR).astype(np.intp))
    found = _distinct(search(some, start) for start in _starts(process))
    if some is not process:
        found = _distinct(search(process, at, _LAST_STEPS) for _, at in found)
    spreads = [_spread(process, at) for _, at in found]
    mass = np.array([-loss + np.linalg.slogdet(spread)[1] for (loss, _), spread in zip(found, spreads, strict=True)])
    weights = np.exp(mass - mass.max())
    weights /= weights.sum()
    several = [Mode(at, spread, float(weight)) for (_, at), spread, weight in zip(found, spreads, weights, strict=True)]
    return sorted(several, key=lambda one: -one.weight)


def _distinct(ends: Iterable[tuple[float, Floats]]) -> list[tuple[float, Floats]]:
    """The ends of searches without repetitions."""
    found: list[tuple[float, Floats]] = []
    for loss, at in ends:
        if all(abs(loss - other) > _SAME_LOSS or np.abs(at - place).max() > _SAME for other, place in found):
            found.append((loss, at))
    return found


def search(process: Process, start: Floats, steps: int = 150) -> tuple[float, Floats]:
    """The least loss that a search from a start finds, and where."""
    options = {"maxiter": steps, "ftol": 1e-6, "gtol": 1e-3}
    found = minimize(process.loss, start, jac=True, method="L-BFGS-B", bounds=process.bounds, options=options)
    return float(found.fun), np.asarray(found.x)


def _starts(process: Process) -> Sequence[Floats]:
    p = process.p
    found = []
    for scale, noise in _STARTS:
        start = process.mean.copy()
        start[:p], start[-1] = scale - np.log(p) / 2, noise
        found.append(start)
    return found


def _spread(process: Process, at: Floats) -> Floats:
    """A square root of the inverse of the expected second derivatives."""
    values, vectors = np.linalg.eigh(process.information(at))
    return np.asarray(vectors / np.sqrt(np.maximum(values, _WIDEST**-2)))
