"""Lightning's `CSVLogger`: `version_0/metrics.csv` with `hparams.yaml` beside it, where hyperparameters were logged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.plain.folder import is_metrics
from reportgen.sources.plain.run import run_of
from reportgen.store import Continued

name = "lightning"
nested = True
lasts = True

_VERSION = re.compile(r"version_\d+")
_NO_NAMES = frozenset({"lightning_logs", "csv_logs", "logs"})


def sniff(path: Path) -> bool:
    """Whether a folder is a version, by its name or its hyperparameters, with metrics that count steps."""
    metrics = path / "metrics.csv"
    if not _VERSION.fullmatch(path.name) and not (path / "hparams.yaml").is_file():
        return False
    return is_metrics(metrics) and b"step" in _head(metrics)


def opens(path: Path) -> bool:
    """Whether a file that the user named is the metrics of a version."""
    return path.name == "metrics.csv" and sniff(path.parent)


def read(path: Path) -> Iterator[Run]:
    """The run of a version. Rows are sparse: what was logged at one step may stand in several of them.

    `project` is the logger's name, the folder above the version, unless that has Lightning's own name.

    Raises:
        OSError: A file cannot be read.
    """
    return read_on(path, None)


def read_on(path: Path, continued: Continued | None) -> Iterator[Run]:
    """As `read`; metrics that grew are read from where they ended the last time."""
    folder = path if path.is_dir() else path.parent
    config = folder / "hparams.yaml"
    run = run_of(folder, config if config.is_file() and config.stat().st_size > 0 else None, (folder / "metrics.csv",), continued)
    above = folder.parent.name
    is_version = _VERSION.fullmatch(folder.name) is not None
    yield replace(run, source=replace(run.source, format=name), project=above if is_version and above not in _NO_NAMES else "")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(65536)
