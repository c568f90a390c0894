"""The typed context of the page for queries."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reportgen.site.contexts import Link, PageContext


@dataclass(frozen=True)
class NamedColumn:
    """A column that a query can name.

    Attributes:
        written: As it is written in a query: with quotes where SQL needs them.
        type: As DuckDB writes types.
    """

    name: str
    written: str
    type: str


@dataclass(frozen=True)
class NamedTable:
    """A table that a query can name; `written` as of a column."""

    name: str
    written: str
    row_count: int
    columns: tuple[NamedColumn, ...]


@dataclass(frozen=True)
class ExampleQuery:
    """A query that a reader may begin with: what it asks in words, and in SQL."""

    title: str
    sql: str


@dataclass(frozen=True)
class QueryContext(PageContext):
    """`query.html`: where a reader asks in SQL; DuckDB runs in the page.

    Attributes:
        lead: How many runs, points of history and tables there are to ask.
        data: The script with the tables, the library and the runs, a path below the site's root.
        first: The query that the page begins with.
        answer: Its answer as a table, as the build found it.
        row_count: How many rows that has.
        library: Name, version and licence of DuckDB-Wasm, as a link to its licence.
    """

    lead: str
    data: str
    first: str
    answer: Markup
    row_count: int
    examples: tuple[ExampleQuery, ...]
    tables: tuple[NamedTable, ...]
    library: Link
