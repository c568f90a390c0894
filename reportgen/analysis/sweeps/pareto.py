"""Several objectives at once: which trials no other beats in all of them, and how much of the space they dominate.

All values here are losses: less is better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.sweeps.trials import Trials

Floats = NDArray[np.float64]
_MARGIN = 0.1
"""So much of its range the reference point lies behind the worst value of each objective."""


def pareto_front(losses: Floats) -> NDArray[np.bool_]:
    """Which points no other point dominates, shape (n,), for losses of shape (n, n_objectives).

    A point dominates another when it is nowhere worse and somewhere better; equal points are both on the front.
    """
    n = len(losses)
    is_front = np.ones(n, dtype=bool)
    order = np.lexsort(losses.T[::-1])
    front: list[int] = []
    for i in order:
        # What dominates a point comes before it in lexicographic order.
        others = losses[front]
        if len(front) and bool(((others <= losses[i]).all(axis=1) & (others < losses[i]).any(axis=1)).any()):
            is_front[i] = False
        else:
            front.append(int(i))
    return is_front


def reference_point(losses: Floats) -> Floats:
    """A point that is worse than all: behind the worst value of each objective by a tenth of its range, shape (n_objectives,)."""
    worst, best = losses.max(axis=0), losses.min(axis=0)
    span = worst - best
    return np.asarray(worst + np.where(span > 0, span * _MARGIN, np.maximum(np.abs(worst), 1.0) * _MARGIN))


def hypervolume(losses: Floats, reference: Floats) -> float:
    """The volume between a set of points, shape (n, n_objectives), and a reference point (Zitzler and Thiele 1998).

    Two objectives are swept; more are computed by exclusive volumes (While, Bradstreet and Barone 2012, “WFG”).
    """
    inside = losses[(losses < reference).all(axis=1)]
    if not len(inside):
        return 0.0
    front = np.unique(inside[pareto_front(inside)], axis=0)
    if front.shape[1] == 1:
        return float(reference[0] - front[:, 0].min())
    if front.shape[1] == 2:
        upper = np.concatenate([[reference[1]], front[:-1, 1]])
        return float(((reference[0] - front[:, 0]) * (upper - front[:, 1])).sum())
    return sum(_exclusive(front[i], front[i + 1 :], reference) for i in range(len(front)))


def _exclusive(point: Floats, others: Floats, reference: Floats) -> float:
    """The volume that a point alone dominates, beside some others."""
    alone = float(np.prod(reference - point))
    return alone - hypervolume(np.maximum(others, point), reference) if len(others) else alone


@dataclass(frozen=True, eq=False)
class Front:
    """The Pareto front of a sweep.

    Attributes:
        is_front: Of the trials that count, shape (n,).
        reference: The reference point in the units of the objectives, shape (n_objectives,).
        volume: The hypervolume after each trial that counts, as a share of the last, shape (n,).
    """

    is_front: NDArray[np.bool_]
    reference: Floats
    volume: Floats


def front_of(trials: Trials) -> Front:
    """The Pareto front of the trials that count, and how it grew. At least one trial must count."""
    losses = trials.losses
    signs = np.array([one.sign for one in trials.objectives])
    reference = reference_point(losses)
    volumes: list[float] = []
    kept = np.empty((0, losses.shape[1]))
    for point in losses:
        if len(kept) and bool((kept <= point).all(axis=1).any()):
            volumes.append(volumes[-1])
            continue
        kept = np.vstack([kept[~(point <= kept).all(axis=1)], point])
        volumes.append(hypervolume(kept, reference))
    volume = np.array(volumes)
    return Front(pareto_front(losses), reference * signs, volume / volume[-1] if volume[-1] > 0 else volume)
