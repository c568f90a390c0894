"""Aim's metrics as the data frame of its SDK, saved as CSV or Parquet.

Aim keeps its runs in RocksDB and has no command that exports them. What it has is `repo.query_metrics(…).dataframe()` (and
`metric.dataframe(include_run=True, include_name=True, include_context=True)`): a row for each value, with the run's hash and parameters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, Run, Source, Value
from reportgen.sources.plain.collected import whole
from reportgen.sources.plain.columns import moment
from reportgen.sources.plain.lines import Row
from reportgen.sources.plain.parquet import is_parquet
from reportgen.sources.plain.run import rows_of
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import flatten, parse_json, plain_leaf, utc

name = "aim"
nested = False

_HEAD = 64 * 1024
_WANTED = frozenset({"run.hash", "metric.name", "step", "value"})
_WORDS: dict[str, Value] = {"": None, "True": True, "False": False, "None": None}
_ZONE = "Aim's data frames hold local times without their zone: starts and ends are shown as if they were UTC."


def sniff(path: Path) -> bool:
    """Whether a file is such a frame, by the names of its columns."""
    try:
        return path.is_file() and set(_names(path)) >= _WANTED
    except (OSError, ValueError, csv.Error):
        return False


def read(path: Path) -> Iterator[Run]:
    """The runs of a frame, by their hash. Each row is a value that was tracked, so an empty one is NaN.

    - A metric is named by its context and its name (`val/loss` for the context `{"subset": "val"}`).
    - `config` holds the run's parameters as columns `run.…` say them; in CSV, texts that look like numbers become numbers.
    - Names, tags and states of runs are not in the frame.

    Raises:
        OSError: The file cannot be read.
    """
    warnings: list[LogWarning] = []
    runs: dict[str, _Run] = {}
    for row in rows_of(path, warnings).rows:
        if row.get("run.hash") is not None:
            runs.setdefault(_text(row["run.hash"]), _Run()).add(row)
    texts = {} if is_parquet(path) else _texts(path)
    for i, (key, run) in enumerate(runs.items()):
        told = [*warnings, LogWarning(_ZONE, path, is_loss=False)] if i == 0 and run.times else warnings if i == 0 else []
        yield Run(
            id=key,
            name=key,
            source=Source(name, path),
            started=utc(min(run.times, default=None)),
            ended=utc(max(run.times, default=None)),
            config=_config(texts.get(key, run.first)),
            history=run.scalars.series(),
            warnings=tuple(told),
        )


@dataclass
class _Run:
    """What the rows of one run say."""

    first: Row = field(default_factory=dict)
    scalars: Scalars = field(default_factory=Scalars)
    times: list[float] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Take in one value."""
        self.first = self.first or row
        step, time, value = whole(row.get("step")), moment(row.get("time")), row.get("value")
        if time is not None:
            self.times.append(time)
        value = float("nan") if value is None else value
        if step is not None and row.get("metric.name") is not None and isinstance(value, int | float):
            context = [_text(one) for key, one in row.items() if key.startswith("metric.context.") and one is not None]
            key = "/".join([*context, _text(row["metric.name"])])
            self.scalars.add(key, step, float("nan") if time is None else time, value)


def _names(path: Path) -> list[str]:
    """The names of the columns.

    Raises:
        ValueError: It is no table.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:4] != b"PAR1":
        first = head.split(b"\n", 1)[0]
        return next(csv.reader([first.decode("utf-8-sig")])) if b"run.hash" in first else []
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except pa.ArrowException as error:
        raise ValueError(str(error)) from None


def _texts(path: Path) -> dict[str, Row]:
    """The first row of each run as texts, which tell 8 from 8.0."""
    found: dict[str, Row] = {}
    try:
        for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig", "replace"), newline="")):
            found.setdefault(str(row.get("run.hash")), {key: one for key, one in row.items() if key})
    except csv.Error:
        pass  # the reading of the values tells of it
    return found


def _config(row: Row) -> dict[str, Value]:
    own = {key.removeprefix("run."): _value(one) for key, one in row.items() if key.startswith("run.") and key != "run.hash"}
    return {key: plain_leaf(one) for key, one in flatten(own)}


def _value(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if text in _WORDS:
        return _WORDS[text]
    try:
        return parse_json(text)
    except ValueError:
        return text


def _text(value: Any) -> str:
    """A cell that is a name; one of digits alone was read as a number."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
