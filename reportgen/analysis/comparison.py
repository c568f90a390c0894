"""Runs side by side: what differs between them, which value is the best of each metric, and how far from a baseline.

Only values: nothing here knows of HTML. `compare` gives a frozen `Comparison` that a table draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analysis.column_format import ColumnFormat, amount, column_format, exact
from reportgen.analysis.compared_rows import Missing, Row, Several, row_value, rows_of, size_of, sorted_rows
from reportgen.analysis.repeats import Sample, can_be_told, repeats
from reportgen.errors import QueryError
from reportgen.model import AGGREGATE, ATTRIBUTES, Goal, Run, Runs

Kind = Literal["config", "metric", "attribute"]


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
        value: As it was logged; for repeats the mean; None also when it is missing.
        missing: The run does not have it ("null" in a config is a value).
        text: What is seen, with the digits of the column.
        exact: The value to its last digit, "" when it is missing.
        size: By what it is sorted: the number, epoch seconds of a time; None for text and for what is missing.
        is_best: No other row has a better one; several are the best when they are equal.
        like_best: It cannot be told from the best by the spread of repeats. Never true without repeats.
        sample: For a metric of several runs, what the mean is of.
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
    """

    rows: tuple[Row, ...]
    columns: tuple[ComparedColumn, ...]
    equal: tuple[EqualColumn, ...] = ()
    baseline: int | None = None
    left_out: int = 0


def compare(
    runs: Runs,
    columns: Sequence[str],
    *,
    among: Runs | None = None,
    baseline: Run | None = None,
    goals: Mapping[str, Goal | None] | None = None,
    group: Sequence[str] = (),
    sort: str = "",
    limit: int | None = None,
    differing_only: bool = True,
    percent: Sequence[str] = (),
) -> Comparison:
    """Puts runs side by side.

    Args:
        runs: The rows, in their order. The baseline is put in front when it is not among them.
        columns: Names, globs, and aggregates such as `max(val/acc)`.
        among: All runs that are known: names are looked up and repeats are found there too.
        baseline: The run from which differences of metrics are taken.
        goals: What is better, by column, where the names do not say it; None marks nothing in that column.
        group: Columns by which runs are put together: one row for each combination, metrics as the mean over
            its runs with their standard deviation.
        sort: A column, by default best first, with ` asc` or ` desc` to say it.
        limit: Show no more rows; the baseline stays. What is best is still found among all.
        differing_only: Split off the columns that are equal in all rows (when there are two rows or more).
        percent: Columns (names or globs) that are shares of one and shown as percentages.

    Raises:
        QueryError: A name fits no column, or a metric that is asked for is none.
    """
    known = among if among is not None else runs
    goal_of = _goals(known, goals or {})
    shares, by = frozenset(resolve(known, percent)), resolve(known, group)
    chosen = list(runs)
    if baseline is not None and baseline.id not in {run.id for run in chosen}:
        chosen.insert(0, baseline)
    rows = rows_of(chosen, by)
    if sort:
        sorted_by, down = _direction(sort, known, goal_of)
        rows = sorted_rows(rows, sorted_by, down=down)
    at = next((i for i, row in enumerate(rows) if baseline is not None and baseline.id in row.ids), None)
    family = repeats(known)
    done: list[ComparedColumn] = []
    equal: list[EqualColumn] = []
    for name in resolve(known, columns):
        if name == "name" or name in by:
            continue
        values = [row_value(row, name) for row in rows]
        column = _column(name, rows, values, goal_of(name), name in shares)
        if differing_only and len(rows) > 1 and _all_equal(values):
            equal.append(EqualColumn(name, column.kind, column.cells[0]))
        else:
            done.append(_against(at, _marked(column, rows, family)))
    return _limited(Comparison(tuple(rows), tuple(done), tuple(equal), at), limit)


def resolve(runs: Runs, patterns: Iterable[str]) -> tuple[str, ...]:
    """The columns that names, globs and aggregates of globs (`max(val/*)`) stand for, each once.

    Raises:
        QueryError: One of them fits nothing.
    """
    names: dict[str, None] = {}
    for pattern in patterns:
        aggregate = AGGREGATE.match(pattern)
        if aggregate and any(sign in pattern for sign in "*?["):
            names.update((f"{aggregate[1]}({metric})", None) for metric in runs.metrics_like(aggregate[2]))
        else:
            names.update(dict.fromkeys(runs.columns_like(pattern)))
    return tuple(names)


def kind_of(name: str) -> Kind:
    """What a column holds, by its full name."""
    if name in ATTRIBUTES:
        return "attribute"
    return "config" if name.startswith("config.") else "metric"


def _goals(known: Runs, given: Mapping[str, Goal | None]) -> Callable[[str], Goal | None]:
    """Column → goal: what is given for it or for the metric that it aggregates, else what the metric's name says."""
    resolved = {known.column(name): goal for name, goal in given.items()}

    def goal_of(name: str) -> Goal | None:
        found = AGGREGATE.match(name)
        for key in (name, found[2] if found else name):
            if key in resolved:
                return resolved[key]
        return known.goal(name) if kind_of(name) == "metric" else None

    return goal_of


def _direction(sort: str, known: Runs, goal_of: Callable[[str], Goal | None]) -> tuple[str, bool]:
    """The column of `val/acc`, `val/acc asc` or `val/acc desc`, and whether its largest values come first."""
    name, _, direction = sort.strip().rpartition(" ")
    if direction not in ("asc", "desc"):
        name, direction = sort.strip(), ""
    column = known.column(name.strip())
    return column, direction == "desc" if direction else goal_of(column) == "max"


def _column(name: str, rows: Sequence[Row], values: Sequence[object], goal: Goal | None, percent: bool) -> ComparedColumn:
    plain = [value.mean if isinstance(value, Sample) else value for value in values if not isinstance(value, Missing | Several)]
    kind = kind_of(name)
    if percent and any(amount(value) is None for value in plain):
        raise QueryError(f"'{name}' is not a number in every run", hint="only numbers can be written as percentages")
    written = column_format(name, plain, metric=kind == "metric", percent=percent, goal=goal)
    if any(isinstance(value, Several) for value in values):
        written = replace(written, style="text")
    return ComparedColumn(name, kind, written, goal, tuple(_cell(value, written) for value in values))


def _cell(value: object, written: ColumnFormat) -> ComparedValue:
    match value:
        case Missing():
            return ComparedValue(None, True, "—", "")
        case Several():
            return ComparedValue(value.values, False, value.text, value.exact)
        case Sample():
            spread = f" ± {written.spread(value.sd)}" if value.sd is not None else ""
            text = written.text(value.mean) + spread
            return ComparedValue(value.mean, False, text, repr(value.mean), size_of(value.mean), sample=value)
        case _:
            return ComparedValue(value, False, written.text(value), exact(value), size_of(value))


def _all_equal(values: Sequence[object]) -> bool:
    """Whether all are equal, where 1 equals 1.0 but not True, and NaN equals NaN."""
    return len({_identity(value) for value in values}) == 1


def _identity(value: object) -> tuple[str, object]:
    if isinstance(value, Sample | Several | Missing):
        return (type(value).__name__, repr(value))
    size = amount(value)
    if size is None:
        return (type(value).__name__, exact(value))
    return ("number", "nan" if math.isnan(size) else value)


def _marked(column: ComparedColumn, rows: Sequence[Row], family: Mapping[str, tuple[Run, ...]]) -> ComparedColumn:
    """The column with its best values marked, if it has a goal and at least two finite values to choose from."""
    finite = [cell.size for cell in column.cells if cell.size is not None and math.isfinite(cell.size)]
    if column.goal is None or len(finite) < 2 or not column.format.is_number:
        return column
    best = min(finite) if column.goal == "min" else max(finite)
    first = next(i for i, cell in enumerate(column.cells) if cell.size == best)
    samples = [_sample(cell, row, column, family) for cell, row in zip(column.cells, rows, strict=True)]
    cells = []
    for cell, sample, row in zip(column.cells, samples, rows, strict=True):
        is_best = cell.size == best
        like_best = not is_best and cell.size is not None and math.isfinite(cell.size)
        if like_best and not _repeats_of_one(row, rows[first], family):
            told = can_be_told(sample, samples[first])
            worse = (sample.mean > samples[first].mean) == (column.goal == "min")
            like_best = told is not None and not (told and worse)
        cells.append(replace(cell, is_best=is_best, like_best=like_best))
    return replace(column, cells=tuple(cells))


def _repeats_of_one(row: Row, other: Row, family: Mapping[str, tuple[Run, ...]]) -> bool:
    """Whether two single runs are repeats of the same experiment."""
    single = not row.by and not other.by
    return single and other.runs[0].id in {run.id for run in family.get(row.runs[0].id, ())}


def _sample(cell: ComparedValue, row: Row, column: ComparedColumn, family: Mapping[str, tuple[Run, ...]]) -> Sample:
    """The repeats that a cell stands for: of its row, or all runs with the same config as the one run of its row."""
    if cell.sample is not None:
        return cell.sample
    return Sample.of(amount(run[column.name]) for run in family.get(row.runs[0].id, row.runs))


def _against(baseline: int | None, column: ComparedColumn) -> ComparedColumn:
    """The column with the differences to the baseline, if it is a metric of numbers."""
    if baseline is None or column.kind != "metric" or not column.format.is_number:
        return column
    base = column.cells[baseline].size
    if base is None:
        return column
    cells = [replace(cell, difference=_difference(cell, base, column)) for cell in column.cells]
    cells[baseline] = column.cells[baseline]
    return replace(column, cells=tuple(cells))


def _difference(cell: ComparedValue, base: float, column: ComparedColumn) -> Difference | None:
    if cell.size is None or not math.isfinite(change := cell.size - base):
        return None
    better = None if column.goal is None or change == 0 else (change < 0) == (column.goal == "min")
    return Difference(change, column.format.difference(change), better)


def _limited(comparison: Comparison, limit: int | None) -> Comparison:
    count = len(comparison.rows)
    if limit is None or count <= limit:
        return comparison
    at = comparison.baseline
    kept = [i for i in range(count) if i < limit or i == at]
    columns = tuple(replace(column, cells=tuple(column.cells[i] for i in kept)) for column in comparison.columns)
    rows = tuple(comparison.rows[i] for i in kept)
    baseline = kept.index(at) if at is not None else None
    return replace(comparison, rows=rows, columns=columns, baseline=baseline, left_out=count - len(kept))
