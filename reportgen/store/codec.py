"""A run as a JSON document and an array of bytes, and back.

Numbers in columns go into the bytes (`Arrays`), equal columns once. In the JSON, what JSON cannot say is an object with
the key "$": a number that is not finite or too large, a medium in a table's cell, an object that has that key itself.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from reportgen.model import (
    Artifact,
    ArtifactFile,
    ConsoleLine,
    Distribution,
    Histogram,
    LoggedFile,
    LogWarning,
    Media,
    MetricDefinition,
    Panel,
    Run,
    Series,
    Source,
    Table,
)

SPECIAL = b'"$"'
"""What is in the bytes of a document that holds what JSON cannot say."""

_PLAIN = frozenset({str, bool, type(None)})
_TEXTS = ("id", "name", "project", "group", "sweep", "job_type", "state", "user", "host", "command", "git_commit", "git_remote", "notes")
_ALWAYS = frozenset({"id", "name", "state", "source"})
_MAPPINGS = frozenset({"config", "summary", "environment"})
_NUMBERS = {"NaN": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


class CannotBeStored(Exception):
    """A run holds a value that has no form in the store; it is read anew each time."""


class Arrays:
    """Columns of eight-byte numbers behind each other, each content once."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self._size = 0
        self._places: dict[bytes, int] = {}

    def add(self, column: NDArray[Any] | array[Any]) -> tuple[int, int]:
        """Where a column of int64 or float64 begins, in numbers of eight bytes, and how many it has."""
        content = column.tobytes()
        if content not in self._places:
            self._places[content] = self._size
            self.chunks.append(content)
            self._size += len(content) // 8
        return self._places[content], len(column)


class StoredSeries(Mapping[str, Series]):
    """Metric name → series, each made when it is first asked for.

    Args:
        rows: The row of each metric in a table that lies at `table` among the integers: where its steps, times and values begin,
            and how many they are.
    """

    def __init__(self, rows: Mapping[str, int], table: int, integers: NDArray[np.int64], floats: NDArray[np.float64]) -> None:
        self._rows, self._table, self._integers, self._floats = rows, table, integers, floats
        self._made: dict[str, Series] = {}

    def __getitem__(self, key: str) -> Series:
        if key not in self._made:
            begin = self._table + 4 * self._rows[key]
            step, time, value, n = map(int, self._integers[begin : begin + 4])
            self._made[key] = Series(key, self._integers[step : step + n], self._floats[time : time + n], self._floats[value : value + n])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __reduce__(self) -> tuple[type[dict[str, Series]], tuple[dict[str, Series]]]:
        return dict, ({key: self[key] for key in self},)


def encoded(run: Run, arrays: Arrays) -> dict[str, Any]:
    """A run as what `orjson` can write, its columns in `arrays`.

    Raises:
        CannotBeStored: It holds a value of an unknown kind.
    """
    document: dict[str, Any] = {name: getattr(run, name) for name in _TEXTS}
    document |= {
        "source": [run.source.format, str(run.source.path)],
        "started": run.started.isoformat() if run.started else None,
        "ended": run.ended.isoformat() if run.ended else None,
        "tags": list(run.tags),
        "config": {key: _json(value) for key, value in run.config.items()},
        "summary": {key: _json(value) for key, value in run.summary.items()},
        "environment": {key: _json(value) for key, value in run.environment.items()},
        "history": _several_series(run.history, arrays),
        "system": _several_series(run.system, arrays),
        "search_space": {key: _fields(one) for key, one in run.search_space.items()},
        "metrics": [_fields(one) for one in run.metrics],
        "histograms": {key: [_histogram(one, arrays) for one in several] for key, several in run.histograms.items()},
        "media": {key: [_fields(one) for one in several] for key, several in run.media.items()},
        "tables": {key: [_fields(one) for one in several] for key, several in run.tables.items()},
        "panels": [_fields(one) for one in run.panels],
        "artifacts": [_fields(one) for one in run.artifacts],
        "console": [_fields(one) for one in run.console],
        "files": [_fields(one) for one in run.files],
        "warnings": [_fields(one) for one in run.warnings],
    }
    return document


def without_defaults(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of `encoded` without the fields that are empty in most runs."""
    return {name: value for name, value in document.items() if name in _ALWAYS or value not in ("", None, [], {})}


def decoded(document: dict[str, Any], integers: NDArray[np.int64], floats: NDArray[np.float64], is_plain: bool = False) -> Run:
    """The run of a document of `without_defaults`, which is used up.

    Args:
        integers, floats: The columns (the same bytes, as two types); those of the run are views of them.
        is_plain: Whether it surely holds nothing but what JSON can say.
    """
    form, path = document["source"]
    document["source"] = Source(form, Path(path))
    document["history"] = _stored(document.get("history"), integers, floats)
    document["system"] = _stored(document.get("system"), integers, floats)
    for name, made in _DECODERS.items():
        if name in document:
            document[name] = made(document[name])
    if not is_plain:
        for name in document.keys() & _MAPPINGS:
            document[name] = _values(document[name])
    if "histograms" in document:
        several = document["histograms"].items()
        document["histograms"] = {key: tuple(_histogram_of(key, one, floats) for one in ones) for key, ones in several}
    return Run(**document)


def logged_json(value: Histogram | Media | Table, arrays: Arrays) -> Any:
    """A value of a run that is no number as what JSON can say, its columns in `arrays`.

    Raises:
        CannotBeStored: It holds a value of an unknown kind.
    """
    return ["h", value.key, _histogram(value, arrays)] if isinstance(value, Histogram) else [type(value).__name__[0], _fields(value)]


def logged_of(document: Any, floats: NDArray[np.float64]) -> Histogram | Media | Table:
    """The value of `logged_json`."""
    match document:
        case ["h", key, inner]:
            return _histogram_of(key, inner, floats)
        case ["T", inner]:
            return _table(inner)
        case [_, inner]:
            return cast(Media, _made(Media, inner))
    raise ValueError(document)


def _stored(place: list[Any] | None, integers: NDArray[np.int64], floats: NDArray[np.float64]) -> StoredSeries:
    rows, table = place or ({}, 0)
    return StoredSeries(rows, table, integers, floats)


def _several_series(several: Mapping[str, Series], arrays: Arrays) -> list[Any]:
    """`rows` and `table` of `StoredSeries`: numbers that are seldom asked for stand among the columns, where they cost nothing."""
    if not several:
        return []
    table = [[*(arrays.add(column)[0] for column in (one.step, one.time, one.value)), len(one)] for one in several.values()]
    return [{key: row for row, key in enumerate(several)}, arrays.add(np.array(table, np.int64).ravel())[0]]


def _histogram(one: Histogram, arrays: Arrays) -> list[Any]:
    return [one.step, _json(one.time), *arrays.add(one.edges), *arrays.add(one.counts)]


def _histogram_of(key: str, one: list[Any], floats: NDArray[np.float64]) -> Histogram:
    step, time, edges, n_edges, counts, n_counts = one
    return Histogram(key, step, _value(time), floats[edges : edges + n_edges], floats[counts : counts + n_counts])


def _fields(one: Any) -> dict[str, Any]:
    """The fields of a record that are not at their default."""
    return {field.name: _json(value) for field in fields(one) if (value := getattr(one, field.name)) != field.default}


def _made(kind: Any, document: Mapping[str, Any]) -> Any:
    """A record of `_fields`. What was a tuple is one again."""
    values = {key: _value(value) for key, value in document.items()}
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


def _table(document: Mapping[str, Any]) -> Table:
    table: Table = _made(Table, {**document, "rows": ()})
    rows = tuple(tuple(cell if type(cell) in _PLAIN else _value(cell) for cell in row) for row in document["rows"])
    return replace(table, rows=rows)


def _json(value: Any) -> Any:
    """A value as JSON can say it."""
    if type(value) in _PLAIN:
        return value
    match value:
        case bool():
            return bool(value)
        case int() if -(2**63) <= value < 2**63:
            return int(value)
        case int():
            return {"$": "int", "v": str(value)}
        case float():
            number = float(value)
            return number if np.isfinite(number) else {"$": str(number) if number == number else "NaN"}
        case list() | tuple():
            return [_json(one) for one in value]
        case Media():
            return {"$": "media", "v": _fields(value)}
        case ArtifactFile():
            return {"$": "file", "v": _fields(value)}
        case bytes():
            return {"$": "bytes", "v": b64encode(value).decode()}
        case Path():
            return {"$": "path", "v": str(value)}
        case datetime():
            return {"$": "time", "v": value.isoformat()}
        case Mapping() if all(isinstance(key, str) for key in value):
            inner = {key: _json(one) for key, one in value.items()}
            return {"$": "object", "v": inner} if "$" in inner else inner
    raise CannotBeStored(type(value).__name__)


def _value(value: Any) -> Any:
    """What `_json` was given."""
    if isinstance(value, list):
        return [_value(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {key: _value(one) for key, one in value.items()}
    inner: Any = value.get("v")
    match kind := value["$"]:
        case "int":
            return int(inner)
        case "media":
            return _made(Media, inner)
        case "file":
            return _made(ArtifactFile, inner)
        case "bytes":
            return b64decode(inner)
        case "path":
            return Path(inner)
        case "time":
            return datetime.fromisoformat(inner)
        case "object":
            return {key: _value(one) for key, one in inner.items()}
    return _NUMBERS[kind]


def _values(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(value) if isinstance(value, list | dict) else value for key, value in document.items()}


def _by_key(made: Callable[[Any], Any]) -> Callable[[Any], dict[str, tuple[Any, ...]]]:
    return lambda document: {key: tuple(map(made, several)) for key, several in document.items()}


def _several(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    return lambda documents: tuple(_made(kind, one) for one in documents)


_DECODERS: Mapping[str, Callable[[Any], Any]] = {
    "started": datetime.fromisoformat,
    "ended": datetime.fromisoformat,
    "tags": tuple,
    "search_space": lambda document: {key: _made(Distribution, one) for key, one in document.items()},
    "metrics": _several(MetricDefinition),
    "media": _by_key(lambda one: _made(Media, one)),
    "tables": _by_key(_table),
    "panels": _several(Panel),
    "artifacts": _several(Artifact),
    "console": _several(ConsoleLine),
    "files": _several(LoggedFile),
    "warnings": _several(LogWarning),
}
"""What makes the value of a field of its form in a document, where these differ."""
