"""The query language that selects runs everywhere: SQL boolean expressions over the runs table, and a few words.

DuckDB evaluates the expression in a private in-memory database whose access to files, network and
extensions is switched off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from reportgen.errors import QueryError, did_you_mean, did_you_mean_key
from reportgen.model.aggregates import NAMES
from reportgen.model.query_words import SELECTIONS, complaint

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from reportgen.model.run import Goal
    from reportgen.model.runs import Runs

_RANKED = re.compile(r"^(top|bottom)\(\s*(\d+)\s*,\s*(.+?)\s*\)$")
_BEST = re.compile(r"^best\(\s*((?:[^()]|\([^()]*\))+?)\s*\)$")
_CALL = re.compile(r"^(\w+)\(([^()]*)\)?$")
_LITERAL = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")""")
_WORD = r"[A-Za-z0-9_./]"
_UNKNOWN = re.compile(rf"(?<!{_WORD})([A-Za-z_]\w*(?:[./]\w+)+)(?!{_WORD}|\s*\()")


def select(runs: Runs, selection: str | Sequence[str]) -> Runs:
    """The runs that a selection names, in this order of meaning:

    `all`; `top(n, metric)` and `bottom(n, metric)`; `best(metric)`; the label of a source; a run's id or
    name; a glob over names; else a SQL boolean expression. A list joins several, in its order.

    Raises:
        QueryError: Nothing fits, or the expression is wrong.
    """
    if not isinstance(selection, str):
        chosen = {run.id: run for one in selection for run in select(runs, one)}
        return runs.in_order(chosen.values())
    text = selection.strip()
    if not text:
        raise QueryError("the selection of runs is empty", hint="leave it out for all runs")
    if text == "all":
        return runs
    if ranked := _RANKED.match(text):
        return _ranked(runs, ranked[1], int(ranked[2]), ranked[3])
    if best := _BEST.match(text):
        return runs.top(1, best[1])
    if (call := _CALL.match(text)) and call[1] in SELECTIONS:
        example = "best(val/acc)" if call[1] == "best" else f"{call[1]}(5, val/acc)"
        raise QueryError(f"'{text}' is not complete", hint=f"write it as in {example}")
    by_name = [run for run in runs if text in (run.source.label, run.id, run.name)]
    by_name = by_name or [run for run in runs if "*" in text and fnmatchcase(run.name, text)]
    if by_name:
        return runs.in_order(by_name)
    if re.fullmatch(r"[\w.\-*/]+", text):
        known = [name for run in runs for name in (run.name, run.id, run.source.label)]
        raise QueryError(f"no run '{text}'", hint=did_you_mean(text, known))
    return runs.where(text)


def _ranked(runs: Runs, end: str, n: int, metric: str) -> Runs:
    if end == "top":
        return runs.top(n, metric)
    opposite: dict[Goal | None, Goal | None] = {"min": "max", "max": "min", None: None}
    return runs.top(n, metric, opposite[runs.goal(runs.column(metric))])


def matching(runs: Runs, expression: str) -> list[bool]:
    """For each run, whether a SQL boolean expression is true.

    Raises:
        QueryError: The expression is not valid SQL or names an unknown column.
    """
    import duckdb

    if not expression.strip():
        raise QueryError("the condition is empty")
    names = [*runs.columns, *(key for key in runs.config_keys if key not in runs.columns)]
    sql, used = quote_columns(expression, names)
    connection = locked_connection()
    try:
        connection.register("runs", _frame(runs, used))
        relation = connection.execute(f"SELECT CAST((\n{sql}\n) AS BOOLEAN) FROM runs ORDER BY __position")
        return [row[0] is True for row in relation.fetchall()]
    except duckdb.Error as error:
        raise complaint(expression, error, names) from None
    finally:
        connection.close()


def locked_connection() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory that can reach no file, network, extension, setting or variable of Python, and has bounds on memory."""
    import duckdb

    bounds = {"memory_limit": "2GB", "temp_directory": ""}
    reach = {"enable_external_access": "false", "python_enable_replacements": "false"}
    connection = duckdb.connect(":memory:", config={**reach, **bounds, "threads": 1})
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET lock_configuration = true")
    return connection


def quote_columns(expression: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """The expression with every column name that is written plainly put in double quotes.

    Returns:
        The SQL, and the names that occur in it.

    Raises:
        QueryError: A name with a dot or a slash is no column.
    """
    name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    plain = re.compile(rf"(?<!{_WORD})(?:(?:{NAMES})\((?:{name})\)|(?:{name})(?!{_WORD}))")
    used: dict[str, None] = {}

    def quoted(found: re.Match[str]) -> str:
        used[found[0]] = None
        return '"' + found[0].replace('"', '""') + '"'

    pieces = _LITERAL.split(expression)
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            pieces[i] = plain.sub(quoted, piece)
            if unknown := _UNKNOWN.search(re.sub(r'"[^"]*"', '""', pieces[i])):
                raise QueryError(f"no column '{unknown[1]}'", hint=did_you_mean_key(unknown[1], names))
        elif piece.startswith('"') and piece[1:-1].replace('""', '"') in names:
            used[piece[1:-1].replace('""', '"')] = None
    return "".join(pieces), list(used)


def _frame(runs: Runs, used: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    data: dict[str, object] = {"__position": range(len(runs))}
    for name in used:
        column = runs.column(name)
        values = [run[column] for run in runs]
        as_text = any(isinstance(value, str) for value in values)
        data[name] = pd.Series([_sql_value(value, as_text) for value in values], dtype=object).infer_objects()
    return pd.DataFrame(data)


def _sql_value(value: object, as_text: bool) -> object:
    """The value as DuckDB takes it: one type per column, so numbers are text (`as_text`) beside a value that is text."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, list | dict) or (as_text and isinstance(value, bool | int | float)):
        return str(value)
    return value
