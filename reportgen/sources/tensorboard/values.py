"""What the event files of one folder hold, tag by tag, in the order in which it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Histogram, Media, Series, Table
from reportgen.sources.tensorboard.layouts import Column

_T = TypeVar("_T", bound=Histogram | Media | Table)
Keep = NDArray[np.bool_]


@dataclass(frozen=True)
class Placed(Generic[_T]):
    """Something that is not a number, the number of its record, and its time in epoch seconds."""

    record: int
    time: float
    value: _T


@dataclass
class Values:
    """Collects values by their tag; records are numbered so that those of later files have larger numbers.

    Attributes:
        columns: Pieces of the metrics, each with the numbers of its records.
        restarts: The number of the record, and the step, of each note that training has begun again at a step.
        files: The number of the first record of each file, and the file's name.
    """

    columns: dict[str, list[Column]] = field(default_factory=dict)
    histograms: dict[str, list[Placed[Histogram]]] = field(default_factory=dict)
    media: dict[str, list[Placed[Media]]] = field(default_factory=dict)
    tables: dict[str, list[Placed[Table]]] = field(default_factory=dict)
    restarts: list[tuple[int, int]] = field(default_factory=list)
    files: list[tuple[int, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.columns or self.histograms or self.media or self.tables)

    def add(self, key: str, column: Column) -> None:
        """Take in values of a metric."""
        self.columns.setdefault(key, []).append(column)

    def join(self, later: Values) -> None:
        """Take in what a later file holds."""
        for name in ("columns", "histograms", "media", "tables"):
            own = getattr(self, name)
            for key, several in getattr(later, name).items():
                own.setdefault(key, []).extend(several)
        self.restarts += later.restarts
        self.files += later.files


@dataclass(frozen=True)
class Purge:
    """What is left out because training was begun again: from `step` on, `count` values of the tags, for the file that did so."""

    file: str
    step: int
    count: int
    tags: tuple[str, ...]


@dataclass
class Kept:
    """The values of a folder without those that a restart made void, and what was left out."""

    history: dict[str, Series] = field(default_factory=dict)
    histograms: dict[str, tuple[Histogram, ...]] = field(default_factory=dict)
    media: dict[str, tuple[Media, ...]] = field(default_factory=dict)
    tables: dict[str, tuple[Table, ...]] = field(default_factory=dict)
    purges: list[Purge] = field(default_factory=list)


def kept(values: Values) -> Kept:
    """The values that count, in the order of their records, and the metrics in that of their first.

    The pieces of the metrics are taken out of `values` on the way, for they are many.

    A note that training was begun again at a step (`SessionLog.START`) voids everything that had been logged at that step
    or behind it: so does TensorBoard. Without such a note, a later file that begins a tag again, at a step where an earlier
    file had already been and not before the earlier one had ended, voids the earlier values of that tag from there on.
    Files that were written at the same time are joined as they are.
    """
    found = Kept()
    counts: dict[tuple[str, int], dict[str, int]] = {}

    def keep(tag: str, record: NDArray[np.int64], step: NDArray[np.int64], time: NDArray[np.float64]) -> Keep:
        mask = np.ones(len(step), np.bool_)
        for file, again, void in (*_restarted(values, record, step), *_begun_again(values, record, step, time)):
            if count := int(np.count_nonzero(mask & void)):
                by_tag = counts.setdefault((file, again), {})
                by_tag[tag] = by_tag.get(tag, 0) + count
                mask &= ~void
        return mask

    for tag in sorted(values.columns, key=lambda tag: min(int(one.record[0]) for one in values.columns[tag])):
        if len(series := _series(tag, values.columns.pop(tag), keep)):
            found.history[tag] = series
    found.histograms = _objects(values.histograms, keep)
    found.media = _objects(values.media, keep)
    found.tables = _objects(values.tables, keep)
    found.purges = [Purge(file, step, sum(by_tag.values()), tuple(by_tag)) for (file, step), by_tag in counts.items()]
    return found


def joined(columns: list[Column]) -> Column:
    """Pieces of a metric behind each other."""
    if len(columns) == 1:
        return columns[0]
    several = (np.concatenate([getattr(one, name) for one in columns]) for name in ("record", "step", "time", "value"))
    return Column(columns[0].tag, *several)


def _series(tag: str, columns: list[Column], keep: Callable[..., Keep]) -> Series:
    whole = joined(columns)
    record, step, time, value = whole.record, whole.step, whole.time, whole.value
    columns.clear()
    if (record[1:] < record[:-1]).any():
        order = np.argsort(record, kind="stable")
        record, step, time, value = record[order], step[order], time[order], value[order]
    mask = keep(tag, record, step, time)
    if mask.all():
        return Series(tag, step, time, value)
    return Series(tag, step[mask], time[mask], value[mask])


def _objects(logged: dict[str, list[Placed[_T]]], keep: Callable[..., Keep]) -> dict[str, tuple[_T, ...]]:
    found = {}
    for tag, several in logged.items():
        record = np.array([one.record for one in several], np.int64)
        step = np.array([one.value.step for one in several], np.int64)
        mask = keep(tag, record, step, np.array([one.time for one in several], np.float64))
        if mask.any():
            found[tag] = tuple(one.value for one, is_kept in zip(several, mask, strict=True) if is_kept)
    return found


def _restarted(values: Values, record: NDArray[np.int64], step: NDArray[np.int64]) -> Iterator[tuple[str, int, Keep]]:
    """For each note of a restart: its file, its step, and which values it voids."""
    for number, again in values.restarts:
        name = next((name for start, name in reversed(values.files) if start <= number), "")
        yield name, again, (record < number) & (step >= again)


def _begun_again(
    values: Values, record: NDArray[np.int64], step: NDArray[np.int64], time: NDArray[np.float64]
) -> Iterator[tuple[str, int, Keep]]:
    """For each later file that begins the tag again and has no note of a restart: its name, its first step, and which values it voids."""
    ends = [start for start, _ in values.files[1:]] + [np.iinfo(np.int64).max]
    for (start, name), end in list(zip(values.files, ends, strict=True))[1:]:
        first, last = np.searchsorted(record, [start, end])
        if not 0 < first < last or any(start <= number < end for number, _ in values.restarts):
            continue
        is_back = step[first] <= step[:first].max()
        is_after = time[first] >= np.nanmax(time[:first], initial=-np.inf)
        if is_back and is_after:
            yield name, int(step[first]), (record < start) & (step >= step[first])
