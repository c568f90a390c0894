"""Logs that were found, read: from the store where they have not changed, else side by side where they are large."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, Run, Source
from reportgen.parallel import batches, each, workers
from reportgen.sources.discovery import Found
from reportgen.sources.registry import Reader, readers
from reportgen.store import Continued, Fingerprint, Packed, Store, files_of, fingerprint, packed, unpacked

_WORTH_PROCESSES = 48_000_000
"""Bytes of logs from which it pays to start processes."""
_BATCH = 6_000_000
"""Bytes of logs that a process reads at a time."""

_READ_ON = 16
"""How much less there is to do for a file that is read on from where it ended."""

Progress = Callable[[int, int, Path], None]


@dataclass(frozen=True)
class _Unread:
    """A log that is not in the store: its place among all logs, its fingerprint, and its size in bytes."""

    index: int
    found: Found
    state: Fingerprint | None
    size: int


def read_logs(logs: Sequence[Found], store: Store | None, progress: Progress | None = None) -> list[list[Run]]:
    """The runs of each log, in the order of the logs.

    Args:
        store: What was read before; what is read now is noted there.
        progress: Called with the number of logs read, their total, and the path of one that is read now.
    """
    with no_collection():
        results, unread = _kept(logs, store)

    def told(path: Path) -> None:
        if progress:
            progress(len(results), len(logs), path)

    local = [one for one in unread if not one.found.address]
    if _is_worth_processes(local):
        parts = list(batches(local, lambda one: one.size, _BATCH))
        told(local[0].found.path)
        work = each(_read_batch, ([(str(one.found.path), one.found.reader.name, store is not None) for one in part] for part in parts))
        for part, contents in zip(parts, work, strict=True):
            for one, content in zip(part, contents, strict=True):
                results[one.index] = unpacked(content) if isinstance(content, Packed) else content
                _keep(store, one, content)
            told(part[-1].found.path)
    for one in unread:
        if one.index not in results:
            told(one.found.path)
            results[one.index] = runs = _read(one.found, store.continued if store else None)
            _keep(store, one, runs)
    if store and unread:
        store.continued.trim()
    return [results[i] for i in range(len(logs))]


@contextmanager
def no_collection() -> Iterator[None]:
    """Inside, Python does not look for cycles of objects. Runs have none, and with many it would go through all of them again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _kept(logs: Sequence[Found], store: Store | None) -> tuple[dict[int, list[Run]], list[_Unread]]:
    """The runs that the store has, by the places of their logs, and the other logs."""
    results: dict[int, list[Run]] = {}
    unread = []
    for i, found in enumerate(logs):
        runs = store.get(found.path, found.known) if store else None
        if runs is None:
            state = _fingerprint(found) if store and not found.address else None
            runs = store.get(found.path, state.text) if store and state else None
            if runs is None:
                unread.append(_Unread(i, found, state, _size(found, store.continued if store else None)))
                continue
        results[i] = runs
    return results, unread


def _is_worth_processes(logs: Sequence[_Unread]) -> bool:
    if workers().backend != "processes":
        return len(logs) > 1
    return len(logs) > 1 and workers().count > 1 and sum(one.size for one in logs) >= _WORTH_PROCESSES


def _read(found: Found, continued: Continued | None) -> list[Run]:
    if found.address:
        reader: Any = found.reader
        return list((getattr(reader, "read_address_on", reader.read_address) if continued else reader.read_address)(found.address))
    return _read_path(found.path, found.reader, continued)


def _read_path(path: Path, reader: Reader, continued: Continued | None) -> list[Run]:
    """The runs of a log; one that cannot be opened is a run of unknown state that says so.

    Args:
        continued: Where it is kept how far files were read that may have grown.
    """
    try:
        if continued and hasattr(reader, "read_on"):
            return list(reader.read_on(path, continued))
        return list(reader.read(path))
    except OSError as error:
        text = f"The log cannot be read: {error.strerror or error}."
        return [Run(path.stem, path.stem, Source(reader.name, path), warnings=(LogWarning(text, path),))]


def _read_batch(logs: Sequence[tuple[str, str, bool]]) -> list[Packed | list[Run]]:
    """In a worker: the runs of logs, given by their paths, readers and whether they may be read on, as bytes where they have that form."""
    by_name = {reader.name: reader for reader in readers()}
    found = (_read_path(Path(path), by_name[name], Continued() if keeps else None) for path, name, keeps in logs)
    return [packed(runs) or runs for runs in found]


def _fingerprint(found: Found) -> Fingerprint | None:
    """The state of a log, None when it changed since shortly before it was looked at."""
    state = fingerprint(getattr(found.reader, "parts", files_of)(found.path), found.seen)
    return state and replace(state, text=f"{found.reader.name};{state.text}")


def _keep(store: Store | None, one: _Unread, runs: Packed | list[Run]) -> None:
    if store and one.state:
        store.put(one.found.path, one.state.text, runs, one.state.parts if one.found.lasts else None)


def _size(found: Found, continued: Continued | None) -> int:
    """The bytes of a file, or of the files in a directory, without those in directories below. What is read on counts less."""
    try:
        files = [Path(entry.path) for entry in os.scandir(found.path) if entry.is_file()] if found.path.is_dir() else [found.path]
        return sum(file.stat().st_size // (_READ_ON if continued and file in continued else 1) for file in files)
    except OSError:
        return 0
