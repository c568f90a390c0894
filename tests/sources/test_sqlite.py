"""SQLite databases are read while others write them, and nothing beside them changes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.sources import sqlite

WRITER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2].split(";"):
    connection.execute(statement)
print("ready", flush=True)
sys.stdin.read()
os._exit(1)  # as a process that is killed: nothing is closed
"""
MANY = "insert into t with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000) select printf('%500d', i) from n"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a folder#1" / "data?.db"


class Writer:
    """Another process that has run statements on a database and still holds it."""

    def __init__(self, path: Path, statements: str) -> None:
        path.parent.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), statements], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"

    def end(self) -> None:
        """Let it end without closing the database."""
        self.process.communicate("")


@pytest.fixture
def wal_writer(database: Path) -> Iterator[Writer]:
    writer = Writer(database, "pragma journal_mode = wal;create table t (a);insert into t values (1);begin;insert into t values (2)")
    yield writer
    writer.end()


def state(path: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}


def read(path: Path) -> list[object]:
    """The column of the table, nothing being changed by reading it."""
    before = state(path)
    with sqlite.opened(path) as connection:
        found = [row[0] for row in sqlite.rows(connection, "select a from t", damage=[])]
    assert state(path) == before
    return found


def test_with_a_log_in_use(database: Path, wal_writer: Writer) -> None:
    assert (database.with_name(database.name + "-wal")).stat().st_size
    assert read(database) == [1]


def test_with_a_log_that_was_left(database: Path, wal_writer: Writer) -> None:
    wal_writer.end()
    assert read(database) == [1]
    database.with_name(database.name + "-shm").unlink()
    assert read(database) == [1]


def test_a_log_is_needed_only_while_there_is_one(database: Path, wal_writer: Writer) -> None:
    wal_writer.end()
    connection = sqlite3.connect(database)
    connection.execute("select * from t").fetchall()
    connection.close()
    assert [path.name for path in database.parent.iterdir()] == [database.name]
    for path in (database, database.parent):
        path.chmod(0o555)
    assert read(database) == [1]


def test_a_transaction_that_nobody_ended(database: Path) -> None:
    writer = Writer(database, "create table t (a);insert into t values (1);pragma cache_size = 1;begin;" + MANY)
    writer.end()
    assert database.stat().st_size > 1_000_000
    assert read(database) == [1]


def test_damage_ends_the_reading(database: Path) -> None:
    Writer(database, "create table t (a);" + MANY).end()
    content = bytearray(database.read_bytes())
    content[2_000_000:2_100_000] = b"\xff" * 100_000
    database.write_bytes(content)
    damage: list[str] = []
    with sqlite.opened(database) as connection:
        found = list(sqlite.rows(connection, "select a from t", damage=damage))
    assert 0 < len(found) < 9000
    assert [int(row[0]) for row in found] == list(range(1, len(found) + 1))
    assert damage == ["A part of the database cannot be read (database disk image is malformed); what stands behind it is missing."]


def test_what_tables_it_has(database: Path) -> None:
    Writer(database, 'create table t (a);create view v as select 1 as b;create table "odd ""name" (c, d)').end()
    with sqlite.opened(database) as connection:
        assert sqlite.columns(connection) == {"t": {"a"}, 'odd "name': {"c", "d"}}
    assert sqlite.has_tables(database, "t")
    assert not sqlite.has_tables(database, "t", "v")
    database.write_bytes(database.read_bytes()[:5000])
    assert sqlite.has_tables(database, "t")
    for content in (b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 200, b"no database"):
        database.write_bytes(content)
        assert not sqlite.has_tables(database, "t")
    assert not sqlite.has_tables(database.parent, "t")
    assert not sqlite.has_tables(database / "nothing", "t")
