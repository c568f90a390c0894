"""What a W&B server tells of a run, as it comes: nothing is interpreted here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OVER = frozenset({"finished", "crashed", "failed", "killed", "preempted"})
"""States in which a run logs nothing more, unless it is resumed."""


@dataclass(frozen=True)
class Place:
    """Where runs are on a server."""

    entity: str
    project: str

    def variables(self, name: str = "") -> dict[str, str]:
        """The variables of a query for the project or for what has this name in it."""
        return {"entity": self.entity, "project": self.project, **({"name": name} if name else {})}


@dataclass
class Record:
    """A run of a server.

    Attributes:
        about: The fields of the run itself.
        folder: Where what was fetched lies; `folder / "files"` are the run's files.
        rows, events: JSON texts, one a row: of the history, and of what was measured on the machine.
        files: Name, size and digest of all files of the run.
        made, used: The artifacts.
        sweep: The content of its sweep's config, YAML text.
        lost: Sentences on what could not be had.
    """

    about: Mapping[str, Any]
    place: Place
    folder: Path
    rows: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)
    used: list[dict[str, Any]] = field(default_factory=list)
    sweep: str = ""
    lost: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The run's id, which GraphQL calls its name."""
        return text_of(self.about.get("name"))

    @property
    def is_over(self) -> bool:
        """Whether the run logs nothing more, unless it is resumed."""
        return self.about.get("state") in OVER

    @property
    def last_step(self) -> int | None:
        """The last step of the history, None where the server does not say; -1 for a run without one."""
        keys = self.about.get("historyKeys")
        return whole(keys.get("lastStep")) if isinstance(keys, dict) else None

    def lines(self, kind: str) -> int | None:
        """How many rows the server counts: of its "history" or its "events"."""
        return whole(self.about.get(f"{kind}LineCount"))

    @property
    def mark(self) -> list[Any]:
        """What is different as soon as the run has logged anything more."""
        names = ("state", "heartbeatAt", "historyLineCount", "eventsLineCount")
        return [*(self.about.get(name) for name in names), self.last_step]


def text_of(value: Any) -> str:
    """A text; "" for anything else."""
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """A whole number, None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
