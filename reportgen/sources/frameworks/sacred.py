"""Sacred's file storage: a numbered folder for each run with `run.json`, `config.json`, `metrics.json`, `cout.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, ArtifactFile, ConsoleLine, LogWarning, Media, Run, Source, State, Value
from reportgen.sources.frameworks.documents import console_in, flat, names, object_in, text_of
from reportgen.sources.naming import content_id, folder_name
from reportgen.sources.plain.collected import whole
from reportgen.sources.plain.columns import moment
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import json_text
from reportgen.sources.wandb.files import RunFiles

name = "sacred"
nested = False

_STATES: dict[str, State] = {
    "COMPLETED": "finished", "FAILED": "failed", "RUNNING": "running", "INTERRUPTED": "killed", "TIMED_OUT": "killed",
}  # fmt: skip


def sniff(path: Path) -> bool:
    """Whether a folder is a run."""
    return (path / "config.json").is_file() and names(path / "run.json", b'"experiment"', b'"heartbeat"')


def opens(path: Path) -> bool:
    """Whether a file that the user named is of a run."""
    return path.name in ("run.json", "config.json", "metrics.json") and sniff(path.parent)


def read(path: Path) -> Iterator[Run]:
    """The run of a folder, called after its experiment and its number. Sacred writes times in UTC.

    `summary` holds `result` and, under `info.`, what the run wrote into its info. Resources are artifacts that it used.

    Raises:
        OSError: A file cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    warnings: list[LogWarning] = []
    about = object_in(folder / "run.json", warnings)
    experiment, host, meta = (_object(about.get(key)) for key in ("experiment", "host", "meta"))
    project = text_of(experiment.get("name"))
    logged = _Metrics(object_in(folder / "metrics.json", warnings), folder / "metrics.json")
    files = RunFiles(folder / "run.json", folder)
    commit = next((one for one in _objects(experiment.get("repositories")) if one.get("commit")), {})
    started, ended = (_moment(about.get(key)) for key in ("start_time", "stop_time"))
    yield Run(
        id=content_id(f"{project or 'run'}-{folder.name}", text_of(about.get("start_time")).encode()),
        name=f"{project}-{folder.name}" if project else folder_name(folder),
        source=Source(name, folder),
        project=project,
        state=_STATES.get(text_of(about.get("status")), "unknown"),
        started=started,
        ended=ended or _moment(about.get("heartbeat")),
        host=text_of(host.get("hostname")),
        command=" ".join(filter(None, (text_of(experiment.get("mainfile")), text_of(about.get("command"))))),
        git_commit=text_of(commit.get("commit")),
        git_remote=text_of(commit.get("url")),
        notes=text_of(_object(meta.get("options")).get("--comment")) or text_of(meta.get("comment")),
        config=flat(_untupled(object_in(folder / "config.json", warnings))),
        summary=_summary(about, object_in(folder / "info.json", warnings)),
        history=logged.scalars.series(),
        media={key: tuple(found) for key, found in logged.media.items()},
        artifacts=tuple(_artifacts(about, files)),
        console=(*console_in(folder / "cout.txt"), *_trace(about)),
        environment=_environment(host, experiment),
        warnings=(*warnings, *logged.warnings, *files.warnings()),
    )


class _Metrics:
    """The numbers of `metrics.json`; what is none becomes media."""

    def __init__(self, content: dict[str, Any], path: Path) -> None:
        self.scalars = Scalars()
        self.media: dict[str, list[Media]] = {}
        self.warnings: list[LogWarning] = []
        for key, one in content.items():
            columns = [_object(one).get(column) for column in ("steps", "timestamps", "values")]
            lists = [column if isinstance(column, list) else [] for column in columns]
            if len({len(column) for column in lists}) > 1 or not all(isinstance(column, list) for column in columns):
                self.warnings.append(LogWarning(f"The steps, times and values of '{key}' do not fit each other.", path, key))
            for i, (step, time, value) in enumerate(zip_longest(*lists)):
                self._add(key, whole(step), moment(time), value, i)

    def _add(self, key: str, step: int | None, time: float | None, value: Any, count: int) -> None:
        value = _number(value)
        step = count if step is None else step
        if isinstance(value, int | float):
            self.scalars.add(key, step, float("nan") if time is None else time, value)
        elif value is not None:
            text, kind = (value, "text") if isinstance(value, str) else (json_text(value), "json")
            self.media.setdefault(key, []).append(Media(key, step, kind, text=text))  # type: ignore[arg-type]


def _number(value: Any) -> Any:
    """A value as logged; numbers of numpy come as objects that hold them."""
    if isinstance(value, dict) and isinstance(value.get("value"), int | float) and any(key.startswith("py/") for key in value):
        return value["value"]
    return value


def _untupled(value: Any) -> Any:
    """A config without the marks that jsonpickle leaves at tuples and sets."""
    if isinstance(value, dict):
        for mark in ("py/tuple", "py/set"):
            if value.keys() == {mark}:
                return _untupled(value[mark])
        return {key: _untupled(one) for key, one in value.items()}
    return [_untupled(one) for one in value] if isinstance(value, list) else value


def _summary(about: dict[str, Any], info: dict[str, Any]) -> dict[str, Value]:
    result = about.get("result")
    return flat({**({"result": result} if result is not None else {}), **({"info": _untupled(info)} if info else {})})


def _environment(host: dict[str, Any], experiment: dict[str, Any]) -> dict[str, Value]:
    os_name = host.get("os")
    found: dict[str, Any] = {"python": host.get("python_version"), "cpu": host.get("cpu"), "packages": experiment.get("dependencies")}
    found["os"] = os_name[-1] if isinstance(os_name, list) and os_name else os_name
    found["gpu"] = _object(host.get("gpus")) or None
    return flat({key: value for key, value in found.items() if value})


def _artifacts(about: dict[str, Any], files: RunFiles) -> Iterator[Artifact]:
    """The files that the run kept, and those that it opened; only the former lie in its folder."""
    for entry in about.get("artifacts") or []:
        label = text_of(entry.get("name")) if isinstance(entry, dict) else text_of(entry)
        if label:
            local = files.find(label)
            size = local.stat().st_size if local else None
            yield Artifact(label, "file", "output", size=size, files=(ArtifactFile(label, size, local=local),))
    for entry in about.get("resources") or []:
        if isinstance(entry, list) and entry and isinstance(entry[0], str):
            yield Artifact(Path(entry[0]).name, "file", "input")


def _trace(about: dict[str, Any]) -> Iterator[ConsoleLine]:
    trace = about.get("fail_trace")
    for line in "".join(text_of(one) for one in trace).splitlines() if isinstance(trace, list) else []:
        yield ConsoleLine(line, "stderr")


def _moment(value: Any) -> datetime | None:
    seconds = moment(value)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
