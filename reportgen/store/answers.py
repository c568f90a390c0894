"""Answers kept on the disk: what was computed from logs, by a text of all that it depends on.

An answer is bytes that the same code would make again from the same logs. Its file's name is a hash of the question, and it
begins with what its bytes add up to: one that is damaged is as good as not there.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from pathlib import Path

from reportgen.store.cache import Cache
from reportgen.store.code import code_version

_MOST = 200
"""Answers that are kept; those that were not asked for longest go first."""


class Answers:
    """Answers of one kind. All failures are misses: the answer is then found again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache = Cache(folder.parent)

    def get(self, question: str) -> bytes | None:
        """The answer to a question, None when none is kept."""
        checksum, _, answer = (self._cache.get(self._folder.name, self._path(question).name) or b"").partition(b"\n")
        try:
            return answer if zlib.crc32(answer) == int(checksum, 16) else None
        except ValueError:
            return None

    def put(self, question: str, answer: bytes) -> None:
        """Keeps an answer."""
        self._cache.put(self._folder.name, self._path(question).name, b"%08x\n" % zlib.crc32(answer) + answer)
        with suppress(OSError):
            self._trim()

    def _path(self, question: str) -> Path:
        whole = f"{code_version()}\n{question}"
        return self._folder / hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def _trim(self) -> None:
        kept = sorted(os.scandir(self._folder), key=lambda entry: entry.stat().st_mtime)
        for entry in kept[:-_MOST]:
            os.unlink(entry.path)
