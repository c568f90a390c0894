"""A record of a W&B server made into a `Run`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, ArtifactFile, Distribution, LogWarning, Run, Series, Source, State
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import NON_FINITE, flatten, parse_big_json, parse_json, utc
from reportgen.sources.wandb.console import console_of
from reportgen.sources.wandb.environment import Environment
from reportgen.sources.wandb.files import RunFiles
from reportgen.sources.wandb.history import History
from reportgen.sources.wandb.leaves import config_of, summary_of
from reportgen.sources.wandb.objects import Objects
from reportgen.sources.wandb.panels import panels_of
from reportgen.sources.wandb_api.definitions import definitions_of
from reportgen.sources.wandb_api.files import is_inside
from reportgen.sources.wandb_api.record import Record, text_of, whole
from reportgen.sources.wandb_api.sweeps import search_space

_STATES: dict[str, State] = {
    "running": "running", "finished": "finished", "failed": "failed", "crashed": "crashed", "killed": "killed",
    "preempting": "running", "preempted": "killed",
}  # fmt: skip
_OWN_TYPE = "wandb-history"
"""The type of the artifacts in which W&B keeps the histories themselves."""


def run_of(record: Record, path: Path, name: str) -> Run:
    """The run that a record tells of.

    - `ended` is the last moment of the history or the start plus the runtime that W&B has noted, whichever is later, else the last
      sign of life; None for a run that is not over.
    - All files of the run are one artifact of type "files". The artifacts in which W&B keeps histories itself are left out.

    Args:
        path: What the run was read from, for `Source.path`.
        name: The reader's name, for `Source.format`.
    """
    reading = _Reading(record)
    about, start = record.about, _moment(record.about.get("createdAt"))
    rows, system = reading.history(start), reading.system(start)
    files = RunFiles(path, record.folder / "files")
    objects = Objects(rows.others, files)
    config, summary = reading.mapping("config"), reading.mapping("summaryMetrics")
    environment = Environment()
    environment.add_metadata(_metadata(files))
    user = about.get("user")
    space, artifacts = reading.search_space(), _artifacts(record)
    flat_summary = summary_of(summary, objects, rows.last_step)
    lost = [*record.lost, *reading.lost]
    return Run(
        id=record.id,
        name=text_of(about.get("displayName")) or record.id,
        source=Source(name, path),
        project=record.place.project,
        group=text_of(about.get("group")),
        sweep=text_of(about.get("sweepName")),
        job_type=text_of(about.get("jobType")),
        state=_STATES.get(text_of(about.get("state")), "unknown"),
        started=utc(start),
        ended=utc(_ended(record, rows, summary, start)),
        user=(text_of(user.get("username")) or text_of(user.get("name")) if isinstance(user, dict) else "") or environment.user,
        host=environment.host,
        command=environment.command,
        git_commit=text_of(about.get("commit")) or environment.git_commit,
        git_remote=environment.git_remote,
        tags=tuple(tag for tag in about.get("tags") or () if isinstance(tag, str)),
        notes=text_of(about.get("notes")),
        config=config_of({key: _value(one) for key, one in config.items()}),
        summary=flat_summary,
        search_space=space,
        history=rows.series(),
        system=system,
        metrics=definitions_of(config),
        histograms={key: tuple(found) for key, found in objects.histograms.items()},
        media={key: tuple(found) for key, found in objects.media.items()},
        tables={key: tuple(found) for key, found in objects.tables.items()},
        panels=panels_of(_value(config.get("_wandb"))),
        artifacts=artifacts,
        console=console_of(files),
        environment=environment.values,
        warnings=(*(LogWarning(text, path) for text in lost), *objects.warnings, *files.warnings()),
    )


class _Reading:
    """Reads the texts of a record; `lost` are sentences on what could not be read."""

    def __init__(self, record: Record) -> None:
        self.lost: list[str] = []
        self._record = record

    def mapping(self, name: str) -> dict[str, Any]:
        """A field that holds a mapping as JSON text."""
        value = self._record.about.get(name)
        try:
            value = parse_json(value) if isinstance(value, str) and value else value
        except ValueError:
            self.lost.append(f"The {'config' if name == 'config' else 'summary'} of this run is not JSON and is left out.")
        return value if isinstance(value, dict) else {}

    def history(self, start: float | None) -> History:
        """The history, as if it had been read from a log."""
        made = History()
        made.start = start
        for row in self._rows(self._record.rows, "the history"):
            made.add_row(row)
        return made

    def system(self, start: float | None) -> dict[str, Series]:
        """What was measured on the machine, by the names that W&B's own logs have for it; a series' step counts the rows."""
        scalars = Scalars()
        for step, row in enumerate(self._rows(self._record.events, "the system metrics")):
            time, runtime = _finite(row.get("_timestamp")), _finite(row.get("_runtime"))
            if time is None:
                time = start + runtime if start is not None and runtime is not None else math.nan
            for key, value in flatten(row):
                number = NON_FINITE.get(value) if isinstance(value, str) else value
                if not key.startswith("_") and isinstance(number, int | float):
                    scalars.add(key.removeprefix("system."), step, time, number)
        return scalars.series()

    def search_space(self) -> dict[str, Distribution]:
        """What the run's sweep draws from."""
        try:
            return search_space(self._record.sweep) if self._record.sweep else {}
        except ValueError:
            self.lost.append("The config of this run's sweep could not be read, so it is not known what it draws from.")
            return {}

    def _rows(self, texts: list[str], what: str) -> Iterator[dict[str, Any]]:
        damaged = 0
        for text in texts:
            try:
                row = parse_big_json(text)
            except ValueError:
                row = None
            if isinstance(row, dict):
                yield row
            else:
                damaged += 1
        if damaged:
            self.lost.append(f"{'1 row' if damaged == 1 else f'{damaged:,} rows'} of {what} could not be read.")


def _value(one: Any) -> Any:
    """A value of a config on the server, `{"value": …, "desc": …}`."""
    return one["value"] if isinstance(one, dict) and "value" in one and one.keys() <= {"value", "desc"} else one


def _ended(record: Record, rows: History, summary: Mapping[str, Any], start: float | None) -> float | None:
    if not record.is_over:
        return None
    internal = summary.get("_wandb")
    runtime = _finite(internal.get("runtime")) if isinstance(internal, dict) else None
    moments = [rows.last_time] if rows.last_time is not None else []
    if start is not None and runtime is not None:
        moments.append(start + runtime)
    return max(moments) if moments else _moment(record.about.get("heartbeatAt"))


def _metadata(files: RunFiles) -> Any:
    path = files.optional("wandb-metadata.json")
    try:
        return parse_json(path.read_bytes()) if path else None
    except (OSError, ValueError):
        return None


def _artifacts(record: Record) -> tuple[Artifact, ...]:
    made = [_artifact(one, "output") for one in record.made]
    used = [_artifact(one, "input") for one in record.used]
    return (*(one for one in (*made, *used) if one.type != _OWN_TYPE), *_files(record))


def _artifact(one: Mapping[str, Any], role: Any) -> Artifact:
    version, aliases = whole(one.get("versionIndex")), one.get("aliases")
    metadata = one.get("metadata")
    try:
        metadata = parse_json(metadata) if isinstance(metadata, str) and metadata else metadata
    except ValueError:
        metadata = None
    return Artifact(
        name=_name(one.get("artifactSequence")),
        type=_name(one.get("artifactType")),
        role=role,
        version="" if version is None else f"v{version}",
        digest=text_of(one.get("digest")),
        description=text_of(one.get("description")),
        size=whole(one.get("size")),
        aliases=tuple(dict.fromkeys(text_of(alias.get("alias")) for alias in aliases or () if isinstance(alias, dict))),
        metadata=metadata if isinstance(metadata, dict) else {},
        id=text_of(one.get("id")),
    )


def _name(value: Any) -> str:
    return text_of(value.get("name")) if isinstance(value, dict) else ""


def _files(record: Record) -> Iterator[Artifact]:
    """All files of the run as one artifact."""
    if not record.files:
        return
    sizes = [whole(one.get("sizeBytes")) for one in record.files]
    entries = []
    for one, size in zip(record.files, sizes, strict=True):
        name = text_of(one.get("name"))
        local = record.folder / "files" / name if is_inside(name) else None
        entries.append(ArtifactFile(name, size, text_of(one.get("md5")), local=local if local and local.is_file() else None))
    total = sum(size for size in sizes if size is not None) if None not in sizes else None
    yield Artifact("files", "files", "output", size=total, files=tuple(entries))


def _moment(value: Any) -> float | None:
    """A moment in ISO 8601 as epoch seconds; without a time zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text_of(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _finite(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else None
