"""Which files of a run are shown: images with their steps, other media, and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.model import Media, Table
from reportgen.model.records import MediaKind
from reportgen.sources.mlflow.record import Record, StoredFile
from reportgen.sources.values import parse_big_json, parse_json

_KINDS: dict[str, MediaKind] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg"), "image"),
    **dict.fromkeys((".wav", ".mp3", ".ogg", ".flac"), "audio"),
    **dict.fromkeys((".mp4", ".webm", ".mov"), "video"),
    **dict.fromkeys((".html", ".htm"), "html"),
}  # fmt: skip
_STEPPED = re.compile(
    r"images/(?P<key>.+?)(?P<sep>[+%])step(?P=sep)(?P<step>-?\d+)(?P=sep)timestamp(?P=sep)(?P<time>\d+)(?P=sep)(?P<rest>.*)", re.ASCII
)
"""What `log_image` calls an image of a key and a step; versions before 3.10 wrote `%` for the `+` and `#` for a slash in the key."""

_MAX_TABLE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """What the files of a run show, by key."""

    media: dict[str, tuple[Media, ...]]
    tables: dict[str, tuple[Table, ...]]


def is_shown(path: str) -> bool:
    """Whether a file is one that a report shows as a medium. The small copies that `log_image` adds are not."""
    return PurePosixPath(path).suffix.lower() in _KINDS and not _is_small_copy(path)


def table_paths(record: Record) -> list[str]:
    """The files that `log_table` wrote, as the run's tag lists them."""
    try:
        listed = parse_json(record.tags.get("mlflow.loggedArtifacts") or "[]")
    except ValueError:
        record.lost("The list of the tables that this run logged is damaged and could not be read.")
        return []
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [one["path"] for one in entries if one.get("type") == "table" and isinstance(one.get("path"), str)]


def shown(record: Record) -> Shown:
    """The media and tables among the run's files; a table that cannot be read is told of in the record."""
    tables: dict[str, tuple[Table, ...]] = {}
    by_path = {one.path: one for one in record.files}
    in_cells: set[str] = set()
    for path in table_paths(record) if record.files else ():  # where no file is known, that has been told of
        table = _table(path, by_path, in_cells)
        if table is None:
            record.lost(f"The table '{path}' could not be read; it is left out.", path)
        else:
            tables[path] = (table,)
    media: dict[str, list[Media]] = {}
    for one in sorted((_medium(file) for file in record.files if is_shown(file.path) and file.path not in in_cells), key=_place):
        media.setdefault(one.key, []).append(one)
    return Shown({key: tuple(several) for key, several in media.items()}, tables)


def _place(one: Media) -> tuple[str, int, str]:
    return one.key, one.step, str(one.about.get("timestamp", ""))


def _is_small_copy(path: str) -> bool:
    stepped = _STEPPED.fullmatch(path)
    return bool(stepped and stepped["rest"].partition(".")[0].endswith(f"{stepped['sep']}compressed"))


def _medium(file: StoredFile) -> Media:
    kind = _KINDS[PurePosixPath(file.path).suffix.lower()]
    about = {} if file.local else {"missing": file.path}
    if stepped := _STEPPED.fullmatch(file.path):
        key = re.sub("[#~]", "/", stepped["key"])
        return Media(key, _step(stepped["step"]), kind, file.local, about={"timestamp": int(stepped["time"]), **about})
    return Media(file.path, 0, kind, file.local, about=about)


def _step(text: str) -> int:
    return max(-(2**63), min(int(text), 2**63 - 1))


def _table(path: str, files: Mapping[str, StoredFile], in_cells: set[str]) -> Table | None:
    """A table of columns and rows; images in its cells become `Media`, and their files are noted in `in_cells`."""
    local = files[path].local if path in files else None
    if local is None:
        return None
    try:
        if local.stat().st_size > _MAX_TABLE:
            return None
        columns, rows = _parquet(local) if path.endswith(".parquet") else _json_table(local)
    except (OSError, ValueError, ArithmeticError):
        return None
    made = tuple(tuple(_cell(f"{path}.{name}", cell, files, in_cells) for name, cell in zip(columns, row, strict=False)) for row in rows)
    if any(len(row) != len(columns) for row in made):
        return None
    return Table(path, 0, columns, made, local)


def _json_table(path: Path) -> tuple[tuple[str, ...], list[list[Any]]]:
    content = parse_big_json(path.read_bytes())
    names, rows = (content.get("columns"), content.get("data")) if isinstance(content, dict) else (None, None)
    if not isinstance(names, list) or not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError("no table")
    return tuple(str(name) for name in names), rows


def _parquet(path: Path) -> tuple[tuple[str, ...], list[list[Any]]]:
    import pyarrow.parquet as parquet

    table = parquet.read_table(path)
    return tuple(table.column_names), [list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def _cell(key: str, cell: Any, files: Mapping[str, StoredFile], in_cells: set[str]) -> Any:
    if not isinstance(cell, dict) or cell.get("type") != "image" or not isinstance(cell.get("filepath"), str):
        return cell
    path = cell["filepath"]
    in_cells.update(one for one in (path, cell.get("compressed_filepath")) if isinstance(one, str))
    local = files[path].local if path in files else None
    return Media(key, 0, "image", local, about={} if local else {"missing": path})
