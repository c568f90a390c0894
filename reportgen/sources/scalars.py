"""Metrics as they are collected value by value while a log is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Series
from reportgen.store import Arrays, Continuation

Column = tuple[list[int], list[float], list[float]]
"""Steps, times and values of a metric, equally long."""
_Arrays = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


def as_float(value: float) -> float:
    """A number as a float: a bool is 0 or 1, an integer beyond a float is infinite."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


class Scalars:
    """Collects the values of metrics. `columns` may be appended to directly where every microsecond counts.

    It has what was added; of what was read before or joined it has the names, and the arrays lie in `_before`.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self._before: dict[str, list[_Arrays]] = {}

    def add(self, key: str, step: int, time: float, value: float) -> None:
        """Append a value (see `as_float`) at a step and a time in epoch seconds."""
        steps, times, values = self.columns.setdefault(key, ([], [], []))
        values.append(as_float(value))
        steps.append(step)
        times.append(time)

    def counts(self) -> dict[str, int]:
        """How many values each metric has of those that were added."""
        return {key: len(steps) for key, (steps, _, _) in self.columns.items()}

    def join(self, later: Scalars) -> None:
        """Append what another collected."""
        for key in later.columns:
            mine = [self._whole(key)] if key in self.columns else []
            self.columns[key] = [], [], []
            self._before[key] = [*mine, later._whole(key)]

    def kept(self, arrays: Arrays, counts: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The columns as JSON can say them, their numbers in `arrays`. Those that are kept count as read before from then on.

        Args:
            counts: How many of the values that were added to keep of each metric, its first ones; by default all.
        """
        found = {}
        for key, count in (self.counts() if counts is None else counts).items():
            steps, times, values = whole = self._whole(key, count)
            if len(steps):
                found[key] = [arrays.add(steps), arrays.add(times), arrays.add(values)]
                self._before[key] = [whole]
                for column in self.columns[key]:
                    del column[:count]
        return found

    def restore(self, kept: Mapping[str, Any], before: Continuation) -> None:
        """Begins with the columns of `kept`."""
        for key, (step, time, value) in kept.items():
            self.columns[key] = [], [], []
            self._before[key] = [(before.whole(step), before.real(time), before.real(value))]

    def series(self) -> dict[str, Series]:
        """The series in the order of their first value."""
        return {key: Series(key, *self._whole(key)) for key in self.columns}

    def _whole(self, key: str, count: int | None = None) -> _Arrays:
        """Steps, times and values of a metric, of those that were added the first `count`."""
        steps, times, values = self.columns[key]
        added = np.array(steps[:count], np.int64), np.array(times[:count], np.float64), np.array(values[:count], np.float64)
        if key not in self._before:
            return added
        if not steps[:count] and len(self._before[key]) == 1:
            return self._before[key][0]
        step, time, value = (np.concatenate(several) for several in zip(*self._before[key], added, strict=True))
        return step, time, value
