"""Studies and trials as both of Optuna's storages hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reportgen.model import Distribution, Goal, State, Value

STATES: dict[Any, State | None] = {
    "RUNNING": "running", "COMPLETE": "finished", "PRUNED": "pruned", "FAIL": "failed", "WAITING": None,
    0: "running", 1: "finished", 2: "pruned", 3: "failed", 4: None,
}  # fmt: skip
"""By the name in a database or the number in a journal; a trial that waits is no run yet."""

GOALS: dict[Any, Goal | None] = {"MINIMIZE": "min", "MAXIMIZE": "max", "NOT_SET": None, 1: "min", 2: "max", 0: None}


@dataclass
class Trial:
    """One trial, filled while a storage is read.

    Attributes:
        number: Counted from 0 in its study.
        state: None while it waits to be run.
        started, ended: As the storage spells them.
        params: By name, as the objective function saw them.
        values: One for each objective, None where it is not known.
        intermediate: Reported values by step.
    """

    number: int
    state: State | None = "unknown"
    started: str | None = None
    ended: str | None = None
    params: dict[str, Value] = field(default_factory=dict)
    distributions: dict[str, Distribution] = field(default_factory=dict)
    values: list[float | None] = field(default_factory=list)
    intermediate: dict[int, float] = field(default_factory=dict)
    user_attrs: dict[str, Any] = field(default_factory=dict)
    system_attrs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Study:
    """One study; `version` is that of the Optuna that made the storage, "" where it does not say."""

    name: str
    goals: list[Goal | None] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    user_attrs: dict[str, Any] = field(default_factory=dict)
    system_attrs: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    is_local: bool = False
    """Its times are those of clocks whose zone nobody wrote down."""

    @property
    def metric_names(self) -> list[str]:
        """The names of the objectives: those that were set, else `value`, or `value_0`, `value_1`, … for several."""
        count = max([len(self.goals), *(len(trial.values) for trial in self.trials)], default=1)
        named = self.system_attrs.get("study:metric_names")
        if isinstance(named, list) and len(named) == count and len(set(map(str, named))) == count:
            return [str(name) for name in named]
        return ["value"] if count == 1 else [f"value_{i}" for i in range(count)]


def moment(text: str | None) -> datetime | None:
    """An ISO date as an aware UTC datetime, one without a zone taken as UTC; None for what is no date."""
    try:
        found = datetime.fromisoformat(text or "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
