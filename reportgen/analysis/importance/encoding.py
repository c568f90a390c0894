"""Where runs and trees meet: each parameter is one axis, and each tree sees its own coordinates on it.

Every axis carries a probability measure over the parameter's range: uniform over a continuous range (in
logs where the parameter is log), equal for each level of a grid or category, and, for runs that do not set the
parameter, the part of such runs. `Axis.measure` turns a threshold of a tree into the measure below it,
so that the leaves of all trees are boxes in [0, 1]^p under the uniform measure.

Categories have no order, so each tree gets a random one: a split then parts the levels into two random groups,
and a category of any number of levels is still one parameter. Runs that do not set a parameter stand, at
random, below or above all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.result import Level

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
UNSET = -1
_EDGE = 1e-9


class Axis(Protocol):
    """A parameter as the trees of one forest see it."""

    @property
    def coordinates(self) -> Floats:
        """Of each run in each tree, shape (n_trees, n_runs)."""
        ...

    @property
    def positions(self) -> Floats:
        """The same as measure, strictly inside the cell that the tree puts the run in, shape (n_trees, n_runs)."""
        ...

    def measure(self, threshold: Floats, tree: Ints) -> Floats:
        """The measure of what goes left at thresholds of trees, each shape (n,)."""
        ...

    def locate(self, at: Floats) -> Floats:
        """Positions of points given as `Parameter` codes (`code_points`), shape (n_trees, n_points)."""
        ...


def codes(parameter: Parameter) -> Floats:
    """Each run's value as a number on the axis: the level's index, or 0 to 1 over the range; NaN where not set."""
    return code_points(parameter, parameter.values)


def code_points(parameter: Parameter, values: Sequence[Level | None]) -> Floats:
    """Values of a parameter as numbers on its axis, shape (n_values,)."""
    if parameter.levels:
        index = {level: float(i) for i, level in enumerate(parameter.levels)}
        return np.array([np.nan if value is None else index[value] for value in values])
    own = np.array([value for value in parameter.values if value is not None], dtype=float)
    wanted = np.array([np.nan if value is None else value for value in values], dtype=float)
    if parameter.log:
        own, wanted = np.log(own), np.log(wanted)
    scaled = (wanted - own.min()) / (own.max() - own.min())
    single: Floats = scaled.astype(np.float32).astype(np.float64)  # trees compare in single precision
    return single


def place(parameter: Parameter, coded: Floats, n_trees: int, rng: np.random.Generator) -> Axis:
    """The axis of a parameter for a forest of `n_trees` trees."""
    unset = float(np.isnan(coded).mean())
    if parameter.levels:
        n = len(parameter.levels)
        if parameter.kind == "category":
            order = rng.permuted(np.tile(np.arange(n + (unset > 0)), (n_trees, 1)), axis=1)
        else:
            order = np.tile(np.arange(n), (n_trees, 1))
            if unset:
                first = rng.random((n_trees, 1)) < 0.5
                order = np.where(first, np.hstack([order + 1, 0 * first]), np.hstack([order, 0 * first + n]))
        weights = np.array([(1 - unset) / n] * n + ([unset] if unset else []))
        return _discrete(coded, order, weights)
    return _continuous(coded, unset, rng.random(n_trees) < 0.5)


@dataclass(frozen=True, eq=False)
class _Discrete:
    """Levels at the integers, in each tree's own order; `order[t, level]` is the place of a level."""

    coordinates: Floats
    positions: Floats
    order: Ints
    below: Floats

    def measure(self, threshold: Floats, tree: Ints) -> Floats:
        n_left = np.clip(np.floor(threshold).astype(np.intp) + 1, 0, self.below.shape[1] - 1)
        return self.below[tree, n_left]

    def locate(self, at: Floats) -> Floats:
        level = np.where(np.isnan(at), UNSET, at).astype(np.intp)
        spot = self.order[:, level]
        rows = np.arange(len(spot))[:, None]
        return (self.below[rows, spot] + self.below[rows, spot + 1]) / 2


def _discrete(coded: Floats, order: Ints, weights: Floats) -> _Discrete:
    sorted_weights = weights[np.argsort(order, axis=1)]
    below = np.hstack([np.zeros((len(order), 1)), np.cumsum(sorted_weights, axis=1)])
    below[:, -1] = 1.0
    axis = _Discrete(np.empty(0), np.empty(0), order, below)
    level = np.where(np.isnan(coded), UNSET, coded).astype(np.intp)
    return _Discrete(order[:, level].astype(float), axis.locate(coded), order, below)


@dataclass(frozen=True, eq=False)
class _Continuous:
    """The range at 0 to 1; what is not set half a range below it (`low[t]`) or above it."""

    coordinates: Floats
    positions: Floats
    unset: float
    low: NDArray[np.bool_]

    def measure(self, threshold: Floats, tree: Ints) -> Floats:
        low = self.low[tree]
        beyond = np.where(low, threshold >= -0.5, threshold >= 1.5)
        return self.unset * beyond + (1 - self.unset) * np.clip(threshold, 0, 1)

    def locate(self, at: Floats) -> Floats:
        start = np.where(self.low, self.unset, 0.0)[:, None]
        inside = np.clip(start + (1 - self.unset) * np.clip(at, 0, 1), start + _EDGE, None)
        outside = np.where(self.low, self.unset / 2, 1 - self.unset / 2)[:, None]
        return np.where(np.isnan(at), outside, inside)


def _continuous(coded: Floats, unset: float, low: NDArray[np.bool_]) -> _Continuous:
    axis = _Continuous(np.empty(0), np.empty(0), unset, low)
    far = np.where(low, -0.5, 1.5)[:, None]
    return _Continuous(np.where(np.isnan(coded), far, coded), axis.locate(coded), unset, low)
