"""Which parameters moved a target: the one function that users call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.correlation import ranked, spearman
from reportgen.analysis.importance.fanova import forest_shares
from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.replicates import is_worth_workers, one_thread
from reportgen.analysis.importance.result import Correlation, Importance, Level, Marginal, ParameterImportance, TargetScale
from reportgen.analysis.importance.selection import choose
from reportgen.analysis.importance.shares import out_of_bag_r2
from reportgen.analysis.importance.uncertainty import (
    LEVEL,
    Design,
    Fit,
    Spread,
    band,
    bootstrap,
    largest_by_chance,
    noise_floor,
    share_intervals,
)
from reportgen.analysis.importance.words import FEWEST_RUNS, direction, verdict, warnings
from reportgen.errors import QueryError
from reportgen.model import Goal, Run, Runs, number

N_TREES = 100
N_RESAMPLES = 100
N_PERMUTATIONS = 59
_CURVE_POINTS = 33
_LEAST = 4


@one_thread()
def importance(
    runs: Runs,
    target: str,
    goal: Goal | None = None,
    params: Sequence[str] | None = None,
    *,
    log: Sequence[str] = (),
    linear: Sequence[str] = (),
    scale: TargetScale = "linear",
    seed: int = 0,
    n_resamples: int = N_RESAMPLES,
    n_permutations: int = N_PERMUTATIONS,
) -> Importance:
    """Which parameters moved the target, by how much, in which direction, and how sure that is.

    The shares are about *these runs*: a parameter that was hardly varied explains hardly anything. The method is functional
    ANOVA over a random forest (Hutter, Hoos and Leyton-Brown 2014), its main effects tested on runs that the trees
    have not seen; see `shares`, `fanova` and `uncertainty` in this package.

    Args:
        target: A metric or another numeric column of the runs; also `min(val/loss)` and its like.
        goal: Whether more ("max") or less ("min") is better, for the words; by default what `runs.goal(target)` says.
        params: Names or globs of columns; by default the whole config without seeds and keys of the tracker.
        log: Names or globs of parameters to be read on a log scale; those that look log-uniform are by themselves.
        linear: Names or globs of parameters not to be read on a log scale.
        scale: How the target is read: as it is, its logarithm, or its rank (for targets with wild values).
        seed: The same seed and runs give the same result, in whatever order the runs come
            and however many workers fit the forests.
        n_resamples: Bootstrap resamples for the intervals.
        n_permutations: Shuffled targets for the noise floor.

    Raises:
        QueryError: Unknown target or parameter; a target that does not vary; fewer than 4 runs with a finite target;
            no parameter that varies; a log scale for values that are not positive.
    """
    target = runs.column(target)
    goal = goal or runs.goal(target)
    used, values, without = _with_target(runs, target)
    response = _scaled(values, scale, target)
    parameters, ignored = choose(runs, used, target, params, log, linear)
    seeds = np.random.SeedSequence(seed).spawn(3)
    grids = [_curve_values(one) for one in parameters]
    design = Design.of(parameters, [(*grid, None) for grid in grids], response)
    base = Importance(
        target, goal, "", False, (), math.nan, math.nan, math.nan, tuple(run.id for run in used), tuple(map(float, values)),
        without, tuple(ignored), (), scale, level=LEVEL,
    )  # fmt: skip
    if len(used) < FEWEST_RUNS:
        found = replace(base, parameters=_without_shares(parameters, values))
    else:
        fit = design.fit(N_TREES, np.random.default_rng(seeds[0]))
        r2 = out_of_bag_r2(fit.forest, response)
        by_workers = is_worth_workers(design.cost * (n_resamples + n_permutations))
        spread = bootstrap(design, n_resamples, seeds[1], by_workers)
        floor = noise_floor(largest_by_chance(design, n_permutations, seeds[2], by_workers))
        curves = _marginals(design, fit, spread, grids, _Unscaled(values, response))
        found = replace(
            base,
            parameters=_with_shares(parameters, values, fit, spread, floor if r2 > 0 else math.inf, curves, goal),
            remainder=float(max(0.0, 1 - fit.shares.sum())),
            r2=r2,
            noise_floor=floor,
            n_trees=N_TREES,
            n_resamples=n_resamples,
            n_permutations=n_permutations,
        )
    said = warnings(used, without, response, parameters, found.r2)
    found = replace(found, conclusive=any(one.above_noise for one in found.parameters), warnings=said)
    return replace(found, verdict=verdict(found))


def _with_target(runs: Runs, target: str) -> tuple[list[Run], NDArray[np.float64], int]:
    """The runs with a finite target, sorted by id, their targets, and how many were left out."""
    valued = [(run, number(run[target])) for run in sorted(runs, key=lambda run: run.id)]
    kept = [(run, value) for run, value in valued if value is not None and math.isfinite(value)]
    if len(kept) < _LEAST:
        raise QueryError(
            f"'{target}' has a finite value in {len(kept)} of {len(runs)} runs; importance needs at least {_LEAST}",
            hint=f"{FEWEST_RUNS} are the least that can say something",
        )
    values = np.array([value for _, value in kept])
    if np.ptp(values) == 0:
        raise QueryError(f"'{target}' is {values[0]:g} in all {len(kept)} runs", hint="importance needs a target that varies")
    return [run for run, _ in kept], values, len(runs) - len(kept)


def _scaled(values: NDArray[np.float64], scale: TargetScale, target: str) -> NDArray[np.float64]:
    if scale == "rank":
        return ranked(values)
    if scale == "log":
        if values.min() <= 0:
            raise QueryError(f"'{target}' has no logarithm: its least value is {values.min():g}", hint="use scale: rank")
        return np.log(values)
    return values


class _Unscaled:
    """From the scale of the model back to the target's own units, by interpolation between the runs."""

    def __init__(self, values: NDArray[np.float64], response: NDArray[np.float64]) -> None:
        order = np.argsort(response, kind="stable")
        self.response, self.values = response[order], values[order]

    def __call__(self, predicted: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(predicted, self.response, self.values)


def _curve_values(parameter: Parameter) -> tuple[Level, ...]:
    """Where a marginal is evaluated: at all levels, else evenly over the range on the parameter's scale."""
    if parameter.levels:
        return parameter.levels
    own = np.array([value for value in parameter.values if value is not None], dtype=float)
    space = np.geomspace if parameter.log else np.linspace
    return tuple(map(float, space(own.min(), own.max(), _CURVE_POINTS)))


def _marginals(
    design: Design, fit: Fit, spread: Spread, grids: Sequence[tuple[Level, ...]], unscaled: _Unscaled
) -> list[Marginal]:
    found = []
    for one, grid, curve, resampled in zip(design.parameters, grids, fit.curves(design.points), spread.curves, strict=True):
        low, high = (unscaled(end) for end in band(resampled))
        mean = unscaled(curve)
        ends = [(float(m), float(min(a, m)), float(max(b, m))) for m, a, b in zip(mean, low, high, strict=True)]
        middle, bottom, top = (tuple(end[k] for end in ends[:-1]) for k in range(3))
        found.append(Marginal(grid, middle, bottom, top, None if one.present.all() else ends[-1]))
    return found


def _with_shares(
    parameters: Sequence[Parameter], values: NDArray[np.float64], fit: Fit, spread: Spread, floor: float,
    curves: Sequence[Marginal], goal: Goal | None,
) -> tuple[ParameterImportance, ...]:  # fmt: skip
    low, high = share_intervals(fit.shares, spread.shares)
    own = forest_shares(fit.forest)
    found = []
    for j, one in enumerate(parameters):
        clear = bool(fit.shares[j] > floor)
        found.append(
            ParameterImportance(
                one.name, one.column, one.kind, one.log, float(fit.shares[j]), float(low[j]), float(high[j]), clear,
                float(own[j]), _correlation(one, values), int(one.present.sum()),
                direction(one, curves[j], goal) if clear else "", curves[j], one.values,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.share, one.name)))


def _without_shares(parameters: Sequence[Parameter], values: NDArray[np.float64]) -> tuple[ParameterImportance, ...]:
    nothing = math.nan
    found = [
        ParameterImportance(
            one.name, one.column, one.kind, one.log, nothing, nothing, nothing, False, nothing,
            _correlation(one, values), int(one.present.sum()), "", None, one.values,
        )
        for one in parameters
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-abs(one.correlation.value) if one.correlation else 0.0, one.name)))


def _correlation(parameter: Parameter, values: NDArray[np.float64]) -> Correlation | None:
    numbers = parameter.numbers()
    return None if numbers is None else spearman(numbers, values)
