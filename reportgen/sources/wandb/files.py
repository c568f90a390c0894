"""The files beside a W&B log. A path from a log is followed only inside the run's own directory."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from reportgen.model import LoggedFile, LogWarning
from reportgen.sources.values import parse_big_json

_OWN = frozenset({"config.yaml", "output.log", "wandb-metadata.json", "wandb-summary.json", "wandb-events.jsonl", "wandb-history.jsonl"})
"""What W&B writes for itself and the reader takes in."""
_MOST = 10_000


class RunFiles:
    """The directory of a run's files (for W&B `files`), and what was looked for in it in vain."""

    def __init__(self, log: Path, root: Path | None = None) -> None:
        self.log = log
        self.root = root or log.parent / "files"
        self._real_root = self.root.resolve()
        self._missing: dict[str, None] = {}
        self._refused: dict[str, None] = {}
        self._unreadable: dict[str, None] = {}

    def find(self, name: object) -> Path | None:
        """The file with this name, absolute; None when there is none or the name leads out of the directory."""
        if not isinstance(name, str) or not name:
            return None
        path = self._inside(name)
        if path is None:
            self._refused[name] = None
        elif _is_file(path):
            return path
        else:
            self._missing[name] = None
        return None

    def optional(self, name: str) -> Path | None:
        """A file that a run need not have: as `find`, without a warning."""
        path = self._inside(name)
        return path if path is not None and _is_file(path) else None

    def _inside(self, name: str) -> Path | None:
        """The path that a name means, None when it leads out of the directory (by `..`, by being absolute, by a link)."""
        name = name.replace("\\", "/")
        parts = PurePosixPath(name)
        if parts.is_absolute() or PureWindowsPath(name).drive or ".." in parts.parts or "\0" in name:
            return None
        path = self.root / parts
        try:
            return path if path.resolve().is_relative_to(self._real_root) else None
        except (OSError, RuntimeError, ValueError):
            return None

    def json(self, name: object) -> Any:
        """The content of a JSON file, None when it cannot be had."""
        path = self.find(name)
        if path is None:
            return None
        try:
            return parse_big_json(path.read_bytes())
        except (OSError, ValueError):
            self._unreadable[str(name)] = None
            return None

    def logged(self) -> tuple[LoggedFile, ...]:
        """The files of the run but media and what W&B writes for itself, by their names."""
        found = []
        for folder, folders, names in os.walk(self.root):
            if Path(folder) == self.root:
                folders[:] = [name for name in folders if name != "media"]
            for name in names:
                path = (Path(folder) / name).relative_to(self.root).as_posix()
                local = self.optional(path) if path not in _OWN else None
                if local is not None:
                    found.append(LoggedFile(path, local.stat().st_size, local))
            if len(found) > _MOST:
                break
        return tuple(sorted(found[:_MOST], key=lambda one: one.path))

    def warnings(self) -> list[LogWarning]:
        """What was not found or not followed, one warning for each kind."""
        told = [
            (self._missing, "{files} of this run {are} missing from its directory: {names}"),
            (self._refused, "{files} of this run {are} named by a path that leads out of its directory; not followed: {names}"),
            (self._unreadable, "{files} of this run {are} damaged and could not be read: {names}"),
        ]
        warnings = []
        for names, text in told:
            if names:
                one = len(names) == 1
                shown = ", ".join(json.dumps(name, ensure_ascii=False) for name in list(names)[:3])
                more = f" and {len(names) - 3} more" if len(names) > 3 else ""
                files = "1 file" if one else f"{len(names)} files"
                text = text.format(files=files, are="is" if one else "are", names="{names}")
                warnings.append(LogWarning(text.replace("{names}", shown + more), self.log))
        return warnings


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
