"""Reads MLflow: the store of files (`mlruns`), its databases, and tracking servers. Experiments and runs that were deleted are left out.

A run of the file store is a log of its own; a database, and a server, is one log with many runs. The record of a run is the same
whichever store it comes from (`record.py`), and so is what is made of it (`run.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from reportgen.errors import SourceError
from reportgen.model import Run
from reportgen.sources import sqlite
from reportgen.sources.addresses import as_path, without_password
from reportgen.sources.mlflow.connections import sql_database, sqlite_database
from reportgen.sources.mlflow.database import TABLES, read_database
from reportgen.sources.mlflow.filestore import is_beside_runs, is_run, parts_of, read_run
from reportgen.sources.mlflow.run import run_of
from reportgen.store import files_of

name = "mlflow"
nested = False
lasts = True

_SQL = ("postgresql", "postgres", "mysql", "mariadb", "mssql", "sqlite", "oracle")
_SQLITE_FILE = "sqlite:///"


def sniff(path: Path) -> bool:
    """Whether this is a run's directory, or one beside runs in which nobody else should look for any, or a database of MLflow's."""
    if path.is_dir():
        return is_run(path) or is_beside_runs(path)
    return sqlite.has_tables(path, *TABLES)


def parts(path: Path) -> Iterable[Path | str]:
    """The files of a run and the experiment's; a database, what is written beside it, and the artifacts of its runs."""
    if path.is_dir():
        return (*files_of(path), *parts_of(path))
    folders = [path.parent / folder for folder in ("mlruns", "mlartifacts")]
    return (*sqlite.parts(path), *(file for folder in folders for file in files_of(folder)))


def read(path: Path) -> Iterator[Run]:
    """The run of a directory, or the runs of a database.

    Raises:
        OSError: It cannot be read.
    """
    if path.is_dir():
        record = read_run(path) if is_run(path) else None
        if record is not None:
            yield run_of(record, path)
        return
    yield from _read_sqlite(path)


def _read_sqlite(path: Path, *, is_named: bool = False) -> Iterator[Run]:
    with sqlite_database(path) as database:
        records = read_database(database, path.parent, is_named=is_named)
        damage = database.damage
    if damage and not records:
        raise OSError(damage[0].rstrip("."))
    for record in records:
        yield run_of(record, path)


def opens_address(address: str) -> bool:
    """Whether an address names an MLflow server or a database with MLflow's tables.

    Raises:
        SourceError: It names a database that cannot be read.
    """
    scheme = _scheme(address)
    if scheme in ("http", "https"):
        from reportgen.sources.mlflow.server import is_server

        return is_server(address)
    if scheme.partition("+")[0] not in _SQL:
        return False
    if address.startswith(_SQLITE_FILE):
        return sqlite.has_tables(_sqlite_file(address), *TABLES)
    with sql_database(address) as database:
        return set(TABLES) <= database.columns.keys()


def read_address(address: str) -> Iterator[Run]:
    """The runs of a server or a database; the artifacts of a database where they lie on this machine.

    Raises:
        SourceError: It cannot be reached or does not come back.
        OSError: A file cannot be read.
    """
    return _read_named(address, keeps=False)


def read_address_on(address: str) -> Iterator[Run]:
    """The same; the histories of a server's runs that are over come from the store where they are kept there.

    Raises:
        SourceError, OSError: As `read_address`.
    """
    return _read_named(address, keeps=True)


def _read_named(address: str, *, keeps: bool) -> Iterator[Run]:
    if _scheme(address) in ("http", "https"):
        from reportgen.sources.mlflow.server import read_server

        for record in read_server(address, keeps=keeps):
            yield run_of(record, as_path(address))
    elif address.startswith(_SQLITE_FILE):
        yield from _read_sqlite(_sqlite_file(address), is_named=True)
    else:
        with sql_database(address) as database:
            records = read_database(database, None, is_named=True)
        for record in records:
            yield run_of(record, as_path(address))


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()


def _sqlite_file(address: str) -> Path:
    path = Path(unquote(address.removeprefix(_SQLITE_FILE).partition("?")[0])).absolute()
    if not path.is_file():
        raise SourceError(f"there is no '{path}'", hint=f"it is named by {without_password(address)}")
    return path
