"""What the reader asks of a database, whichever it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

Row = tuple[Any, ...]


class Database(Protocol):
    """A connection that only reads.

    Attributes:
        columns: The names of the columns of each table.
        damage: Sentences on what could not be read.
        errors: What `numbers` raises where it cannot read on.
        raw: How a text is asked for where thousands come, with `{}` for its column: bytes are made faster than texts.
    """

    columns: Mapping[str, frozenset[str]]
    damage: list[str]
    errors: tuple[type[Exception], ...]
    raw: str

    def rows(self, query: str, **values: Any) -> Iterator[Row]:
        """The rows of a query with values for its `:names`, as far as they can be read."""

    def numbers(self, query: str, **values: Any) -> Iterable[Row]:
        """The same for very many rows; an error of the database is raised as it is."""


def has_columns(database: Database, table: str, *columns: str) -> bool:
    """Whether this version of the schema has a table with these columns."""
    return set(columns) <= database.columns.get(table, frozenset())


def selected(database: Database, table: str, *columns: str, order: tuple[str, ...] = ()) -> Iterator[Row]:
    """The rows of a table, with None for columns that this version of the schema has not; none for a table that it has not."""
    known = database.columns.get(table)
    if known is None:
        return
    # With the table's name before them, `key` and `schema` are no words of SQL.
    named = ", ".join(f"{table}.{column}" if column in known else "null" for column in columns)
    ordered = ", ".join(f"{table}.{column}" for column in order if column in known)
    yield from database.rows(f"select {named} from {table}" + (f" order by {ordered}" if ordered else ""))
