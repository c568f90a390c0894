"""The results of several runs that are taken for repeats of one thing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """The finite values of one metric over repeats, apart for each task that they were run on.

    Attributes:
        tasks: For each task its name and the values of its runs; one task named "" when there is no division into tasks.
        missing: How many of the runs have no finite value.
    """

    tasks: tuple[tuple[str, tuple[float, ...]], ...]
    missing: int = 0

    @classmethod
    def of(cls, values: Iterable[float | None], tasks: Sequence[str] | None = None) -> Sample:
        """The sample of these values; `tasks` names the task of each."""
        all_values = list(values)
        names = tasks if tasks is not None else [""] * len(all_values)
        kept: dict[str, list[float]] = {} if tasks is not None else {"": []}
        for name, value in zip(names, all_values, strict=True):
            if value is not None and math.isfinite(value):
                kept.setdefault(name, []).append(float(value))
        found = tuple((name, tuple(kept[name])) for name in sorted(kept))
        return cls(found, len(all_values) - sum(len(own) for _, own in found))

    @classmethod
    def of_tasks(cls, scores: Mapping[str, Sequence[float]]) -> Sample:
        """The sample of the scores of each task."""
        names = [name for name, own in scores.items() for _ in own]
        return cls.of([value for own in scores.values() for value in own], names)

    def on(self, tasks: Iterable[str]) -> Sample:
        """The same on some of its tasks only."""
        wanted = set(tasks)
        return Sample(tuple(one for one in self.tasks if one[0] in wanted), self.missing)

    @cached_property
    def arrays(self) -> tuple[Floats, ...]:
        """The values of each task, each of shape (n_runs_of_the_task,)."""
        return tuple(np.array(own, dtype=np.float64) for _, own in self.tasks)

    @cached_property
    def pooled(self) -> Floats:
        """The values of all tasks, shape (n,)."""
        return np.concatenate(self.arrays) if self.tasks else np.empty(0)

    @property
    def n(self) -> int:
        """How many runs have a finite value."""
        return sum(len(own) for _, own in self.tasks)

    @cached_property
    def mean(self) -> float:
        """The mean over tasks of the mean over runs; NaN when no run has a finite value."""
        if not self.n:
            return math.nan
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.mean([one.mean() for one in self.arrays]))

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the spread within tasks: runs minus tasks."""
        return self.n - len(self.tasks)

    @cached_property
    def sd(self) -> float | None:
        """The standard deviation of runs of the same task (n − 1 in the denominator), pooled over the tasks.

        None where no task has two runs, and for values so large that it is not a number.
        """
        if self.freedom < 1:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            squares = sum(float(((one - one.mean()) ** 2).sum()) for one in self.arrays)
        found = math.sqrt(squares / self.freedom) if squares >= 0 else math.nan
        return found if math.isfinite(found) else None

    @cached_property
    def error(self) -> tuple[float, float] | None:
        """The standard error of the mean and its degrees of freedom (Satterthwaite 1946); None where a task has but one run.

        For one task it is s/√n with n − 1.
        """
        if not self.tasks or any(len(one) < 2 for one in self.arrays) or self.sd is None:
            return None
        parts = [float(one.var(ddof=1)) / len(one) / len(self.tasks) ** 2 for one in self.arrays]
        whole = sum(parts)
        if not math.isfinite(whole):
            return None
        if whole == 0:
            return 0.0, float(self.freedom)
        freedom = 1 / sum((part / whole) ** 2 / (len(one) - 1) for part, one in zip(parts, self.arrays, strict=True))
        return math.sqrt(whole), freedom
