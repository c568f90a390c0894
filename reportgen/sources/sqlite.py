"""SQLite databases of trackers, opened so that neither they nor the files beside them change. Shared by the readers."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MAGIC = b"SQLite format 3\0"
_HEAD = 64 * 1024
_SECONDS_TO_WAIT = 10.0
"""How long a writer may hold the database before reading it is given up."""


def is_database(path: Path) -> bool:
    """Whether a file begins as SQLite databases do."""
    try:
        with path.open("rb") as file:
            return path.is_file() and file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def has_tables(path: Path, *wanted: str, **fields: Collection[str]) -> bool:
    """Whether a file is a database with these tables (`fields`: columns by table).

    Where it is so damaged that only its first pages can be seen, those have to name them.
    """
    if not is_database(path):
        return False
    try:
        with opened(path) as connection:
            here = columns(connection)
    except (sqlite3.Error, OSError):
        return _names_tables(path, [*wanted, *fields], [name for names in fields.values() for name in names])
    return here.keys() >= {*wanted, *fields} and all(here[table] >= set(names) for table, names in fields.items())


def parts(path: Path) -> Iterator[Path]:
    """The database and the files beside it that hold what has not been moved into it yet."""
    yield path
    yield from (_beside(path, "-wal"), _beside(path, "-journal"))


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, whether or not a writer is at work.

    A database with a write-ahead log is read through it without touching its index of shared memory; where the process that
    wrote it was killed, copies of both are read, since SQLite would recover the log into the files themselves.

    Raises:
        sqlite3.Error: It is no database, or so damaged that it cannot be opened.
        OSError: A file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(100)
    if head[:16] != _MAGIC:
        raise sqlite3.DatabaseError("file is not a database")
    is_logged = _size(_beside(path, "-wal")) > 0
    if is_logged and _beside(path, "-shm").exists():
        try:
            with _connected(path, "mode=ro&readonly_shm=1") as connection:
                yield connection
            return
        except _CannotOpen:
            pass
    if is_logged or _size(_beside(path, "-journal")) > 0:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            copy = Path(folder) / "copy.db"
            for ending in ("-wal", "-journal", ""):
                if _beside(path, ending).exists():
                    shutil.copyfile(_beside(path, ending), _beside(copy, ending))
            with _connected(copy, "mode=rw") as connection:
                yield connection
        return
    # Without a log all content is in the file; opened in any other way, SQLite would make the log's files beside it.
    is_in_wal_mode = head[18:20] == b"\2\2"
    with _connected(path, "mode=ro&immutable=1" if is_in_wal_mode else "mode=ro") as connection:
        yield connection


def columns(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """The names of the columns of each table; views and virtual tables are left out: a stranger's database could compute in them.

    Raises:
        sqlite3.Error: The schema is damaged.
    """
    named = connection.execute("select name from sqlite_master where type = 'table' and sql not like 'create virtual%'").fetchall()
    return {name: frozenset(row[1] for row in connection.execute(f"pragma table_info({quoted(name)})")) for (name,) in named}


def rows(
    connection: sqlite3.Connection, query: str, values: Sequence[Any] | Mapping[str, Any] = (), *, damage: list[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as far as they can be read; `damage` gets a sentence where they cannot."""
    try:
        yield from connection.execute(query, values)
    except sqlite3.Error as error:
        text = f"A part of the database cannot be read ({error}); what stands behind it is missing."
        if text not in damage:
            damage.append(text)


def quoted(name: str) -> str:
    """A name of a table or column as SQL text."""
    return '"' + name.replace('"', '""') + '"'


class _CannotOpen(sqlite3.Error):
    """The first look into a database failed."""


@contextmanager
def _connected(path: Path, how: str) -> Iterator[sqlite3.Connection]:
    address = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=_SECONDS_TO_WAIT, isolation_level=None)
    try:
        connection.text_factory = lambda content: content.decode("utf-8", "replace")
        try:
            connection.execute("pragma trusted_schema = off")
            connection.execute("pragma query_only = on")
            connection.execute("begin")  # one state of the database for all queries
            connection.execute("select count(*) from sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise _CannotOpen(str(error)) from error
        yield connection
    finally:
        connection.close()


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _names_tables(path: Path, tables: Collection[str], fields: Collection[str]) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return all(f"CREATE TABLE {name} ".encode() in head for name in tables) and all(name.encode() in head for name in fields)
