"""Logs on other machines: their files are copied into the cache folder and read there.

Buckets (`s3://`, `gs://`, `az://`), machines with SSH (`sftp://`), web servers, and what else fsspec knows. Keys and passwords come from
the environment, as each of these has them, and are never written down. Only what changed is copied again.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import closing
from pathlib import PurePosixPath

from reportgen.errors import SourceError
from reportgen.sources.addresses import as_shown, without_password
from reportgen.sources.remote.bucket import SCHEMES, Bucket
from reportgen.sources.remote.copying import Copied, copy
from reportgen.sources.remote.files import Files
from reportgen.sources.remote.left_out import left_out
from reportgen.sources.remote.machine import SSH, Machine
from reportgen.sources.remote.place import Mirror, Place, RemoteFile
from reportgen.store import cache_folder

__all__ = ["Copied", "Mirror", "is_remote", "left_out", "mirrored"]

_EXTRAS = {"http": "http", "https": "http", "sftp": "ssh", "ssh": "ssh", "s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"} | dict.fromkeys(
    ("az", "azure", "abfs", "abfss", "adl"), "az"
)
_NOT_REMOTE = frozenset("file local memory reference cached filecache simplecache blockcache dir data wandb".split())  # noqa: SIM905
_WEIGHTS = frozenset(
    ".pt .pth .ckpt .safetensors .bin .h5 .hdf5 .keras .onnx .pkl .pickle .npy .npz .tar .zip .gz".split()  # noqa: SIM905
)
"""Endings of files that hold models and data, and no logs."""
_MOST_BYTES = 2_000_000_000
_CODES = {
    "NoSuchBucket": "there is no such bucket",
    "NoSuchKey": "there is nothing of this name",
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret access key is wrong",
    "AccessDenied": "access is denied",
    "403 Forbidden": "access is denied",
    "incorrectly configured region": "the bucket is in another region; set AWS_REGION to it",
}
"""How object stores name what is wrong, and what it means."""
_SECRET = re.compile(r"^(AWS|AZURE|GOOGLE)_.*(KEY|TOKEN|SECRET|SAS|PASSWORD)")
"""Variables of the environment whose values are shown to nobody."""


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
    shown = as_shown(address)
    # By user too, for whom the same path may be another folder; a password is written nowhere, not even as a part of a checksum.
    known_by = re.sub(r"(?<=://)([^/?#:]*):[^/?#]*@", r"\1@", address)
    root = cache_folder() / "remote" / hashlib.sha256(known_by.encode()).hexdigest()[:16]
    here = root / (PurePosixPath(shown.split("?")[0].rstrip("/")).name or "logs")
    try:
        with closing(_place(address)) as place:
            files = [file for file in place.files() if ".." not in PurePosixPath(file.name).parts]
            if not files:
                raise SourceError(f"there is nothing at '{shown}'")
            copy(place, [file for file in files if _is_wanted(file)], here, copied)
    except ImportError as error:
        extra = _EXTRAS.get(_scheme(address))
        hint = f"install it with: pip install 'reportgen[{extra}]'" if extra else None
        raise SourceError(f"reading '{shown}' needs a library that is not installed ({error.name})", hint=hint) from None
    except SourceError:
        raise
    except Exception as error:  # Each of these libraries has exceptions of its own.
        raise SourceError(f"'{shown}' cannot be read: {_reason(error)}") from None
    return Mirror(here, tuple((file.name, file.size) for file in files if not _is_wanted(file)))


def _place(address: str) -> Place:
    scheme = _scheme(address)
    return Bucket(address) if scheme in SCHEMES else Machine(address) if scheme in SSH else Files(address)


def _is_wanted(file: RemoteFile) -> bool:
    return PurePosixPath(file.name).suffix.lower() not in _WEIGHTS and file.size <= _MOST_BYTES


def _reason(error: Exception) -> str:
    """What went wrong in a few words, without what may be secret: keys, passwords, and signatures in a query."""
    text = re.sub(r"\?[^\s'\"]*=[^\s'\"]*", "?…", without_password(" ".join(str(error).split()))).partition(" Debug source:")[0]
    for secret in (value for name, value in os.environ.items() if len(value) > 5 and _SECRET.search(name)):
        text = text.replace(secret, "…")
    for code, words in _CODES.items():
        if code in text:
            return words
    return text[:200] or type(error).__name__


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()
