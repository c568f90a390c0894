"""A run: one execution of a training script, with everything that it logged."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from reportgen.errors import QueryError
from reportgen.model.aggregates import AGGREGATE, aggregate
from reportgen.model.goal import goal_of
from reportgen.model.records import (
    Artifact,
    ConsoleLine,
    Distribution,
    Histogram,
    LoggedFile,
    LogWarning,
    Media,
    MetricDefinition,
    Panel,
    Series,
    Table,
    Value,
)

State = Literal["running", "finished", "failed", "crashed", "killed", "pruned", "unknown"]
Goal = Literal["min", "max"]

ATTRIBUTES = (
    "id", "name", "project", "group", "sweep", "job_type", "state", "started", "ended", "duration", "user", "host",
    "command", "git_commit", "git_remote", "tags", "notes", "source", "format", "path",
)  # fmt: skip
"""The columns of a run that every tracker has; all others are `config.…` or metrics."""


@dataclass(frozen=True)
class Source:
    """Where a run was read from.

    Attributes:
        format: The name of the reader, for example "wandb".
        path: The file or directory, absolute.
        label: The name that the report's front matter gives to this source, "" when it gives none.
    """

    format: str
    path: Path
    label: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """One run. `config` and `summary` are flat (nested keys joined with dots) with their types as logged.

    Attributes:
        id: Unique among the runs of one `Runs`, and the same at every reading.
        sweep: The sweep or study that drew the hyperparameters, "" for a run that was started by itself.
        search_space: What the sweep drew them from, by config key, as far as the log says.
        started, ended: Aware UTC datetimes; None when the log does not say.
        summary: The tracker's own summary, as it was logged.
        history: Metric name → its values over steps.
        system: The same for what the tracker measured on the machine.
        panels: The charts that it asked to be drawn from its tables.
        files: What lies beside the log and is no medium.
        environment: What else is known of the machine and software (python, os, cpu, gpu, …).
        warnings: What the reader could not read.
    """

    id: str
    name: str
    source: Source
    project: str = ""
    group: str = ""
    sweep: str = ""
    job_type: str = ""
    state: State = "unknown"
    started: datetime | None = None
    ended: datetime | None = None
    user: str = ""
    host: str = ""
    command: str = ""
    git_commit: str = ""
    git_remote: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    config: Mapping[str, Value] = field(default_factory=dict)
    summary: Mapping[str, Value] = field(default_factory=dict)
    search_space: Mapping[str, Distribution] = field(default_factory=dict)
    history: Mapping[str, Series] = field(default_factory=dict)
    system: Mapping[str, Series] = field(default_factory=dict)
    metrics: tuple[MetricDefinition, ...] = ()
    histograms: Mapping[str, tuple[Histogram, ...]] = field(default_factory=dict)
    media: Mapping[str, tuple[Media, ...]] = field(default_factory=dict)
    tables: Mapping[str, tuple[Table, ...]] = field(default_factory=dict)
    panels: tuple[Panel, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    console: tuple[ConsoleLine, ...] = ()
    files: tuple[LoggedFile, ...] = ()
    environment: Mapping[str, Value] = field(default_factory=dict)
    warnings: tuple[LogWarning, ...] = ()

    def __repr__(self) -> str:
        metrics = "1 metric" if len(self.history) == 1 else f"{len(self.history)} metrics"
        return f"Run({self.name!r}, {self.state}, {metrics})"

    @property
    def duration(self) -> float | None:
        """Seconds from start to end, or None when one of them is unknown."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()

    @property
    def slug(self) -> str:
        """The id as a file name: letters, digits, dot, dash and underscore; unique as the id is."""
        return file_slug(self.id)

    def definition(self, key: str) -> MetricDefinition | None:
        """What the tracker was told about a metric: its own definition, else the first glob that fits."""
        for defined in self.metrics:
            if defined.key == key:
                return defined
        return next((defined for defined in self.metrics if fnmatchcase(key, defined.key)), None)

    def metric(self, key: str) -> Value:
        """A metric as one number: the tracker's own summary, else the last finite value of its history.

        Where the tracker was told to summarise by "min" or "max" (`define_metric(summary="max")`), that
        value is the answer. `max(key)` and the other `AGGREGATES` take it over the finite values of the
        history. None when the run has no such metric, NaN when no value is finite.

        Raises:
            QueryError: `best(key)` of a metric of which nothing says whether more or less is better.
        """
        if found := AGGREGATE.match(key):
            return self._aggregate(found[1], found[2])
        if key in self.summary:
            return self.summary[key]
        defined = self.definition(key)
        for kind in defined.summary if defined else ():
            if f"{key}.{kind}" in self.summary:
                return self.summary[f"{key}.{kind}"]
        return self._aggregate("last", key)

    def _aggregate(self, how: str, key: str) -> float | None:
        if how == "best":
            how = best_of(key, goal_of(key, (self,)))
        series = self.history.get(key)
        return None if series is None else aggregate(how, series)

    def __getitem__(self, column: str) -> object:
        """The value of a column of the runs table: an attribute, `config.…`, or a metric.

        Returns None for a column that this run does not have; `Runs.column` is the one that complains.
        """
        if column in ATTRIBUTES:
            return self._attribute(column)
        if column.startswith("config."):
            return self.config.get(column.removeprefix("config."))
        return self.metric(column.removeprefix("summary."))

    def _attribute(self, name: str) -> object:
        if name == "source":
            return self.source.label
        if name in ("format", "path"):
            return str(getattr(self.source, name))
        return getattr(self, name)


def best_of(key: str, goal: Goal | None) -> Goal:
    """The aggregate that is the best value of a metric.

    Raises:
        QueryError: Nothing says whether more or less of it is better.
    """
    if goal is None:
        raise QueryError(f"nothing says whether more or less of '{key}' is better", hint=f"write max({key}) or min({key})")
    return goal


def file_slug(text: str) -> str:
    """A text as a file name that is safe everywhere, and different for different texts."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:80]
    if plain and plain == text == text.casefold():
        return plain
    return f"{plain or 'run'}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
