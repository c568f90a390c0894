"""A metric as one number: `max(val/acc)` and its like, taken over the finite values of a run's history."""

from __future__ import annotations

import re

import numpy as np

from reportgen.model.records import Series

AGGREGATES = {
    "min": "the least value",
    "max": "the largest value",
    "best": "the least or the largest, whichever is better for the metric",
    "mean": "the mean of all values",
    "first": "the first value",
    "last": "the last value",
    "last10": "the mean of the last ten values; any number may stand there",
    "area": "the area under the curve divided by its length (trapezoids over steps), so that runs of different length compare",
}
"""What may stand before a metric in round brackets, and what it gives; `last10` stands for any number."""
NAMES = r"min|max|best|mean|first|last(?:[1-9]\d*)?|area"
"""The same as a pattern."""
AGGREGATE = re.compile(rf"^({NAMES})\((.+)\)$")


def aggregate(how: str, series: Series) -> float | None:
    """The number that one of `AGGREGATES` but `best` makes of a history: NaN when no value is finite, None when there is none at all."""
    if not len(series):
        return None
    finite = series.finite
    if not len(finite):
        return float("nan")
    match how:
        case "min" | "max" | "mean":
            return float(getattr(np, how)(finite))
        case "first":
            return float(finite[0])
        case "last":
            return float(finite[-1])
        case "area":
            return _area(series)
        case _:
            return float(np.mean(finite[-int(how.removeprefix("last")) :]))


def _area(series: Series) -> float:
    """The trapezoids under the finite values over their steps, divided by the distance of the first and the last step.

    Straight over gaps. Of several values at one step the last counts, as after a restart from a checkpoint. One
    step alone is its own value.
    """
    kept = np.isfinite(series.value)
    step, value = series.step[kept], series.value[kept]
    # The first of each step of the reversed history is the last that was logged there.
    at, index = np.unique(step[::-1], return_index=True)
    height = value[::-1][index]
    if len(at) == 1:
        return float(height[0])
    # Python's integers, since steps may be as far apart as int64 reaches.
    span = float(int(at[-1]) - int(at[0]))
    width = np.diff(at.astype(np.float64)) / span
    return float((width * (height[1:] / 2 + height[:-1] / 2)).sum())
