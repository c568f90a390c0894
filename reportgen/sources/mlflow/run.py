"""A record of any store made into a `Run`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from reportgen.model import LogWarning, Media, MetricDefinition, Run, Series, Source, State, Value
from reportgen.sources.mlflow.artifacts import artifacts_of
from reportgen.sources.mlflow.files import Shown, shown
from reportgen.sources.mlflow.params import param_value
from reportgen.sources.mlflow.record import Record
from reportgen.sources.values import utc

_STATES: dict[str, State] = {"RUNNING": "running", "FINISHED": "finished", "FAILED": "failed", "KILLED": "killed"}
_SYSTEM = "system/"
_NOTE, _DIFF = "mlflow.note.content", "mlflow.source.git.diff"
_PRIMARY = "mlflow.experiment.primaryMetric."
_OWN_PLACE = frozenset({
    "mlflow.runName", "mlflow.user", "mlflow.source.name", "mlflow.source.git.commit", "mlflow.source.git.repoURL", "mlflow.runType",
    "mlflow.parentRunId", "mlflow.log-model.history", "mlflow.loggedArtifacts", "mlflow.loggedImages", _NOTE, _DIFF,
})  # fmt: skip
"""System tags that become something else of the run; the others become its environment."""


def run_of(record: Record, path: Path) -> Run:
    """The run of a record.

    - Parameters become the config, with the types that `param_value` tells; tags become `key=value`.
    - Of MLflow's own tags, the note, the parent run (its name is the group), user, source and git have a place in a run; the others, and
      the tags of the experiment, stand in the environment, without `mlflow.`.
    - The summary is what MLflow itself calls the latest value: that of the greatest step, time and value.
    - A scheduled run has the state "unknown".
    """
    files = shown(record)
    tags = record.tags
    return Run(
        id=record.id,
        name=record.shown_name,
        source=Source("mlflow", path),
        project=record.experiment.name,
        group=record.parent_name,
        job_type=tags.get("mlflow.runType", ""),
        state=_STATES.get(record.status, "unknown"),
        started=_moment(record.started),
        ended=_moment(record.ended),
        user=tags.get("mlflow.user") or record.user,
        command=" ".join(part for part in (tags.get("mlflow.source.name") or record.source_name, record.entry_point) if part),
        git_commit=tags.get("mlflow.source.git.commit") or record.source_version,
        git_remote=tags.get("mlflow.source.git.repoURL", ""),
        tags=tuple(f"{key}={value}" for key, value in tags.items() if not key.startswith("mlflow.")),
        notes=tags.get(_NOTE, ""),
        config={key: param_value(text) for key, text in record.params.items()},
        summary={key: _latest(series) for key, series in record.metrics.items() if not key.startswith(_SYSTEM) and len(series)},
        history={key: series for key, series in record.metrics.items() if not key.startswith(_SYSTEM)},
        system={name: _renamed(series, name) for key, series in record.metrics.items() if (name := _system_name(key))},
        metrics=_definitions(record),
        media=_media(record, files),
        tables=files.tables,
        artifacts=artifacts_of(record),
        environment=_environment(record),
        warnings=tuple(LogWarning(text, path, key) for text, key in record.damage),
    )


def _system_name(key: str) -> str:
    return key.removeprefix(_SYSTEM) if key.startswith(_SYSTEM) else ""


def _renamed(series: Series, key: str) -> Series:
    return Series(key, series.step, series.time, series.value)


def _latest(series: Series) -> float:
    """The value of the greatest step, of the latest of these, of the greatest of these."""
    last = np.flatnonzero(series.step == series.step.max())
    last = last[series.time[last] == series.time[last].max()] if not np.isnan(series.time[last]).any() else last
    values = series.value[last]
    return float(values.max()) if not np.isnan(values).any() else float("nan")


def _moment(milliseconds: int | None) -> Any:
    return utc(milliseconds / 1000) if milliseconds else None


def _definitions(record: Record) -> tuple[MetricDefinition, ...]:
    """What the experiment says of its main metric."""
    tags = record.experiment.tags
    name, better = tags.get(f"{_PRIMARY}name"), tags.get(f"{_PRIMARY}greaterIsBetter", "").lower()
    if not name or better not in ("true", "false"):
        return ()
    return (MetricDefinition(name, goal="max" if better == "true" else "min"),)


def _media(record: Record, files: Shown) -> dict[str, tuple[Media, ...]]:
    media = dict(files.media)
    if diff := record.tags.get(_DIFF):
        media["git.diff"] = (*media.get("git.diff", ()), Media("git.diff", 0, "text", text=diff))
    return media


def _environment(record: Record) -> dict[str, Value]:
    found: dict[str, Value] = {
        key.removeprefix("mlflow."): value for key, value in record.tags.items() if key.startswith("mlflow.") and key not in _OWN_PLACE
    }
    for key, value in record.experiment.tags.items():
        if not key.startswith(_PRIMARY):
            found[f"experiment.{key.removeprefix('mlflow.').removeprefix('experiment.')}"] = value
    return found
