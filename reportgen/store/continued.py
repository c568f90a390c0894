"""Where the reading of files that grow ended, and what their readers had made of them up to there, so that they can go on.

What is kept of a file holds as long as the file begins with the very bytes that were read: their checksum (CRC-32C) says so.
It is a header, a JSON document and columns of eight-byte numbers, and is damaged, of another version, or not there: then the file
is read from its start.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from google_crc32c import extend
from numpy.typing import NDArray

from reportgen.store.code import READING, code_version
from reportgen.store.codec import Arrays
from reportgen.store.fingerprint import is_recent
from reportgen.store.folder import cache_folder
from reportgen.store.temporary import temporary_in

_HEADER = struct.Struct("<8s4Q")
"""Magic, checksum of all that follows it, end and checksum of what was read, bytes of the document."""
_MAGIC = b"rgcont1\n"
_BLOCK = 1 << 20
_LEAST = 256 * 1024
"""Bytes of a file below which it is read from its start as fast as it is looked up."""
_WORTH_WRITING = 16
"""What is kept is replaced when the file has grown by this part of its size, so that writing takes no more time than reading."""
_LIMIT = 1_000_000_000
_FORGOTTEN = 2 * 86_400


@dataclass(frozen=True)
class Continuation:
    """What was kept of a file.

    Attributes:
        end: How many bytes of it were read.
        checksum: The CRC-32C of these.
        content: All of what is kept.
    """

    end: int
    checksum: int
    content: bytes

    @cached_property
    def state(self) -> Any:
        """What the reader made of them, as JSON says it."""
        return json.loads(self.content[_HEADER.size : _HEADER.size + self._document])

    @property
    def integers(self) -> NDArray[np.int64]:
        """The reader's columns behind each other, as integers."""
        return np.frombuffer(self.content, np.int64, offset=self._columns)

    @property
    def floats(self) -> NDArray[np.float64]:
        """The same, as floats."""
        return np.frombuffer(self.content, np.float64, offset=self._columns)

    @property
    def _document(self) -> int:
        return int(_HEADER.unpack_from(self.content)[4])

    @property
    def _columns(self) -> int:
        return _HEADER.size + self._document

    def whole(self, place: tuple[int, int]) -> NDArray[np.int64]:
        """A column of integers (see `Arrays.add`)."""
        return self.integers[place[0] : sum(place)]

    def real(self, place: tuple[int, int]) -> NDArray[np.float64]:
        """A column of floats."""
        return self.floats[place[0] : sum(place)]

    def begins(self, data: bytes) -> bool:
        """Whether a file with this content begins with what was read."""
        return len(data) >= self.end and checksum(data, 0, self.end) == self.checksum

    def begins_file(self, file: BinaryIO) -> bool:
        """Whether a file begins with what was read; if so, it then stands at its end."""
        left, found = self.end, 0
        while left and (block := file.read(min(left, _BLOCK))):
            left, found = left - len(block), extend(found, block)
        return not left and found == self.checksum


class Continued:
    """What is kept of files, by their paths. All failures are misses.

    Args:
        folder: Where; by default in the user's cache folder.
        in_memory: Whether to leave the disk as it is and to keep what comes in this process, for one that reads files again and again.
        least: Bytes of a file from which on it is worth it.
    """

    def __init__(self, folder: Path | None = None, *, in_memory: bool = False, least: int = _LEAST) -> None:
        self._folder = folder or cache_folder() / "continued"
        self._memory: dict[str, bytes] | None = {} if in_memory else None
        self._least = least

    def __contains__(self, path: Path) -> bool:
        """Whether something is kept of a file."""
        name = _name(path)
        return name in (self._memory or ()) or os.path.exists(self._folder / name)

    def get(self, path: Path) -> Continuation | None:
        """What is kept of a file, None when nothing sound is."""
        name = _name(path)
        content = self._memory.pop(name, None) if self._memory is not None else None
        if content is not None and self._memory is not None:
            self._memory[name] = content  # what was asked for last goes last
            return _continuation(content)
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        if len(content) < _HEADER.size or content[:8] != _MAGIC or _sum([content[16:]]) != int.from_bytes(content[8:16], "little"):
            return None
        return _continuation(content)

    def wants(self, path: Path, end: int, before: Continuation | None) -> bool:
        """Whether it is worth keeping that a file was read up to `end`, when `before` is what is kept of it."""
        if before is not None and _WORTH_WRITING * (end - before.end) < len(before.content):
            return False
        return end >= self._least and is_recent(path)

    def put(self, path: Path, end: int, read: int, state: Any, arrays: Arrays) -> None:
        """Keeps that a file was read up to `end`; nothing when JSON cannot say the state.

        Args:
            read: The CRC-32C of what was read.
            state, arrays: What the reader made of it.
        """
        try:
            document = json.dumps(state, separators=(",", ":")).encode()
        except (TypeError, ValueError, RecursionError):
            return
        document += b" " * (-len(document) % 8)
        told = struct.pack("<3Q", end, read, len(document))
        chunks = [told, document, *arrays.chunks]
        chunks.insert(0, _MAGIC + _sum(chunks).to_bytes(8, "little"))
        if self._memory is not None:
            self._memory.pop(_name(path), None)
            self._memory[_name(path)] = b"".join(chunks)
            while sum(map(len, self._memory.values())) > _LIMIT:
                del self._memory[next(iter(self._memory))]
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_in(self._folder) as temporary:
                with temporary.open("wb") as file:
                    file.writelines(chunks)
                temporary.replace(self._folder / _name(path))

    def drop(self, path: Path) -> None:
        """Keeps nothing more of a file."""
        if self._memory is not None:
            self._memory.pop(_name(path), None)
        with suppress(OSError):
            os.unlink(self._folder / _name(path))

    def trim(self) -> None:
        """Forgets on the disk what is of no use any more, and then what is oldest, until all of it takes a gigabyte at most."""
        with suppress(OSError):
            states = sorted(((entry.stat(), entry.path) for entry in os.scandir(self._folder)), key=lambda one: -one[0].st_mtime)
            total, now = 0, time.time()
            for state, path in states:
                total += state.st_size
                if total > _LIMIT or now - state.st_mtime > _FORGOTTEN:
                    os.unlink(path)


def checksum(data: bytes, begin: int, end: int, before: int = 0) -> int:
    """The CRC-32C of a part of some bytes, behind others whose checksum was `before`."""
    for at in range(begin, end, _BLOCK):
        before = extend(before, data[at : min(at + _BLOCK, end)])
    return before


def _continuation(content: bytes) -> Continuation:
    _, _, end, read, _ = _HEADER.unpack_from(content)
    return Continuation(end, read, content)


def _sum(chunks: list[bytes]) -> int:
    found = 0
    for chunk in chunks:
        found = extend(found, chunk)
    return found


def _name(path: Path) -> str:
    whole = f"{code_version(*READING)}\n{path}"
    return hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()[:32]
