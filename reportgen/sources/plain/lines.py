"""Lines of metrics, taken piece by piece: CSV (or tab, or semicolon) under a head, or one JSON object per line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from reportgen.sources.values import NON_FINITE, flatten, parse_big_json

Row = dict[str, Any]
_WORDS: dict[str, Any] = {"": None, "true": True, "false": False, "none": None, "na": None, "null": None, "n/a": None, "<na>": None}
_BEHIND = "behind"


@dataclass
class Lines:
    """The lines of a file, one piece of text after another; all but the last piece end where a line does.

    Attributes:
        is_json: Whether they are JSON, else they are CSV.
        separator: What joins the names that JSON nests.
        delimiter, names: Of CSV, and the columns that its head names.
        lines: How many there were.
        rows: How many of them were rows.
        bad: How many were no JSON object.
        short: How many had another number of cells than the head.
        damage: What else could not be read, in sentences.
    """

    is_json: bool
    separator: str = "."
    delimiter: str = ","
    names: list[str] = field(default_factory=list)
    lines: int = 0
    rows: int = 0
    bad: int = 0
    short: int = 0
    damage: list[str] = field(default_factory=list)

    def take(self, text: str) -> list[Row]:
        """The rows of a piece.

        Raises:
            ValueError: It should begin with the head of a CSV file, and does not.
        """
        rows = self._objects(text) if self.is_json else self._cells(text)
        self.rows += len(rows)
        return rows

    def ends_in(self, text: str) -> bool:
        """Whether a piece of CSV ends where a row does, and not in a cell with several lines."""
        if self.is_json or '"' not in text:
            return True
        last: list[str] = []
        try:
            for row in csv.reader(chain(io.StringIO(text, newline=""), [_BEHIND]), delimiter=self.delimiter):
                last = row
        except csv.Error:
            return False
        return last == [_BEHIND]

    def told(self) -> list[str]:
        """What could not be read of all lines, in sentences."""
        if self.bad:
            return [f"{self.bad} line{' is' if self.bad == 1 else 's are'} no JSON object and left out."]
        if self.short:
            return [f"{self.short} line{' has' if self.short == 1 else 's have'} another number of cells than the head."]
        return []

    def _objects(self, text: str) -> list[Row]:
        """One object per line. A last line that is cut, and lines that are no objects, are told of."""
        rows = []
        lines = text.splitlines(keepends=True)
        for i, line in enumerate(lines):
            if not line.strip():
                continue
            try:
                value = parse_big_json(line)
            except ValueError:
                if i == len(lines) - 1 and not line.endswith("\n"):
                    number = self.lines + i + 1
                    self.damage.append(f"The last line (line {number}) is cut off and left out: the run was killed while it wrote.")
                else:
                    self.bad += 1
                continue
            if isinstance(value, dict):
                rows.append({key: _number_or_text(one) for key, one in flatten(value, separator=self.separator)})
            else:
                self.bad += 1
        self.lines += len(lines)
        return rows

    def _cells(self, text: str) -> list[Row]:
        """Rows under a head. A second head in the middle (a resumed run) is passed over; a cut last line is told of."""
        found = []
        reader = self._parsed(text)
        names = self.names = self.names or _head(reader)
        rows = [row for row in reader if row and [cell.strip() for cell in row] != names]
        for i, row in enumerate(rows):
            if i == len(rows) - 1 and not text.endswith(("\n", "\r")):
                if len(row) < len(names):
                    self.damage.append("The last line is cut off and left out: the run was killed while it wrote.")
                    continue
                self.damage.append("The last line does not end: its last value may be cut off.")
            self.short += len(row) != len(names)
            found.append({name: _cell(cell) for name, cell in zip(names, row, strict=False) if name})
        return found

    def _parsed(self, text: str) -> Iterator[list[str]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)
        try:
            yield from reader
        except csv.Error as error:
            self.damage.append(f"Line {self.lines + reader.line_num} and all after it cannot be read: {error}.")
        self.lines += reader.line_num


def lines_of(text: str, separator: str) -> Lines:
    """The form of a file that begins with this text, with no line taken yet."""
    if text.lstrip().startswith("{"):
        return Lines(is_json=True, separator=separator)
    return Lines(is_json=False, separator=separator, delimiter=max(",\t;", key=text.lstrip("\r\n").split("\n", 1)[0].count))


def _head(rows: Iterator[list[str]]) -> list[str]:
    names = [name.strip() for name in next((row for row in rows if row), [])]
    if len(names) < 2 or "" in names[1:] or any(_number(name) is not None for name in names) or len(set(names)) < len(names):
        raise ValueError("the first line is no head of columns")
    return names


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
