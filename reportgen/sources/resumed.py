"""Runs that were interrupted and resumed: their logs, one for each job, joined into the run that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from reportgen.model import LogWarning, MetricDefinition, Run, Series

_T = TypeVar("_T")

_CLOCKS = ("trainer/global_step", "global_step", "train/global_step", "iteration", "samples_seen", "epoch", "_epoch")
"""Metrics by which training loops count on, also where the tracker's own step begins at 0 again."""


def joined(runs: Iterable[Run]) -> list[Run]:
    """The runs, with those of the same source, project and id made one, in the place of the first.

    A later log whose steps go on is appended. One that begins at an earlier step (training was resumed from a checkpoint)
    replaces what had been logged from there on. One whose steps begin again from the start, while a step metric or
    another clock goes on, is shifted behind the last step. Where none of these is so, nothing tells that they are
    one run, and they stay apart. A warning of the run says which of these was done.
    """
    families: dict[tuple[str, str, str, str], list[Run]] = {}
    for run in runs:
        families.setdefault((run.source.format, run.source.label, run.project, run.id), []).append(run)
    return [run for family in families.values() for run in _join(family)]


def _join(family: list[Run]) -> list[Run]:
    """The parts of one run, joined as far as their steps allow."""
    parts = sorted(family, key=lambda run: (run.started is None, run.started, str(run.source.path)))
    made = [parts[0]]
    for part in parts[1:]:
        made[-1:] = _appended(made[-1], part)
    return made


def _appended(run: Run, part: Run) -> list[Run]:
    """One run when `part` resumes `run`, else both."""
    last, first = _last_step(run), _first_step(part)
    if last is None and first is None:
        return [run, part]
    if last is None or first is None or first > last:
        return [_one(run, part, "")]
    begin = _first_step(run)
    if begin is not None and first > begin:
        lost = sum(int(np.count_nonzero(series.step >= first)) for series in run.history.values())
        values = "1 value" if lost == 1 else f"{lost:,} values"
        what = f"The later one begins at step {first:,} again, and {values} that had been logged from there on are left out."
        return [_one(_before(run, first), part, what)]
    if clock := _clock(run, part):
        what = f"The later one counts from 0 again while {clock} goes on: its steps are shifted by {last + 1 - first:,}."
        return [_one(run, _shifted(part, last + 1 - first), what)]
    text = f"Another log has the id '{run.id}', too. Their steps overlap from the start on, so they are shown as two runs."
    return [run, replace(part, warnings=(*part.warnings, LogWarning(text, part.source.path, is_loss=False)))]


def _one(run: Run, part: Run, what: str) -> Run:
    """`part` behind `run`; what both say once is taken from `part`."""
    text = f"This run was resumed: {_log_name(run)} and {_log_name(part)} are joined. {what}".rstrip()
    told = LogWarning(text, part.source.path, is_loss=False)
    kept = {name: getattr(part, name) or getattr(run, name) for name in ("name", "group", "job_type", "tags", "notes", "command", "ended",
                                                                         "user", "host", "git_commit", "git_remote")}  # fmt: skip
    return replace(
        run,
        **kept,
        state=part.state,
        config={**run.config, **part.config},
        summary={**run.summary, **part.summary},
        environment={**run.environment, **part.environment},
        history=_concatenated(run.history, part.history),
        system=_concatenated(run.system, _behind(run.system, part.system)),
        metrics=_definitions(run, part),
        histograms=_chained(run.histograms, part.histograms),
        media=_chained(run.media, part.media),
        tables=_chained(run.tables, part.tables),
        panels=tuple({panel.key: panel for panel in (*run.panels, *part.panels)}.values()),
        artifacts=(*run.artifacts, *part.artifacts),
        console=(*run.console, *part.console),
        warnings=(*run.warnings, *part.warnings, told),
    )


def _log_name(run: Run) -> str:
    """The name of a run's directory, which W&B begins with the time: its file is named after the run alone."""
    path = run.source.path
    return path.parent.name if path.suffix else path.name


def _definitions(run: Run, part: Run) -> tuple[MetricDefinition, ...]:
    return tuple({defined.key: defined for defined in (*run.metrics, *part.metrics)}.values())


def _first_step(run: Run) -> int | None:
    return min((int(series.step[0]) for series in run.history.values() if len(series)), default=None)


def _last_step(run: Run) -> int | None:
    return max((int(series.step.max()) for series in run.history.values() if len(series)), default=None)


def _clock(run: Run, part: Run) -> str | None:
    """A metric that counts on: it never falls within either part, and the later part begins where the earlier ended or behind it."""
    defined = [one.step_metric for one in (*run.metrics, *part.metrics) if one.step_metric]
    for key in dict.fromkeys([*defined, *_CLOCKS]):
        earlier, later = run.history.get(key), part.history.get(key)
        if earlier is None or later is None or not len(earlier.finite) or not len(later.finite):
            continue
        rises = bool(np.all(np.diff(earlier.finite) >= 0) and np.all(np.diff(later.finite) >= 0))
        if rises and later.finite[0] >= earlier.finite[-1] > earlier.finite[0]:
            return key
    return None


def _before(run: Run, step: int) -> Run:
    """The run without what was logged at a step or behind it."""
    history = {key: _cut(series, series.step < step) for key, series in run.history.items()}
    return _with_steps(run, history, lambda records: tuple(record for record in records if record.step < step))


def _shifted(run: Run, by: int) -> Run:
    """The run with a number added to all steps."""
    history = {key: replace(series, step=series.step + by) for key, series in run.history.items()}
    return _with_steps(run, history, lambda records: tuple(replace(record, step=record.step + by) for record in records))


def _with_steps(run: Run, history: dict[str, Series], change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Run:
    def changed(records: Mapping[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        return {key: made for key, one in records.items() if (made := change(one))}

    return replace(
        run,
        history={key: series for key, series in history.items() if len(series)},
        histograms=changed(run.histograms),
        media=changed(run.media),
        tables=changed(run.tables),
    )


def _cut(series: Series, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Series:
    return replace(series, step=series.step[keep], time=series.time[keep], value=series.value[keep])


def _behind(earlier: Mapping[str, Series], later: Mapping[str, Series]) -> dict[str, Series]:
    """Series whose steps count on behind those of `earlier`: system metrics are counted and not placed by the user."""
    shift = 1 + max((int(series.step[-1]) for series in earlier.values() if len(series)), default=-1)
    return {key: replace(series, step=series.step + shift) for key, series in later.items()}


def _concatenated(earlier: Mapping[str, Series], later: Mapping[str, Series]) -> dict[str, Series]:
    made = {**earlier, **later}
    for key in earlier.keys() & later.keys():
        parts = (earlier[key], later[key])
        made[key] = Series(key, *(np.concatenate([getattr(part, name) for part in parts]) for name in ("step", "time", "value")))
    return made


def _chained(earlier: Mapping[str, Sequence[_T]], later: Mapping[str, Sequence[_T]]) -> dict[str, tuple[_T, ...]]:
    keys = dict.fromkeys([*earlier, *later])
    return {key: (*earlier.get(key, ()), *later.get(key, ())) for key in keys}
