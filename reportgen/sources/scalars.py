"""Metrics as they are collected value by value while a log is read."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np

from reportgen.model import Series
from reportgen.store import Arrays, Continuation

Column = tuple[list[int], list[float], list[float]]
"""Steps, times and values of a metric, equally long."""


def as_float(value: float) -> float:
    """A number as a float: a bool is 0 or 1, an integer beyond a float is infinite."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


class Scalars:
    """Collects the values of metrics. `columns` may be appended to directly where every microsecond counts."""

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}

    def add(self, key: str, step: int, time: float, value: float) -> None:
        """Append a value (see `as_float`) at a step and a time in epoch seconds."""
        steps, times, values = self.columns.setdefault(key, ([], [], []))
        values.append(as_float(value))
        steps.append(step)
        times.append(time)

    def kept(self, arrays: Arrays, counts: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The columns as JSON can say them, their numbers in `arrays`.

        Args:
            counts: How many values of each metric to keep, its first ones; by default all.
        """
        found: dict[str, Any] = {}
        for key, (steps, times, values) in self.columns.items():
            if count := len(steps) if counts is None else counts.get(key, 0):
                floats = (arrays.add(array("d", one[:count])) for one in (times, values))
                found[key] = [arrays.add(array("q", steps[:count])), *floats]
        return found

    def restore(self, kept: Mapping[str, Any], before: Continuation) -> None:
        """Begins with the columns of `kept`."""
        self.columns = {key: (before.whole(step), before.real(time), before.real(value)) for key, (step, time, value) in kept.items()}

    def series(self) -> dict[str, Series]:
        """The series in the order of their first value."""
        return {
            key: Series(key, np.array(step, np.int64), np.array(time, np.float64), np.array(value, np.float64))
            for key, (step, time, value) in self.columns.items()
        }
