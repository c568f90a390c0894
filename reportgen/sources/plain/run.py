"""A plain folder made into a `Run`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, Media, Run, Source, Value
from reportgen.sources.naming import content_id, folder_name
from reportgen.sources.plain.columns import moment, stays_metric, step_column, time_column
from reportgen.sources.plain.config import parse_config
from reportgen.sources.plain.rows import Row, Rows, read_rows
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import flatten, json_text, plain_leaf, utc


def run_of(folder: Path, config: Path | None, metrics: tuple[Path, ...]) -> Run:
    """The run of a folder.

    Its id is the folder's name and a hash of the config and of where the metrics begin, so that it stays the
    same when the folder is moved, is read from another root, or the run goes on. The summary is
    empty (the last values of the history stand for it); start and end are those of a column of moments.

    Raises:
        OSError: A file cannot be read.
    """
    warnings: list[LogWarning] = []
    tables = {path: _rows(path, warnings) for path in metrics}
    columns = _Columns(folder)
    prefixed = _clash(list(tables.values()))
    for path, rows in tables.items():
        columns.add(rows.rows, f"{path.stem}/" if prefixed else "")
    name = folder_name(folder)
    return Run(
        id=content_id(name, *_beginning(config, metrics)),
        name=name,
        source=Source("plain", folder),
        started=utc(columns.first_time),
        ended=utc(columns.last_time),
        config=_config(config, warnings),
        history=columns.scalars.series(),
        media={key: tuple(found) for key, found in columns.media.items()},
        warnings=tuple(warnings),
    )


class _Columns:
    """Collects rows into columns of numbers and into texts."""

    def __init__(self, folder: Path) -> None:
        self.media: dict[str, list[Media]] = {}
        self.first_time: float | None = None
        self.last_time: float | None = None
        self.scalars = Scalars()

    def add(self, rows: list[Row], prefix: str) -> None:
        """Take in the rows of one file. A row without a step has that of the row before."""
        names = list(dict.fromkeys(key for row in rows for key in row))
        step_name, time_name = step_column(names), time_column(names)
        if step_name and not all(_whole(row.get(step_name)) is not None for row in rows if row.get(step_name) is not None):
            step_name = None
        if time_name and not all(moment(row.get(time_name)) for row in rows if row.get(time_name) is not None):
            time_name = None
        dropped = {time_name} | ({step_name} if step_name and not stays_metric(step_name) else set())
        step = -1
        for i, row in enumerate(rows):
            here = _whole(row.get(step_name)) if step_name else i
            step = here if here is not None else max(step, 0)
            time = (moment(row.get(time_name)) if time_name else None) or float("nan")
            self._saw(time)
            for key, value in row.items():
                if key not in dropped and value is not None:
                    self._append(prefix + key, step, time, value)

    def _append(self, key: str, step: int, time: float, value: Any) -> None:
        if isinstance(value, int | float):
            self.scalars.add(key, step, time, value)
        elif isinstance(value, str):
            self.media.setdefault(key, []).append(Media(key, step, "text", text=value))
        else:
            self.media.setdefault(key, []).append(Media(key, step, "json", text=json_text(value)))

    def _saw(self, time: float) -> None:
        if time == time:
            self.first_time = min(time, self.first_time or time)
            self.last_time = max(time, self.last_time or time)


def _rows(path: Path, warnings: list[LogWarning]) -> Rows:
    try:
        rows = read_rows(path)
    except ValueError as error:
        rows = Rows(damage=[f"No metrics could be read: {error}."])
    warnings += [LogWarning(f"{path.name}: {text}", path) for text in rows.damage]
    return rows


def _clash(files: list[Rows]) -> bool:
    """Whether two files log the same metric; steps and times may be in all of them."""
    seen: set[str] = set()
    for file in files:
        names = {key for row in file.rows for key in row}
        names -= {step_column(names) or "", time_column(names) or ""}
        if seen & names:
            return True
        seen |= names
    return False


def _config(path: Path | None, warnings: list[LogWarning]) -> dict[str, Value]:
    if path is None:
        return {}
    try:
        return {key: plain_leaf(value) for key, value in flatten(parse_config(path))}
    except ValueError as error:
        warnings.append(LogWarning(f"{path.name}: The config could not be read: {error}.", path))
        return {}


def _beginning(config: Path | None, metrics: tuple[Path, ...]) -> list[bytes]:
    """What a run's files are known by: the config, and the name and the first two lines of each metrics file."""
    known = [config.read_bytes() if config else b""]
    for path in metrics:
        with path.open("rb") as file:
            known.append(path.name.encode("utf-8", "surrogateescape") + file.readline(65536) + file.readline(65536))
    return known


def _whole(value: Any) -> int | None:
    """A whole number of 64 bits, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) >= 2**63:
        return None
    return int(value) if int(value) == value else None
