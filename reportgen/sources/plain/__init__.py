"""Reads plain folders: a config (YAML, JSON, TOML) beside metrics (CSV, JSONL, Parquet), as people and Hydra lay them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.plain.folder import is_metrics, logs_in
from reportgen.sources.plain.run import run_of
from reportgen.store import Continued

name = "plain"
nested = True
lasts = True


def sniff(path: Path) -> bool:
    """Whether this is a directory with a config beside metrics."""
    return path.is_dir() and logs_in(path) is not None


def opens(path: Path) -> bool:
    """Whether a file that the user named holds metrics, with or without a config beside it."""
    return is_metrics(path)


def parts(path: Path) -> Iterable[Path]:
    """The files beside each other, and Hydra's."""
    directory = path if path.is_dir() else path.parent
    yield from (directory, directory / ".hydra", directory / ".hydra" / "config.yaml")
    yield from sorted(file for file in directory.iterdir() if file.is_file())


def read(path: Path) -> Iterator[Run]:
    """The run of a directory, or of one metrics file; without a config beside it, it is called after the file.

    Raises:
        OSError: A file cannot be read.
    """
    return read_on(path, None)


def read_on(path: Path, continued: Continued | None) -> Iterator[Run]:
    """As `read`; files that grew are read from where they ended the last time."""
    if path.is_dir():
        if logs := logs_in(path):
            yield run_of(path, logs.config, logs.metrics, continued)
    else:
        logs = logs_in(path.parent)
        run = run_of(path.parent, logs.config if logs else None, (path,), continued)
        yield run if logs else replace(run, name=path.stem, source=replace(run.source, path=path))
