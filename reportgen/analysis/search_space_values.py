"""The next search space as frozen values: what to do with each hyperparameter, why, and by how many trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.model import Distribution, Scalar

Action = Literal["narrow", "widen", "shift", "fix", "drop", "keep", "unknown"]
"""`drop`: choices are left out; `unknown`: too few trials have it."""


@dataclass(frozen=True)
class Advice:
    """What to do with one hyperparameter.

    Attributes:
        before: What it was drawn from, or the span of its values.
        after: What to draw it from next; with one choice it is fixed.
        reason: One sentence.
        n: The trials that count and have it.
        n_best: The best of them.
        only_if: The choice that makes trials have it, and with which values; None when all have it or no choice tells.
    """

    key: str
    action: Action
    before: Distribution
    after: Distribution
    reason: str
    n: int
    n_best: int
    is_whole: bool = False
    only_if: tuple[str, tuple[Scalar, ...]] | None = None


@dataclass(frozen=True)
class NextSpace:
    """The next search space.

    Attributes:
        advice: One for each hyperparameter.
        said: What is to be done in one or two sentences, or why nothing can be said.
        is_advised: Whether there were enough trials to advise.
        n, n_best: The trials that count, and the best of them.
    """

    advice: tuple[Advice, ...]
    said: str
    is_advised: bool
    n: int
    n_best: int

    @property
    def changed(self) -> tuple[Advice, ...]:
        """The hyperparameters that are to be searched differently."""
        return tuple(one for one in self.advice if one.action not in ("keep", "unknown"))
