"""A W&B log made into a `Run`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.model import ConsoleLine, Histogram, LogWarning, Media, Run, Source, State, Table, Value
from reportgen.sources.values import NON_FINITE, flatten, json_text, parse_json, plain_leaf, utc
from reportgen.sources.wandb.console import Console
from reportgen.sources.wandb.histograms import histogram
from reportgen.sources.wandb.history import Logged
from reportgen.sources.wandb.log import Log
from reportgen.sources.wandb.media import media
from reportgen.sources.wandb.tables import TABLE_TYPES, has_missing_media, table
from reportgen.sources.yaml import parse_yaml

_MAX_CONSOLE_FILE = 64 * 1024 * 1024


def run_of(path: Path) -> Run:
    """The run that a `.wandb` file tells of, with what its directory adds.

    - `config` leaves out W&B's own `_wandb`, `summary` also `_step`, `_runtime` and `_timestamp`.
    - `state`: "finished" for exit code 0, "failed" for another, "crashed" for a log without an end (also that of
      a run which is still running: a file does not tell), "unknown" when not even its beginning is there.
    - `ended`: the last moment that any record names, or the start plus the runtime in whole seconds that the
      exit record gives, whichever is later.

    Raises:
        OSError: The file cannot be read.
    """
    log = Log(path)
    objects = _Objects(log)
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
        media={key: tuple(found) for key, found in objects.media.items()},
        tables={key: tuple(found) for key, found in objects.tables.items()},
        artifacts=tuple(log.artifacts),
        console=_console(log),
        environment=environment.values,
        warnings=tuple(log.warnings() + objects.warnings + log.files.warnings()),
    )


class _Objects:
    """The values of the history that are not numbers, sorted into histograms, tables and media."""

    def __init__(self, log: Log) -> None:
        self.histograms: dict[str, list[Histogram]] = {}
        self.tables: dict[str, list[Table]] = {}
        self.media: dict[str, list[Media]] = {}
        self.warnings: list[LogWarning] = []
        self._log = log
        self._warned: set[str] = set()
        for logged in log.history.others:
            self.add(logged)

    def __contains__(self, key: str) -> bool:
        return key in self.histograms or key in self.tables or key in self.media

    def add(self, logged: Logged) -> None:
        """Sort in one value."""
        key, step, value = logged.key, logged.step, logged.value
        if isinstance(value, str):
            self.media.setdefault(key, []).append(Media(key, step, "text", text=value))
        elif not isinstance(value, dict):
            self.media.setdefault(key, []).append(Media(key, step, "json", text=json_text(value)))
        elif value.get("_type") == "histogram":
            found = histogram(key, step, logged.time, value)
            if found:
                self.histograms.setdefault(key, []).append(found)
            else:
                self._warn(key, f"A histogram of '{key}' at step {step} has bins and counts that do not fit; it is left out.")
        elif value.get("_type") in TABLE_TYPES:
            self._add_table(key, step, value)
        else:
            self.media.setdefault(key, []).extend(media(key, step, value, self._log.files))

    def _add_table(self, key: str, step: int, value: Mapping[str, Any]) -> None:
        made = table(key, step, value, self._log.files)
        if made is None:
            self._warn(key, f"The table '{key}' at step {step} could not be read; it is left out.")
            return
        self.tables.setdefault(key, []).append(made)
        if has_missing_media(made):
            self._warn(
                key,
                f"The media in the cells of the table '{key}' are not among the files of the run: "
                "W&B keeps them in the table's artifact, which a log does not hold.",
            )

    def _warn(self, key: str, text: str) -> None:
        """One warning per key: the first one stands for all of its kind."""
        if key not in self._warned:
            self._warned.add(key)
            self.warnings.append(LogWarning(text, self._log.path, key))


def _config(log: Log) -> dict[str, Value]:
    """The config from the log, else from `config.yaml`."""
    values = log.config.values() or _config_file(log)
    values = {key: _unwrapped(value) for key, value in values.items() if key not in ("_wandb", "wandb_version")}
    return {key: plain_leaf(value) for key, value in flatten(values)}


def _config_file(log: Log) -> dict[str, Any]:
    path = log.files.optional("config.yaml")
    try:
        content = parse_yaml(path.read_bytes()) if path else None
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(key): one["value"] if isinstance(one, dict) and "value" in one else one for key, one in content.items()}


def _unwrapped(value: Any) -> Any:
    """A value without the wrapping of old logs, `{"value": …, "desc": null}`."""
    return value["value"] if isinstance(value, dict) and value.keys() == {"value", "desc"} and value["desc"] is None else value


def _summary(log: Log, objects: _Objects) -> dict[str, Value]:
    """The summary from the log, else from `wandb-summary.json`; objects that only the summary has go to `objects`."""
    values = log.summary.values() or _summary_file(log)
    summary: dict[str, Value] = {}
    for key, value in flatten(values):
        if key in ("_step", "_runtime", "_timestamp") or key.startswith("_wandb."):
            continue
        if isinstance(value, dict):
            if key not in objects:
                objects.add(Logged(key, log.history.last_step, float("nan"), value))
        else:
            summary[key] = NON_FINITE.get(value, value) if isinstance(value, str) else plain_leaf(value)
    return summary


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
    lines = tuple(log.console.lines())
    path = None if lines else log.files.optional("output.log")
    if path is None:
        return lines
    console = Console()
    try:
        with path.open("rb") as file:
            console.write(file.read(_MAX_CONSOLE_FILE).decode("utf-8", "replace"))
    except OSError:
        return ()
    return tuple(console.lines())


def _id_from_name(path: Path) -> str:
    """The id in a file name such as `run-a18jvnwn.wandb`."""
    return path.stem.removeprefix("run-") or path.stem
