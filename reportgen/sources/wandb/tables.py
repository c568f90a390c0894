"""W&B's tables: a JSON file with `columns` and `data` beside the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.model import Media, Table
from reportgen.sources.wandb.files import RunFiles
from reportgen.sources.wandb.media import media, missing_cell

TABLE_TYPES = frozenset({"table-file", "table", "incremental-table-file"})


def table(key: str, step: int, value: Mapping[str, Any], files: RunFiles) -> Table | None:
    """The table that an object of one of `TABLE_TYPES` names or holds, or None when it cannot be had.

    A cell that is an object with `_type` becomes a `Media`. In a column whose cells all read "Image" (or
    another kind of medium) the media are in the table's artifact and not beside the log: each becomes a
    `Media` without a file. An incremental table comes as the rows that were added at this step.
    """
    content = files.json(value["path"]) if "path" in value else value
    if not isinstance(content, Mapping):
        return None
    names, data = content.get("columns"), content.get("data")
    if not isinstance(names, list) or not isinstance(data, list):
        return None
    columns = tuple(str(name) for name in names)
    rows = [_fitted(row, len(columns)) for row in data if isinstance(row, list)]
    words = [_stand_in_words(column) for column in zip(*rows, strict=True)] if rows else []
    made = tuple(
        tuple(_cell(f"{key}.{name}", step, cell, words[i], files) for i, (name, cell) in enumerate(zip(columns, row, strict=True)))
        for row in rows
    )
    return Table(key, step, columns, made, files.find(value.get("path")))


def has_missing_media(made: Table) -> bool:
    """Whether cells of the table are media whose files are kept elsewhere."""
    return any(isinstance(cell, Media) and cell.about.get("in_artifact") for row in made.rows for cell in row)


def _fitted(row: list[Any], width: int) -> list[Any]:
    """The row with exactly `width` cells."""
    return (row + [None] * width)[:width]


def _stand_in_words(column: tuple[Any, ...]) -> bool:
    """Whether a column holds nothing but one word that stands for media."""
    words = {cell if isinstance(cell, str) else None for cell in column if cell is not None}
    return len(words) == 1 and (word := next(iter(words))) is not None and missing_cell("", 0, word) is not None


def _cell(key: str, step: int, cell: Any, is_word: bool, files: RunFiles) -> Any:
    if is_word and cell is not None:
        return missing_cell(key, step, cell)
    if isinstance(cell, Mapping) and "_type" in cell:
        found = media(key, step, cell, files)
        return found[0] if len(found) == 1 else found
    return cell
