"""Reads the logs of the W&B SDK: offline and online run directories, and their `.wandb` files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.wandb.framing import FILE_HEADER
from reportgen.sources.wandb.run import run_of
from reportgen.store import Continued

name = "wandb"
nested = False
lasts = True


def sniff(path: Path) -> bool:
    """Whether this is a W&B log, by its first bytes or (for an empty or damaged one) its name, or a run's directory."""
    if path.is_dir():
        return (path / "files").is_dir() and any(sniff(log) for log in _logs(path))
    return path.suffix == ".wandb" or _starts_as_log(path)


def read(path: Path) -> Iterator[Run]:
    """The run of a log, or of each log of a run's directory.

    Raises:
        OSError: A file cannot be read.
    """
    return read_on(path, None)


def read_on(path: Path, continued: Continued | None) -> Iterator[Run]:
    """As `read`; a log of a run that goes on is read from where it ended the last time."""
    for log in _logs(path) if path.is_dir() else [path]:
        if sniff(log):
            yield run_of(log, continued)


def parts(path: Path) -> Iterable[str | Path]:
    """The logs, the files that stand in for what a log lacks, and the directories of files, which may be copied later."""
    directory = path if path.is_dir() else path.parent
    yield from [directory, *_candidates(path)] if path.is_dir() else [path]
    yield from (directory / "files" / name for name in (".", "config.yaml", "wandb-metadata.json", "wandb-summary.json", "output.log"))
    for folder, _, _ in os.walk(directory / "files"):
        yield folder


def _logs(directory: Path) -> list[Path]:
    """The files of a directory that may be logs: by their name, else by their first bytes."""
    return [file for file in _candidates(directory) if file.suffix == ".wandb" or _starts_as_log(file)]


def _candidates(directory: Path) -> list[Path]:
    """The files among which the logs are: those with their name, else all."""
    files = sorted(entry.path for entry in os.scandir(directory) if entry.is_file())
    return [Path(file) for file in files if os.path.splitext(file)[1] == ".wandb"] or [Path(file) for file in files]


def _starts_as_log(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == FILE_HEADER[:4]
    except OSError:
        return False
