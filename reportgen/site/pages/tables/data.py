"""A table as the browser takes it: columns with their types, widths, distributions and packed values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from reportgen.analysis.table_columns import TableColumn, key_columns
from reportgen.blocks.readable import readable
from reportgen.site.data import column as packed_column
from reportgen.site.pages.tables.media import TableFiles, brightness
from reportgen.site.pages.tables.sheets import Sheet
from reportgen.site.site import Site

_WIDEST, _SAMPLE = 44, 400
_PART, _LONG = 25_000, 50_000
"""Rows of a part of a long column, and from how many characters on a column is long."""
_MEDIA_WIDTH = {"image": 12, "audio": 30, "video": 18}


def sheet_script(site: Site, sheet: Sheet, files: TableFiles) -> str:
    """The script with a table's columns: its path below the site's root.

    The value is `{rows, columns: [{name, kind, width, format, missing, distinct, bins, top, bright, values}], keys, answers}`; `values` is
    packed as in `reportgen.site.data`, or a list of `{src, as, kind, caption}` for media. Of a long column they are `{parts}`, the paths of
    scripts with the values of so many rows each: a browser reads each in a task of its own, and tables that share a column share it.
    """
    columns = ",".join(_literal(site, column, files) for column in sheet.columns)
    keys = json.dumps([readable(name) for name in key_columns(sheet.columns)])
    told = json.dumps([readable(column.name) for column in sheet.answers or ()])
    return site.packed("data/tables", f'{{"rows":{len(sheet.table.rows)},"columns":[{columns}],"keys":{keys},"answers":{told}}}')


def _literal(site: Site, column: TableColumn, files: TableFiles) -> str:
    about: dict[str, Any] = {
        "name": readable(column.name),
        "kind": column.kind,
        "width": _width(column),
        "missing": column.missing,
        "distinct": column.distinct,
    }
    if column.kind == "number":
        form = column.format
        about["format"] = [form.style, form.notation, form.decimals, int(form.grouped)]
    if column.bins:
        about["bins"] = [column.bins.low, column.bins.high, column.bins.counts]
    if column.top:
        about["top"] = [[readable(text)[:200], count] for text, count in column.top]
    if column.kind == "image" and (factor := brightness(column.values)) != 1:
        about["bright"] = round(factor, 3)
    return f'{json.dumps(about, separators=(",", ":"))[:-1]},"values":{_placed(site, column, files)}}}'


def _placed(site: Site, column: TableColumn, files: TableFiles) -> str:
    """The values themselves, or the scripts that they are in."""
    parts = [column.values[i : i + _PART] for i in range(0, len(column.values), _PART)] or [()]
    packed = [_values(column, part, files) for part in parts]
    if len(packed) == 1 and len(packed[0]) < _LONG:
        return packed[0]
    return json.dumps({"parts": [site.packed("data/tables", one) for one in packed]}, separators=(",", ":"))


def _values(column: TableColumn, values: Sequence[Any], files: TableFiles) -> str:
    if column.kind == "number":
        whole = all(type(value) is int for value in values)
        return packed_column(pd.Series(list(values), dtype="int64" if whole and values else object)).packed
    if column.kind in ("text", "bool"):
        write = readable if column.kind == "text" else lambda value: str(value).lower()
        texts = [None if value is None else write(value) for value in values]
        return packed_column(pd.Series(texts, dtype=object)).packed
    return "[" + ",".join("null" if value is None else files.literal(value) for value in values) + "]"


def _width(column: TableColumn) -> int:
    """How wide the column is, in letters: its head, and its longest value within reason."""
    if column.kind in _MEDIA_WIDTH:
        return max(_MEDIA_WIDTH[column.kind], min(len(column.name), _WIDEST))
    texts = [value for value in column.values[:_SAMPLE] if value is not None]
    if column.kind == "number":
        longest = max((len(column.format.text(value)) for value in texts), default=1)
    else:
        longest = max((len(_said(value)) for value in texts), default=1)
    return max(10, min(_WIDEST, longest + 2), min(_WIDEST, len(column.name) + 4))


def _said(value: Any) -> str:
    return value if isinstance(value, str) else str(getattr(value, "caption", value))
