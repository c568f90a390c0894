"""The mean prediction along two parameters, and whether they act together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.importance.fit import Fitted
from reportgen.analysis.importance.intervals import ends
from reportgen.analysis.importance.result import Importance, PairMap, Share
from reportgen.errors import QueryError, did_you_mean

TOLD_PAIR = 0.01
"""A pair acts together when its share is surely larger."""


def interacts(share: Share) -> bool:
    """Whether an interaction is surely there."""
    return bool(share.low >= TOLD_PAIR)


def pair_maps(found: Importance, fitted: Fitted, asked: int | Sequence[tuple[str, str]]) -> tuple[PairMap, ...]:
    """The maps of pairs that are named, or of so many with the largest interactions.

    Raises:
        QueryError: A name is no parameter that was looked at, or a pair is one parameter twice.
    """
    pairs = [one.names for one in found.pairs[:asked]] if isinstance(asked, int) else list(asked)
    return tuple(_map(found, fitted, _place(one, found, fitted), _place(other, found, fitted)) for one, other in pairs)


def _map(found: Importance, fitted: Fitted, j: int, k: int) -> PairMap:
    names = fitted.names[j], fitted.names[k]
    if j == k:
        raise QueryError(f"a pair is two parameters, not '{names[0]}' twice")
    space, x, y = fitted.space, fitted.set_grids[j], fitted.set_grids[k]
    across, up = tuple(value for _ in y for value in x), tuple(value for value in y for _ in x)
    drawn = fitted.drawn.surrogate.at({j: space.bases[j].at(across), k: space.bases[k].at(up)})
    # At a value that its category does not ask for there is no target.
    apart = np.zeros(len(across), dtype=bool)
    for one, other, values in ((j, k, up), (k, j, across)):
        if space.deciding.get(one) == other:
            levels = space.levels_with(one)
            apart |= np.array([value not in levels for value in values])
    low, mean, high = (
        tuple(tuple(map(float, row)) for row in np.where(apart, np.nan, fitted.answer.own_units(end)).reshape(len(y), len(x)))
        for end in ends(drawn)
    )
    share = next((one.share for one in found.pairs if set(one.names) == set(names)), Share(0.0, 0.0, 0.0))
    told = bool(fitted.told[j] and fitted.told[k])
    return PairMap(names, x, y, mean, low, high, share, told and interacts(share))


def _place(name: str, found: Importance, fitted: Fitted) -> int:
    """The number of a parameter by its name or column."""
    columns = [one.column for one in fitted.space.parameters]
    if name in columns:
        return columns.index(name)
    if name in fitted.names:
        return fitted.names.index(name)
    reasons = {one.name: one.reason for one in found.ignored}
    if (key := name.removeprefix("config.")) in reasons:
        raise QueryError(f"'{name}' was not looked at: {reasons[key]}")
    raise QueryError(f"no parameter '{name}'", hint=did_you_mean(name, fitted.names))
