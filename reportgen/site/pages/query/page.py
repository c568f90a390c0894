"""What is on the page for queries: the tables as Arrow in compressed scripts, DuckDB, and a first query with its answer."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from reportgen.blocks.links import QUERY_PAGE, run_href
from reportgen.blocks.readable import readable
from reportgen.blocks.result_table import result_table
from reportgen.errors import Mistake
from reportgen.model.sql import ask, sql_name
from reportgen.model.sql_arrow import ArrowTable, arrow_tables
from reportgen.settings import BrowserQuery
from reportgen.site.contexts import Link
from reportgen.site.duckdb_wasm import VERSION, BrowserDuckDB, browser_duckdb, unpacked_folder
from reportgen.site.pages.query.examples import first_query, other_queries
from reportgen.site.query_contexts import NamedColumn, NamedTable, QueryContext
from reportgen.site.site import ComposedPage, Site
from reportgen.words import _, count, ngettext

_SHOWN = 100
"""Rows of the first answer that stand in the page before DuckDB is there."""


def query_page(site: Site) -> ComposedPage:
    """The page, and beside it DuckDB and all data of the runs.

    Raises:
        Mistake: DuckDB cannot be had.
    """
    runs = site.runs
    first = first_query(runs)
    result = ask(runs, first.sql, most=_SHOWN)
    library = _library(site)
    tables: list[NamedTable] = []
    scripts: dict[str, dict[str, Any]] = {}
    for table in arrow_tables(runs):
        site.tell("Packing tables for queries", len(tables), len(tables) + 1)
        tables.append(_named(table))
        scripts[table.name] = {"script": _script(site, table), "columns": [name for name, _type in table.columns]}
    context = QueryContext(
        **site.base(QUERY_PAGE),
        title=_("Query"),
        description=_lead(tables, len(runs)),
        lead=_lead(tables, len(runs)),
        data=site.script("data/query", "value", _index(site, library, scripts)),
        first=first.sql,
        answer=result_table(result.columns, result.rows, runs, root="", style=site.workspace.style, label=first.title, id="answer"),
        row_count=len(result.rows),
        examples=(first, *other_queries(runs)),
        tables=tuple(tables),
        library=Link(f"DuckDB-Wasm {VERSION}", library.licence),
    )
    return site.page(QUERY_PAGE, "query.html", context)


def _library(site: Site) -> BrowserDuckDB:
    """DuckDB, whose files are added to the site."""
    settings = site.workspace.settings
    site.tell("Getting DuckDB", 0, 1)
    try:
        folder = unpacked_folder(settings.query.browser, settings.folder) if isinstance(settings.query, BrowserQuery) else None
        library = browser_duckdb(folder)
    except Mistake as mistake:
        raise mistake.at(settings.place("query")) from None
    for path, content in library.files.items():
        site.file(path, content)
    return library


def _script(site: Site, table: ArrowTable) -> str:
    """The script with a table as an Arrow stream, compressed, in Base64: its path below the site's root."""
    import pyarrow as pa

    stream = BytesIO()
    with pa.ipc.new_stream(stream, table.rows.schema) as writer:
        writer.write_table(table.rows)
    text = base64.b64encode(gzip.compress(stream.getvalue(), 9, mtime=0)).decode()
    return site.packed("data/query", json.dumps(text))


def _index(site: Site, library: BrowserDuckDB, tables: Mapping[str, Any]) -> dict[str, Any]:
    """Where the tables and DuckDB are, and the runs by id and, as far as only one has it, by name: their page and colour."""
    names = Counter(run.name for run in site.runs)
    listed = [
        [run.id, run.name if names[run.name] == 1 else "", run_href(run, ""), site.workspace.style.colour(run.id)] for run in site.runs
    ]
    return {"wasm": library.wasm, "worker": library.worker, "tables": tables, "runs": listed}


def _named(table: ArrowTable) -> NamedTable:
    columns = tuple(NamedColumn(readable(name), sql_name(name), kind) for name, kind in table.columns)
    return NamedTable(readable(table.name), sql_name(table.name), table.rows.num_rows, columns)


def _lead(tables: Sequence[NamedTable], runs: int) -> str:
    """“Ask 24 runs, 16,704 points of their history and 3 logged tables in SQL: …”"""
    points = next((one.row_count for one in tables if one.name == "history"), 0)
    logged = len(tables) - 2
    parts = [
        ngettext("{n} run", "{n} runs", runs).format(n=count(runs)),
        ngettext("{n} point of their history", "{n} points of their history", points).format(n=count(points)),
    ]
    if logged:
        parts.append(ngettext("{n} logged table", "{n} logged tables", logged).format(n=count(logged)))
    said = _("{first} and {last}") if len(parts) == 2 else _("{first}, {middle} and {last}")
    what = said.format(first=parts[0], middle=parts[1], last=parts[-1])
    return _("Ask {what} in SQL: DuckDB runs in this page, and nothing leaves it.").format(what=what)
