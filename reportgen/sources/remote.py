"""Logs on other machines: their files are copied into the cache folder and read there.

What fsspec knows is known here: `s3://`, `gs://`, `az://`, `https://`, `sftp://`, … Keys and passwords come from the
environment, as each of these libraries finds them, and are never written down. Only what changed is copied again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.errors import SourceError
from reportgen.sources.addresses import without_password
from reportgen.sources.values import parse_json
from reportgen.store import cache_folder, temporary_in

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "http", "https": "http", "sftp": "ssh", "ssh": "ssh"}
_NOT_REMOTE = frozenset("file local memory reference cached filecache simplecache blockcache dir data wandb".split())  # noqa: SIM905
_WEIGHTS = frozenset(
    ".pt .pth .ckpt .safetensors .bin .h5 .hdf5 .keras .onnx .pkl .pickle .npy .npz .tar .zip .gz".split()  # noqa: SIM905
)
"""Endings of files that hold models and data, and no logs."""
_TAGS = ("ETag", "etag", "Content-MD5", "md5Hash", "checksum")
_MOST_BYTES = 2_000_000_000
_STATE = ".reportgen-remote.json"


@dataclass(frozen=True)
class _File:
    """A file there: its path below the root, and what tells that it has changed (None where the server does not)."""

    name: str
    path: str
    state: str | None
    changed: float | None


def is_remote(address: str) -> bool:
    """Whether fsspec has a file system for the address's scheme that is not this machine's."""
    from fsspec.registry import known_implementations

    scheme = _scheme(address)
    return scheme in known_implementations and scheme not in _NOT_REMOTE


def mirrored(address: str) -> Path:
    """A local copy of the files at an address, of all that may belong to logs.

    Raises:
        SourceError: The library for the scheme is not installed, nothing is there, or it cannot be read.
    """
    shown = without_password(address)
    root = cache_folder() / "remote" / hashlib.sha256(shown.encode()).hexdigest()[:16]
    try:
        files, system = _listed(address)
        here = root / (PurePosixPath(shown.split("?")[0].rstrip("/")).name or "logs")
        _copy(system, files, here)
    except ImportError as error:
        extra = _EXTRAS.get(_scheme(address))
        hint = f"install it with: pip install 'reportgen[{extra}]'" if extra else None
        raise SourceError(f"reading '{shown}' needs a library that is not installed ({error.name})", hint=hint) from None
    except SourceError:
        raise
    except Exception as error:  # Each of these libraries has exceptions of its own.
        reason = without_password(" ".join(str(error).split()))[:200] or type(error).__name__
        raise SourceError(f"'{shown}' cannot be read: {reason}") from None
    return here


def _listed(address: str) -> tuple[list[_File], Any]:
    """The files below an address (or the one that it names), and their file system."""
    from fsspec.core import url_to_fs

    system, root = url_to_fs(address)
    found: dict[str, dict[str, Any]] = system.find(root, detail=True)
    if not found:
        raise SourceError(f"there is nothing at '{without_password(address)}'")
    files = []
    for path, about in sorted(found.items()):
        relative = path[len(root) :].strip("/") or PurePosixPath(path).name
        if about.get("size") is None:  # A web server's list of files has only names.
            about = system.info(path)
        size = int(about.get("size") or 0)
        parts = PurePosixPath(relative).parts
        if ".." in parts or PurePosixPath(relative).suffix.lower() in _WEIGHTS or size > _MOST_BYTES:
            continue
        changed = _moment(about)
        told = next((about[name] for name in _TAGS if about.get(name)), changed)
        files.append(_File(relative, path, None if told is None else f"{size}:{told}", changed))
    return files, system


def _copy(system: Any, files: list[_File], here: Path) -> None:
    """Copies what is new or has changed, and removes what is there no more."""
    here.mkdir(parents=True, exist_ok=True)
    known = _known(here)
    for file in files:
        target = here / file.name
        if file.state is not None and known.get(file.name) == file.state and target.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary_in(target.parent) as temporary:
            system.get_file(file.path, str(temporary))
            if file.changed is not None:
                os.utime(temporary, (file.changed, file.changed))
            temporary.replace(target)
    for name in known.keys() - {file.name for file in files}:
        # What a damaged note names may lie outside of the copy.
        if (here / name).resolve().is_relative_to(here.resolve()):
            with suppress(OSError):
                (here / name).unlink()
    _remember(here, files)


def _known(here: Path) -> dict[str, str]:
    """What was copied before."""
    try:
        content = parse_json((here.parent / _STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, dict) else {}


def _remember(here: Path, files: list[_File]) -> None:
    import orjson

    with temporary_in(here.parent) as temporary:
        temporary.write_bytes(orjson.dumps({file.name: file.state or "" for file in files}))
        temporary.replace(here.parent / _STATE)


def _moment(about: dict[str, Any]) -> float | None:
    """When a file was changed, epoch seconds, by whatever name the file system has for it."""
    for value in _candidates(about):
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, int | float) and value > 0:
            return float(value)
    return None


def _candidates(about: dict[str, Any]) -> Iterator[Any]:
    yield from (about.get(name) for name in ("mtime", "LastModified", "last_modified", "updated", "modified"))


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()
