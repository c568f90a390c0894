"""How sure the shares are: bootstrap over runs, and what shuffled targets give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.encoding import Axis, Floats, code_points, codes, place
from reportgen.analysis.importance.fanova import marginals
from reportgen.analysis.importance.forest import Forest, grow
from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.replicates import replicates
from reportgen.analysis.importance.result import Level
from reportgen.analysis.importance.shares import shares

LEVEL = 0.95
MANY_RUNS = 300


@dataclass(frozen=True, eq=False)
class Design:
    """The runs as a regression problem: parameters coded once, the target, and the points of each marginal curve.

    Attributes:
        coded: One array of shape (n_runs,) per parameter.
        points: One array of codes per parameter, shape (n_points,); the last is NaN where runs lack the parameter.
        target: Shape (n_runs,).
    """

    parameters: tuple[Parameter, ...]
    coded: tuple[Floats, ...]
    points: tuple[Floats, ...]
    target: Floats

    @classmethod
    def of(cls, parameters: Sequence[Parameter], grids: Sequence[Sequence[Level | None]], target: Floats) -> Design:
        """Codes the parameters, and the values at which their marginals are wanted."""
        points = tuple(code_points(one, grid) for one, grid in zip(parameters, grids, strict=True))
        return cls(tuple(parameters), tuple(map(codes, parameters)), points, target)

    @property
    def trees_per_refit(self) -> int:
        """Trees of a forest on resampled runs or a shuffled target: with many runs each tree is steadier, and slower."""
        return 16 if len(self.target) <= MANY_RUNS else 10

    @property
    def cost(self) -> int:
        """What a refit costs, as the values that its trees sort: runs by parameters by trees."""
        return len(self.target) * len(self.parameters) * self.trees_per_refit

    def fit(self, n_trees: int, rng: np.random.Generator, weights: Floats | None = None, target: Floats | None = None) -> Fit:
        """A forest and the shares by it."""
        weights = np.ones(len(self.target)) if weights is None else weights
        target = self.target if target is None else target
        axes = [place(one, coded, n_trees, rng) for one, coded in zip(self.parameters, self.coded, strict=True)]
        forest = grow(axes, target, weights, rng)
        return Fit(forest, axes, shares(forest, axes, target, weights))


@dataclass(frozen=True, eq=False)
class Fit:
    """A forest, the axes that it saw, and the share of each parameter, shape (n_params,)."""

    forest: Forest
    axes: list[Axis]
    shares: Floats

    def curves(self, points: Sequence[Floats]) -> list[Floats]:
        """The forest's marginal of each parameter at coded points, one array of shape (n_points,) per parameter."""
        found = []
        for j, (axis, at) in enumerate(zip(self.axes, points, strict=True)):
            positions = axis.locate(at)
            tree = np.repeat(np.arange(len(positions)), positions.shape[1])
            found.append(marginals(self.forest, j).at(tree, positions.ravel()).reshape(positions.shape).mean(axis=0))
        return found


@dataclass(frozen=True, eq=False)
class Spread:
    """What the refits on resampled runs gave.

    Attributes:
        shares: Shape (n_resamples, n_params).
        curves: One array of shape (n_resamples, n_points) per parameter.
    """

    shares: Floats
    curves: tuple[Floats, ...]


def bootstrap(design: Design, n_resamples: int, seeds: np.random.SeedSequence, by_workers: bool = False) -> Spread:
    """Draws the runs again with replacement, and fits the forest again on each resample (Efron 1979)."""
    fits = replicates(_resampled, design, seeds.spawn(n_resamples), by_workers)
    curves = tuple(np.array([curves[j] for _, curves in fits]) for j in range(len(design.parameters)))
    return Spread(np.array([found for found, _ in fits]), curves)


def _resampled(design: Design, rng: np.random.Generator) -> tuple[Floats, list[Floats]]:
    n_runs = len(design.target)
    times = np.bincount(rng.integers(n_runs, size=n_runs), minlength=n_runs).astype(float)
    fit = design.fit(design.trees_per_refit, rng, times)
    return fit.shares, fit.curves(design.points)


def share_intervals(estimate: Floats, resampled: Floats) -> tuple[Floats, Floats]:
    """The ends of the interval of each share, shape (n_params,): a percentile interval, corrected for what forests miss.

    A resample holds 63 % of the distinct runs, and a forest on fewer runs sees less of an effect. So the percentiles are
    moved up by what the resamples miss of the estimate; and, by the same token, the forest on all runs misses some
    of what there is (about as much again, were the error to fall as 1/n), so the upper end is moved by it twice. Without
    this the interval lies too low far more often than one time in 40; `tests/bench/importance.py` measures what it covers.
    """
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    missed = np.maximum(0, estimate - resampled.mean(axis=0))
    bottom, top = np.minimum(low + missed, estimate), np.maximum(high + 2 * missed, estimate)
    return np.clip(bottom, 0, 1) + 0.0, np.clip(top, 0, 1) + 0.0


def largest_by_chance(design: Design, n_permutations: int, seeds: np.random.SeedSequence, by_workers: bool = False) -> Floats:
    """The largest share of any parameter for each of several shuffled targets, shape (n_permutations,).

    A share above the 95th percentile is one that less than one of 20 pure noises gives to *any* of the parameters (the
    single-step maxT permutation test: Westfall and Young 1993), so the more parameters there are, the higher it stands.
    """
    return np.array(replicates(_largest_of_shuffled, design, seeds.spawn(n_permutations), by_workers))


def _largest_of_shuffled(design: Design, rng: np.random.Generator) -> float:
    target = rng.permutation(design.target)
    return float(design.fit(design.trees_per_refit, rng, target=target).shares.max())


def noise_floor(by_chance: Floats) -> float:
    """The share that a parameter must exceed to be told from noise: the 95th percentile, rounded up to one that occurred."""
    rank = int(np.ceil(LEVEL * (len(by_chance) + 1))) - 1
    return float(np.sort(by_chance)[min(rank, len(by_chance) - 1)])


def band(resampled: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ends of the interval of a curve at each of its points, both shape (n_points,)."""
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high
