"""The rows of a comparison against one of them: what can be said of each difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.column_format import ColumnFormat, amount
from reportgen.analysis.compared_rows import Row, task_of
from reportgen.analysis.compared_values import ComparedColumn, Comparison
from reportgen.analysis.repeats import seed_of
from reportgen.analysis.statistics import Sample, Versus, against, against_paired
from reportgen.analysis.statistics.sample import Floats
from reportgen.errors import QueryError
from reportgen.model import Goal


@dataclass(frozen=True)
class RowTests:
    """One metric of the rows of a comparison against a reference.

    Attributes:
        reference: The position of the row that the others are compared with: the baseline, else the best.
        others: Positions and what was found, in the order of the rows; rows without a finite value are not among them.
    """

    metric: str
    goal: Goal
    format: ColumnFormat
    reference: int
    reference_sample: Sample
    others: tuple[tuple[int, Versus], ...]


def row_tests(comparison: Comparison, metric: str, *, paired: bool = False) -> RowTests:
    """The rows of a comparison of groups against the baseline or the best.

    Args:
        metric: A column of the comparison.
        paired: Differences are taken between runs of the same seed (and the same task).

    Raises:
        QueryError: The comparison is not of groups; the metric is no column of it or has no goal; pairs without seeds.
    """
    if not comparison.rows or not comparison.rows[0].by:
        raise QueryError("statistics compares groups of runs", hint="say by what they are put together, as in group: config.model")
    column = next((one for one in comparison.columns if one.name == metric), None)
    if column is None or not any(cell.sample and cell.sample.n for cell in column.cells):
        raise QueryError(f"'{metric}' is no metric of the table that differs between the groups", hint="name it in columns")
    if column.goal is None:
        raise QueryError(f"nothing says whether more or less of '{metric}' is better", hint=f"write goals: {{{metric}: max}}")
    samples = {i: cell.sample for i, cell in enumerate(column.cells) if cell.sample is not None and cell.sample.n}
    at = _reference(comparison, column, samples)
    others = [i for i in samples if i != at]
    if paired:
        pairs = [_pairs(comparison.rows[i], comparison.rows[at], metric, comparison.repeats.tasks) for i in others]
        found = against_paired(pairs, column.goal, comparison.repeats.level)
    else:
        how = comparison.repeats
        found = against([samples[i] for i in others], samples[at], column.goal, how.statistic, how.level)
    return RowTests(metric, column.goal, column.format, at, samples[at], tuple(zip(others, found, strict=True)))


def with_marks(comparison: Comparison, tests: RowTests) -> Comparison:
    """The comparison whose marks of one metric are what the tests say, where they are against the best."""
    told = {i: one.is_told for i, one in tests.others}

    def marked(column: ComparedColumn) -> ComparedColumn:
        if column.name != tests.metric or not column.cells[tests.reference].is_best:
            return column
        cells = list(column.cells)
        for i, is_told in told.items():
            cells[i] = replace(cells[i], like_best=is_told is False and not cells[i].is_best)
        return replace(column, cells=tuple(cells))

    return replace(comparison, columns=tuple(map(marked, comparison.columns)))


def _reference(comparison: Comparison, column: ComparedColumn, samples: Mapping[int, Sample]) -> int:
    """The baseline, else the best of the rows that are shown."""
    if comparison.baseline is not None and comparison.baseline in samples:
        return comparison.baseline
    sizes = {i: column.cells[i].size or 0.0 for i in samples}
    return (max if column.goal == "max" else min)(sizes, key=lambda i: sizes[i])


def _pairs(own: Row, other: Row, metric: str, tasks: Sequence[str]) -> tuple[Floats, Floats]:
    """The values of both rows of the seeds that both have, each of shape (n_pairs,)."""
    first, second = _by_seed(own, metric, tasks), _by_seed(other, metric, tasks)
    both = sorted(first.keys() & second.keys())
    return np.array([first[key] for key in both]), np.array([second[key] for key in both])


def _by_seed(row: Row, metric: str, tasks: Sequence[str]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for run in row.runs:
        seed, value = seed_of(run), amount(run[metric])
        if seed is None:
            raise QueryError(f"the config of '{run.name}' has no seed", hint="pairs are runs of the same seed; leave out paired")
        if value is None or not np.isfinite(value):
            continue
        key = (seed, task_of(run, tasks))
        if key in found:
            raise QueryError(f"two runs of '{row.name}' have the same seed", hint="group by what else differs, or leave out paired")
        found[key] = value
    return found
