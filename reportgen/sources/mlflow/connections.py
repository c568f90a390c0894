"""Connections to the databases that MLflow writes: SQLite by Python itself, others by SQLAlchemy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reportgen.errors import SourceError
from reportgen.sources import sqlite
from reportgen.sources.addresses import without_password
from reportgen.sources.mlflow.queries import Database, Row


class SqliteDatabase:
    """A file of SQLite that is open for reading."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)
    raw = "cast({} as blob)"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.columns: Mapping[str, frozenset[str]] = sqlite.columns(connection)
        self.damage: list[str] = []

    def rows(self, query: str, **values: Any) -> Iterator[Row]:
        """As `Database.rows`."""
        return sqlite.rows(self._connection, query, values, damage=self.damage)

    def numbers(self, query: str, **values: Any) -> Iterable[Row]:
        """As `Database.numbers`; it is the cursor itself: a generator around it would take a tenth of the time."""
        return self._connection.execute(query, values)


class SqlDatabase:
    """A connection of SQLAlchemy."""

    errors: tuple[type[Exception], ...] = ()
    raw = "{}"

    def __init__(self, connection: Any) -> None:
        import sqlalchemy

        self._connection = connection
        self._sql = sqlalchemy
        found = sqlalchemy.inspect(connection)
        self.columns: Mapping[str, frozenset[str]] = {
            table: frozenset(column["name"] for column in found.get_columns(table)) for table in found.get_table_names()
        }
        self.damage: list[str] = []

    def rows(self, query: str, **values: Any) -> Iterator[Row]:
        """As `Database.rows`."""
        for row in self._connection.execute(self._sql.text(query), values):
            yield tuple(row)

    def numbers(self, query: str, **values: Any) -> Iterable[Row]:
        """As `Database.numbers`; the rows come in portions."""
        streamed = self._connection.execution_options(stream_results=True, yield_per=10_000)
        for row in streamed.execute(self._sql.text(query), values):
            yield tuple(row)


@contextmanager
def sqlite_database(path: Path) -> Iterator[Database]:
    """A file of SQLite.

    Raises:
        OSError: It cannot be opened.
    """
    try:
        with sqlite.opened(path) as connection:
            yield SqliteDatabase(connection)
    except sqlite3.Error as error:
        raise OSError(f"the database is damaged ({error})") from error


@contextmanager
def sql_database(address: str) -> Iterator[Database]:
    """A database of which the address is known (`postgresql://user:password@host/name`); what is asked changes nothing and is rolled back.

    Raises:
        SourceError: It cannot be reached or read, or the software for it is not installed.
    """
    shown = without_password(address)
    try:
        import sqlalchemy
    except ImportError:
        raise SourceError(f"'{shown}' is a database, which needs SQLAlchemy", hint="pip install 'reportgen[mlflow]'") from None
    try:
        engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.pool.NullPool)
    except ImportError as error:
        raise SourceError(f"'{shown}' needs a driver that is not installed: {error}", hint="install it beside reportgen") from None
    except sqlalchemy.exc.ArgumentError:
        raise SourceError(f"'{shown}' is no address of a database that SQLAlchemy knows") from None
    try:
        with engine.connect() as connection:
            if engine.dialect.name in ("postgresql", "mysql", "mariadb"):
                connection.execute(sqlalchemy.text("set transaction read only"))
            yield SqlDatabase(connection)
            connection.rollback()
    except sqlalchemy.exc.SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise SourceError(f"'{shown}' cannot be read: {said}") from None
    finally:
        engine.dispose()
