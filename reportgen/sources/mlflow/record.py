"""What any of MLflow's stores says of a run, before it is made into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.model import Series

STATUS = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
"""The numbers by which the file store writes a run's status."""

MODEL_STATUS = {0: "UNSPECIFIED", 1: "PENDING", 2: "READY", 3: "FAILED"}
"""The numbers by which stores write a logged model's status."""


@dataclass(frozen=True)
class Experiment:
    """An experiment: what reports call a project."""

    id: str
    name: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """A dataset that a run used (`schema`, `profile` and `source` are JSON texts; `tags` say in which role)."""

    name: str
    digest: str
    source_type: str = ""
    source: str = ""
    schema: str = ""
    profile: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LoggedModel:
    """A model of MLflow 3.

    Attributes:
        location: The address of its files.
        is_input: Whether the run used it instead of making it.
    """

    id: str
    name: str
    type: str = ""
    status: str = ""
    location: str = ""
    created: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    is_input: bool = False


@dataclass(frozen=True)
class StoredFile:
    """A file among a run's artifacts (`size` in bytes); `local` is None when it was not fetched."""

    path: str
    size: int | None
    local: Path | None


@dataclass
class Record:
    """A run as its store has it (times in milliseconds since 1970; `metrics` with all system metrics).

    Attributes:
        status: "RUNNING", "SCHEDULED", "FINISHED", "FAILED" or "KILLED"; "" when it is not known.
        location: The address of the run's artifacts.
        mark: What its histories are known by in the store, "" when they are not kept.
        parent_name: The name of the run that this one is nested in.
        files: The run's artifacts; `model_files` those of each logged model, by its id.
        damage: Sentences on what could not be read, each with the metric, table or artifact that it is about.
    """

    id: str
    experiment: Experiment
    name: str = ""
    status: str = ""
    user: str = ""
    source_name: str = ""
    source_version: str = ""
    entry_point: str = ""
    started: int | None = None
    ended: int | None = None
    location: str = ""
    mark: str = ""
    parent_name: str = ""
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, Series] = field(default_factory=dict)
    datasets: list[Dataset] = field(default_factory=list)
    models: list[LoggedModel] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    model_files: dict[str, list[StoredFile]] = field(default_factory=dict)
    damage: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shown_name(self) -> str:
        """Its name, in older stores a tag, else its id."""
        return self.name or self.tags.get("mlflow.runName", "") or self.id

    def lost(self, text: str, key: str = "") -> None:
        """Note that something could not be read."""
        if (text, key) not in self.damage:
            self.damage.append((text, key))


def text_of(value: Any) -> str:
    """A value of a store as text, "" for none."""
    return "" if value is None else str(value)


def milliseconds(value: Any) -> int | None:
    """A moment of a store, or None for what is none."""
    try:
        return int(value) if value is not None else None
    except (TypeError, ValueError, OverflowError):
        return None
