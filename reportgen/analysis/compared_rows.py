"""The rows of a comparison: single runs, or groups of runs with the same values of some columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from reportgen.analysis.column_format import ColumnFormat, amount, column_format, exact, plain_text
from reportgen.analysis.statistics import Sample, Statistic, aggregate
from reportgen.errors import QueryError
from reportgen.model import ATTRIBUTES, Run
from reportgen.words import _

_LISTED = 4


@dataclass(frozen=True)
class Missing:
    """Stands for a value that a run does not have, which is not the same as a null that it has."""


@dataclass(frozen=True)
class Several:
    """The different values that the runs of one row have, in their order."""

    values: tuple[object, ...]

    @property
    def text(self) -> str:
        """All of a few values, the number of many."""
        if len(self.values) > _LISTED:
            return _("{n} values").format(n=len(self.values))
        return ", ".join("—" if isinstance(value, Missing) else plain_text(value) for value in self.values)

    @property
    def exact(self) -> str:
        """All values as a JSON list, null for a missing one."""
        return exact([None if isinstance(value, Missing) else value for value in self.values])


@dataclass(frozen=True)
class Row:
    """What one row compares.

    Attributes:
        runs: The one run, or the runs of a group; at least one.
        by: For a group, the columns that it was made by with their values, else empty.
        label: For a group, those values as they are read.
    """

    runs: tuple[Run, ...]
    by: tuple[tuple[str, object], ...] = ()
    label: str = ""

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its runs."""
        return frozenset(run.id for run in self.runs)

    @property
    def name(self) -> str:
        """The name of the run, or the values that make the group."""
        return self.label if self.by else self.runs[0].name


def rows_of(runs: Sequence[Run], group: Sequence[str]) -> list[Row]:
    """One row per run, or per combination of the values of some columns, in the order of first appearance."""
    if not group:
        return [Row((run,)) for run in runs]
    found: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        key = tuple(_identity(value_of(run, name)) for name in group)
        found.setdefault(key, []).append(run)
    values = [tuple(value_of(members[0], name) for name in group) for members in found.values()]
    formats = [
        column_format(name, [value for value in column if not isinstance(value, Missing)])
        for name, column in zip(group, zip(*values, strict=True), strict=True)
    ]
    return [
        Row(tuple(members), tuple(zip(group, own, strict=True)), " · ".join(map(_label, formats, own)))
        for members, own in zip(found.values(), values, strict=True)
    ]


def _label(written: ColumnFormat, value: object) -> str:
    return "—" if isinstance(value, Missing) else written.text(value)


def value_of(run: Run, name: str) -> object:
    """A column of one run; `Missing` where the run does not have it (an attribute that is empty is missing)."""
    value = run[name]
    if name.startswith("config."):
        return value if name.removeprefix("config.") in run.config else Missing()
    if name in ATTRIBUTES:
        return Missing() if value is None or value in ("", ()) else value
    return Missing() if value is None and name.removeprefix("summary.") not in run.summary else value


def row_value(row: Row, name: str, tasks: Sequence[str] = ()) -> object:
    """A column of a row: of its one run; of a group the one value that all have, a `Sample` of numbers, or `Several`.

    Metrics of a group are always a `Sample`, so that one repeat and five are not taken for the same. Settings
    are a value or several, even when they are numbers: the mean of seeds means nothing.

    Args:
        tasks: Columns whose values are the tasks of a sample; none takes all runs of a row for repeats.
    """
    values = [value_of(run, name) for run in row.runs]
    if not row.by:
        return values[0]
    metric = not name.startswith("config.") and (name not in ATTRIBUTES or name == "duration")
    sizes = [amount(value) for value in values if not isinstance(value, Missing)]
    if metric and sizes and None not in sizes:
        names = [task_of(run, tasks) for run in row.runs] if tasks else None
        return Sample.of([None if isinstance(value, Missing) else amount(value) for value in values], names)
    different = {_identity(value): value for value in values}
    if len(different) == 1:
        return values[0]
    return Several(tuple(different.values()))


def task_of(run: Run, tasks: Sequence[str]) -> str:
    """The values of some columns of a run as one name."""
    return " · ".join("—" if isinstance(value := value_of(run, name), Missing) else plain_text(value) for name in tasks)


def row_values(rows: Sequence[Row], name: str, tasks: Sequence[str] = ()) -> list[object]:
    """A column of all rows (`row_value`); samples keep only the tasks that all of them have, else they would not compare."""
    values = [row_value(row, name, tasks) for row in rows]
    of_tasks = [{task for task, _ in value.tasks} for value in values if isinstance(value, Sample) and value.n]
    common = of_tasks[0].intersection(*of_tasks[1:]) if of_tasks else set()
    if tasks and of_tasks and not common:
        raise QueryError(f"no {' · '.join(tasks)} is common to all groups of '{name}'", hint="take fewer groups, or other tasks")
    return [value.on(common) if tasks and isinstance(value, Sample) else value for value in values]


def sorted_rows(rows: Sequence[Row], values: Sequence[object], statistic: Statistic = "mean", *, down: bool) -> list[Row]:
    """The rows by their values of a column: numbers and times, then text, last NaN and what is missing; equal ones keep their order."""
    numbers: list[tuple[float, Row]] = []
    texts: list[tuple[str, Row]] = []
    last = []
    for row, value in zip(rows, values, strict=True):
        size = size_of(value, statistic)
        if isinstance(value, Missing) or value is None or (size is not None and math.isnan(size)):
            last.append(row)
        elif size is not None:
            numbers.append((size, row))
        else:
            texts.append((value.text if isinstance(value, Several) else exact(value).casefold(), row))
    numbers.sort(key=lambda pair: pair[0], reverse=down)
    texts.sort(key=lambda pair: pair[0], reverse=down)
    return [*(row for _, row in numbers), *(row for _, row in texts), *last]


def size_of(value: object, statistic: Statistic = "mean") -> float | None:
    """By what a value is sorted: a number, the statistic of a sample, epoch seconds; None for anything else."""
    if isinstance(value, Sample):
        return aggregate(value, statistic)
    return value.timestamp() if isinstance(value, datetime) else amount(value)


def _identity(value: object) -> str:
    size = amount(value)
    return f"number {size!r}" if size is not None else f"{type(value).__name__} {exact(value)}"
