"""Where the files of a run lie.

A location that a store names is followed only inside the store's own directory. A database that the user named by its address may
have the files elsewhere on this machine: there only a directory that bears the random id of the run or model is one of MLflow's, so
that nobody who writes to the database has any other shown.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from reportgen.sources.mlflow.record import Record, StoredFile

_HOMES = ("", "mlruns", "mlartifacts")
"""Folders beside a store in which MLflow keeps artifacts when nobody says otherwise."""

_WINDOWS = re.compile(r"/?[A-Za-z]:[\\/]")


_OWN_ID = re.compile(r"(m-)?[0-9a-f]{32}")


def add_files(record: Record, root: Path | None, usual: Path | None = None, *, is_named: bool = False) -> None:
    """Fill in the files of a run and of its models.

    Args:
        record: The run.
        root: The store's directory; None for a store that has none on this machine.
        usual: Where the artifacts lie in a store of files, which is looked at first.
        is_named: Whether the user named the store by its address, and its files may lie elsewhere on this machine.
    """

    def located(location: str, identifier: str) -> list[StoredFile] | None:
        if root is not None and (inside := _directory(location, root)) is not None:
            return stored_files(inside, root)
        own = _own_directory(location, identifier) if is_named else None
        return stored_files(own, own) if own is not None else None

    if usual is not None and usual.is_dir() and root is not None:
        record.files = stored_files(usual, root)
    elif (files := located(record.location, record.id)) is not None:
        record.files = files
    elif record.location and (_is_elsewhere(record.location, root) or _tells_of_files(record)):
        record.lost(f"The artifacts of this run are not shown: they lie at {_shown(record.location)}{_why(record.location, root)}.")
    for model in record.models:
        if (files := located(model.location, model.id)) is not None:
            record.model_files[model.id] = files


def stored_files(directory: Path, root: Path) -> list[StoredFile]:
    """All files below a directory by their paths; links that lead out of the root are left out."""
    real_root = root.resolve()
    found = []
    for folder, _, names in os.walk(directory):
        for name in names:
            file = Path(folder, name)
            try:
                if file.resolve().is_relative_to(real_root) and file.is_file():
                    found.append(StoredFile(file.relative_to(directory).as_posix(), file.stat().st_size, file.absolute()))
            except (OSError, RuntimeError, ValueError):
                continue
    return sorted(found, key=lambda file: file.path)


def local_path(location: str) -> str | None:
    """The path that a location means, with slashes; None for an address of something else than a file."""
    if _WINDOWS.match(location):
        return location.replace("\\", "/")
    parts = urlsplit(location)
    if parts.scheme == "file":
        return unquote(parts.path) or None
    if parts.scheme == "mlflow-artifacts":
        return unquote(parts.path).lstrip("/") or None
    return None if parts.scheme else location.replace("\\", "/")


def _directory(location: str, root: Path | None) -> Path | None:
    """The directory of a location: where it says, or, for a store that was moved, the end of its path inside the root."""
    path = local_path(location) if location else None
    if path is None or root is None or "\0" in path:
        return None
    parts = [part for part in PurePosixPath(path).parts if part != "/"]
    if ".." in parts:
        return None
    ends = [PurePosixPath(*parts[i:]) for i in range(len(parts)) if len(parts) - i >= min(3, len(parts))]
    candidates = [Path(path)] if PurePosixPath(path).is_absolute() else []
    candidates += [root / home / end for end in ends for home in _HOMES]
    return next((one for one in candidates if _is_inside(one, root)), None)


def _own_directory(location: str, identifier: str) -> Path | None:
    """The directory of a location that ends as MLflow makes it, with the id of the run or model and "artifacts"; links do not count."""
    path = local_path(location) if location else None
    if path is None or "\0" in path or not PurePosixPath(path).is_absolute() or not _OWN_ID.fullmatch(identifier):
        return None
    try:
        real = Path(path).resolve()
        return real if real.parts[-2:] == (identifier, "artifacts") and real.is_dir() else None
    except (OSError, RuntimeError, ValueError):
        return None


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.is_dir() and path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _is_elsewhere(location: str, root: Path | None) -> bool:
    """Whether a location is on another machine, or on this one outside of the store.

    Of a store without a directory, a folder that is missing is on another machine, but for a run without files in an experiment
    that has its folder here.
    """
    path = local_path(location)
    if path is None:
        return True
    try:
        if root is None:
            return os.path.isdir(path) or not Path(path).parent.parent.is_dir()
        return os.path.isabs(path) and os.path.isdir(path)
    except ValueError:
        return True


def _tells_of_files(record: Record) -> bool:
    """Whether the run's tags say that it logged files."""
    return any(record.tags.get(f"mlflow.{name}", "[]") != "[]" for name in ("loggedArtifacts", "loggedImages", "log-model.history"))


def _why(location: str, root: Path | None) -> str:
    if local_path(location) is None:
        return ", which is not read"
    if root is None:
        return ", which is not the run's own folder on this machine"
    return ", which is outside of the store's directory" if _is_elsewhere(location, root) else ", where there is nothing"


def _shown(location: str) -> str:
    """A location without the password that may be in it."""
    return re.sub(r"//[^/@\s]*@", "//", location)[:300]
