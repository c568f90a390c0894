"""The tables of a site by their key: each the table of one run at one step, with its columns looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.analysis.table_columns import TableColumn, answers, right, table_columns
from reportgen.model import Run, Runs, Table


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of one run."""

    run: Run
    table: Table

    @cached_property
    def columns(self) -> tuple[TableColumn, ...]:
        """Its columns, typed."""
        return table_columns(self.table)

    @cached_property
    def answers(self) -> tuple[TableColumn, TableColumn] | None:
        """The columns of truth and prediction, None when it has none."""
        return answers(self.columns)

    @cached_property
    def right(self) -> tuple[int, int] | None:
        """How many of its predictions are right, of how many; None when it holds none."""
        return right(*self.answers) if self.answers else None

    @property
    def share(self) -> float | None:
        """The share of right predictions, None when there are none."""
        return self.right[0] / self.right[1] if self.right and self.right[1] else None


def sheets_by_key(runs: Runs) -> dict[str, list[Sheet]]:
    """The tables of all runs, by key in alphabetic order, each key's by run and step."""
    found: dict[str, list[Sheet]] = {}
    for run in runs:
        for key, tables in run.tables.items():
            found.setdefault(key, []).extend(Sheet(run, table) for table in tables)
    return {key: found[key] for key in sorted(found) if found[key]}


def first_shown(sheets: Sequence[Sheet]) -> int:
    """Which table a reader sees at first: the one with the most right predictions, else the last one that was logged."""
    places = range(len(sheets))
    return max(places, key=lambda i: (sheets[i].share if sheets[i].share is not None else -1.0, i))
