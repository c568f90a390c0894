"""The rows of a metrics file: CSV (or tab, or semicolon) with a head, one JSON object per line, or Parquet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.sources.plain.parquet import is_parquet, parquet_rows
from reportgen.sources.values import NON_FINITE, flatten, parse_big_json

Row = dict[str, Any]
_HEAD = 64 * 1024
_HEAD_ROWS = 40
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3},\d{3}")
_WORDS: dict[str, Any] = {"": None, "true": True, "false": False, "none": None, "na": None, "null": None, "n/a": None, "<na>": None}


@dataclass
class Rows:
    """The rows of a file, flat; `damage` says in sentences what could not be read."""

    rows: list[Row] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def read_rows(path: Path, separator: str = ".") -> Rows:
    """All rows of a metrics file; what JSON nests is joined with the separator.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no rows.
    """
    if is_parquet(path):
        return Rows(parquet_rows(path))
    text = _text(path.read_bytes())
    return _json_rows(text, separator) if _is_json(text) else _csv_rows(text)


def read_head(path: Path) -> list[Row]:
    """The first rows of a metrics file, without those that the end of the reading cut.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no rows.
    """
    if is_parquet(path):
        return parquet_rows(path, at_most=_HEAD_ROWS)
    with path.open("rb") as file:
        head = file.read(_HEAD)
        is_whole = not file.read(1)
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("it is no text")
    text = _text(head)
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    lines = io.StringIO(text)
    text = "".join(line for line, _ in zip(lines, range(_HEAD_ROWS), strict=False))
    return (_json_rows(text) if _is_json(text) else _csv_rows(text)).rows


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _json_rows(text: str, separator: str = ".") -> Rows:
    """One object per line. A last line that is cut, and lines that are no objects, are told of."""
    found, bad = Rows(), 0
    lines = text.splitlines(keepends=True)
    for i, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            value = parse_big_json(line)
        except ValueError:
            if i == len(lines) - 1 and not line.endswith("\n"):
                found.damage.append(f"The last line (line {i + 1}) is cut off and left out: the run was killed while it wrote.")
            else:
                bad += 1
            continue
        if isinstance(value, dict):
            found.rows.append({key: _number_or_text(one) for key, one in flatten(value, separator=separator)})
        else:
            bad += 1
    if not found.rows:
        raise ValueError("no line holds a JSON object")
    if bad:
        found.damage.append(f"{bad} line{' is' if bad == 1 else 's are'} no JSON object and left out.")
    return found


def _csv_rows(text: str) -> Rows:
    """Rows under a head. A second head in the middle (a resumed run) is passed over; a cut last line is told of."""
    found = Rows()
    head_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",\t;", key=head_line.count)
    reader = _parsed(text, delimiter, found)
    head = next((row for row in reader if row), [])
    names = [name.strip() for name in head]
    if len(names) < 2 or "" in names[1:] or any(_number(name) is not None for name in names) or len(set(names)) < len(names):
        raise ValueError("the first line is no head of columns")
    short = 0
    rows = [row for row in reader if row and [cell.strip() for cell in row] != names]
    for i, row in enumerate(rows):
        is_last = i == len(rows) - 1
        if is_last and not text.endswith(("\n", "\r")):
            if len(row) < len(names):
                found.damage.append("The last line is cut off and left out: the run was killed while it wrote.")
                continue
            found.damage.append("The last line does not end: its last value may be cut off.")
        short += len(row) != len(names)
        found.rows.append({name: _cell(cell) for name, cell in zip(names, row, strict=False) if name})
    if not found.rows:
        raise ValueError("there is no row below the head")
    for name in names:
        _read_decimal_commas(found, name)
    if short:
        found.damage.append(f"{short} line{' has' if short == 1 else 's have'} another number of cells than the head.")
    return found


def _read_decimal_commas(found: Rows, name: str) -> None:
    """Turns `1,5` into 1.5 in a column that has such numbers; `1,500` alone may be thousands and stays text. Says what was done."""
    texts = [cell for row in found.rows if isinstance(cell := row.get(name), str)]
    if not texts or not all(_DECIMAL_COMMA.fullmatch(text) for text in texts):
        return
    if all(_THOUSANDS.fullmatch(text) for text in texts):
        found.damage.append(f"The column '{name}' has numbers such as {texts[0]}: a decimal comma or thousands? They are kept as text.")
        return
    for row in found.rows:
        if isinstance(cell := row.get(name), str):
            row[name] = float(cell.replace(",", "."))
    found.damage.append(f"The column '{name}' has decimal commas; they are read as points.")


def _parsed(text: str, delimiter: str, found: Rows) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        found.damage.append(f"Line {reader.line_num} and all after it cannot be read: {error}.")


def _cell(cell: str) -> Any:
    """A CSV cell as a number, a bool, None for an empty one, or its text."""
    number = _number(cell)
    if number is not None:
        return number
    text = cell.strip()
    return _WORDS.get(text.casefold(), text)


def _number(text: str) -> float | None:
    try:
        return float(text) if "_" not in text else None
    except ValueError:
        return None


def _number_or_text(value: Any) -> Any:
    return NON_FINITE.get(value, value) if isinstance(value, str) else value
