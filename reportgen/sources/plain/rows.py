"""The rows of a metrics file: CSV, one JSON object per line, or Parquet."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.sources.plain.lines import Lines, Row, lines_of
from reportgen.sources.plain.parquet import is_parquet, parquet_rows

_HEAD = 64 * 1024
_HEAD_ROWS = 40
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a text of two bytes a character begins."""
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3},\d{3}")


@dataclass
class Rows:
    """The rows of a file, flat.

    Attributes:
        damage: What could not be read, in sentences.
        whole: How many of the rows stand in lines that are whole, up to which a file that grows stays as it is; 0 for one that may not.
        has_commas: Whether cells look like numbers with a decimal comma: whether they are, all of their column tells.
        state: The fields of `Lines` at the end of those that are whole, as JSON can say them.
    """

    rows: list[Row] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    whole: int = 0
    has_commas: bool = False
    state: dict[str, object] = field(default_factory=dict)


def read_rows(path: Path, separator: str = ".") -> Rows:
    """All rows of a metrics file; what JSON nests is joined with the separator.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no rows.
    """
    return Rows(parquet_rows(path)) if is_parquet(path) else rows_in(text_of(path.read_bytes()), separator)


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
    if b"\0" in head and is_narrow(head):
        raise ValueError("it is no text")
    text = text_of(head)
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    lines = io.StringIO(text)
    return rows_in("".join(line for line, _ in zip(lines, range(_HEAD_ROWS), strict=False))).rows


def text_of(content: bytes) -> str:
    """The text of a file."""
    return content.decode("utf-8-sig", "replace") if is_narrow(content) else content.decode("utf-16", "replace")


def is_narrow(content: bytes) -> bool:
    """Whether a line of a file ends where a byte 0A is."""
    return content[:2] not in _WIDE


def rows_in(text: str, separator: str = ".", before: Lines | None = None) -> Rows:
    """The rows of a text.

    Args:
        before: What was known of the lines before it; those of a file's beginning by default.

    Raises:
        ValueError: There are none.
    """
    lines = before or lines_of(text, separator)
    end = text.rfind("\n") + 1
    whole = text[:end]
    if whole.isspace() or not lines.ends_in(whole):
        whole, end = "", 0
    found = Rows()
    if whole:
        found.rows = lines.take(whole)
        if not lines.damage:
            found.whole = len(found.rows)
            found.state = {**vars(lines), "names": list(lines.names), "damage": []}
    if not lines.damage:  # behind what is no CSV nothing is
        found.rows += lines.take(text[end:])
    if not lines.rows:
        raise ValueError("no line holds a JSON object" if lines.is_json else "there is no row below the head")
    found.damage += lines.damage
    commas = [_read_decimal_commas(found, name) for name in lines.names]
    found.has_commas = any(commas)
    found.damage += lines.told()
    return found


def _read_decimal_commas(found: Rows, name: str) -> bool:
    """Turns `1,5` into 1.5 in a column that has such numbers; `1,500` alone may be thousands and stays text. Says what was done.

    Returns:
        Whether the column has a cell that looks so.
    """
    texts = [cell for row in found.rows if isinstance(cell := row.get(name), str)]
    alike = [text for text in texts if "," in text and _DECIMAL_COMMA.fullmatch(text)]
    if not alike or len(alike) < len(texts):
        return bool(alike)
    if all(_THOUSANDS.fullmatch(text) for text in texts):
        found.damage.append(f"The column '{name}' has numbers such as {texts[0]}: a decimal comma or thousands? They are kept as text.")
        return True
    for row in found.rows:
        if isinstance(cell := row.get(name), str):
            row[name] = float(cell.replace(",", "."))
    found.damage.append(f"The column '{name}' has decimal commas; they are read as points.")
    return True
