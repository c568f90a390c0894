"""Runs without personal data: all their texts, and the files that a site shows or copies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.model import Run
from reportgen.publish.fields import changed
from reportgen.publish.personal import Personal

_LARGEST = 300_000_000
"""Bytes of the largest file that is looked into; a larger one is left out."""


def redacted(runs: Sequence[Run], personal: Personal, files: Callable[[Path], Path | None]) -> list[Run]:
    """The runs without personal data; `files` gives for each of their files the one that may be shown."""
    return [_redacted(run, personal, files) for run in runs]


class RedactedFiles:
    """Files of runs, each as it may leave the machine.

    Attributes:
        left_out: Those that hold personal data and are no text that could be changed.
    """

    def __init__(self, personal: Personal, folder: Path) -> None:
        self._personal, self._folder = personal, folder
        self._known: dict[Path, Path | None] = {}
        self.left_out: list[Path] = []

    def __call__(self, path: Path) -> Path | None:
        """The file itself where it has no personal data, a copy without them, or None where that cannot be."""
        if path not in self._known:
            self._known[path] = self._looked_into(path)
        return self._known[path]

    def _looked_into(self, path: Path) -> Path | None:
        name = self._personal.text(path.name)
        if not path.is_file():
            # Pages show the name of a missing file.
            return Path("/") / name
        if path.stat().st_size > _LARGEST:
            self.left_out.append(path)
            return None
        content = path.read_bytes()
        text = text_of(content)
        if text is None:
            if self._personal.is_in(content):
                self.left_out.append(path)
                return None
            new = content
        else:
            new = self._personal.text(text).encode("utf-8", "surrogatepass")
        if new == content and name == path.name:
            return path
        copy = self._folder / hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()[:16] / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(new)
        return copy


def text_of(content: bytes) -> str | None:
    """Bytes as text, None where they are none."""
    if b"\0" in content[:100_000]:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _redacted(run: Run, personal: Personal, files: Callable[[Path], Path | None]) -> Run:
    own = replace(run, user=personal.user(run.user), host=personal.host(run.host), git_remote=personal.remote(run.git_remote))
    new: Run = changed(own, personal.text, files)
    return new
