"""What a parameter may do to the target: functions of it that are orthonormal over its search space.

The measure of the space is uniform over a range (in logs where the parameter is log), and the same for each level of a grid or
category. Numbers have polynomials (Legendre's over a range, those that are orthonormal over the levels of a grid), categories have
contrasts. A parameter that is not set everywhere has the functions where it is set and, unless another parameter decides that, one
more for being set. No function has a mean, so that the mean of squared coefficients is variance (Sudret 2008).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray

from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.result import Level

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Basis:
    """The functions of one parameter.

    Attributes:
        values: At the runs, shape (n_runs, n_functions).
        degrees: How much each turns: 0 for the first of a number and for all of a category, shape (n_functions,).
        at: The functions at given values (None for a run that does not set the parameter), shape (n_values, n_functions).
    """

    values: Floats
    degrees: Floats
    at: Callable[[Sequence[Level | None]], Floats]


def basis(parameter: Parameter, most: int, deciding: Parameter | None = None) -> Basis:
    """The functions of a parameter, at most `most` polynomials.

    Args:
        deciding: The category that decides whether the parameter is set, if one does.
    """
    functions, degrees = _over_levels(parameter, most) if parameter.levels else _over_range(parameter, most)
    part = _part_set(parameter, deciding)
    if part < 1:
        with_absence = deciding is None

        def at(values: Sequence[Level | None]) -> Floats:
            is_set = np.array([value is not None for value in values])
            inside = np.zeros((len(values), len(degrees)))
            inside[is_set] = functions([value for value in values if value is not None]) / math.sqrt(part)
            absence = (is_set - part) / math.sqrt(part * (1 - part))
            return np.column_stack([inside, absence]) if with_absence else inside

        return Basis(at(parameter.values), np.append(degrees, 0.0) if with_absence else degrees, at)
    return Basis(functions(parameter.values), degrees, functions)


def _part_set(parameter: Parameter, deciding: Parameter | None) -> float:
    """The part of the search space in which the parameter is set."""
    if deciding is None:
        return float(parameter.present.mean())
    setting = {level for has, level in zip(parameter.present, deciding.values, strict=True) if has}
    return len(setting) / len(deciding.levels)


def _over_range(parameter: Parameter, most: int) -> tuple[Callable[[Sequence[Level | None]], Floats], Floats]:
    assert parameter.range is not None
    low, high = parameter.range
    scale = np.log if parameter.log else np.asarray
    size = np.sqrt(2 * np.arange(1, most + 1) + 1)

    def at(values: Sequence[Level | None]) -> Floats:
        place = (scale(np.array(values, dtype=float)) - scale(low)) / (scale(high) - scale(low))
        return np.asarray(legvander(2 * place - 1, most)[:, 1:] * size)

    return at, np.arange(most, dtype=float)


def _over_levels(parameter: Parameter, most: int) -> tuple[Callable[[Sequence[Level | None]], Floats], Floats]:
    levels = parameter.levels
    n = len(levels)
    if parameter.kind == "category":
        raw, degrees = np.eye(n)[:, : n - 1], np.zeros(n - 1)
    else:
        place = np.array(levels, dtype=float)
        place = np.log(place) if parameter.log else place
        count = min(most, n - 1)
        place = 2 * (place - place[0]) / (place[-1] - place[0]) - 1 if count else place
        raw, degrees = legvander(place, count)[:, 1:], np.arange(count, dtype=float)
    table = np.linalg.qr(np.column_stack([np.ones(n), raw]))[0][:, 1:] * math.sqrt(n)
    index = {level: i for i, level in enumerate(levels)}
    return (lambda values: table[[index[value] for value in values if value is not None]]), degrees
