"""TOML that people write by hand: values together with the lines where they stand (tomllib gives no places)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.blocks.validation import Steps
from reportgen.errors import Mistake, Mistakes, Place

_PLAINER: tuple[tuple[str, str, str | None], ...] = (
    (r"""Illegal character '\\r?\\?n'|Unterminated string|Expected (?:"'+"|'"+')""", "a quote that is never closed", None),
    (r"Illegal character '(.+)'", r"the character '\1' is not allowed here", None),
    (r"Cannot overwrite a value|Duplicate inline table key.*", "this key is given twice", "keep one of the two"),
    (r"Cannot declare (\(.*\)) twice", "this table is given twice", "keep one of the two"),
    (r"Invalid value", "expected a value", 'text stands in quotes, as in "text"'),
    (r"Expected '=' after a key in a key/value pair", "expected = after the key", 'as in key = "value"'),
    (r"Expected newline or end of document after a statement", "more than one value in a line", "a list stands in [ and ]"),
    (r"Invalid initial character for a key part|Invalid statement", "expected a key", 'as in key = "value"'),
    (r"Expected '\]+' at the end of a table declaration", "a [ without its ]", None),
    (r"Unclosed array", "a [ without its ]", None),
    (r"Unclosed inline table", "a { without its }", None),
    (r"Unescaped '\\' in a string|Invalid hex value", "a lone backslash in quotes", "put the text in single quotes"),
)
"""What tomllib says, what that means, and what to do about it."""
_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""


@dataclass(frozen=True)
class WrittenTable:
    """A TOML document and where its parts stand.

    Attributes:
        lines: The line of each key, table and list item by its path, counted from 1.
    """

    value: Mapping[str, Any]
    file: Path
    lines: Mapping[Steps, int]

    def place(self, steps: Steps) -> Place:
        """Where a path of keys stands, or the nearest part around it that is written down; else the file."""
        known = (steps[:length] for length in range(len(steps), 0, -1) if steps[:length] in self.lines)
        return Place(self.file, next((self.lines[one] for one in known), 0))


def read_toml(file: Path) -> WrittenTable:
    """Reads a TOML document.

    Raises:
        Mistakes: It cannot be read, or is not valid TOML.
    """
    text = _text(file)
    try:
        value = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        line = int(at[1]) if at else text.count("\n") + (not text.endswith("\n"))
        message, hint = _explain(re.sub(r" \(at [^)]*\)$", "", str(error)))
        raise Mistakes([Mistake(f"invalid TOML: {message}", Place(file, line), hint)]) from None
    return WrittenTable(value, file, _key_lines(text))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Mistakes([Mistake("not a text file in UTF-8", Place(file))]) from None
    except OSError as error:
        raise Mistakes([Mistake(f"cannot be read: {error.strerror}", Place(file))]) from None


def _explain(message: str) -> tuple[str, str | None]:
    for pattern, words, hint in _PLAINER:
        if found := re.fullmatch(pattern, message):
            return found.expand(words), hint
    return f"{message[:1].lower()}{message[1:]}", None


def _key_lines(text: str) -> dict[Steps, int]:
    """The line of each key that starts a line, and of the items of lists that span lines."""
    lines: dict[Steps, int] = {}
    table: Steps = ()
    counts: dict[Steps, int] = {}
    open_list: tuple[Steps, int] | None = None

    def mark(steps: Steps, number: int) -> None:
        for length in range(1, len(steps) + 1):
            lines.setdefault(steps[:length], number)

    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$", line)
        if header and open_list is None:
            table = _keys(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            mark(table, number)
        elif open_list is not None:
            steps, index = open_list
            if re.match(r"""^\s*["'{]""", line):
                lines[(*steps, index)] = number
                index += 1
            open_list = None if re.match(r"^\s*\]", line) else (steps, index)
        elif pair := re.match(rf"^\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=\s*(.*)$", line):
            steps = (*table, *_keys(pair[1]))
            mark(steps, number)
            if pair[2].startswith("[") and "]" not in pair[2]:
                open_list = (steps, 0)
    return lines


def _keys(dotted: str) -> tuple[str, ...]:
    parts: Sequence[str] = re.findall(_KEY, dotted)
    return tuple(part.strip("\"'") for part in parts)
