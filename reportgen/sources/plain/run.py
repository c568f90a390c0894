"""A plain folder made into a `Run`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportgen.model import LogWarning, Run, Source, Value
from reportgen.sources.naming import content_id, folder_name
from reportgen.sources.plain.columns import step_column, time_column
from reportgen.sources.plain.config import parse_config
from reportgen.sources.plain.file import MetricsFile
from reportgen.sources.plain.rows import Rows, read_rows
from reportgen.sources.values import flatten, plain_leaf, utc
from reportgen.store import Continued


def run_of(folder: Path, config: Path | None, metrics: tuple[Path, ...], continued: Continued | None = None) -> Run:
    """The run of a folder.

    Its id is the folder's name and a hash of the config and of where the metrics begin, so that it stays the
    same when the folder is moved, is read from another root, or the run goes on. The summary is
    empty (the last values of the history stand for it); start and end are those of a column of moments.

    Args:
        continued: Where it is kept how far files were read that may have grown.

    Raises:
        OSError: A file cannot be read.
    """
    warnings: list[LogWarning] = []
    files = [MetricsFile(path, continued) for path in metrics]
    prefixed = _clash(files)
    columns, *more = (file.columns(f"{file.path.stem}/" if prefixed else "") for file in files)
    for later in more:
        columns.join(later)
    warnings += [LogWarning(f"{file.path.name}: {text}", file.path) for file in files for text in file.damage]
    name = folder_name(folder)
    return Run(
        id=content_id(name, *beginning(config, metrics)),
        name=name,
        source=Source("plain", folder),
        started=utc(columns.first_time),
        ended=utc(columns.last_time),
        config=config_of(config, warnings),
        history=columns.scalars.series(),
        media={key: tuple(found) for key, found in columns.media.items()},
        warnings=tuple(warnings),
    )


def rows_of(path: Path, warnings: list[LogWarning], separator: str = ".") -> Rows:
    """The rows of a metrics file, nested names joined with the separator; what could not be read is told of in `warnings`.

    Raises:
        OSError: The file cannot be read.
    """
    try:
        rows = read_rows(path, separator)
    except ValueError as error:
        rows = Rows(damage=[f"No metrics could be read: {error}."])
    warnings += [LogWarning(f"{path.name}: {text}", path) for text in rows.damage]
    return rows


def _clash(files: Sequence[MetricsFile]) -> bool:
    """Whether two files log the same metric; steps and times may be in all of them."""
    seen: set[str] = set()
    for file in files:
        names = set(file.names)
        names -= {step_column(names) or "", time_column(names) or ""}
        if seen & names:
            return True
        seen |= names
    return False


def config_of(path: Path | None, warnings: list[LogWarning]) -> dict[str, Value]:
    """The config of a file, flat; empty where there is none.

    Raises:
        OSError: The file cannot be read.
    """
    if path is None:
        return {}
    try:
        return {key: plain_leaf(value) for key, value in flatten(parse_config(path))}
    except ValueError as error:
        warnings.append(LogWarning(f"{path.name}: The config could not be read: {error}.", path))
        return {}


def beginning(config: Path | None, metrics: tuple[Path, ...]) -> list[bytes]:
    """What a run's files are known by: the config, and the name and the first two lines of each metrics file."""
    known = [config.read_bytes() if config else b""]
    for path in metrics:
        with path.open("rb") as file:
            known.append(path.name.encode("utf-8", "surrogateescape") + file.readline(65536) + file.readline(65536))
    return known
