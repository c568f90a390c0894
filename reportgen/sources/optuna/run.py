"""The trials of a study made into runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, LogWarning, MetricDefinition, Run, Source, Value
from reportgen.sources.naming import content_id
from reportgen.sources.optuna.study import Study, Trial, moment
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import flatten, parse_json, plain_leaf

_REPORTED = "intermediate_value"


def runs_of(study: Study, path: Path, damage: list[str]) -> list[Run]:
    """The trials of a study as runs, in their order. What is to be said of the study as a whole, the first of them says.

    - The study is the runs' `project` and `sweep`; a run's id is the study's name, the trial's number and eight digits over its start.
    - `summary` holds the objective values (`value`, the names that the study gives them, or `value_0`, `value_1`, …), `user_attrs.…`
      and `constraints.…` (0 or less where a constraint is met).
    - `history` holds what was reported while the trial ran, as `intermediate_value`; nobody wrote down when.
    - Trials that wait to be run are left out.
    """
    waiting = sum(trial.state is None for trial in study.trials)
    names = study.metric_names
    goals = [MetricDefinition(name, goal=goal) for name, goal in zip(names, study.goals, strict=False) if goal]
    if len(names) == 1 and goals:
        goals.append(MetricDefinition(_REPORTED, goal=goals[0].goal))
    warnings = [LogWarning(text, path) for text in dict.fromkeys(damage)]
    if waiting:
        trials = "1 trial waits" if waiting == 1 else f"{waiting:,} trials wait"
        text = f"{trials} to be run in the study '{study.name}' and {'is' if waiting == 1 else 'are'} left out."
        warnings.append(LogWarning(text, path, is_loss=False))
    if study.is_local and any(trial.started for trial in study.trials):
        text = "Optuna before version 5 writes local times without their zone: starts and ends are shown as if they were UTC."
        warnings.append(LogWarning(text, path, is_loss=False))
    made: list[Run] = []
    for trial in study.trials:
        if trial.state is not None:
            made.append(_run(study, trial, path, names, tuple(goals), () if made else tuple(warnings)))
    return made


def _run(
    study: Study, trial: Trial, path: Path, names: list[str], metrics: tuple[MetricDefinition, ...], warnings: tuple[LogWarning, ...]
) -> Run:
    reported = Scalars()
    for step, value in sorted(trial.intermediate.items()):
        if -(2**63) <= step < 2**63:
            reported.add(_REPORTED, step, float("nan"), value)
    summary: dict[str, Value] = {name: value for name, value in zip(names, trial.values, strict=False) if value is not None}
    summary |= _flat({"user_attrs": trial.user_attrs, "constraints": _constraints(trial.system_attrs)})
    hidden = {key: value for key, value in trial.system_attrs.items() if not key.startswith(("constraints", "artifacts:"))}
    study_hidden = {key: value for key, value in study.system_attrs.items() if key != "study:metric_names"}
    return Run(
        id=content_id(f"{study.name}-{trial.number}", study.name.encode("utf-8", "replace"), (trial.started or "").encode()),
        name=f"trial-{trial.number}",
        source=Source("optuna", path),
        project=study.name,
        sweep=study.name,
        state=trial.state or "unknown",
        started=moment(trial.started),
        ended=moment(trial.ended),
        config=trial.params,
        summary=summary,
        search_space=trial.distributions,
        history=reported.series(),
        metrics=metrics,
        artifacts=tuple(_artifacts(trial.system_attrs)),
        environment={
            **({"optuna": study.version} if study.version else {}),
            **_flat({"study": {"user_attrs": study.user_attrs, "system_attrs": study_hidden}, "system_attrs": hidden}),
        },
        warnings=warnings,
    )


def _flat(mapping: dict[str, Any]) -> dict[str, Value]:
    return {key: plain_leaf(value) for key, value in flatten(mapping)}


def _constraints(attributes: dict[str, Any]) -> dict[str, Any]:
    """Constraints by name: a list in old storages, an attribute for each in new ones."""
    listed = attributes.get("constraints")
    found = {str(i): value for i, value in enumerate(listed)} if isinstance(listed, list) else {}
    return found | {key.removeprefix("constraints:"): value for key, value in attributes.items() if key.startswith("constraints:")}


def _artifacts(attributes: dict[str, Any]) -> Iterator[Artifact]:
    """The files that the trial put into an artifact store; where that store is, the storage does not say."""
    for key, text in attributes.items():
        if key.startswith("artifacts:"):
            try:
                about = parse_json(text) if isinstance(text, str) else text
            except ValueError:
                about = {}
            about = about if isinstance(about, dict) else {}
            identifier = key.removeprefix("artifacts:")
            yield Artifact(str(about.get("filename") or identifier), str(about.get("mimetype") or "file"), "output", id=identifier)
