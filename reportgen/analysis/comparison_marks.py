"""The marks of a comparison: what is best, what cannot be told from it, and how far from the baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.analysis.column_format import amount
from reportgen.analysis.compared_rows import Row, size_of
from reportgen.analysis.compared_values import ComparedColumn, ComparedValue, Difference, Repeats
from reportgen.analysis.statistics import SIGNIFICANCE, Sample, holm, p_value
from reportgen.model import Run


def marked(column: ComparedColumn, rows: Sequence[Row], family: Mapping[str, tuple[Run, ...]], how: Repeats) -> ComparedColumn:
    """The column with its best values marked, if it has a goal and at least two finite values to choose from.

    What cannot be told from the best is found by a test of each against it, corrected by Holm for as many different samples as there are.
    """
    finite = [cell.size for cell in column.cells if cell.size is not None and math.isfinite(cell.size)]
    if column.goal is None or len(finite) < 2 or not column.format.is_number:
        return column
    best = min(finite) if column.goal == "min" else max(finite)
    first = next(i for i, cell in enumerate(column.cells) if cell.size == best)
    samples = [_sample(cell, row, column, family) for cell, row in zip(column.cells, rows, strict=True)]
    others = [
        sample
        for cell, sample, row in zip(column.cells, samples, rows, strict=True)
        if _is_finite(cell) and cell.size != best and not _repeats_of_one(row, rows[first], family)
    ]
    different = list(dict.fromkeys(others))
    tests = holm([p_value(sample, samples[first], how.statistic) for sample in different])
    told = {sample: p < SIGNIFICANCE if p is not None else None for sample, p in zip(different, tests, strict=True)}
    cells = []
    for cell, sample, row in zip(column.cells, samples, rows, strict=True):
        is_best = cell.size == best
        like_best = not is_best and _is_finite(cell)
        if like_best and not _repeats_of_one(row, rows[first], family):
            worse = (size_of(sample, how.statistic) or 0.0) > (size_of(samples[first], how.statistic) or 0.0)
            like_best = told[sample] is not None and not (told[sample] and worse == (column.goal == "min"))
        cells.append(replace(cell, is_best=is_best, like_best=like_best))
    return replace(column, cells=tuple(cells))


def _is_finite(cell: ComparedValue) -> bool:
    return cell.size is not None and math.isfinite(cell.size)


def _repeats_of_one(row: Row, other: Row, family: Mapping[str, tuple[Run, ...]]) -> bool:
    """Whether two single runs are repeats of the same experiment."""
    single = not row.by and not other.by
    return single and other.runs[0].id in {run.id for run in family.get(row.runs[0].id, ())}


def _sample(cell: ComparedValue, row: Row, column: ComparedColumn, family: Mapping[str, tuple[Run, ...]]) -> Sample:
    """The repeats that a cell stands for: of its row, or all runs with the same config as the one run of its row."""
    if cell.sample is not None:
        return cell.sample
    return Sample.of(amount(run[column.name]) for run in family.get(row.runs[0].id, row.runs))


def against_baseline(baseline: int | None, column: ComparedColumn) -> ComparedColumn:
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
