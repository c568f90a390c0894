"""Which parameters moved a target: the one function that users call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from reportgen.analysis.importance.basis import basis
from reportgen.analysis.importance.correlation import spearman
from reportgen.analysis.importance.frame import runs_of
from reportgen.analysis.importance.modes import Mode, modes
from reportgen.analysis.importance.one_thread import one_thread
from reportgen.analysis.importance.parameters import Parameter, decides
from reportgen.analysis.importance.permutation import chance
from reportgen.analysis.importance.posterior import Draws, draws
from reportgen.analysis.importance.process import Process
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
from reportgen.analysis.importance.words import FEWEST_RUNS, SIGNIFICANCE, direction, verdict, warnings
from reportgen.errors import QueryError
from reportgen.model import Goal, Run, Runs, number

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.9
_POLYNOMIALS = 10
_MOST_VALUES = 2_500_000
"""The unknowns are found on so many runs that parameters times runs squared stays below this; their number has little left to say then."""
_CURVE_POINTS = 33
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
        seed: The same seed and runs give the same result, in whatever order the runs come.

    Raises:
        QueryError: Unknown target or parameter; a target that does not vary; fewer than 4 runs with a finite target;
            no parameter that varies; a log scale for values that are not positive.
    """
    if not isinstance(runs, Runs):
        runs = runs_of(runs, target)
    target = runs.column(target)
    goal = goal or runs.goal(target)
    used, values, without = _with_target(runs, target)
    parameters, ignored = choose(runs, used, target, params, log, linear)
    base = Importance(
        target, goal, "", False, (), tuple(run.id for run in used), tuple(map(float, values)), without, tuple(ignored), (), scale,
        level=LEVEL,
    )  # fmt: skip
    answer = response(values, scale, target)
    if len(used) < FEWEST_RUNS:
        found = replace(base, parameters=_without_shares(parameters, values))
    else:
        found = _quantified(base, parameters, answer, values, np.random.default_rng(seed))
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


def _quantified(
    base: Importance, parameters: Sequence[Parameter], answer: Response, values: NDArray[np.float64], rng: np.random.Generator
) -> Importance:
    deciding = {j: k for j, k in permutations(range(len(parameters)), 2) if decides(parameters[k], parameters[j])}
    bases = tuple(basis(one, _POLYNOMIALS, parameters[deciding[j]] if j in deciding else None) for j, one in enumerate(parameters))
    process = Process(bases, answer.standard, tuple((min(pair), max(pair)) for pair in deciding.items()))
    some = _some(process, rng)
    found = modes(some)
    grids = [_curve_values(one) for one in parameters]
    drawn = draws(process, found, [one.at(grid) for one, grid in zip(bases, grids, strict=True)], rng)
    by_chance = chance(bases, answer.standard, rng)
    told = _told(some, found[0]) if by_chance <= SIGNIFICANCE else np.zeros(len(parameters), dtype=bool)
    shares = _with_shares(base, parameters, values, drawn, told, grids, answer)
    names = [one.name for one in parameters]
    pairs = [PairImportance((names[j], names[k]), _share(part)) for (j, k), part in drawn.pairs.items()]
    return replace(
        base,
        parameters=shares,
        interactions=_share(drawn.together),
        pairs=tuple(sorted(pairs, key=lambda one: (-one.share.value, one.names))),
        noise=_share(drawn.noise),
        r2=cross_validated_r2(some, found[0].unknowns),
        by_chance=by_chance,
    )


def _some(process: Process, rng: np.random.Generator) -> Process:
    """The process over as many runs as are needed for its unknowns."""
    n = len(process.target)
    most = math.isqrt(_MOST_VALUES // process.p)
    return process if n <= most else process.of(np.sort(rng.choice(n, most, replace=False)))


def _told(process: Process, mode: Mode) -> NDArray[np.bool_]:
    """Which parameters the runs need: without one the evidence falls by more than chance explains.

    Twice the fall of the log evidence is compared with chi-square of two degrees of freedom, one for each unknown of the parameter (Wilks
    1938); the noise may take the parameter's place.
    """
    threshold = chi2.ppf(1 - SIGNIFICANCE, 2) / 2
    whole = process.evidence(mode.unknowns)
    told = []
    for k in range(process.p):
        without = mode.unknowns.copy()
        without[k] = -40.0
        noises = np.minimum(without[-1] + np.array([0.0, 0.7, 2.0, 5.0]), 0.5)
        # The first that does without it is enough.
        told.append(all(whole - process.evidence(np.append(without[:-1], noise)) > threshold for noise in noises))
    return np.array(told)


def _share(part: NDArray[np.float64]) -> Share:
    """The median of draws and the ends of their interval."""
    low, value, high = np.quantile(part, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return Share(float(value), float(low), float(high))


def _curve_values(parameter: Parameter) -> tuple[Level | None, ...]:
    """Where a marginal is evaluated: at all levels, else evenly over the range on the parameter's scale; last where it is not set."""
    unset = () if parameter.present.all() else (None,)
    if parameter.levels:
        return (*parameter.levels, *unset)
    assert parameter.range is not None
    space = np.geomspace if parameter.log else np.linspace
    return (*map(float, space(*parameter.range, _CURVE_POINTS)), *unset)


def _with_shares(
    base: Importance, parameters: Sequence[Parameter], values: NDArray[np.float64], drawn: Draws, told: NDArray[np.bool_],
    grids: Sequence[tuple[Level | None, ...]], answer: Response,
) -> tuple[ParameterImportance, ...]:  # fmt: skip
    found = []
    for j, one in enumerate(parameters):
        first, total = _share(drawn.first[:, j]), _share(drawn.total[:, j])
        clear = bool(told[j])
        if not clear:
            first, total = replace(first, low=0.0), replace(total, low=0.0)
        curve = _marginal(grids[j], drawn.curves[j], answer)
        found.append(
            ParameterImportance(
                one.name, one.column, one.kind, one.log, first.value, first.low, first.high, total, clear, _correlation(one, values),
                int(one.present.sum()), direction(one, curve, base.goal) if clear else "", curve, one.values,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.total.value, one.name)))


def _marginal(grid: tuple[Level | None, ...], curves: NDArray[np.float64], answer: Response) -> Marginal:
    low, middle, high = (answer.own_units(end) for end in np.quantile(curves, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0))
    ends = [tuple(map(float, one)) for one in zip(middle, low, high, strict=True)]
    at = tuple(value for value in grid if value is not None)
    unset = ends[-1] if len(at) < len(grid) else None
    middles, lows, highs = (tuple(one[i] for one in ends[: len(at)]) for i in range(3))
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
