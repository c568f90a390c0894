"""From parameters and a target to the posterior: all that is computed from the runs themselves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from reportgen.analysis.importance.basis import basis
from reportgen.analysis.importance.modes import Mode, modes
from reportgen.analysis.importance.parameters import Parameter, decides
from reportgen.analysis.importance.permutation import chance
from reportgen.analysis.importance.posterior import Draws, draws
from reportgen.analysis.importance.process import Process
from reportgen.analysis.importance.result import Level
from reportgen.analysis.importance.space import Space
from reportgen.analysis.importance.target import Response
from reportgen.analysis.importance.words import SIGNIFICANCE

_POLYNOMIALS = 10
_MOST_VALUES = 2_500_000
"""The unknowns are found on so many runs that parameters times runs squared stays below this; their number has little left to say then."""
_CURVE_POINTS = 33


@dataclass(frozen=True, eq=False)
class Fitted:
    """What the runs say, before it is put into words and numbers.

    Attributes:
        some: The process over as many runs as its unknowns need, and its first mode.
        grids: Of each parameter where its curve is evaluated; last None where it is not set everywhere.
        told: Which parameters are told from noise.
    """

    space: Space
    answer: Response
    some: Process
    mode: Mode
    drawn: Draws
    grids: tuple[tuple[Level | None, ...], ...]
    by_chance: float
    told: NDArray[np.bool_]

    @property
    def names(self) -> list[str]:
        """Of the parameters, in their order."""
        return [one.name for one in self.space.parameters]

    @property
    def set_grids(self) -> list[tuple[Level, ...]]:
        """The grids without the place where a parameter is not set."""
        return [tuple(value for value in grid if value is not None) for grid in self.grids]


def fitted(parameters: Sequence[Parameter], answer: Response, rng: np.random.Generator) -> Fitted:
    """What the runs say of the parameters: the posterior, and which of them are told from noise."""
    deciding = {j: k for j, k in permutations(range(len(parameters)), 2) if decides(parameters[k], parameters[j])}
    bases = tuple(basis(one, _POLYNOMIALS, parameters[deciding[j]] if j in deciding else None) for j, one in enumerate(parameters))
    process = Process(bases, answer.standard, tuple((min(pair), max(pair)) for pair in deciding.items()))
    some = _some(process, rng)
    found = modes(some)
    grids = tuple(_curve_values(one) for one in parameters)
    drawn = draws(process, found, [one.at(grid) for one, grid in zip(bases, grids, strict=True)], rng)
    by_chance = chance(bases, answer.standard, rng)
    told = _told(some, found[0]) if by_chance <= SIGNIFICANCE else np.zeros(len(parameters), dtype=bool)
    return Fitted(Space(tuple(parameters), bases, deciding), answer, some, found[0], drawn, grids, by_chance, told)


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


def _curve_values(parameter: Parameter) -> tuple[Level | None, ...]:
    """Where a marginal is evaluated: at all levels, else evenly over the range on the parameter's scale; last where it is not set."""
    unset = () if parameter.present.all() else (None,)
    if parameter.levels:
        return (*parameter.levels, *unset)
    assert parameter.range is not None
    space = np.geomspace if parameter.log else np.linspace
    return (*map(float, space(*parameter.range, _CURVE_POINTS)), *unset)
