"""The table of all runs for the browser code: its columns with their values and how these are written.

The columns that are shown at first come with the page's own script; the others are in scripts of their own, which are
loaded when a reader shows, sorts by, groups by or asks for one of them.

A column's values are a list, or `{"v": […], "i": […]}`, the different values and for each run which of them it has, or
`{"all": …}` where it is the same in all. They are what a condition means by them (`reportgen.model.query`): one type per
column, text where any value is text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from reportgen.analysis.column_format import column_format
from reportgen.model import Runs
from reportgen.model.run import ATTRIBUTES
from reportgen.site.site import Site

_CELLS = 60_000
"""Cells in one script of further columns: no more than can be taken in without a stutter."""
_EXACT = 2**53
"""Whole numbers beyond have no equal in the browser and are handed over as text."""


def column_data(site: Site, shown: Sequence[str]) -> list[dict[str, Any]]:
    """All columns of the runs table.

    Args:
        shown: Those that come with their values.

    Returns:
        For each, name, kind ("number", "boolean", "time", "list" or "text"), goal, how numbers are written, the number of different
        values, and its `values` or the `script` that has them (a list by the column's place in it, `at`).
    """
    runs = site.runs
    columns = [_column(runs, name) for name in all_columns(runs)]
    later = [column for column in columns if column["name"] not in shown]
    for several in _packs(later, max(1, _CELLS // max(len(runs), 1))):
        script = site.script("data/columns", "value", [column.pop("values") for column in several])
        for at, column in enumerate(several):
            column |= {"script": script, "at": at}
    return columns


def all_columns(runs: Runs) -> list[str]:
    """The columns of the runs table, and the best value of each metric that has one: `max(val/acc)`."""
    best = [f"{goal}({key})" for key in runs.metrics if (goal := runs.goal(key))]
    return [*runs.columns, *best]


def _packs(columns: Sequence[dict[str, Any]], size: int) -> Iterable[Sequence[dict[str, Any]]]:
    return (columns[i : i + size] for i in range(0, len(columns), size))


def _column(runs: Runs, name: str) -> dict[str, Any]:
    values = runs.values(name)
    kind = _kind(values)
    plain = [_plain(value, kind) for value in values]
    is_metric = name not in ATTRIBUTES and not name.startswith("config.")
    goal = runs.goal(name) if is_metric else None
    column: dict[str, Any] = {"name": name, "kind": kind, "goal": goal, **_coded(plain)}
    if kind == "number":
        written = column_format(name, [value for value in values if value is not None], metric=is_metric, goal=goal)
        column["format"] = [written.style, written.notation, written.decimals, int(written.grouped)]
    return column


def _kind(values: Sequence[object]) -> str:
    present = [value for value in values if value is not None and value != ""]
    types = {type(value) for value in present}
    if types == {bool}:
        return "boolean"
    if types == {tuple}:
        return "list"
    if present and all(issubclass(one, datetime) for one in types):
        return "time"
    return "number" if present and all(issubclass(one, bool | int | float) for one in types) else "text"


def _plain(value: object, kind: str) -> Any:
    """A value as JSON and the browser take it."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if kind == "list":
        return list(value) if isinstance(value, tuple) else []
    if kind == "text":
        return value if isinstance(value, str) else str(value)
    if kind == "number" and isinstance(value, int):
        return int(value) if abs(value) <= _EXACT else str(value)
    return value


def _coded(values: Sequence[Any]) -> dict[str, Any]:
    """The values and how many different ones there are, without missing ones."""
    index: dict[str, int] = {}
    codes = [-1 if value is None else index.setdefault(json.dumps(value), len(index)) for value in values]
    if len(set(codes)) == 1:
        return {"values": {"all": values[0]}, "different": int(values[0] not in (None, "", []))}
    different = len(index) - (json.dumps("") in index) - ("[]" in index)
    if len(index) > len(values) // 2:
        return {"values": list(values), "different": different}
    return {"values": {"v": [json.loads(literal) for literal in index], "i": codes}, "different": different}
