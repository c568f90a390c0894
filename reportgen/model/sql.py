"""SQL over all that runs logged: `runs`, `history`, and each logged table by its key. Run by DuckDB, locked as in `query`.

A query can read nothing but these tables; it has bounds on memory and time.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.errors import QueryError, did_you_mean, did_you_mean_key
from reportgen.model.query import locked_connection
from reportgen.model.query_words import complaint
from reportgen.model.records import Media
from reportgen.model.runs import Runs

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

SECONDS = 30
"""A query that takes longer is given up."""
_PLAIN = re.compile(r"[A-Za-z_]\w*\Z")
_PIECES = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/)""", re.DOTALL)
_WORD = r"[A-Za-z0-9_./]"
_BARE = re.compile(r"[A-Za-z_]\w*(?:[./]\w+)+")
_OWN = frozenset({"runs", "id", "name", "state", "started", "ended", "duration", "tags", "history", "run", "key", "step", "time", "value"})
"""Names that SQL reads although it knows some of them as words."""


@dataclass(frozen=True, eq=False)
class Result:
    """What a query gives.

    Attributes:
        columns: The names of the columns.
        rows: The rows, plain Python values; decimals are floats, times are aware datetimes.
        has_more: Whether there were more rows than were asked for.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    has_more: bool


def ask(runs: Runs, sql: str, *, most: int, seconds: float = SECONDS) -> Result:
    """The answer to one SELECT.

    Names with dots and slashes may be written plainly: `select name, config.optimizer.lr, val/acc from runs`.

    Args:
        most: No more rows than this are taken.

    Raises:
        QueryError: The query is wrong, takes too long, or needs too much memory.
    """
    import duckdb

    tables = _tables(runs, sql)
    names = [*tables, *(column for table in tables.values() for column in table.columns)]
    text = _quoted(sql, names)
    connection = locked_connection()
    try:
        for name, table in tables.items():
            connection.register(name, table.frame())
        if _kind(connection, text) != duckdb.StatementType.SELECT:
            raise QueryError("a query is one SELECT")
        return _run(connection, text, most, seconds)
    except duckdb.InterruptException:
        raise QueryError(f"the query takes longer than {seconds:g} seconds") from None
    except duckdb.OutOfMemoryException:
        raise QueryError("the query needs too much memory") from None
    except duckdb.Error as error:
        raise _complaint(str(error), sql, table_names(runs), names) from None
    finally:
        connection.close()


@dataclass(frozen=True, eq=False)
class Source:
    """A table that a query may name: its columns, and how its frame is made once it is needed."""

    columns: tuple[str, ...]
    frame: Callable[[], pd.DataFrame | pa.Table]


def every_table(runs: Runs) -> dict[str, Source]:
    """All tables that a query can name."""
    columns = runs.columns
    found = {
        "runs": Source(columns, lambda: _runs(runs, columns)),
        "history": Source(("run", "name", "key", "step", "time", "value"), lambda: _history(runs)),
    }
    for key in table_names(runs):
        if key not in found:
            found[key] = _logged(runs, key)
    return found


def _tables(runs: Runs, sql: str) -> dict[str, Source]:
    """The tables that the text of a query mentions; others are only known by their names."""
    lower = sql.casefold()
    every = every_table(runs)
    found = {
        name: source
        for name, source in every.items()
        if name.casefold() in lower or name.casefold().replace('"', '""') in lower
    }  # fmt: skip
    return found or {name: Source((), _nothing) for name in every}


def sql_name(name: str) -> str:
    """A name as a query may have it: bare where that is read, else in double quotes."""
    return name if name in _OWN or _BARE.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def table_names(runs: Runs) -> list[str]:
    """What a query can name: `runs`, `history`, and the keys of the logged tables."""
    return list(dict.fromkeys(["runs", "history", *(key for run in runs for key in run.tables)]))


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"nothing": [0]})


def _runs(runs: Runs, columns: Sequence[str]) -> pd.DataFrame:
    """One row per run. Times are in UTC and have no zone: what SQL says of them does not depend on where it is asked."""
    from reportgen.model.query import _frame

    frame = _frame(runs, columns).drop(columns="__position")
    for name in frame.select_dtypes("datetimetz").columns:
        frame[name] = frame[name].dt.tz_convert("UTC").dt.tz_localize(None)
    return frame


def _history(runs: Runs) -> pd.DataFrame:
    frame = runs.history()
    names = {run.id: run.name for run in runs}
    frame.insert(1, "name", frame["run"].map(names))
    return frame


def _logged(runs: Runs, key: str) -> Source:
    """The rows of a logged table of all runs and steps, with the run's id, its name, and the step."""
    tables = [(run, table) for run in runs for table in run.tables.get(key, ())]
    own = dict.fromkeys(str(name) for _, table in tables for name in table.columns)
    added = [f"_{name}" if name in own else name for name in ("run", "name", "step")]

    def frame() -> pa.Table:
        import pyarrow as pa

        pieces = [
            {**dict(zip(added, (run.id, run.name, table.step), strict=True)), **dict(zip(map(str, table.columns), row, strict=False))}
            for run, table in tables
            for row in table.rows
        ]
        return pa.table({name: _column([piece.get(name) for piece in pieces]) for name in (*added, *own)})

    return Source((*added, *own), frame)


def _column(cells: Sequence[Any]) -> pa.Array:
    """Cells as one type: numbers, booleans, or texts. A missing value is none, and no NaN."""
    import pyarrow as pa

    present = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, bool) for cell in present):
        return pa.array(cells, pa.bool_() if present else pa.string())
    if all(type(cell) is int and -(2**63) <= cell < 2**63 for cell in present):
        return pa.array(cells, pa.int64())
    if all(type(cell) in (int, float) and (abs(cell) < 2**1023 or type(cell) is float) for cell in present):
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())
    return pa.array([None if cell is None else _text(cell) for cell in cells], pa.string())


def _text(cell: Any) -> str:
    if isinstance(cell, Media):
        return cell.text or cell.caption or (cell.path.name if cell.path else cell.kind)
    text = cell if isinstance(cell, str) else str(cell)
    return text.encode("utf-8", "replace").decode()


def _quoted(sql: str, names: Sequence[str]) -> str:
    """The query with the names that SQL could not read (`config.lr`, `val/acc`) in double quotes, where they stand plainly."""
    special = sorted({name for name in names if name and not _PLAIN.match(name)}, key=len, reverse=True)
    if not special:
        return sql
    found = re.compile(rf"(?<!{_WORD})(?:{'|'.join(map(re.escape, special))})(?!{_WORD})")
    pieces = _PIECES.split(sql)
    pieces[::2] = [found.sub(lambda match: '"' + match[0].replace('"', '""') + '"', piece) for piece in pieces[::2]]
    return "".join(pieces)


def _kind(connection: duckdb.DuckDBPyConnection, text: str) -> Any:
    statements = connection.extract_statements(text)
    if len(statements) != 1:
        raise QueryError("a query is one SELECT" if statements else "the query is empty")
    return statements[0].type


def _run(connection: duckdb.DuckDBPyConnection, text: str, most: int, seconds: float) -> Result:
    watch = threading.Timer(seconds, connection.interrupt)
    watch.start()
    try:
        cursor = connection.execute(text)
        rows = cursor.fetchmany(most + 1)
        columns = tuple(str(one[0]) for one in cursor.description or ())
    finally:
        watch.cancel()
    return Result(columns, tuple(tuple(map(_plain, row)) for row in rows[:most]), len(rows) > most)


def _plain(value: Any) -> Any:
    from datetime import UTC, date, datetime, time
    from decimal import Decimal

    match value:
        case Decimal():
            return float(value)
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        case date() | time() | bytes():
            return str(value)
    return value


def _complaint(said: str, sql: str, tables: Sequence[str], names: Sequence[str]) -> QueryError:
    """DuckDB's message in words, with the nearest name and the line of the query."""
    place = re.search(r"^LINE (\d+):", said, re.MULTILINE)
    where = f" (line {place[1]} of the query)" if place and int(place[1]) > 1 else ""
    if unknown := re.search(r'Referenced column "([^"]+)" (?:was )?not found', said):
        near = did_you_mean_key(unknown[1], names)
        return QueryError(f"no column '{unknown[1]}'{where}", hint=near or f"text stands in single quotes: '{unknown[1]}'")
    if unknown := re.search(r'does not have a column named "([^"]+)"', said):
        return QueryError(f"no column '{unknown[1]}'{where}", hint=did_you_mean_key(unknown[1], names))
    if unknown := re.search(r'Referenced table "([^"]+)" not found', said):
        dotted = re.search(rf"{re.escape(unknown[1])}\.[\w./]+", sql)
        name = dotted[0] if dotted else unknown[1]
        return QueryError(f"no column '{name}'{where}", hint=did_you_mean_key(name, names))
    if unknown := re.search(r"Table with name (.+?) does not exist", said):
        near = did_you_mean(unknown[1], tables)
        return QueryError(f"no table '{unknown[1]}'{where}", hint=near or f"there are: {', '.join(tables)}")
    if unknown := re.search(r"Function with name (\S+) does not exist", said):
        like = re.search(r'Did you mean "([^"_][^"]*)"', said)
        return QueryError(f"no function '{unknown[1]}'{where}", hint=f"did you mean '{like[1]}'?" if like else None)
    if found := re.match(r'Parser Error: syntax error at or near "(.*)"', said):
        return QueryError(f"the query cannot be read at '{found[1]}'{where}")
    if "file system operations are disabled" in said:
        return QueryError(f"a query reads the logs and no files{where}", hint=f"there are: {', '.join(tables)}")
    first = re.sub(r"^[\w ]+ Error: ", "", said.splitlines()[0]).rstrip("!. ")
    return QueryError(f"the query is wrong: {first}{where}")


def rows_where(columns: Sequence[str], rows: Sequence[Sequence[Any]], where: str, sort: str) -> list[int]:
    """The numbers of the rows for which a condition on the columns is true, in the order of a column (`score`, `score desc`).

    Raises:
        QueryError: The condition is wrong or a column is not there.
    """
    import duckdb
    import pyarrow as pa

    if not where.strip() and not sort.strip():
        return list(range(len(rows)))
    name, _, direction = sort.strip().rpartition(" ")
    name = name.strip() if direction.casefold() in ("asc", "desc") and name else sort.strip()
    if name and name not in columns:
        raise QueryError(f"no column '{name}'", hint=did_you_mean_key(name, columns) or f"there are: {', '.join(columns)}")
    order = f'"{name.replace(chr(34), chr(34) * 2)}" {"desc" if direction.casefold() == "desc" else "asc"} nulls last, ' if name else ""
    values = {column: _column([row[i] for row in rows]) for i, column in enumerate(columns)}
    frame = pa.table({**values, "__row": pa.array(range(len(rows)), pa.int64())})
    text = _quoted(where, columns)
    connection = locked_connection()
    try:
        connection.register("__rows", frame)
        sql = f"select __row from __rows where (\n{text or 'true'}\n) order by {order}__row"
        if _kind(connection, sql) != duckdb.StatementType.SELECT:
            raise QueryError(f"'{where}' is not a condition")
        return [int(row[0]) for row in _run(connection, sql, len(rows), SECONDS).rows]
    except duckdb.InterruptException:
        raise QueryError(f"the condition takes longer than {SECONDS:g} seconds") from None
    except duckdb.Error as error:
        raise complaint(where, error, columns) from None
    finally:
        connection.close()
