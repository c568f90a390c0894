"""The values of all metrics of a database: millions of rows, fetched as numbers and sorted into runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Series
from reportgen.sources.mlflow.record import Record
from reportgen.sources.scalars import Scalars

LIMIT = 1.7976931348623157e308
"""What MLflow writes in place of an infinity, which SQL has not."""

_ID_BYTES = 32
_ROW = np.dtype([("time", np.int64), ("step", np.int64), ("value", np.float64), ("run", f"S{_ID_BYTES}")])


class RunIds:
    """The runs of a store, by their ids (of 32 bytes at most; `fits` says whether they are)."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = list(ids)
        encoded = [one.encode() for one in ids]
        self.fits = all(len(one) <= _ID_BYTES and b"\0" not in one for one in encoded)
        codes = _codes(np.array(encoded, f"S{_ID_BYTES}")) if self.fits else np.empty(0, np.uint64)
        self._order = np.argsort(codes)
        self._codes = codes[self._order]
        self.fits = self.fits and len(np.unique(codes)) == len(codes)

    def numbers(self, column: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Which of the runs each id of a column names, -1 for none of them."""
        if not len(self._codes):
            return np.full(len(column), -1, np.int64)
        codes = _codes(column)
        place = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[place] == codes, self._order[place], -1)


def _codes(ids: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """A number for each id: the bytes of its four parts mixed, so that ids which differ nearly never have the same."""
    parts = np.ascontiguousarray(ids).view(np.uint64).reshape(-1, 4)
    factors = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
    code = np.zeros(len(parts), np.uint64)
    for i, factor in enumerate(factors):
        mixed = parts[:, i] * np.uint64(factor)
        code ^= mixed ^ (mixed >> np.uint64(29 + i))
    return code


def sorted_in(key: str, rows: Iterable[tuple[Any, ...]], runs: RunIds) -> tuple[int, Iterator[tuple[str, Series]]]:
    """The series of a metric, run by run.

    Args:
        key: The metric.
        rows: Milliseconds, step, value (None is NaN) and run id of each value, in the order that they have in each run.
        runs: The runs that are wanted.

    Returns:
        How many rows there were, and the id and the series of each run that has some.

    Raises:
        ValueError, TypeError, OverflowError: A row is not what it should be.
    """
    table = np.fromiter(rows, _ROW)
    return len(table), _split(key, table, runs)


def _split(key: str, table: NDArray[Any], runs: RunIds) -> Iterator[tuple[str, Series]]:
    if not len(table):
        return
    numbers = runs.numbers(table["run"])
    small = numbers.astype(np.int16) if len(runs.ids) < 2**15 else numbers  # numpy sorts these by their digits, in linear time
    order = np.argsort(small, kind="stable")
    numbers = numbers[order]
    ends = np.flatnonzero(np.diff(numbers, append=np.int64(-2)) != 0) + 1
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        if numbers[start] >= 0:
            rows = order[start:end]
            value = restored(table["value"][rows])
            yield runs.ids[numbers[start]], Series(key, table["step"][rows], table["time"][rows] / 1000, value)


def restored(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values with infinities where MLflow had to write the largest number."""
    value[value >= LIMIT] = np.inf
    value[value <= -LIMIT] = -np.inf
    return value


def one_by_one(rows: Iterable[tuple[Any, ...]], records: Mapping[str, Record]) -> tuple[dict[str, dict[str, Series]], int]:
    """The series of each run from rows of which some may be damaged: key, milliseconds, step, value, run id.

    Returns:
        Run id → metric → series, and how many rows could not be read.
    """
    found: dict[str, Scalars] = {}
    bad = 0
    for key, time, step, value, run in rows:
        key, run = _text(key), _text(run)
        if run not in records:
            continue
        try:
            if isinstance(value, bytes | str):
                raise TypeError("no number")
            number = float("nan") if value is None else float(value)
            place, moment = int(step), int(time)
            if not -(2**63) <= place < 2**63:
                raise OverflowError("no step")
        except (TypeError, ValueError, OverflowError):
            bad += 1
            continue
        infinite = float("inf") if number > 0 else float("-inf")
        found.setdefault(run, Scalars()).add(key, place, moment / 1000, infinite if abs(number) >= LIMIT else number)
    return {run: {key: _in_time(one) for key, one in scalars.series().items()} for run, scalars in found.items()}, bad


def _in_time(series: Series) -> Series:
    order = np.lexsort((series.value, series.step, series.time))
    return Series(series.key, series.step[order], series.time[order], series.value[order])


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
