"""Reads trackio's databases, one for each project (`digits.db`), with the media and artifacts in the folders beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.sqlite import has_tables, opened
from reportgen.sources.sqlite import parts as database_parts
from reportgen.sources.trackio.project import runs_in

name = "trackio"
nested = False

_FIELDS = ("timestamp", "run_name", "step", "metrics")


def sniff(path: Path) -> bool:
    """Whether this is a project's database, by its table of metrics."""
    return path.is_file() and has_tables(path, metrics=_FIELDS)


def parts(path: Path) -> Iterable[Path]:
    """The database, what lies beside it while a process writes it, and the project's media, which may be copied later."""
    return (*database_parts(path), path.parent / "media" / path.stem)


def read(path: Path) -> Iterator[Run]:
    """The runs of a project.

    Raises:
        OSError: The file cannot be read, or nothing in it.
    """
    damage: list[str] = []
    try:
        with opened(path) as connection:
            runs = runs_in(connection, path, damage)
    except sqlite3.Error as error:
        raise OSError(f"the database is damaged ({error})") from error
    if damage and not runs:
        raise OSError(damage[0].rstrip("."))
    yield from runs
