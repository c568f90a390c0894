"""Which versions of datasets and other artifacts two sides used, and what changed between these versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.artifact_changes import Changes, changes
from reportgen.analysis.artifacts import Catalogue, Version
from reportgen.analysis.what_changed.sides import Side
from reportgen.model import Artifact, Run

_DATA = frozenset({"dataset", "datasets", "data"})
"""Artifacts of these types that a run made are what it learnt from, too: scripts often log the dataset that they load."""


@dataclass(frozen=True, eq=False)
class DataChange:
    """An artifact of which the sides used different versions.

    Attributes:
        before, after: The versions that the runs of each side used; () for none.
        changes: What differs between the one version before and the one after; None where a side has none or several.
    """

    name: str
    type: str
    before: tuple[Version, ...]
    after: tuple[Version, ...]
    changes: Changes | None = None

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """What happened to it."""
        return "changed" if self.before and self.after else "added" if self.after else "removed"

    @property
    def is_guessed(self) -> bool:
        """Whether a log does not say which version its run got: it asked for an alias."""
        return any(version.guessed for version in (*self.before, *self.after))


@dataclass(frozen=True, eq=False)
class DataChanges:
    """What differs of the data: artifacts by name, and how many are the same (`with_data`: whether each side used any that was logged)."""

    changed: tuple[DataChange, ...] = ()
    equal: int = 0
    with_data: tuple[bool, bool] = (False, False)

    @property
    def differs(self) -> bool:
        """Whether anything surely differs; what one side did not log is no difference."""
        return bool(self.changed) and all(self.with_data)


def data_changes(before: Side, after: Side, known: Catalogue) -> DataChanges:
    """What differs of the data.

    Args:
        known: The artifacts of all runs, whose versions have names.
    """
    old, new = (_used(side, known) for side in (before, after))
    found, equal = [], 0
    for kind, name in sorted(old.keys() | new.keys()):
        a, b = tuple(old.get((kind, name), {}).values()), tuple(new.get((kind, name), {}).values())
        if set(map(id, a)) == set(map(id, b)):
            equal += 1
            continue
        between = None
        if len(a) == len(b) == 1:
            first, second = a[0].artifact, b[0].artifact
            between = changes(first.files, second.files, first.metadata, second.metadata)
        found.append(DataChange(name, kind, a, b, between))
    return DataChanges(tuple(found), equal, (bool(old), bool(new)))


def _used(side: Side, known: Catalogue) -> dict[tuple[str, str], dict[int, Version]]:
    """Type and name → the versions that the runs of a side used, each once."""
    found: dict[tuple[str, str], dict[int, Version]] = {}
    for run in side.runs:
        for artifact in _data_of(run):
            if version := known.version_of(run, artifact):
                found.setdefault((artifact.type, artifact.name), {})[id(version)] = version
    return found


def _data_of(run: Run) -> Iterator[Artifact]:
    return (one for one in run.artifacts if one.role == "input" or one.type.lower() in _DATA)
