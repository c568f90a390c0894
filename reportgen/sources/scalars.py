"""Metrics as they are collected value by value while a log is read."""

from __future__ import annotations

import numpy as np

from reportgen.model import Series

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

    def series(self) -> dict[str, Series]:
        """The series in the order of their first value."""
        return {
            key: Series(key, np.array(step, np.int64), np.array(time, np.float64), np.array(value, np.float64))
            for key, (step, time, value) in self.columns.items()
        }
