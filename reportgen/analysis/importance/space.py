"""Points of the search space: drawn evenly from it, as `basis` measures it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.basis import Basis
from reportgen.analysis.importance.parameters import Parameter
from reportgen.analysis.importance.result import Level

Column = tuple[Level | None, ...]
"""The value of a parameter at each of some points; None where it is not set."""


@dataclass(frozen=True, eq=False)
class Space:
    """The search space of some parameters.

    Attributes:
        deciding: Number of a parameter → number of the category that decides whether it is set.
    """

    parameters: tuple[Parameter, ...]
    bases: tuple[Basis, ...]
    deciding: Mapping[int, int]

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Column, ...]:
        """A Latin hypercube of `n` points (McKay, Beckman and Conover 1979), a column for each parameter.

        A parameter has a value also where another one decides that it is not set: see `asked`.
        """
        return tuple(self._column(k, n, rng) for k in range(len(self.parameters)))

    def _column(self, k: int, n: int, rng: np.random.Generator) -> Column:
        one = self.parameters[k]
        if one.levels:
            found: list[Level | None] = [one.levels[i] for i in rng.permutation(np.arange(n) % len(one.levels))]
        else:
            found = [*map(float, at_part(one, (rng.permutation(n) + rng.random(n)) / n))]
        if k not in self.deciding and not one.present.all():
            is_set = rng.permutation(np.arange(n) < round(n * float(one.present.mean())))
            found = [value if has else None for value, has in zip(found, is_set, strict=True)]
        return tuple(found)

    def asked(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns without the values that a deciding category does not ask for."""
        found = list(columns)
        for k, category in self.deciding.items():
            levels = self.levels_with(k)
            found[k] = tuple(
                value if level in levels else None for value, level in zip(columns[k], columns[category], strict=True)
            )  # fmt: skip
        return tuple(found)

    def levels_with(self, k: int) -> frozenset[Level]:
        """The levels of its deciding category with which a parameter is set."""
        one, category = self.parameters[k], self.parameters[self.deciding[k]]
        return frozenset(level for has, level in zip(one.present, category.values, strict=True) if has and level is not None)

    def touched(self, k: int) -> frozenset[int]:
        """The parameters whose functions change with one: itself, and those that it decides of."""
        return frozenset({k, *(other for other, category in self.deciding.items() if category == k)})

    def functions(self, columns: Sequence[Column]) -> dict[int, NDArray[np.float64]]:
        """The basis functions of all parameters at points that are `asked`."""
        return {k: one.at(column) for k, (one, column) in enumerate(zip(self.bases, columns, strict=True))}


def at_part(parameter: Parameter, part: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of a number with a range at parts of it, 0 to 1, on its scale."""
    assert parameter.range is not None
    low, high = parameter.range
    if parameter.log:
        return np.asarray(np.clip(np.exp(np.log(low) + part * (np.log(high) - np.log(low))), low, high))
    return np.asarray(np.clip(low + part * (high - low), low, high))


def part_at(parameter: Parameter, value: float) -> float:
    """Where a value lies in the range or between the outer levels of a number, 0 to 1, on its scale."""
    low, high = parameter.range or (float(parameter.levels[0]), float(parameter.levels[-1]))
    if parameter.log:
        low, high, value = np.log([low, high, value])
    return float((value - low) / (high - low)) if high > low else 0.5
