"""The runs of a trackio database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, ConsoleLine, LogWarning, Run, Source, Value
from reportgen.sources.naming import content_id
from reportgen.sources.plain.columns import moment
from reportgen.sources.scalars import Scalars
from reportgen.sources.sqlite import columns, rows
from reportgen.sources.trackio.artifacts import artifacts_by_run
from reportgen.sources.trackio.logged import Logged
from reportgen.sources.values import flatten, parse_big_json, plain_leaf, utc
from reportgen.sources.wandb.files import RunFiles

_NAN = float("nan")


@dataclass
class _Log:
    """What the tables say of one run."""

    name: str
    identifier: str
    config: dict[str, Any] = field(default_factory=dict)
    system: Scalars = field(default_factory=Scalars)
    records: int = 0
    console: list[ConsoleLine] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def runs_in(connection: sqlite3.Connection, path: Path, damage: list[str]) -> list[Run]:
    """All runs of a project; the first one tells of damage that no run can be named for.

    - A run's id is trackio's; databases of old versions have none, and it is the name and a hash of the project and the first moment.
    - trackio writes many rows at once, with one time for all of them. It does not write down how a run ended: `state` is unknown.
    - `started` is when the run was created, `ended` the time of its last row.
    - Alerts are lines of the console.

    Raises:
        sqlite3.Error: The schema cannot be read.
    """
    reading = _Reading(connection, path, damage)
    reading.read()
    return reading.runs()


class _Reading:
    def __init__(self, connection: sqlite3.Connection, path: Path, damage: list[str]) -> None:
        self._connection = connection
        self._path = path
        self._damage = damage
        self._columns = columns(connection)
        self._logs: dict[str, _Log] = {}
        self._logged: dict[str, Logged] = {}
        self._bad = 0

    def read(self) -> None:
        """Take in all tables."""
        for key, run_name, timestamp, step, text in self._select("metrics", "timestamp", "step", "metrics"):
            content = self._object(text)
            if content is not None:
                self._log(key, run_name)
                self._logged[key].add(step if isinstance(step, int) else 0, self._seen(key, timestamp), content)
        for key, run_name, text in self._select("configs", "config"):
            self._log(key, run_name).config = self._object(text) or {}
        for key, run_name, timestamp, text in self._select("system_metrics", "timestamp", "metrics"):
            self._add_system(self._log(key, run_name), self._seen(key, timestamp), self._object(text) or {})
        for key, run_name, timestamp, level, title, text in self._select("alerts", "timestamp", "level", "title", "text"):
            line = f"[{level}] {title}" + (f": {text}" if text else "")
            self._log(key, run_name).console.append(ConsoleLine(line, "stderr", utc(self._seen(key, timestamp))))
        for key, run_name, step, name, messages in self._select("traces", "step", "key", "messages"):
            self._log(key, run_name)
            self._logged[key].add_json(str(name), step if isinstance(step, int) else 0, str(messages))
        if self._bad:
            self._damage.append(
                "1 row is no JSON object and left out." if self._bad == 1 else f"{self._bad:,} rows are no JSON objects and left out."
            )

    def runs(self) -> list[Run]:
        """The runs in the order of their first row."""
        artifacts = artifacts_by_run(self._connection, self._path, self._columns, self._damage)
        made: list[Run] = []
        for key, log in self._logs.items():
            made.append(self._run(key, log, tuple(artifacts.get(log.identifier, ())), [] if made else self._damage))
        return made

    def _run(self, key: str, log: _Log, artifacts: tuple[Artifact, ...], damage: list[str]) -> Run:
        logged = self._logged[key]
        hidden = {name: log.config.pop(name, None) for name in ("_Username", "_Created", "_Group")}
        created = moment(hidden["_Created"])
        times = [*log.times, *([created] if created is not None else [])]
        first = log.times[0] if log.times else created
        return Run(
            id=log.identifier or content_id(log.name, self._path.stem.encode("utf-8", "replace"), repr(first).encode()),
            name=log.name or log.identifier,
            source=Source("trackio", self._path),
            project=self._path.stem,
            group=str(hidden["_Group"] or ""),
            user=str(hidden["_Username"] or ""),
            started=utc(min(times, default=None)),
            ended=utc(max(times, default=None)),
            config=_flat(log.config),
            history=logged.scalars.series(),
            system=log.system.series(),
            histograms={name: tuple(found) for name, found in logged.histograms.items()},
            media={name: tuple(found) for name, found in logged.media.items()},
            tables={name: tuple(found) for name, found in logged.tables.items()},
            artifacts=artifacts,
            console=tuple(log.console),
            warnings=tuple(logged.warnings() + [LogWarning(text, self._path) for text in damage]),
        )

    def _log(self, key: str, run_name: Any) -> _Log:
        if key not in self._logs:
            known = "" if key.startswith("name:") else key
            self._logs[key] = _Log(str(run_name or ""), known)
            self._logged[key] = Logged(RunFiles(self._path, self._path.parent / "media"))
        return self._logs[key]

    def _select(self, table: str, *wanted: str) -> Iterator[tuple[Any, ...]]:
        """A key of the run, its name and columns of a table, in the order in which they were written."""
        here = self._columns.get(table, frozenset())
        if not here & {"run_name", "run_id"}:
            return
        chosen = ", ".join(f'"{name}"' if name in here else "null" for name in ("run_id", "run_name", *wanted))
        for identifier, run_name, *rest in rows(self._connection, f'select {chosen} from "{table}" order by rowid', damage=self._damage):
            yield (str(identifier) if identifier else f"name:{run_name}", run_name, *rest)

    def _seen(self, key: str, timestamp: Any) -> float:
        time = moment(timestamp)
        if time is None:
            return _NAN
        if key in self._logs:
            self._logs[key].times.append(time)
        return time

    def _object(self, text: Any) -> dict[str, Any] | None:
        try:
            content = parse_big_json(text if isinstance(text, bytes) else str(text))
        except ValueError:
            content = None
        if isinstance(content, dict):
            return content
        self._bad += 1
        return None

    @staticmethod
    def _add_system(log: _Log, time: float, content: dict[str, Any]) -> None:
        """Numbers that were measured at one time; the step counts such records."""
        for name, value in flatten(content):
            number = Logged.number(value)
            if number is not None:
                log.system.add(name, log.records, time, number)
        log.records += 1


def _flat(config: dict[str, Any]) -> dict[str, Value]:
    return {key: plain_leaf(value) for key, value in flatten(config)}
