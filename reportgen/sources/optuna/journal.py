"""Studies from Optuna's journal file: one JSON object per line, each an operation that is replayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportgen.sources.optuna.distributions import Drawn, drawn
from reportgen.sources.optuna.study import GOALS, STATES, Study, Trial
from reportgen.sources.values import parse_big_json

_FINISHED = frozenset({"finished", "pruned", "failed"})
_OPERATION = re.compile(rb'"op_code": ?(\d+)\b')
_STUDY_ID = re.compile(rb'"study_id": ?(\d+)\b')


def is_journal(path: Path) -> bool:
    """Whether a file begins with an operation."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return head[:1] == b"{" and b'"op_code"' in head and b'"worker_id"' in head


def studies_in_journal(path: Path, damage: list[str]) -> list[Study]:
    """All studies of a journal but those that were deleted; `damage` gets a sentence for each thing that could not be read.

    Trials are known by the order of their creation. Where a line that created one is damaged, its place is kept, so that
    what follows is not told of another trial; where it cannot be known what a damaged line did, reading ends there.

    Raises:
        OSError: The file cannot be read.
    """
    replay = _Replay()
    bad = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                damage.append(f"The last line (line {number}) is cut off and left out: the study was killed while it wrote.")
                break
            try:
                operation = parse_big_json(line)
                if not isinstance(operation, dict):
                    raise ValueError("no object")
            except ValueError:
                bad += 1
                operation = replay.stand_in(line)
                if operation is None:
                    damage.append(f"Line {number} is damaged so that nothing tells what it did; it and all after it are left out.")
                    break
            try:
                replay.apply(operation)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
                bad += 1
    if bad:
        damage.append(f"{bad} line{' is' if bad == 1 else 's are'} damaged; what {'it' if bad == 1 else 'they'} said is missing.")
    return list(replay.studies())


class _Replay:
    """Studies and trials as far as the operations have made them; ids count up."""

    def __init__(self) -> None:
        self._studies: dict[int, Study] = {}
        self._made = 0
        self._trials: list[tuple[int, Trial]] = []
        self._kinds: dict[tuple[int, str], tuple[object, ...]] = {}
        self._drawn: dict[str, Drawn] = {}

    def studies(self) -> Iterator[Study]:
        """The studies that have not been deleted."""
        yield from self._studies.values()

    def stand_in(self, line: bytes) -> dict[str, Any] | None:
        """What a damaged line did to the order of studies and trials, None when that cannot be told."""
        operation = _OPERATION.search(line)
        if operation is None:
            return {} if b'"trial_id"' in line else None
        if int(operation[1]) == 0:
            return {"op_code": 0, "study_name": f"study {self._made} (its name is lost)", "directions": []}
        if int(operation[1]) != 4:
            return {}
        study = _STUDY_ID.search(line)
        if study is None and len(self._studies) != 1:
            return None
        return {"op_code": 4, "study_id": int(study[1]) if study else next(iter(self._studies)), "datetime_start": None}

    def apply(self, operation: dict[str, Any]) -> None:
        """Take in one operation, as Optuna's own replay does. Operations on what is not there or has ended are passed over.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: It is not formed as it should be.
        """
        match operation.get("op_code"):
            case 0:
                self._create_study(operation)
            case 1:
                self._studies.pop(operation["study_id"], None)
            case 2 | 3 as code:
                if study := self._studies.get(operation["study_id"]):
                    attributes = operation["user_attr" if code == 2 else "system_attr"]
                    (study.user_attrs if code == 2 else study.system_attrs).update(attributes)
            case 4:
                self._create_trial(operation)
            case 5 | 6 | 7 | 8 | 9:
                place = operation["trial_id"]
                if 0 <= place < len(self._trials) and self._trials[place][1].state not in _FINISHED:
                    study_id, trial = self._trials[place]
                    self._change_trial(study_id, trial, operation)

    def _create_study(self, operation: dict[str, Any]) -> None:
        name = str(operation["study_name"])
        if name not in {study.name for study in self._studies.values()}:
            self._studies[self._made] = Study(name, [GOALS.get(direction) for direction in operation["directions"]])
            self._made += 1

    def _create_trial(self, operation: dict[str, Any]) -> None:
        study = self._studies.get(operation["study_id"])
        if study is None:
            return
        trial = Trial(len(study.trials), STATES.get(operation.get("state", 0), "unknown"))
        self._trials.append((operation["study_id"], trial))
        study.trials.append(trial)
        self._set_times(study, trial, operation)
        self._set_values(trial, operation.get("values") or ([] if (value := operation.get("value")) is None else [value]))
        for name, text in operation.get("distributions", {}).items():
            self._set_parameter(operation["study_id"], trial, name, operation["params"][name], text)
        trial.user_attrs.update(operation.get("user_attrs", {}))
        trial.system_attrs.update(operation.get("system_attrs", {}))
        trial.intermediate.update({int(step): float(value) for step, value in operation.get("intermediate_values", {}).items()})

    def _change_trial(self, study_id: int, trial: Trial, operation: dict[str, Any]) -> None:
        match operation["op_code"]:
            case 5:
                self._set_parameter(study_id, trial, operation["param_name"], operation["param_value_internal"], operation["distribution"])
            case 6:
                state = STATES.get(operation["state"], "unknown")
                if state == "running" == trial.state:
                    return  # another process runs it already
                self._set_times(self._studies.get(study_id), trial, operation)
                trial.state = state
                if operation.get("values") is not None:
                    self._set_values(trial, operation["values"])
            case 7:
                trial.intermediate[int(operation["step"])] = float(operation["intermediate_value"])
            case 8:
                trial.user_attrs.update(operation["user_attr"])
            case 9:
                trial.system_attrs.update(operation["system_attr"])

    def _set_parameter(self, study_id: int, trial: Trial, name: str, stored: float, text: str) -> None:
        """A parameter, unless another kind of distribution has been set for it in the study: the first one to be written holds."""
        one = self._drawn.get(text) or self._drawn.setdefault(text, drawn(text))
        if self._kinds.setdefault((study_id, name), one.kind) == one.kind:
            trial.params[name] = one.value(stored)
            trial.distributions[name] = one.distribution

    @staticmethod
    def _set_values(trial: Trial, values: list[Any]) -> None:
        trial.values = [None if value is None else float(value) for value in values]

    @staticmethod
    def _set_times(study: Study | None, trial: Trial, operation: dict[str, Any]) -> None:
        """Times with a zone (since Optuna 5), or those of a clock whose zone is not known."""
        trial.started = operation.get("datetime_start") or trial.started
        trial.ended = operation.get("datetime_complete") or trial.ended
        if study and trial.started and not re.search(r"(Z|[+-]\d\d:\d\d)$", trial.started):
            study.is_local = True
