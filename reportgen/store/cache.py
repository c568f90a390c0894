"""What was made before, kept as files in the user's cache folder; without it all takes longer and gives the same bytes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from reportgen.store.folder import cache_folder
from reportgen.store.temporary import temporary_in

_LIMIT = 200_000_000
"""Bytes of one kind that are kept; the files that were not used for longest go first."""


class Cache:
    """Files by kind and name. A folder that cannot be read or written is as good as an empty one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or cache_folder() / "drawings"

    def get(self, kind: str, name: str) -> bytes | None:
        """What was put there, or None."""
        path = self._folder / kind / name
        with suppress(OSError):
            content = path.read_bytes()
            os.utime(path)
            return content
        return None

    def put(self, kind: str, name: str, content: bytes) -> None:
        """Keeps a file; readers see all of it or nothing."""
        with suppress(OSError):
            folder = self._folder / kind
            folder.mkdir(parents=True, exist_ok=True)
            with temporary_in(folder) as temporary:
                temporary.write_bytes(content)
                temporary.replace(folder / name)

    def trim(self, limit: int = _LIMIT) -> None:
        """Forgets what was not used for longest when a kind takes more than `limit` bytes."""
        for folder in self._folder.glob("*"):
            with suppress(OSError):
                files = sorted(((file.stat(), file) for file in folder.iterdir()), key=lambda pair: pair[0].st_mtime)
                excess = sum(stat.st_size for stat, _ in files) - limit
                for stat, file in files:
                    if excess <= 0:
                        break
                    file.unlink()
                    excess -= stat.st_size
