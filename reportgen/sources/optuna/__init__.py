"""Reads Optuna's storages: SQLite databases of all schemas since 0.9, and journal files. Each trial is a run of its study's sweep."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.optuna.database import TABLES, studies_in_database
from reportgen.sources.optuna.journal import is_journal, studies_in_journal
from reportgen.sources.optuna.run import runs_of
from reportgen.sources.optuna.study import Study
from reportgen.sources.sqlite import has_tables, is_database, opened
from reportgen.sources.sqlite import parts as database_parts

name = "optuna"
nested = False


def sniff(path: Path) -> bool:
    """Whether this is a storage, by its tables or its first operation."""
    return path.is_file() and (has_tables(path, *TABLES) or is_journal(path))


def parts(path: Path) -> Iterable[Path]:
    """The storage, and what lies beside it while a process writes a database."""
    return database_parts(path)


def read(path: Path) -> Iterator[Run]:
    """The trials of all studies in a storage.

    Raises:
        OSError: The file cannot be read, or nothing in it.
    """
    damage: list[str] = []
    studies = _studies(path, damage)
    for study in studies:
        made = runs_of(study, path, damage)
        yield from made
        damage = [] if made else damage
    if damage:
        raise OSError(damage[0].rstrip("."))


def _studies(path: Path, damage: list[str]) -> list[Study]:
    if not is_database(path):
        return studies_in_journal(path, damage)
    try:
        with opened(path) as connection:
            return studies_in_database(connection, damage)
    except sqlite3.Error as error:
        raise OSError(f"the database is damaged ({error})") from error
