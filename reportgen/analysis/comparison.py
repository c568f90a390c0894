"""Runs side by side: what differs between them, which value is the best of each metric, and how far from a baseline.

Only values: nothing here knows of HTML. `compare` gives a frozen `Comparison` that a table draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from reportgen.analysis.column_format import ColumnFormat, amount, column_format, exact
from reportgen.analysis.compared_rows import Missing, Row, Several, row_values, rows_of, size_of, sorted_rows, task_of
from reportgen.analysis.compared_values import ComparedColumn, ComparedValue, Comparison, EqualColumn, Kind, Repeats, Spread
from reportgen.analysis.comparison_marks import against_baseline, marked
from reportgen.analysis.repeats import is_seed, repeats
from reportgen.analysis.statistics import Estimate, Sample, estimate
from reportgen.errors import QueryError
from reportgen.model import AGGREGATE, ATTRIBUTES, Goal, Run, Runs


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
    repeated: Repeats | None = None,
) -> Comparison:
    """Puts runs side by side.

    Args:
        runs: The rows, in their order. The baseline is put in front when it is not among them.
        columns: Names, globs, and aggregates such as `max(val/acc)`.
        among: All runs that are known: names are looked up and repeats are found there too.
        baseline: The run from which differences of metrics are taken.
        goals: What is better, by column, where the names do not say it; None marks nothing in that column.
        group: Columns by which runs are put together: one row for each combination, metrics as `repeated` says.
        sort: A column, by default best first, with ` asc` or ` desc` to say it.
        limit: Show no more rows; the baseline stays. What is best is still found among all.
        differing_only: Split off the columns that are equal in all rows (when there are two rows or more).
        percent: Columns (names or globs) that are shares of one and shown as percentages.
        repeated: How the metrics of a group become one number; by default the mean with its interval of 95 %.

    Raises:
        QueryError: A name fits no column, or a metric that is asked for is none; groups have no task in common.
    """
    how = repeated or Repeats()
    how = replace(how, tasks=resolve(among if among is not None else runs, how.tasks))
    known = among if among is not None else runs
    goal_of = _goals(known, goals or {})
    shares, by = frozenset(resolve(known, percent)), resolve(known, group)
    chosen = list(runs)
    if baseline is not None and baseline.id not in {run.id for run in chosen}:
        chosen.insert(0, baseline)
    rows = rows_of(chosen, by)
    if sort:
        sorted_by, down = _direction(sort, known, goal_of)
        rows = sorted_rows(rows, row_values(rows, sorted_by, how.tasks), how.statistic, down=down)
    at = next((i for i, row in enumerate(rows) if baseline is not None and baseline.id in row.ids), None)
    family = repeats(known)
    done: list[ComparedColumn] = []
    equal: list[EqualColumn] = []
    for name in resolve(known, columns):
        if name == "name" or name in by or name in how.tasks:
            continue
        values = row_values(rows, name, how.tasks)
        column = _column(name, values, goal_of(name), name in shares, how)
        if differing_only and len(rows) > 1 and _all_equal(values):
            equal.append(EqualColumn(name, column.kind, column.cells[0]))
        else:
            done.append(against_baseline(at, marked(column, rows, family, how)))
    has_repeats = any(len(row.runs) > 1 or len(family.get(row.runs[0].id, ())) > 1 for row in rows)
    found = Comparison(
        tuple(rows), tuple(done), tuple(equal), at, 0, _uncommon_tasks(rows, how.tasks), how, has_repeats, _varied(rows, how.tasks)
    )
    return _limited(found, limit)


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


def _uncommon_tasks(rows: Sequence[Row], tasks: Sequence[str]) -> tuple[str, ...]:
    """The tasks that not all rows were run on."""
    if not tasks or not rows:
        return ()
    first, *others = [{task_of(run, tasks) for run in row.runs} for row in rows]
    return tuple(sorted(first.union(*others) - first.intersection(*others)))


def _varied(rows: Sequence[Row], tasks: Sequence[str]) -> tuple[str, ...]:
    """The config keys that differ between the runs of a row, without seeds and what says the task."""
    keys = {key for row in rows if len(row.runs) > 1 for run in row.runs for key in run.config}
    keys -= {name.removeprefix("config.") for name in tasks}
    return tuple(
        key
        for key in sorted(keys)
        if not is_seed(key)
        and not key.startswith("_")
        and any(len({exact(run.config[key]) if key in run.config else None for run in row.runs}) > 1 for row in rows)
    )


def _column(name: str, values: Sequence[object], goal: Goal | None, percent: bool, how: Repeats) -> ComparedColumn:
    shown = [size_of(value, how.statistic) if isinstance(value, Sample) else value for value in values]
    plain = [value for value in shown if not isinstance(value, Missing | Several)]
    kind = kind_of(name)
    if percent and any(amount(value) is None for value in plain):
        raise QueryError(f"'{name}' is not a number in every run", hint="only numbers can be written as percentages")
    written = column_format(name, plain, metric=kind == "metric", percent=percent, goal=goal)
    if any(isinstance(value, Several) for value in values):
        written = replace(written, style="text")
    return ComparedColumn(name, kind, written, goal, tuple(_cell(value, written, how) for value in values))


def _cell(value: object, written: ColumnFormat, how: Repeats) -> ComparedValue:
    match value:
        case Missing():
            return ComparedValue(None, True, "—", "")
        case Several():
            return ComparedValue(value.values, False, value.text, value.exact)
        case Sample():
            found = estimate(value, how.statistic, how.level)
            text = written.text(found.value) + _spread(value, found, written, how.spread)
            return ComparedValue(found.value, False, text, repr(found.value), size_of(found.value), sample=value, estimate=found)
        case _:
            return ComparedValue(value, False, written.text(value), exact(value), size_of(value))


def _spread(sample: Sample, found: Estimate, written: ColumnFormat, spread: Spread) -> str:
    """What stands behind the number of a group: " ± 0.02", or the ends of an interval that is longer at one side."""
    if spread == "sd":
        return f" ± {written.spread(sample.sd)}" if sample.sd is not None else ""
    if not found.has_interval:
        return ""
    if found.method == "student":
        return f" ± {written.spread(found.high - found.value)}"
    return f" ({written.text(found.low)}–{written.text(found.high)})"


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
