"""What a curve and a map say, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.importance.result import Importance, Level, PairMap, ParameterImportance
from reportgen.analysis.importance.words import percent, percent_range, plain, share_text
from reportgen.words import _

_MOVES = 0.1
"""A best value that moves by less of the axis does not move."""


def curve_sentence(found: Importance, one: ParameterImportance) -> str:
    """What one parameter does to the target, or that this cannot be told."""
    about = {"key": one.name, "metric": found.target, "n": found.n_runs}
    if not one.above_noise:
        return _("What {key} does to {metric} cannot be told from noise over these {n} runs.").format(**about)
    sentence = (
        _("{key} explains {share} ({range}) of the variance of {metric} over {n} runs; {direction}.")
        if one.direction
        else _("{key} explains {share} ({range}) of the variance of {metric} over {n} runs.")
    )
    return sentence.format(share=percent(one.share), range=percent_range(one.low, one.high), direction=one.direction, **about)


def pair_sentence(found: Importance, made: PairMap) -> str:
    """Whether two parameters act together, how much that explains, and how the best of one moves with the other."""
    one, other = made.names
    if not all(np.isfinite(row).all() for row in made.mean):
        inside = _("One of {one} and {other} is set only where the other one asks for it: there it is one curve, and no interaction.")
        return inside.format(one=one, other=other)
    if not made.interacts:
        said = _("That {one} and {other} act together on {metric} cannot be told from noise over these {n} runs.")
        return said.format(one=one, other=other, metric=found.target, n=found.n_runs)
    together = _("{one} and {other} act together: that explains {share} of the variance of {metric}, beyond what each does alone.")
    said = together.format(one=one, other=other, share=share_text(made.share), metric=found.target)
    moved = _moved(found, made)
    return f"{said} {moved}" if moved else said


def _moved(found: Importance, made: PairMap) -> str:
    """Where the best of the parameter across lies at one end of the other and at the other end; "" where it does not move."""
    if found.goal is None:
        return ""
    rows = [i for i, row in enumerate(made.mean) if np.isfinite(row).all()]
    if len(rows) < 2:
        return ""
    table = np.array([made.mean[i] for i in rows]) * (1 if found.goal == "max" else -1)
    at = table.argmax(axis=1)
    first, last = (0, len(rows) - 1) if not isinstance(made.y[0], str) else (int(at.argmin()), int(at.argmax()))
    names = isinstance(made.x[0], str)
    if at[first] == at[last] or (not names and abs(at[first] - at[last]) < _MOVES * (len(made.x) - 1)):
        return ""
    said = _("Predicted best {key}: {first} where {other} is {low}, {last} where it is {high}.")
    low, high = (_written(made.y, rows[i]) for i in (first, last))
    bests = {"first": _written(made.x, int(at[first])), "last": _written(made.x, int(at[last]))}
    return said.format(key=made.names[0], other=made.names[1], low=low, high=high, **bests)


def _written(values: Sequence[Level], i: int) -> str:
    value = values[i]
    return value if isinstance(value, str) else plain(value)
