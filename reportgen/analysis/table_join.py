"""Two tables joined on a column: which rows changed, and, where they hold predictions, from wrong to right and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.analysis.table_columns import TableColumn, answers
from reportgen.model import Media

FIXED, BROKEN, CHANGED = "now right", "now wrong", "changed"


@dataclass(frozen=True, eq=False)
class Joined:
    """The rows that changed.

    Attributes:
        columns: "change", the key, what is equal in all rows once, what differs twice with the name of its table.
        rows: One for each row that changed, as long as `columns`.
        joined: How many rows are in both tables.
        fixed, broken, other: How many went from wrong to right, from right to wrong, and changed otherwise.
        alone: How many rows are in one table only.
        has_answers: Whether both tables hold truth and prediction.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    joined: int
    fixed: int
    broken: int
    other: int
    alone: int
    has_answers: bool


def join(one: Sequence[TableColumn], other: Sequence[TableColumn], key: str, names: tuple[str, str]) -> Joined:
    """Joins two tables.

    Args:
        key: The column that rows are known by; "" for their number.
        names: What the tables are called.
    """
    first, second = _places(one, key), _places(other, key)
    pairs = [(first[value], second[value]) for value in first if value in second]
    beside = {column.name: column for column in other}
    shared = [(column, beside[column.name]) for column in one if column.name in beside]
    told = answers(one), answers(other)
    kinds = [_kind(shared, told, key, i, j) for i, j in pairs]
    differing = {
        a.name for a, b in shared if a.name != key and any(not _is_same(a.values[i], b.values[j]) for i, j in pairs)
    }
    columns, values = ["change"], [list(kinds)]
    for a, b in sorted(shared, key=lambda pair: pair[0].name != key):
        columns.append(f"{a.name} · {names[0]}" if a.name in differing else a.name)
        values.append([a.values[i] for i, _j in pairs])
        if a.name in differing:
            columns.append(f"{a.name} · {names[1]}")
            values.append([b.values[j] for _i, j in pairs])
    rows = tuple(row for row in zip(*values, strict=True) if row[0])
    return Joined(
        tuple(columns), rows, len(pairs), kinds.count(FIXED), kinds.count(BROKEN), kinds.count(CHANGED),
        len(first) + len(second) - 2 * len(pairs), None not in told,
    )  # fmt: skip


def _places(columns: Sequence[TableColumn], key: str) -> Mapping[Any, int]:
    """The row of each value of the key, the first that has it."""
    column = next((one for one in columns if one.name == key), None)
    if column is None:
        return {i: i for i in range(len(columns[0].values) if columns else 0)}
    found: dict[Any, int] = {}
    for i, value in enumerate(column.values):
        if value is not None and not isinstance(value, Media):
            found.setdefault(value, i)
    return found


def _kind(
    shared: Sequence[tuple[TableColumn, TableColumn]], told: Sequence[tuple[TableColumn, TableColumn] | None], key: str, i: int, j: int
) -> str:
    before, after = told
    if before and after:
        was, now = before[0].values[i] == before[1].values[i], after[0].values[j] == after[1].values[j]
        if was != now:
            return FIXED if now else BROKEN
        return "" if _is_same(before[1].values[i], after[1].values[j]) else CHANGED
    return "" if all(a.name == key or _is_same(a.values[i], b.values[j]) for a, b in shared) else CHANGED


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, Media) and isinstance(other, Media):
        return one.caption == other.caption and _content(one) == _content(other)
    return bool(one == other) or (one != one and other != other)


def _content(one: Media) -> Any:
    """What two media are compared by: their bytes, where a file is there."""
    try:
        return one.path.read_bytes() if one.path and one.span is None else (one.path, one.span, one.text)
    except OSError:
        return one.path
