"""Reads TensorBoard's event files, as TensorFlow 1 and 2, Keras, PyTorch and others write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.tensorboard.folders import event_files, files_of_another_trial, is_event_file, run_folder
from reportgen.sources.tensorboard.run import run_of, run_of_file, shared_files
from reportgen.store import Continued

name = "tensorboard"
nested = True


def sniff(path: Path) -> bool:
    """Whether this is a folder with event files (its own, or those of its parts), or a file that begins as one."""
    if path.is_dir():
        return run_folder(path) is not None
    return is_event_file(path)


def opens(path: Path) -> bool:
    """Whether a file that the user named is an event file, by its beginning or (for an empty or damaged one) its name."""
    return path.is_file() and (is_event_file(path) or "tfevents" in path.name)


def owns(path: Path) -> Iterable[Path]:
    """The folders below a run's own that are parts of it."""
    found = run_folder(path) if path.is_dir() else None
    return [part.folder for part in found.parts] if found else []


def parts(path: Path) -> Iterable[Path]:
    """The folder of a run and those that are parts of it, their event files, what lies above for all runs, and another trial beside it."""
    yield path
    yield from shared_files(path if path.is_dir() else path.parent)
    yield from files_of_another_trial(path if path.is_dir() else path.parent)
    for folder in [path, *owns(path)] if path.is_dir() else []:
        yield folder
        yield from event_files(folder)


def read(path: Path) -> Iterator[Run]:
    """The run of a folder with its parts, or of one file.

    Raises:
        OSError: A file cannot be read.
    """
    return read_on(path, None)


def read_on(path: Path, continued: Continued | None) -> Iterator[Run]:
    """As `read`; files that grew are read from where they ended the last time."""
    if not path.is_dir():
        yield run_of_file(path, continued)
    elif (found := run_folder(path)) and (run := run_of(found, continued)):
        yield run
