"""The trials of a sweep with what each of them reached, as arrays in the order in which they began."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.column_format import exact
from reportgen.analysis.importance.parameters import is_seed
from reportgen.analysis.sweeps.objectives import Objective, objectives_of, value_of
from reportgen.model import Run, Runs, State, number

COMPLETE: frozenset[State] = frozenset({"finished", "unknown"})
"""States of a run that came to its end, as far as its log says."""


@dataclass(frozen=True, eq=False)
class Trials:
    """The trials of a sweep.

    Attributes:
        runs: In the order in which they began.
        values: What they reached, shape (n_trials, n_objectives); NaN where it is not known or not finite.
        counted: The trials that rankings and charts are about, shape (n_trials,): those that came to their end, kept all constraints
            and have a finite value of every objective. Where fewer than two came to their end, also those that did not.
        has_undone: Whether `counted` holds trials that did not come to their end.
    """

    runs: Runs
    objectives: tuple[Objective, ...]
    values: NDArray[np.float64]
    counted: NDArray[np.bool_]
    has_undone: bool = False

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def n(self) -> int:
        """How many trials count."""
        return int(self.counted.sum())

    @cached_property
    def counted_runs(self) -> Runs:
        """The trials that count, in their order."""
        return self.runs.in_order(run for run, is_in in zip(self.runs, self.counted, strict=True) if is_in)

    @cached_property
    def losses(self) -> NDArray[np.float64]:
        """The values of the trials that count, so that less is better, shape (n, n_objectives)."""
        return np.asarray(self.values[self.counted] * np.array([one.sign for one in self.objectives], dtype=np.float64))

    @cached_property
    def ranked(self) -> Runs:
        """The trials that count, the best by the first objective first; equal ones in their order."""
        runs = list(self.counted_runs)
        if not self.objectives:
            return self.runs.in_order(runs)
        return self.runs.in_order(runs[i] for i in np.argsort(self.losses[:, 0], kind="stable"))

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """The config keys that differ between the trials, without seeds: the hyperparameters that were searched."""
        return varied_keys(self.runs)


def trials_of(runs: Runs, objectives: Sequence[Objective] | None = None) -> Trials:
    """The trials of a sweep.

    Args:
        objectives: By default those that `objectives_of` finds.
    """
    ordered = runs.in_order(sorted(runs, key=_beginning))
    goals = tuple(objectives_of(runs) if objectives is None else objectives)
    values = np.array([[value_of(run, one.column) for one in goals] for run in ordered], dtype=np.float64).reshape(len(ordered), len(goals))
    whole = np.isfinite(values).all(axis=1) & np.array([is_feasible(run) for run in ordered], dtype=bool)
    done = np.array([run.state in COMPLETE for run in ordered], dtype=bool)
    if (whole & done).sum() >= 2 or not (whole & ~done).any():
        return Trials(ordered, goals, values, whole & done)
    return Trials(ordered, goals, values, whole, has_undone=True)


def is_feasible(run: Run) -> bool:
    """Whether a trial kept all constraints of its study: none of their values is above 0."""
    return all((number(value) or 0.0) <= 0 for key, value in run.summary.items() if key.startswith("constraints."))


def varied_keys(runs: Sequence[Run]) -> tuple[str, ...]:
    """The config keys that differ between runs, in the order of their first appearance; no seeds, none that the tracker wrote."""
    seen: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for run in runs:
        for key, value in run.config.items():
            seen.setdefault(key, set()).add(exact(value))
            counts[key] = counts.get(key, 0) + 1
    differing = (key for key, values in seen.items() if len(values) > 1 or counts[key] < len(runs))
    return tuple(key for key in differing if not is_seed(key) and not any(part.startswith("_") for part in key.split(".")))


def duplicates(trials: Trials) -> tuple[tuple[Run, ...], ...]:
    """Trials with equal hyperparameters, the groups with at least two; seeds are a difference like any other."""
    groups: dict[tuple[tuple[str, str], ...], list[Run]] = {}
    for run in trials.runs:
        if run.config:
            groups.setdefault(tuple(sorted((key, exact(value)) for key, value in run.config.items())), []).append(run)
    return tuple(tuple(several) for several in groups.values() if len(several) > 1)


def ranks(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rank of each value, 0 for the best and 1 for the worst, ties with their mean, shape (n,); 0.5 for one value alone."""
    if len(losses) < 2:
        return np.full(len(losses), 0.5)
    _, group, times = np.unique(losses, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray((last - (times + 1) / 2)[group] / (len(losses) - 1))


def states(runs: Sequence[Run]) -> Mapping[State, int]:
    """How many runs are in each state, the most frequent first."""
    counts: dict[State, int] = {}
    for run in runs:
        counts[run.state] = counts.get(run.state, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def _beginning(run: Run) -> tuple[float, list[tuple[int, str]], str]:
    """By start, then by the number in the name: trial-10 comes after trial-2."""
    parts = [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", run.name)]
    return (run.started.timestamp() if run.started else math.inf, parts, run.id)
