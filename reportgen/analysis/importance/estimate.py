"""Which parameters moved a target: the one function that users call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.correlation import spearman
from reportgen.analysis.importance.fit import Fitted, fitted
from reportgen.analysis.importance.frame import runs_of
from reportgen.analysis.importance.good import part_among, with_good
from reportgen.analysis.importance.intervals import LEVEL, ends, share_of
from reportgen.analysis.importance.maps import pair_maps
from reportgen.analysis.importance.one_thread import one_thread
from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.result import (
    Correlation,
    Importance,
    Level,
    Marginal,
    PairImportance,
    ParameterImportance,
    Share,
    TargetScale,
)
from reportgen.analysis.importance.selection import choose
from reportgen.analysis.importance.target import Response, response
from reportgen.analysis.importance.validation import cross_validated_r2
from reportgen.analysis.importance.words import FEWEST_RUNS, direction, verdict, warnings
from reportgen.errors import QueryError
from reportgen.model import Goal, Run, Runs, number

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 4


@one_thread()
def importance(
    runs: Runs | pd.DataFrame,
    target: str,
    goal: Goal | None = None,
    params: Sequence[str] | None = None,
    *,
    log: Sequence[str] = (),
    linear: Sequence[str] = (),
    scale: TargetScale = "linear",
    among: float | str | None = None,
    maps: int | Sequence[tuple[str, str]] = 0,
    seed: int = 0,
) -> Importance:
    """Which parameters moved the target, by how much, in which direction, and how sure that is.

    A share is a Sobol index (Sobol 1993): the part of the target's variance, noise included, that a parameter explains
    alone when all parameters are drawn from their search space, whatever a sampler made of it. The search space is what the
    logs say, else the range of the values. The model is a Gaussian process whose kernel is a polynomial chaos, see `process`;
    intervals come from its posterior, unknowns of the kernel included. Whether anything was found at all is a permutation
    test (`permutation`), whether a single parameter was, a likelihood ratio.

    Args:
        runs: Runs, or a table with a row for each and the parameters and the target as columns.
        target: A metric or another numeric column of the runs; also `min(val/loss)` and its like.
        goal: Whether more ("max") or less ("min") is better, for the words; by default what `runs.goal(target)` says.
        params: Names or globs of columns; by default the whole config without seeds and keys of the tracker.
        log: Names or globs of parameters to be read on a log scale; those that look log-uniform are by themselves.
        linear: Names or globs of parameters not to be read on a log scale.
        scale: How the target is read: as it is, its logarithm, or its rank (for targets with wild values).
        among: Also what matters among the good: `"top 25 %"` or 0.25 is the quarter of the search space with the best predictions.
        maps: Also the predictions along two parameters: pairs of names, or for how many of the strongest pairs.
        seed: The same seed and runs give the same result, in whatever order the runs come.

    Raises:
        QueryError: Unknown target or parameter; a target that does not vary; fewer than 4 runs with a finite target;
            no parameter that varies; a log scale for values that are not positive; `among` that is no part, or without a goal.
    """
    if not isinstance(runs, Runs):
        runs = runs_of(runs, target)
    target = runs.column(target)
    goal = goal or runs.goal(target)
    used, values, without = _with_target(runs, target)
    parameters, ignored = choose(runs, used, target, params, log, linear)
    part = part_among(among, goal, target)
    base = Importance(
        target, goal, "", False, (), tuple(run.id for run in used), tuple(map(float, values)), without, tuple(ignored), (), scale,
        level=LEVEL, among=part,
    )  # fmt: skip
    answer = response(values, scale, target)
    if len(used) < FEWEST_RUNS:
        found = replace(base, parameters=_without_shares(parameters, values))
    else:
        fit = fitted(parameters, answer, np.random.default_rng(seed))
        found = with_good(_quantified(base, fit, values), fit, np.random.default_rng([seed, 1]))
        found = replace(found, maps=pair_maps(found, fit, maps))
    said = warnings(used, without, answer, parameters, found)
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


def _quantified(base: Importance, fit: Fitted, values: NDArray[np.float64]) -> Importance:
    drawn, names = fit.drawn, fit.names
    pairs = [PairImportance((names[j], names[k]), share_of(part)) for (j, k), part in drawn.pairs.items()]
    return replace(
        base,
        parameters=_with_shares(base, fit, values),
        interactions=share_of(drawn.together),
        pairs=tuple(sorted(pairs, key=lambda one: (-one.share.value, one.names))),
        noise=share_of(drawn.noise),
        r2=cross_validated_r2(fit.some, fit.mode.unknowns),
        by_chance=fit.by_chance,
    )


def _with_shares(base: Importance, fit: Fitted, values: NDArray[np.float64]) -> tuple[ParameterImportance, ...]:
    found = []
    drawn = fit.drawn
    for j, one in enumerate(fit.space.parameters):
        first, total = share_of(drawn.first[:, j]), share_of(drawn.total[:, j])
        clear = bool(fit.told[j])
        if not clear:
            first, total = replace(first, low=0.0), replace(total, low=0.0)
        curve = _marginal(fit.grids[j], drawn.curves[j], fit.answer)
        found.append(
            ParameterImportance(
                one.name, one.column, one.kind, one.log, first.value, first.low, first.high, total, clear, _correlation(one, values),
                int(one.present.sum()), direction(one, curve, base.goal) if clear else "", curve, one.values,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.total.value, one.name)))


def _marginal(grid: tuple[Level | None, ...], curves: NDArray[np.float64], answer: Response) -> Marginal:
    low, middle, high = (answer.own_units(end) for end in ends(curves))
    three = [tuple(map(float, one)) for one in zip(middle, low, high, strict=True)]
    at = tuple(value for value in grid if value is not None)
    unset = three[-1] if len(at) < len(grid) else None
    middles, lows, highs = (tuple(one[i] for one in three[: len(at)]) for i in range(3))
    return Marginal(at, middles, lows, highs, unset)  # type: ignore[arg-type]


def _without_shares(parameters: Sequence[Parameter], values: NDArray[np.float64]) -> tuple[ParameterImportance, ...]:
    nothing = math.nan
    found = [
        ParameterImportance(
            one.name, one.column, one.kind, one.log, nothing, nothing, nothing, Share(nothing, nothing, nothing), False,
            _correlation(one, values), int(one.present.sum()), "", None, one.values,
        )
        for one in parameters
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-abs(one.correlation.value) if one.correlation else 0.0, one.name)))


def _correlation(parameter: Parameter, values: NDArray[np.float64]) -> Correlation | None:
    numbers = parameter.numbers()
    return None if numbers is None else spearman(numbers, values)
