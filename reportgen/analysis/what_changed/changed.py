"""What changed between two runs or two groups of runs, and which of it matters by what the other runs say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportgen.analysis.artifacts import Catalogue
from reportgen.analysis.importance import Importance
from reportgen.analysis.what_changed.code import CodeChanges, Texts, code_changes
from reportgen.analysis.what_changed.data import DataChanges, data_changes
from reportgen.analysis.what_changed.environment import REQUIREMENTS, EnvironmentChanges, environment_changes
from reportgen.analysis.what_changed.results import Result, results
from reportgen.analysis.what_changed.settings import Setting, differing
from reportgen.analysis.what_changed.sides import Side
from reportgen.analysis.what_changed.told import Told, told
from reportgen.model import Run, Runs, number

_ORDER = ("clear", "noise", "ignored", "alone", "few")


@dataclass(frozen=True, eq=False)
class WhatChanged:
    """What is different between two sides.

    Attributes:
        results: The targets, the first of them the one that `told` is about; empty when there is none.
        settings: The settings that differ, with what all runs say of each (None without a target, and for seeds): those that
            matter most first, seeds last.
        equal: How many settings are equal.
        varied: How many of these have several values on both sides.
        importance: What moved the target over all runs; None where it was not needed or could not be computed.
        n_with_target: How many of all runs have a finite value of the first target.
    """

    before: Side
    after: Side
    results: tuple[Result, ...]
    settings: tuple[tuple[Setting, Told | None], ...]
    equal: int
    varied: int
    code: CodeChanges
    environment: EnvironmentChanges
    data: DataChanges
    importance: Importance | None
    n_with_target: int

    @property
    def chosen(self) -> tuple[tuple[Setting, Told | None], ...]:
        """The settings that differ and are no seeds."""
        return tuple(pair for pair in self.settings if not pair[0].is_seed)

    @property
    def has_other_seeds(self) -> bool:
        """Whether a seed differs."""
        return any(setting.is_seed for setting, _told in self.settings)

    @property
    def is_clean(self) -> bool:
        """Whether one setting differs, and but for seeds nothing else that was logged."""
        return len(self.chosen) == 1 and self.is_only_settings and not self.varied

    @property
    def is_only_settings(self) -> bool:
        """Whether neither code, environment nor data differ, as far as they were logged."""
        return not (self.code.differs or self.environment.differs or self.data.differs)


def what_changed(
    before: Side, after: Side, *, among: Runs, targets: Sequence[str] = (), explain: Callable[[str], Importance | None],
    texts: Callable[[Run], Texts], known: Catalogue,
) -> WhatChanged:  # fmt: skip
    """Compares two sides in all that was logged of them.

    Args:
        among: All runs, which say what matters.
        targets: Metrics or columns by which the result is judged.
        explain: Gives the importance of all settings for a target over all runs.
        texts: Gives the sources, patches and requirements of a run.
        known: The artifacts of all runs.

    Raises:
        QueryError: A target is no column of the runs.
    """
    found = results(before, after, targets, among)
    settings, equal, varied = differing(before.runs, after.runs)
    needed = bool(found) and any(not one.is_seed for one in settings)
    importance = explain(found[0].metric) if needed else None
    pairs = [(one, told(one, before, after, among, importance) if found and not one.is_seed else None) for one in settings]
    return WhatChanged(
        before, after, found, tuple(sorted(pairs, key=_rank)), equal, varied, code_changes(before, after, _sources(texts), settings),
        environment_changes(before, after, texts), data_changes(before, after, known), importance,
        sum(_is_finite(run[found[0].metric]) for run in among) if found else 0,
    )  # fmt: skip


def _is_finite(value: object) -> bool:
    size = number(value)
    return size is not None and math.isfinite(size)


def _rank(pair: tuple[Setting, Told | None]) -> tuple[bool, int, float]:
    setting, said = pair
    if said is None:
        return setting.is_seed, len(_ORDER), 0.0
    return setting.is_seed, _ORDER.index(said.verdict), 0.0 if math.isnan(said.share.value) else -said.share.value


def _sources(texts: Callable[[Run], Texts]) -> Callable[[Run], Texts]:
    """The texts that are code."""
    return lambda run: {name: text for name, text in texts(run).items() if name != REQUIREMENTS}
