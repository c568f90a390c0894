"""What is good: where the best of the search space lies, and what matters there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analysis.importance.best import best
from reportgen.analysis.importance.fit import Fitted
from reportgen.analysis.importance.intervals import LEVEL, ends, share_of
from reportgen.analysis.importance.local import LEAST_LOCAL, local_shares, part_of
from reportgen.analysis.importance.result import BestRegion, Importance, Optimum, Share
from reportgen.errors import QueryError
from reportgen.model import Goal


def part_among(among: float | str | None, goal: Goal | None, target: str) -> float | None:
    """The part of the search space that `among` asks for.

    Raises:
        QueryError: It is none, or nothing says what is good.
    """
    if among is None:
        return None
    try:
        part = part_of(among)
    except ValueError:
        raise QueryError(f"'{among}' is no part of the search space", hint="write it as in: top 25 % (from 5 to 90)") from None
    if goal is None:
        raise QueryError(f"nothing says whether more or less of '{target}' is better", hint="give the goal: min or max")
    return part


def with_good(found: Importance, fitted: Fitted, rng: np.random.Generator) -> Importance:
    """With the best region of each parameter that is told from noise, and with local shares where they were asked for."""
    if found.goal is None:
        return found
    sign = 1.0 if found.goal == "max" else -1.0
    surrogate, names = fitted.drawn.surrogate, fitted.names
    told = [int(k) for k in np.flatnonzero(fitted.told)]
    regions: dict[str, BestRegion] = {}
    local: dict[str, Share] = {}
    if told:
        where = best(fitted.space, surrogate, told, fitted.set_grids, sign, LEVEL, rng)
        regions = {names[k]: region for k, region in where.regions.items()}
        low, middle, high = map(float, fitted.answer.own_units(ends(where.optimum)))
        found = replace(found, optimum=Optimum(middle, low, high))
    if found.among is not None:
        shares = local_shares(fitted.space, surrogate, found.among, sign, rng)
        for k, name in enumerate(names):
            share = share_of(shares.shares[:, k])
            local[name] = share if fitted.told[k] and share.low >= LEAST_LOCAL else replace(share, low=0.0)
        found = replace(found, local_noise=share_of(shares.noise))
    parameters = [replace(one, best=regions.get(one.name), local=local.get(one.name)) for one in found.parameters]
    return replace(found, parameters=tuple(parameters))
