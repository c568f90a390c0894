"""Finds the logs that a path, a glob or a directory means."""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen.errors import SourceError
from reportgen.sources.addresses import as_path, as_shown
from reportgen.sources.registry import Reader, readers
from reportgen.sources.remote import Copied, Mirror, is_remote, mirrored
from reportgen.store import Store

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Directories that hold no logs but many files; hidden ones are skipped too."""


@dataclass(frozen=True)
class Found:
    """A log that was found.

    Attributes:
        path: A directory or file: its real, absolute path.
        reader: The reader that knows its format.
        address: Where it is, when it is no path.
        seen: When it was looked at, in nanoseconds of the epoch.
        lasts: Whether it is a directory that will be the same log, with nothing to be found below, as long as its parts do not change.
        known: Its fingerprint in the store, when it was found there unchanged instead of being looked at.
        mirror: The copy that it lies in, when it was copied from another machine.
    """

    path: Path
    reader: Reader
    address: str = ""
    seen: int = field(default_factory=time.time_ns)
    lasts: bool = False
    known: str | None = None
    mirror: Mirror | None = None


def find(source: str | Path, store: Store | None = None, copied: Copied | None = None) -> Iterator[Found]:
    """What a source names, in the order of the paths.

    Args:
        source: A directory (looked through with all below it; links are followed once), a file, a glob, or an address.
        store: What was read before; a directory that is there as it was is not looked at again.
        copied: Is told how many files of another machine were copied.

    Raises:
        SourceError: Nothing is there, or it is no log.
    """
    text = os.path.expanduser(source)
    if "://" in text:
        yield from _address(text, store, copied)
        return
    try:
        is_there = os.path.exists(text)
        fitting = sorted(glob.glob(text, recursive=True)) if glob.has_magic(text) and not is_there else []
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot look for runs in '{source}': {error}") from None
    if is_there:
        path = Path(text).resolve()
        yield from _walk(path, set(), store) if path.is_dir() else [_file(path)]
        return
    if not fitting and glob.has_magic(text):
        raise SourceError(f"nothing fits '{source}'", hint=f"looked from {Path.cwd()}")
    if not fitting:
        raise SourceError(f"there is no '{source}'", hint=_nearest(Path(text)))
    yield from _fitting([Path(path) for path in fitting], os.path.basename(text).strip("*?") != "", store)


def _fitting(paths: list[Path], names_files: bool, store: Store | None) -> Iterator[Found]:
    """The logs among the paths that fit a glob. `*.csv` names files, while `*` means whatever logs are there."""
    seen: set[str] = set()
    for path in (path.resolve() for path in paths):
        if path.is_dir():
            yield from _walk(path, seen, store)
        elif path.is_file() and (reader := _reader(path, named=names_files)):
            yield Found(path, reader)


def _nearest(path: Path) -> str:
    """What there is instead of a path that does not exist."""
    path = path.absolute()
    parent = next((parent for parent in path.parents if parent.is_dir()), path)
    try:
        names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in os.scandir(parent))
    except OSError:
        names = []
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return f"{parent} holds {shown}" if names else f"{parent} is empty"


def _address(address: str, store: Store | None, copied: Copied | None) -> Iterator[Found]:
    """What a reader takes from an address, else the logs among the files there."""
    for reader in readers():
        if hasattr(reader, "opens_address") and reader.opens_address(address):
            yield Found(as_path(address), reader, address)
            return
    if is_remote(address):
        mirror = mirrored(address, copied)
        here = mirror.folder
        names = [entry.name for entry in os.scandir(here)]
        # An address of one file is copied into a folder of its own.
        alone = here / names[0] if names == [here.name] and (here / names[0]).is_file() else None
        for found in [_file(alone, shown=as_shown(address))] if alone else _walk(here.resolve(), set(), store):
            yield replace(found, mirror=mirror)
        return
    raise SourceError(f"no reader knows the address '{as_shown(address)}'", hint="give a directory or a file")


def _file(path: Path, shown: str = "") -> Found:
    """The reader of a file that the user named (as `shown`)."""
    if reader := _reader(path, named=True):
        return Found(path, reader)
    known = ", ".join(reader.name for reader in readers())
    raise SourceError(f"'{shown or path}' is no log of a known format", hint=f"known are: {known}")


def _reader(path: Path, named: bool = False) -> Reader | None:
    """The first reader that knows a path; a file that the user named is looked at with more good will."""
    for reader in readers():
        try:
            if (getattr(reader, "opens", reader.sniff) if named else reader.sniff)(path):
                return reader
        except OSError:
            continue
    return None


def _walk(directory: Path, seen: set[str], store: Store | None) -> Iterator[Found]:
    """The logs in a directory and below it, each directory visited once by its real path."""
    by_name = {reader.name: reader for reader in readers()}
    waiting = [str(directory)]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        known = store.unchanged(here) if store else None
        if known and (reader := by_name.get(known.partition(";")[0])):
            yield Found(Path(here), reader, known=known)
            continue
        now = time.time_ns()
        try:
            # Links last: `latest-run` must not come before the run that it leads to.
            entries = sorted(os.scandir(here), key=lambda entry: (entry.is_symlink(), entry.name))
        except OSError:
            continue
        path = Path(here)
        if reader := _reader(path):
            is_nested = getattr(reader, "nested", True)
            is_all = not is_nested or not any(map(_is_directory, entries))
            yield Found(path, reader, seen=now, lasts=is_all and getattr(reader, "lasts", False))
            if not is_nested:
                continue
            seen.update(map(str, getattr(reader, "owns", _nothing)(path)))
        else:
            files = (Path(entry.path).resolve() for entry in entries if _is_file(entry))
            yield from (Found(file, reader) for file in files if (reader := _reader(file)))
        below = [_real(entry) for entry in entries if not _is_skipped(entry.name) and _is_directory(entry)]
        waiting.extend(reversed(below))


def _nothing(path: Path) -> tuple[Path, ...]:
    return ()


def _real(entry: os.DirEntry[str]) -> str:
    """The real path of what is in a directory whose path is real."""
    return os.path.realpath(entry.path) if entry.is_symlink() else entry.path


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED
