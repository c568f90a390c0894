"""The tables of `sql` as Arrow, for a DuckDB that runs elsewhere: the same names, columns, types and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.model.query import locked_connection
from reportgen.model.runs import Runs
from reportgen.model.sql import every_table

if TYPE_CHECKING:
    import pyarrow as pa

_MANY, _REPEATED = 1000, 4
"""From how many rows on, and how often a text must come on average, so that each different text is kept once."""


@dataclass(frozen=True, eq=False)
class ArrowTable:
    """One table that a query can name.

    Attributes:
        columns: Name and type of each column, as DuckDB writes types (`DOUBLE`, `VARCHAR[]`).
        rows: All of them, in one batch.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: pa.Table


def arrow_tables(runs: Runs) -> Iterator[ArrowTable]:
    """`runs`, `history` and the logged tables, one after the other.

    SQL does not tell names by their case: of tables that differ only in this, the last one is there, as in `ask`.
    """
    every = every_table(runs)
    last = {name.casefold(): name for name in every if name}
    for name in last.values():
        connection = locked_connection()
        try:
            connection.register(name, every[name].frame())
            relation = connection.sql('select * from "' + name.replace('"', '""') + '"')
            types = [str(one).replace('"NULL"', "VARCHAR") for one in relation.types]
            yield ArrowTable(name, tuple(zip(relation.columns, types, strict=True)), _plain(relation.to_arrow_table()))
        finally:
            connection.close()


def _plain(table: pa.Table) -> pa.Table:
    """The table in one batch, repeated texts once each, nothing of a type that only this DuckDB knows; what has no value is text."""
    import pyarrow as pa

    columns = []
    for column in table.columns:
        if isinstance(column.type, pa.BaseExtensionType):
            column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if pa.types.is_list(column.type) and pa.types.is_null(column.type.value_type):
            column = column.cast(pa.list_(pa.string()))
        if pa.types.is_string(column.type) and table.num_rows >= _MANY:
            coded = column.combine_chunks().dictionary_encode()
            column = coded if _REPEATED * len(coded.dictionary) <= table.num_rows else column
        columns.append(column)
    return pa.table(columns, names=table.column_names).combine_chunks()
