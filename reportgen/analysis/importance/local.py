"""What matters among good settings: the parts of the variance within the best part of the search space.

The best part is a level set of the model over the search space, so it is not the sampler's taste that decides what is good, nor luck of
single runs. In it parameters are no longer independent; what is measured is the correlation ratio, the variance of the conditional mean
over the variance (Pearson 1905), which over the whole space is the first-order Sobol index. Local importance in a level
set is from Watanabe, Bansal and Hutter 2023, who measure how the density changes from one level set to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.space import Column, Space
from reportgen.analysis.importance.surrogate import Setting, Surrogate

Floats = NDArray[np.float64]

LEAST_LOCAL = 0.02
"""A local share that is not surely larger cannot be told from noise."""
_POINTS, _DRAWS = 4096, 120
_CELL, _MOST_CELLS = 16, 16
"""Values of a number are put into cells of so many points or more."""


@dataclass(frozen=True, eq=False)
class LocalShares:
    """Draws of the parts of the variance in the best part of the search space, noise included.

    Attributes:
        shares: What each parameter explains there by itself, shape (n_draws, p). They need not add up.
        noise: What none explains, shape (n_draws,).
    """

    shares: Floats
    noise: Floats


def local_shares(space: Space, surrogate: Surrogate, part: float, sign: float, rng: np.random.Generator) -> LocalShares:
    """The shares where each draw of the target's function is among its best.

    Args:
        part: How much of the search space is looked at, over 0 to 1.
        sign: 1 when more of the target is better, −1 when less is.
    """
    several = [_of_setting(space, one, part, sign, rng) for one in surrogate.some(_DRAWS).settings]
    return LocalShares(np.concatenate([one.shares for one in several]), np.concatenate([one.noise for one in several]))


def _of_setting(space: Space, setting: Setting, part: float, sign: float, rng: np.random.Generator) -> LocalShares:
    """The shares by some of the draws, at points of their own: so that what the choice of points does is in the intervals, too."""
    columns = space.asked(space.sample(_POINTS, rng))
    values = sign * setting.at(space.functions(columns))
    kept = round(part * _POINTS)
    best = np.argpartition(-values, kept - 1, axis=1)[:, :kept]
    good = np.take_along_axis(values, best, axis=1)
    whole = good.var(axis=1) + setting.noise
    shares = [_explained(good, _cells(column, best)) / whole for column in columns]
    return LocalShares(np.stack(shares, axis=1), setting.noise / whole)


def _cells(column: Column, best: NDArray[np.intp]) -> NDArray[np.intp]:
    """The cell of each of the best points by its value of a parameter: a level, an even part of the numbers, or not being set.

    Args:
        best: The best points of each draw, shape (n_draws, n_best).
    """
    given = sorted({value for value in column if value is not None}, key=lambda value: (isinstance(value, str), value))
    place = {value: i for i, value in enumerate(given)}
    codes = np.array([len(given) if value is None else place[value] for value in column], dtype=np.intp)[best]
    if len(given) <= _MOST_CELLS or isinstance(given[0], str):
        return codes
    is_set = codes < len(given)
    count = is_set.sum(axis=1, keepdims=True)
    order = codes.argsort(axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(order.shape[1])[None, :], axis=1)
    cells = np.clip(count // _CELL, 1, _MOST_CELLS)
    return np.asarray(np.where(is_set, ranks * cells // np.maximum(count, 1), cells))


def _explained(values: Floats, cells: NDArray[np.intp]) -> Floats:
    """The variance between the cells, without what it is by chance alone (Kelley 1935), shape (n_draws,); both arguments (n_draws, n)."""
    n_draws, n = values.shape
    width = int(cells.max()) + 1
    place = (cells + width * np.arange(n_draws)[:, None]).ravel()
    counts = np.bincount(place, minlength=n_draws * width).reshape(n_draws, width)
    sums = np.bincount(place, values.ravel(), minlength=n_draws * width).reshape(n_draws, width)
    mean = values.mean(axis=1, keepdims=True)
    means = sums / np.maximum(counts, 1)
    between = (counts * (means - mean) ** 2).sum(axis=1)
    inside = np.maximum(((values - mean) ** 2).sum(axis=1) - between, 0)
    used = (counts > 0).sum(axis=1)
    by_chance = (used - 1) * inside / np.maximum(n - used, 1)
    return np.asarray(np.maximum(between - by_chance, 0) / n)


def part_of(among: float | str) -> float:
    """The part of the search space that a text such as `top 25 %` names; numbers are parts themselves.

    Raises:
        ValueError: It is no such text, or not between 5 % and 90 %.
    """
    part = among
    if isinstance(part, str):
        digits = part.strip().lower().removeprefix("top").strip()
        part = float(digits.removesuffix("%").strip()) / 100 if digits.endswith("%") else float(digits)
    if isinstance(part, bool) or not 0.05 <= part <= 0.9:
        raise ValueError(among)
    return float(part)
