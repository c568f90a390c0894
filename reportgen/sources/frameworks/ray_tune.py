"""Ray Tune's trials: `params.json` beside `result.json` (or `progress.csv`) in a folder of the experiment's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, Run, Source, State
from reportgen.sources.frameworks.documents import console_in, flat, object_in
from reportgen.sources.naming import content_id
from reportgen.sources.plain.collected import Columns
from reportgen.sources.plain.lines import Row
from reportgen.sources.plain.run import rows_of
from reportgen.sources.values import parse_big_json, utc

name = "ray"
nested = False
lasts = True

_NO_METRICS = frozenset({
    "trial_id", "experiment_id", "experiment_tag", "date", "hostname", "node_ip", "pid", "done", "checkpoint_dir_name", "should_checkpoint",
})  # fmt: skip
"""What Ray writes into each row about the trial and not about the training."""

_TAIL = 1024 * 1024
"""Bytes in which the last row of a trial surely begins."""

_STATES: dict[str, State] = {"TERMINATED": "finished", "ERROR": "failed", "RUNNING": "running", "PAUSED": "running"}


def sniff(path: Path) -> bool:
    """Whether a folder is a trial."""
    return (path / "params.json").is_file() and any(_is_results(path / file) for file in ("result.json", "progress.csv"))


def opens(path: Path) -> bool:
    """Whether a file that the user named is of a trial."""
    return path.name in ("params.json", "result.json", "progress.csv") and sniff(path.parent)


def parts(path: Path) -> Iterable[Path]:
    """The trial's files and the folders below; the experiment's folder and states where the trial itself does not say how it ended.

    So the trials that are over are not read again whenever the experiment has a new one.
    """
    folder = path if path.is_dir() else path.parent
    yield from sorted(file for file in folder.iterdir() if not file.is_dir())
    for below, _, _ in os.walk(folder):
        yield Path(below)
    if not _has_failed(folder) and not _says_done(folder / "result.json"):
        yield from (folder.parent, *_experiment_states(folder))


def read(path: Path) -> Iterator[Run]:
    """The run of a trial, whose steps are Ray's training iterations; the experiment's folder is its project and sweep.

    `state` is "failed" where there is an `error.txt` (its text is the console), else what the experiment's state or the last
    row says. A trial that a scheduler gave up is "finished", too: no file tells it from one that came to its end.

    Raises:
        OSError: A file cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    warnings: list[LogWarning] = []
    rows = _rows(folder, warnings)
    last = rows[-1] if rows else {}
    columns = Columns()
    kept = [{key: value for key, value in row.items() if key not in _NO_METRICS and not key.startswith("config/")} for row in rows]
    columns.add(kept, step_name="training_iteration" if "training_iteration" in last else None)
    trial = str(last.get("trial_id") or "")
    experiment = folder.parent.name
    yield Run(
        id=trial if "_" in trial else content_id(folder.name, experiment.encode("utf-8", "surrogateescape")),
        name=_trial_name(folder.name, trial),
        source=Source(name, folder),
        project=experiment,
        sweep=experiment,
        state=_state(folder, last, trial),
        started=utc(_started(kept)),
        ended=utc(columns.last_time),
        host=str(last.get("hostname") or ""),
        config=flat(object_in(folder / "params.json", warnings)),
        history=columns.scalars.series(),
        media={key: tuple(found) for key, found in columns.media.items()},
        console=console_in(folder / "error.txt", "stderr"),
        warnings=tuple(warnings),
    )


def _is_results(path: Path) -> bool:
    """Whether a file may hold a trial's rows. One that failed before its first row has an empty one."""
    try:
        with path.open("rb") as file:
            head = file.read(65536)
    except OSError:
        return False
    return not head or b"training_iteration" in head or b"trial_id" in head


def _rows(folder: Path, warnings: list[LogWarning]) -> list[Row]:
    """The rows of `result.json`, else those of `progress.csv`. Nested names are joined as Ray joins them, with slashes."""
    for file in ("result.json", "progress.csv"):
        path = folder / file
        if path.is_file() and path.stat().st_size > 0 and (rows := rows_of(path, warnings, separator="/").rows):
            return rows
    return []


def _state(folder: Path, last: Row, trial: str) -> State:
    if _has_failed(folder):
        return "failed"
    if last.get("done"):
        return "finished"
    states = [file.stat() for file in _experiment_states(folder)]
    known = _statuses(folder.parent, max((state.st_mtime_ns for state in states), default=0), sum(state.st_size for state in states))
    return _STATES.get(known.get(trial, ""), "unknown")


def _has_failed(folder: Path) -> bool:
    return any((folder / file).is_file() for file in ("error.txt", "error.pkl"))


def _says_done(results: Path) -> bool:
    """Whether the last row of a trial is that of its end."""
    try:
        with results.open("rb") as file:
            file.seek(max(0, results.stat().st_size - _TAIL))
            rows = file.read().splitlines()
        return bool(rows and parse_big_json(rows[-1])["done"])
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _experiment_states(folder: Path) -> list[Path]:
    """The files in which Ray keeps the experiment; there is one for each time that it was started."""
    return sorted(folder.parent.glob("experiment_state-*.json"))


@lru_cache(maxsize=4)
def _statuses(experiment: Path, changed: int, size: int) -> dict[str, str]:
    """The status of each trial of an experiment, the latest one where it was started again."""
    found: dict[str, str] = {}
    for path in sorted(experiment.glob("experiment_state-*.json")):
        try:
            trials = parse_big_json(path.read_bytes())["trial_data"]
            for one in trials:
                about = parse_big_json(one[0])
                found[str(about["trial_id"])] = str(about["status"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return found


def _started(rows: list[Row]) -> float | None:
    """The first row's moment less the time that the trial had taken by then."""
    first: dict[str, Any] = rows[0] if rows else {}
    moment, taken = first.get("timestamp"), first.get("time_total_s")
    if not isinstance(moment, int | float) or isinstance(moment, bool):
        return None
    return moment - taken if isinstance(taken, int | float) and 0 <= taken < 1e9 else moment


def _trial_name(folder: str, trial: str) -> str:
    """The folder's name up to the trial's id (`fit_4e0f7_00000`): what follows are its parameters and a date."""
    end = folder.find(trial) + len(trial) if trial and trial in folder else len(folder)
    return folder[:end]
