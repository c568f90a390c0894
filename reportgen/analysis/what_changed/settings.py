"""Which settings of the config differ between two sides, and by how much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis.column_format import amount, plain_text
from reportgen.analysis.compared_rows import Missing
from reportgen.analysis.importance.parameters import is_seed as is_nuisance
from reportgen.analysis.repeats import is_seed
from reportgen.analysis.what_changed.sides import Values, distinct, same
from reportgen.model import Run

_LEAST_FACTOR = 1.5
"""Numbers that differ by less are told by their difference."""


@dataclass(frozen=True)
class Setting:
    """A key of the config whose values differ.

    Attributes:
        before, after: The different values on each side; `Missing` where a run does not have the key.
        is_seed: It is a random seed by its name.
    """

    key: str
    before: Values
    after: Values
    is_seed: bool = False

    @property
    def step(self) -> str:
        """How far one number is from the other: "×10", "÷4", "+2", "−0.1"; "" where both sides do not have one number each."""
        if self.is_seed or len(self.before) != 1 or len(self.after) != 1:
            return ""
        a, b = amount(self.before[0]), amount(self.after[0])
        if a is None or b is None or not (math.isfinite(a) and math.isfinite(b)):
            return ""
        if a and b and (a > 0) == (b > 0):
            factor, sign = (b / a, "×") if abs(b) >= abs(a) else (a / b, "÷")
            if factor >= _LEAST_FACTOR and math.isfinite(factor):
                return sign + plain_text(float(f"{factor:.3g}"))
        change = float(f"{b - a:.6g}")
        return ("+" if change > 0 else "") + plain_text(change)


def differing(before: Sequence[Run], after: Sequence[Run]) -> tuple[tuple[Setting, ...], int, int]:
    """The settings that differ, seeds last, else in the order in which they were logged.

    Returns:
        They, how many are equal, and how many of the equal ones have several values on both sides (but seeds).
    """
    keys = dict.fromkeys(key for run in (*before, *after) for key in run.config)
    found, equal, varied = [], 0, 0
    for key in keys:
        a, b = (distinct(run.config.get(key, Missing()) for run in runs) for runs in (before, after))
        if same(a, b):
            equal += 1
            varied += len(a) > 1 and not _is_seed(key)
        else:
            found.append(Setting(key, a, b, _is_seed(key)))
    return tuple(sorted(found, key=lambda one: one.is_seed)), equal, varied


def _is_seed(key: str) -> bool:
    return is_seed(key) or is_nuisance(key)
