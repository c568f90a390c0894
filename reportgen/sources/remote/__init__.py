"""Logs on other machines: their files are copied into the cache folder and read there.

Buckets (`s3://`, `gs://`, `az://`), machines with SSH (`sftp://`), web servers, and what else fsspec knows. Keys and passwords come from
the environment, as each of these has them, and are never written down. Only what changed is copied again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.errors import SourceError
from reportgen.sources.addresses import without_password
from reportgen.sources.remote.bucket import SCHEMES, Bucket
from reportgen.sources.remote.files import Files
from reportgen.sources.remote.place import Place, RemoteFile
from reportgen.sources.values import parse_json
from reportgen.store import cache_folder, temporary_in

__all__ = ["Copied", "Mirror", "is_remote", "mirrored"]

Copied = Callable[[int, int], None]
"""Is told how many files were copied, of how many."""

_EXTRAS = {"http": "http", "https": "http", "sftp": "ssh", "ssh": "ssh", "s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"}
_NOT_REMOTE = frozenset("file local memory reference cached filecache simplecache blockcache dir data wandb".split())  # noqa: SIM905
_WEIGHTS = frozenset(
    ".pt .pth .ckpt .safetensors .bin .h5 .hdf5 .keras .onnx .pkl .pickle .npy .npz .tar .zip .gz".split()  # noqa: SIM905
)
"""Endings of files that hold models and data, and no logs."""
_MOST_BYTES = 2_000_000_000
_STATE = ".reportgen-remote.json"


_CODES = {
    "NoSuchBucket": "there is no such bucket",
    "NoSuchKey": "there is nothing of this name",
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret access key is wrong",
    "AccessDenied": "access is denied",
    "403 Forbidden": "access is denied",
}
"""How object stores name what is wrong, and what it means."""


@dataclass(frozen=True)
class Mirror:
    """A local copy.

    Attributes:
        folder: Where it is.
        left_out: The files that were not copied, model weights and very large ones: name below the folder, and size in bytes.
    """

    folder: Path
    left_out: tuple[tuple[str, int], ...]


def is_remote(address: str) -> bool:
    """Whether there is a way to the files at an address of another machine."""
    from fsspec.registry import known_implementations

    scheme = _scheme(address)
    return scheme in SCHEMES or (scheme in known_implementations and scheme not in _NOT_REMOTE)


def mirrored(address: str, copied: Copied | None = None) -> Mirror:
    """A local copy of the files at an address, of all that may belong to logs.

    Raises:
        SourceError: The library for the scheme is not installed, nothing is there, or it cannot be read. What was copied
            until then stays, and is not copied again.
    """
    shown = without_password(address)
    root = cache_folder() / "remote" / hashlib.sha256(shown.encode()).hexdigest()[:16]
    here = root / (PurePosixPath(shown.split("?")[0].rstrip("/")).name or "logs")
    try:
        place: Place = Bucket(address) if _scheme(address) in SCHEMES else Files(address)
        with closing(place):
            files = [file for file in place.files() if ".." not in PurePosixPath(file.name).parts]
            if not files:
                raise SourceError(f"there is nothing at '{shown}'")
            _copy(place, [file for file in files if _is_wanted(file)], here, copied)
    except ImportError as error:
        extra = _EXTRAS.get(_scheme(address))
        hint = f"install it with: pip install 'reportgen[{extra}]'" if extra else None
        raise SourceError(f"reading '{shown}' needs a library that is not installed ({error.name})", hint=hint) from None
    except SourceError:
        raise
    except Exception as error:  # Each of these libraries has exceptions of its own.
        raise SourceError(f"'{shown}' cannot be read: {_reason(error)}") from None
    return Mirror(here, tuple((file.name, file.size) for file in files if not _is_wanted(file)))


def _is_wanted(file: RemoteFile) -> bool:
    return PurePosixPath(file.name).suffix.lower() not in _WEIGHTS and file.size <= _MOST_BYTES


def _reason(error: Exception) -> str:
    """What went wrong in a few words, without what may be secret."""
    text = without_password(" ".join(str(error).split()))
    for secret in (os.environ.get(name) for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID")):
        text = text.replace(secret, "…") if secret else text
    for code, words in _CODES.items():
        if code in text:
            return words
    return text[:200] or type(error).__name__


def _copy(place: Place, files: Sequence[RemoteFile], here: Path, copied: Copied | None) -> None:
    """Copies what is new or has changed, and removes what is there no more."""
    here.mkdir(parents=True, exist_ok=True)
    known = _known(here)
    is_here = {file.name: file.state is not None and known.get(file.name) == file.state and (here / file.name).is_file() for file in files}
    new = [file for file in files if not is_here[file.name]]
    done = {file.name: file.state or "" for file in files if is_here[file.name]}
    try:
        with ThreadPoolExecutor(place.threads) as threads:
            for file in threads.map(partial(_copy_one, place, here), new):
                done[file.name] = file.state or ""
                if copied:
                    copied(len(done), len(files))
    finally:
        # What was known stays known until it is replaced: a copy that broke off goes on from there.
        _remember(here, done if len(done) == len(files) else {**known, **done})
    for name in known.keys() - done.keys():
        # What a damaged note names may lie outside of the copy.
        if (here / name).resolve().is_relative_to(here.resolve()):
            with suppress(OSError):
                (here / name).unlink()


def _copy_one(place: Place, here: Path, file: RemoteFile) -> RemoteFile:
    target = here / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with temporary_in(target.parent) as temporary:
        place.copy(file, temporary)
        if file.changed is not None:
            os.utime(temporary, (file.changed, file.changed))
        temporary.replace(target)
    return file


def _known(here: Path) -> dict[str, str]:
    """What was copied before."""
    try:
        content: Any = parse_json((here.parent / _STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, dict) else {}


def _remember(here: Path, states: dict[str, str]) -> None:
    import orjson

    with temporary_in(here.parent) as temporary:
        temporary.write_bytes(orjson.dumps(states))
        temporary.replace(here.parent / _STATE)


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()
