"""Files behind any other address that fsspec knows: web servers and more."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.sources.remote.place import RemoteFile

_TAGS = ("ETag", "etag", "Content-MD5", "md5Hash", "checksum")
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified")
_WEB = frozenset({"http", "https"})


class Files:
    """The files below an address."""

    def __init__(self, address: str) -> None:
        from fsspec.core import url_to_fs

        self._system: Any
        self._root: str
        self._system, self._root = url_to_fs(address)
        # Of the others not all say whether threads may share a connection.
        self.threads = 16 if address.partition("://")[0].lower() in _WEB else 1

    def files(self) -> list[RemoteFile]:
        """All files below the address, or the one that it names."""
        found: dict[str, dict[str, Any]] = self._system.find(self._root, detail=True)
        with ThreadPoolExecutor(self.threads) as threads:
            return list(threads.map(lambda one: self._file(*one), sorted(found.items())))

    def copy(self, file: RemoteFile, target: Path) -> None:
        """Writes the content of a file into one of this machine."""
        self._system.get_file(file.path, str(target))

    def close(self) -> None:
        """Nothing: fsspec keeps its connections itself."""

    def _file(self, path: str, about: dict[str, Any]) -> RemoteFile:
        name = path[len(self._root) :].strip("/") or PurePosixPath(path).name
        if about.get("size") is None:  # A web server's list of files has only names.
            about = self._system.info(path)
        size, changed = int(about.get("size") or 0), _moment(about)
        told = next((about[tag] for tag in _TAGS if about.get(tag)), changed)
        return RemoteFile(name, path, size, None if told is None else f"{size}:{told}", changed)


def _moment(about: dict[str, Any]) -> float | None:
    """When a file was changed, epoch seconds, by whatever name the file system has for it."""
    for value in _candidates(about):
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, int | float) and value > 0:
            return float(value)
    return None


def _candidates(about: dict[str, Any]) -> Iterator[Any]:
    yield from (about.get(name) for name in _TIMES)
