"""Several objectives over the same parameters: which parameters move several of them, and whether they pull in opposite directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from reportgen.analysis.importance.result import Importance, ParameterImportance
from reportgen.analysis.importance.words import joined
from reportgen.words import _, ngettext

Way = Literal["opposite", "same", "own"]

_ALIKE = 0.5
"""From such a correlation on, two curves go the same way, or opposite ways."""
_POINTS = 33
_WAYS: tuple[Way, ...] = ("opposite", "same", "own")


@dataclass(frozen=True)
class TradeOff:
    """A parameter that moves two objectives.

    Attributes:
        agreement: The correlation of its two marginal curves over their common values, each turned so that more is better, −1 to 1.
        way: "opposite": what is better for one is worse for the other.
    """

    name: str
    targets: tuple[str, str]
    agreement: float
    way: Way


def trade_offs(found: Sequence[Importance]) -> tuple[TradeOff, ...]:
    """The parameters that are told from noise for two objectives, the one with the most opposite curves first.

    Without a goal more of an objective counts as better.
    """
    made = []
    for first, second in combinations(found, 2):
        for one in first.parameters:
            other = next((other for other in second.parameters if other.name == one.name), None)
            if other is None or not one.above_noise or not other.above_noise:
                continue
            agreement = _agreement(one, other) * _sign(first) * _sign(second)
            if not np.isnan(agreement):
                way: Way = "opposite" if agreement <= -_ALIKE else "same" if agreement >= _ALIKE else "own"
                made.append(TradeOff(one.name, (first.target, second.target), agreement, way))
    return tuple(sorted(made, key=lambda one: (one.agreement, one.name)))


def _sign(found: Importance) -> float:
    return -1.0 if found.goal == "min" else 1.0


def _agreement(one: ParameterImportance, other: ParameterImportance) -> float:
    """The correlation of two marginal curves of a parameter, NaN where they have no two values in common or one is flat."""
    if one.marginal is None or other.marginal is None:
        return float("nan")
    if one.kind == "continuous" and other.kind == "continuous":
        scale = np.log if one.log and other.log else np.asarray
        places = [scale(np.array(curve.at, dtype=float)) for curve in (one.marginal, other.marginal)]
        low, high = max(at[0] for at in places), min(at[-1] for at in places)
        common = np.linspace(low, high, _POINTS) if high > low else np.empty(0)
        curves = [np.interp(common, at, curve.mean) for at, curve in zip(places, (one.marginal, other.marginal), strict=True)]
    else:
        tables = [dict(zip(curve.at, curve.mean, strict=True)) for curve in (one.marginal, other.marginal)]
        levels = [level for level in tables[0] if level in tables[1]]
        curves = [np.array([table[level] for level in levels]) for table in tables]
    if len(curves[0]) < 2 or any(np.ptp(curve) <= 1e-9 * np.abs(curve).max() for curve in curves):
        return float("nan")
    return float(np.corrcoef(curves[0], curves[1])[0, 1])


def trade_off_sentences(found: Sequence[Importance]) -> tuple[str, ...]:
    """Which parameters move several objectives, and how, in words; and of two objectives that share none, that."""
    said = []
    made = trade_offs(found)
    for first, second in combinations(found, 2):
        targets = (first.target, second.target)
        mine = [one for one in made if one.targets == targets]
        said += [_moved(keys, targets, way) for way in _WAYS if (keys := [one.name for one in mine if one.way == way])]
        if not mine and first.conclusive and second.conclusive:
            said.append(_("No parameter is told to move both {one} and {other}.").format(one=targets[0], other=targets[1]))
    return tuple(said)


def _moved(keys: Sequence[str], targets: tuple[str, str], way: Way) -> str:
    match way:
        case "opposite":
            sentence = ngettext(
                "{keys} moves both {one} and {other}, in opposite directions; what is better for one is worse for the other.",
                "{keys} move both {one} and {other}, in opposite directions; what is better for one is worse for the other.",
                len(keys),
            )
        case "same":
            sentence = ngettext(
                "{keys} moves both {one} and {other}; what is better for one is better for the other.",
                "{keys} move both {one} and {other}; what is better for one is better for the other.",
                len(keys),
            )
        case "own":
            sentence = ngettext(
                "{keys} moves both {one} and {other}, each in its own way.",
                "{keys} move both {one} and {other}, each in its own way.",
                len(keys),
            )
    return sentence.format(keys=joined(keys), one=targets[0], other=targets[1])
