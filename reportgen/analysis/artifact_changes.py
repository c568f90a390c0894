"""What changed from one version of an artifact to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportgen.model import ArtifactFile


@dataclass(frozen=True)
class FileChange:
    """A file that is not the same in both versions (`before` is None for one that was added, `after` for one that was removed)."""

    path: str
    before: ArtifactFile | None
    after: ArtifactFile | None

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """What happened to it."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True)
class Changes:
    """What changed.

    Attributes:
        files: By path.
        same: How many files have the same digest (or reference) in both.
        unknown: How many files of the same name and size have no digest in one of them: they may have changed.
        metadata: Key, value before and after, for what differs; a key that is not there has the value `ABSENT`.
    """

    files: tuple[FileChange, ...]
    same: int
    unknown: int
    metadata: tuple[tuple[str, Any, Any], ...]


class Absent:
    """The value of a key that is not there."""


ABSENT = Absent()


def changes(
    before: Sequence[ArtifactFile], after: Sequence[ArtifactFile], metadata_before: Mapping[str, Any], metadata_after: Mapping[str, Any]
) -> Changes:
    """What changed between two versions."""
    old, new = ({one.path: one for one in files} for files in (before, after))
    files, same, unknown = [], 0, 0
    for path in sorted(old.keys() | new.keys()):
        a, b = old.get(path), new.get(path)
        if a is None or b is None:
            files.append(FileChange(path, a, b))
            continue
        match _is_same(a, b):
            case True:
                same += 1
            case False:
                files.append(FileChange(path, a, b))
            case None:
                unknown += 1
    keys = dict.fromkeys([*metadata_before, *metadata_after])
    pairs = ((key, metadata_before.get(key, ABSENT), metadata_after.get(key, ABSENT)) for key in keys)
    return Changes(tuple(files), same, unknown, tuple(pair for pair in pairs if repr(pair[1]) != repr(pair[2])))


def _is_same(a: ArtifactFile, b: ArtifactFile) -> bool | None:
    """Whether two files hold the same; None when the log does not say."""
    if a.digest and b.digest:
        return a.digest == b.digest
    if a.size is not None and b.size is not None and a.size != b.size:
        return False
    return True if a.reference and a.reference == b.reference else None
