"""The results of two sides: a metric of both, and whether their difference can be told from chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.analysis.column_format import ColumnFormat, amount, column_format
from reportgen.analysis.repeats import repeats
from reportgen.analysis.statistics import SIGNIFICANCE, Estimate, Sample, difference, runs_needed, welch
from reportgen.analysis.what_changed.sides import Side
from reportgen.model import Goal, Run, Runs


@dataclass(frozen=True)
class Result:
    """One metric on both sides.

    Attributes:
        metric: The full name of the column.
        goal: Whether more or less of it is better; None when nothing says it.
        before, after: Over the runs of each side.
        repeats: For two single runs, the same over the repeats of each (the same settings, other seeds); None where one has none.
    """

    metric: str
    goal: Goal | None
    before: Sample
    after: Sample
    repeats: tuple[Sample, Sample] | None = None

    @cached_property
    def difference(self) -> Estimate:
        """The mean after minus the mean before, with its interval; NaN when a side has no finite value."""
        return difference(self.after, self.before)

    @property
    def is_known(self) -> bool:
        """Whether both sides have a finite value."""
        return self.before.n > 0 and self.after.n > 0

    @property
    def is_told(self) -> bool | None:
        """Whether the sides, or for single runs their repeats, differ by more than chance; None with too few runs to say."""
        p = welch(*(self.repeats or (self.before, self.after)))
        return None if p is None else p < SIGNIFICANCE

    @property
    def needed(self) -> int | None:
        """How many runs each side would need to show a difference of this size; None where no number can be given."""
        return runs_needed(*(self.repeats or (self.before, self.after)))

    @property
    def format(self) -> ColumnFormat:
        """How the values are written."""
        means = [one.mean for one in (self.before, self.after, *(self.repeats or ())) if math.isfinite(one.mean)]
        return column_format(self.metric, means, metric=True, goal=self.goal)


def results(before: Side, after: Side, metrics: Sequence[str], among: Runs) -> tuple[Result, ...]:
    """The metrics of both sides.

    Args:
        among: All runs that are known: repeats are found there.

    Raises:
        QueryError: A metric is no column of the runs.
    """
    family = repeats(among) if before.is_one and after.is_one else {}
    found = []
    for metric in dict.fromkeys(among.column(name) for name in metrics):
        of_repeats = None
        if family:
            several = family.get(before.runs[0].id, before.runs), family.get(after.runs[0].id, after.runs)
            apart = not {run.id for run in several[0]} & {run.id for run in several[1]}
            samples = _sample(several[0], metric), _sample(several[1], metric)
            if apart and min(one.n for one in samples) > 1:
                of_repeats = samples
        found.append(Result(metric, among.goal(metric), _sample(before.runs, metric), _sample(after.runs, metric), of_repeats))
    return tuple(found)


def _sample(runs: Sequence[Run], metric: str) -> Sample:
    return Sample.of(amount(run[metric]) for run in runs)
