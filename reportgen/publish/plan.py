"""What has to change at a destination so that it holds a site: only files that a former publication wrote are changed or removed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from reportgen.errors import PublishError
from reportgen.site.swap import MARKER

Content: TypeAlias = Path | bytes
"""A file on the disk, or what is to be in one."""


@dataclass(frozen=True)
class Changes:
    """What is added, changed and removed, as paths at the destination in order; `unchanged` counts the other files of the site."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        return f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed, {self.unchanged} unchanged"


def plan(there: Collection[str], ours: Collection[str], new: Mapping[str, Content], same: Callable[[str], bool]) -> Changes:
    """The changes that bring the new files to a destination.

    Args:
        there: All files of the destination.
        ours: Those that a former publication wrote, as its list says.
        new: The files of the site.
        same: Whether a file is there with the new content already.

    Raises:
        PublishError: A file of somebody else stands where one of the site would.
    """
    files, own = set(there), set(ours)
    others = files - own
    folders = {parent.as_posix() for path in others for parent in PurePosixPath(path).parents}
    added, changed, strange = [], [], []
    unchanged = 0
    for path in sorted(new):
        above = (parent.as_posix() for parent in PurePosixPath(path).parents)
        if path in folders or any(one in others for one in above):
            strange.append(path)
        elif path not in files:
            added.append(path)
        elif same(path):
            unchanged += 1
        elif path in own:
            changed.append(path)
        else:
            strange.append(path)
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise PublishError(
            f"{strange[0]}{more} would be overwritten, and reportgen did not write it",
            hint="publish below a folder with --path reports/name, or to another place",
        )
    return Changes(tuple(added), tuple(changed), tuple(sorted((own & files) - set(new))), unchanged)


def listed(marker: bytes, prefix: str) -> set[str]:
    """The files that a list (`.reportgen`) names, itself included, as paths at the destination. Paths that lead out of it are none."""
    lines = marker.decode("utf-8", "replace").splitlines()
    names = {line[66:] for line in lines if re.match(r"[0-9a-f]{64}  .", line)}
    return {below(prefix, name) for name in (*names, MARKER) if is_inside(name)}


def list_of(files: Mapping[str, bytes], head: str) -> bytes:
    """A list of files in the form of `sha256sum`, after a line that says what it is."""
    lines = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    return (head + "".join(lines)).encode()


def is_inside(path: str) -> bool:
    """Whether a path stays below the folder that it is relative to, and says so itself."""
    parts = path.split("/")
    return not any(part in ("", ".", "..", ".git") for part in parts) and "\\" not in path and "\0" not in path and ":" not in parts[0]


def below(prefix: str, path: str) -> str:
    """A path below the folder of a site."""
    return f"{prefix}/{path}" if prefix else path


def read(content: Content) -> bytes:
    """The bytes of a file of the site."""
    return content if isinstance(content, bytes) else content.read_bytes()
