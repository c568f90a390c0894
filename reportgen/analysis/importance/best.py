"""Where the best of the search space lies, as the model predicts it, and how near that is to the border of what was searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.result import BestRegion, Level
from reportgen.analysis.importance.space import Column, Space, at_part, part_at
from reportgen.analysis.importance.surrogate import Setting, Surrogate

Floats = NDArray[np.float64]

BEST_PART = 0.05
"""So much of the search space is called the best of it."""
_POINTS, _DRAWS = 1024, 120
_SWEEPS = 4
_INSIDE = 0.9
"""A region of numbers holds so much of the best points."""
_NEAR_BORDER, _SURE = 0.1, 0.9
"""The optimum lies at a border where so large a share of the draws has it within so small a part of the range from there."""


@dataclass(frozen=True, eq=False)
class Best:
    """The best of the search space.

    Attributes:
        regions: Of each parameter that was asked for, by its number; not of one that most of the best points do not set.
        optimum: Draws of the target at the predicted optimum, in standard deviations from its mean, shape (n_draws,).
    """

    regions: dict[int, BestRegion]
    optimum: Floats


def best(
    space: Space, surrogate: Surrogate, told: Sequence[int], grids: Sequence[tuple[Level, ...]], sign: float, level: float,
    rng: np.random.Generator,
) -> Best:  # fmt: skip
    """The best of the search space along the parameters that are told from noise.

    Args:
        told: Their numbers.
        grids: Of each parameter the values among which its optimum is looked for, ascending.
        sign: 1 when more of the target is better, −1 when less is.
        level: Of the intervals.
    """
    mean, some = surrogate.mean(), surrogate.some(_DRAWS)
    latent = space.sample(_POINTS, rng)
    columns = space.asked(latent)
    values = sign * mean.at(space.functions(columns))[0]
    order = np.argsort(-values, kind="stable")
    top = order[: round(BEST_PART * _POINTS)]
    point = _Point(space, [column[order[0]] for column in latent], told, grids)
    _climb(point, mean, told, sign)
    regions = {}
    for k in told:
        inside = [value for i in top if (value := columns[k][i]) is not None]
        own = point.is_set(k)
        if own is None or len(inside) < len(top) / 2:
            continue
        profile = sign * some.at(point.varied(k), point.touched(k))
        regions[k] = _region(space, k, inside, len(top), own, grids[k], profile, level)
    return Best(regions, some.at(point.functions)[:, 0])


class _Point:
    """A point of the search space that moves along one parameter after the other: the basis functions there are kept.

    Attributes:
        at: The value of each parameter, also where another one decides that it is not set.
        functions: Of each parameter its basis functions, shape (1, n_functions).
    """

    def __init__(self, space: Space, start: Sequence[Level | None], told: Sequence[int], grids: Sequence[tuple[Level, ...]]) -> None:
        self._space, self._grids = space, grids
        self._along = {k: space.bases[k].at(grids[k]) for k in told}
        self.at = [_nearest(value, grids[k]) if k in self._along else value for k, value in enumerate(start)]
        self.functions = space.functions(self._asked)

    @property
    def _asked(self) -> tuple[Column, ...]:
        return self._space.asked([(value,) for value in self.at])

    def is_set(self, k: int) -> Level | None:
        """The value of a parameter, None where it is not set."""
        return self._asked[k][0]

    def varied(self, k: int) -> Mapping[int, Floats]:
        """The basis functions of the points that differ only in a parameter, in one row where they are the same at all of them."""
        if k not in self._space.deciding.values():
            return self.functions if self.is_set(k) is None else {**self.functions, k: self._along[k]}
        columns: list[Column] = [(value,) * len(self._grids[k]) for value in self.at]
        columns[k] = self._grids[k]
        return self._space.functions(self._space.asked(columns))

    def touched(self, k: int) -> frozenset[int]:
        """The parameters whose functions change with one."""
        return self._space.touched(k)

    def move(self, k: int, i: int) -> None:
        """To another place of the grid of a parameter."""
        self.at[k] = self._grids[k][i]
        if len(self._space.touched(k)) > 1:
            self.functions = self._space.functions(self._asked)
        else:
            self.functions[k] = self._along[k][i : i + 1]


def _climb(point: _Point, mean: Setting, told: Sequence[int], sign: float) -> None:
    """Moves a point to the optimum, one parameter after the other as long as one helps."""
    for _ in range(_SWEEPS):
        before = list(point.at)
        for k in told:
            found = sign * mean.at(point.varied(k), point.touched(k))[0]
            if len(found) > 1:
                point.move(k, int(found.argmax()))
        if point.at == before:
            return


def _nearest(value: Level | None, grid: tuple[Level, ...]) -> Level | None:
    """The value of a grid that is nearest to a number; names are there themselves."""
    if value is None or isinstance(value, str):
        return value
    return grid[int(np.abs(np.array(grid, dtype=float) - value).argmin())]


def _region(
    space: Space, k: int, inside: Sequence[Level], n: int, own: Level, grid: tuple[Level, ...], profile: Floats, level: float
) -> BestRegion:  # fmt: skip
    """Of one parameter.

    Args:
        inside: Its values at the best points that set it, of `n` best points.
        profile: Each draw along the grid, the other parameters at the optimum; more is better. Shape (n_draws, n_grid).
    """
    one = space.parameters[k]
    places = profile.argmax(axis=1)
    if one.kind == "category":
        levels = _frequent(inside, n, len(one.levels))
        return BestRegion(levels, own, certainty=float((places == grid.index(own)).mean()))
    found = np.array(grid, dtype=float)
    ends = np.quantile(places, [(1 - level) / 2, (1 + level) / 2], method="nearest")
    parts = np.array([part_at(one, value) for value in found])
    mine = part_at(one, float(own))
    border: dict[str, float] = {
        "lower": float((parts[places] <= _NEAR_BORDER).mean()) if mine <= 0 else 0.0,
        "upper": float((parts[places] >= 1 - _NEAR_BORDER).mean()) if mine >= 1 else 0.0,
    }
    at = next((end for end in ("lower", "upper") if border[end] >= _SURE), "")
    distance = min(mine, 1 - mine)
    if one.kind == "grid":
        levels = _frequent(inside, n, len(one.levels))
        low, high = map(float, found[ends])
        certainty = float((found[places] == own).mean())
        return BestRegion(levels, own, low, high, certainty, at, distance)  # type: ignore[arg-type]
    # The optimum may lie half a step of the grid from where it is found.
    half = 0.5 / (len(grid) - 1)
    low, high = map(float, at_part(one, np.clip(parts[ends] + [-half, half], 0, 1)))
    outer = np.quantile(np.array(inside, dtype=float), [(1 - _INSIDE) / 2, (1 + _INSIDE) / 2])
    region = float(outer[0]), float(outer[1])
    return BestRegion(region, own, low, high, border=at, distance=distance)  # type: ignore[arg-type]


def _frequent(inside: Sequence[Level], n: int, n_levels: int) -> tuple[Level, ...]:
    """The levels that are among the best at least half as often as they are drawn."""
    counts = Counter(inside)
    kept = [level for level, count in counts.items() if count >= n / n_levels / 2]
    return tuple(sorted(kept, key=lambda level: (-counts[level], str(level))))
