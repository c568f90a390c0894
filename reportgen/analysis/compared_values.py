"""What a comparison is made of: values, columns and rows, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.column_format import ColumnFormat
from reportgen.analysis.compared_rows import Row
from reportgen.analysis.statistics import LEVEL, Estimate, Sample, Statistic
from reportgen.model import Goal

Kind = Literal["config", "metric", "attribute"]
Spread = Literal["interval", "sd"]


@dataclass(frozen=True)
class Repeats:
    """How the metrics of the runs of a group become one number.

    Attributes:
        statistic: Which number.
        spread: Beside it its interval or, beside a mean, the standard deviation of the runs.
        level: Of the interval.
        tasks: Columns that say on what a run was tried (datasets, environments): each task counts the same, and repeats are those on
            the same task.
    """

    statistic: Statistic = "mean"
    spread: Spread = "interval"
    level: float = LEVEL
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """How far a value is from the baseline's.

    Attributes:
        value: The cell's value minus the baseline's.
        text: With its sign and the digits of the column.
        better: Whether it is better than the baseline; None when it is equal or nothing says what is better.
    """

    value: float
    text: str
    better: bool | None


@dataclass(frozen=True)
class ComparedValue:
    """One cell of a comparison.

    Attributes:
        value: As it was logged; for repeats their statistic; None also when it is missing.
        missing: The run does not have it ("null" in a config is a value).
        text: What is seen, with the digits of the column.
        exact: The value to its last digit, "" when it is missing.
        size: By what it is sorted: the number, epoch seconds of a time; None for text and for what is missing.
        is_best: No other row has a better one; several are the best when they are equal.
        like_best: It cannot be told from the best by the spread of repeats. Never true without repeats.
        sample: For a metric of several runs, what the statistic is of.
        estimate: The statistic with its interval.
    """

    value: object
    missing: bool
    text: str
    exact: str
    size: float | None = None
    difference: Difference | None = None
    is_best: bool = False
    like_best: bool = False
    sample: Sample | None = None
    estimate: Estimate | None = None


@dataclass(frozen=True)
class ComparedColumn:
    """One column: its cells are in the order of the rows (`goal` is None where nothing is marked best)."""

    name: str
    kind: Kind
    format: ColumnFormat
    goal: Goal | None
    cells: tuple[ComparedValue, ...]


@dataclass(frozen=True)
class EqualColumn:
    """A column that is equal in all rows, with the one value that it has."""

    name: str
    kind: Kind
    cell: ComparedValue


@dataclass(frozen=True)
class Comparison:
    """Runs, or groups of runs, side by side.

    Attributes:
        rows: What is compared, in the order in which it is to be shown.
        columns: What differs (or all that was asked for).
        equal: What is equal in all rows, split off.
        baseline: The position of the baseline among the rows; None without one.
        left_out: Rows beyond the limit.
        tasks_left_out: Tasks that not all rows have, which count nowhere.
        repeats: How groups became one number.
        has_repeats: There are repeats of something, so that chance can be judged.
        varied: The config keys, seeds apart, in which runs of the same group (and task) differ: they are no mere repeats.
    """

    rows: tuple[Row, ...]
    columns: tuple[ComparedColumn, ...]
    equal: tuple[EqualColumn, ...] = ()
    baseline: int | None = None
    left_out: int = 0
    tasks_left_out: tuple[str, ...] = ()
    repeats: Repeats = Repeats()
    has_repeats: bool = False
    varied: tuple[str, ...] = ()
