"""A W&B log made into a `Run`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportgen.model import ConsoleLine, Run, Source, State, Value
from reportgen.sources.values import parse_json, utc
from reportgen.sources.wandb.console import console_of
from reportgen.sources.wandb.leaves import config_of, summary_of
from reportgen.sources.wandb.log import Log
from reportgen.sources.wandb.objects import Objects
from reportgen.sources.wandb.panels import panels_of
from reportgen.sources.yaml import parse_yaml
from reportgen.store import Continued


def run_of(path: Path, continued: Continued | None = None) -> Run:
    """The run that a `.wandb` file tells of, with what its directory adds.

    - `config` leaves out W&B's own `_wandb`, `summary` also `_step`, `_runtime` and `_timestamp`.
    - `state`: "finished" for exit code 0, "failed" for another, "crashed" for a log without an end (also that of
      a run which is still running: a file does not tell), "unknown" when not even its beginning is there.
    - `ended`: the last moment that any record names, or the start plus the runtime in whole seconds that the
      exit record gives, whichever is later.

    Args:
        continued: Where it is kept how far the log of a run that goes on was read.

    Raises:
        OSError: The file cannot be read.
    """
    log = Log(path, continued)
    objects = Objects(log.history.others, log.files)
    config, summary = _config(log), _summary(log, objects)
    environment = log.environment
    environment.add_metadata(log.metadata())
    run = log.run
    identifier = (run.run_id if run else "") or _id_from_name(path)
    return Run(
        id=identifier,
        name=(run.display_name if run else "") or identifier,
        source=Source("wandb", path),
        project=run.project if run else "",
        group=run.run_group if run else "",
        sweep=run.sweep_id if run else "",
        job_type=run.job_type if run else "",
        state=_state(log),
        started=utc(log.start),
        ended=utc(_ended(log)),
        user=environment.user or (run.entity if run else ""),
        host=(run.host if run else "") or environment.host,
        command=environment.command,
        git_commit=(run.git.commit if run else "") or environment.git_commit,
        git_remote=(run.git.remote_url if run else "") or environment.git_remote,
        tags=tuple(run.tags) if run else (),
        notes=run.notes if run else "",
        config=config,
        summary=summary,
        history=log.history.series(),
        system=log.system.series(),
        metrics=log.definitions.all(),
        histograms={key: tuple(found) for key, found in objects.histograms.items()},
        media={key: tuple(log.class_labels.named(found)) for key, found in objects.media.items()},
        tables={key: tuple(found) for key, found in objects.tables.items()},
        panels=panels_of(_raw_config(log).get("_wandb")),
        artifacts=tuple(log.artifacts),
        console=_console(log),
        files=log.files.logged(),
        environment=environment.values,
        warnings=tuple(log.warnings() + objects.warnings + log.files.warnings()),
    )


def _config(log: Log) -> dict[str, Value]:
    """The config from the log, else from `config.yaml`."""
    return config_of(_raw_config(log))


def _raw_config(log: Log) -> dict[str, Any]:
    return log.config.values() or _config_file(log)


def _config_file(log: Log) -> dict[str, Any]:
    path = log.files.optional("config.yaml")
    try:
        content = parse_yaml(path.read_bytes()) if path else None
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(key): one["value"] if isinstance(one, dict) and "value" in one else one for key, one in content.items()}


def _summary(log: Log, objects: Objects) -> dict[str, Value]:
    """The summary from the log, else from `wandb-summary.json`; objects that only the summary has go to `objects`."""
    return summary_of(log.summary.values() or _summary_file(log), objects, log.history.last_step)


def _summary_file(log: Log) -> dict[str, Any]:
    path = log.files.optional("wandb-summary.json")
    try:
        content = parse_json(path.read_bytes()) if path else None
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _state(log: Log) -> State:
    if log.exit is not None:
        return "finished" if log.exit.exit_code == 0 else "failed"
    return "unknown" if log.run is None else "crashed"


def _ended(log: Log) -> float | None:
    moments = [moment for moment in (log.history.last_time, log.last_time) if moment is not None]
    if log.start is not None and log.exit is not None and log.exit.runtime > 0:
        moments.append(log.start + log.exit.runtime)
    return max(moments, default=None)


def _console(log: Log) -> tuple[ConsoleLine, ...]:
    """What the run printed, from the log, else from `output.log`."""
    return tuple(log.console.lines()) or console_of(log.files)


def _id_from_name(path: Path) -> str:
    """The id in a file name such as `run-a18jvnwn.wandb`."""
    return path.stem.removeprefix("run-") or path.stem
