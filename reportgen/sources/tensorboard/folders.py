"""Which folders make a run of TensorBoard's.

TensorBoard shows each folder with event files as a run of its own. Here some of them are parts of the run above them:

- `train`, `validation` and the like, when all folders with event files beside each other are such parts: Keras, Estimators and
  the Object Detection API lay out one run so. Tags get the name of the part before them (`validation/epoch_loss`). A lone
  `test` or `dev` with nothing above it is taken as a run of that name.
- What PyTorch's `add_scalars("loss", {"a": …, "b": …})` writes: `loss_a` and `loss_b`, each holding nothing but `loss`, which
  become the metrics `loss/a` and `loss/b`.
- What PyTorch's `add_hparams` writes: a folder named after the time, when there is exactly one. Where there are several each
  is a trial, and a run.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from google.protobuf.message import DecodeError

from reportgen.sources.tensorboard.framing import HEADER, RecordFile, starts_with_record
from reportgen.sources.tensorboard.schema import message_class

_PARTS = ("train", "training", "validation", "valid", "val", "eval", "evaluation", "test", "testing", "dev")
_ALONE = frozenset(_PARTS) - {"test", "testing", "dev"}
_TRIAL = re.compile(r"\d{9,11}(\.\d+)?")
_NAMED = "tfevents"
_BEGINNING = 16 * 1024
_LOOKED_AT = 8
_SETTLED = 2_000_000_000
"""Nanoseconds after which a folder that changes again surely has another time of change."""


@dataclass(frozen=True)
class Part:
    """A folder below a run's own that belongs to it.

    Attributes:
        name: What tells a tag that the run has elsewhere, too, from its namesake.
        prefix: What its tags get before them.
        suffix: What they get behind them.
    """

    folder: Path
    name: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class RunFolder:
    """The folders of a run, and whether its own holds event files."""

    folder: Path
    has_files: bool
    parts: tuple[Part, ...] = ()


def event_files(folder: Path) -> list[Path]:
    """The event files of a folder by their names, oldest first: their names hold the time at which they were begun."""
    return _look(folder)[0]


def is_event_file(path: Path) -> bool:
    """Whether a file begins with a sound record that is an event."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER + 16)
    except OSError:
        return False
    payload = head[HEADER:]
    return starts_with_record(head[:HEADER]) and (payload[:1] == b"\x09" or payload.startswith(b"\x1a\x0dbrain.Event:"))


def run_folder(folder: Path) -> RunFolder | None:
    """The run of a folder with the parts of it, None when it has none of its own."""
    files, below = _look(folder)
    named = [path for path in below if path.name.casefold() in _PARTS]
    if not files and (not named or (len(named) == 1 and named[0].name.casefold() not in _ALONE)):
        return None
    below = [path for path in below if event_files(path)]
    named = sorted((path for path in named if path in below), key=lambda path: _PARTS.index(path.name.casefold()))
    trials = [path for path in below if _TRIAL.fullmatch(path.name)]
    lines = {path: tag for path in below if files and path not in named and (tag := _add_scalars_tag(path))}
    others = set(below) - set(named) - set(trials) - lines.keys()
    parts = [Part(path, path.name, f"{path.name}/") for path in named if not others]
    if files:
        parts += [Part(path, path.name, suffix=f"/{path.name.removeprefix(_before(tag))}") for path, tag in lines.items()]
        parts += [Part(path, "hparams") for path in trials if len(trials) == 1]
    return RunFolder(folder, bool(files), tuple(parts)) if files or parts else None


def trials_beside(folder: Path) -> bool:
    """Whether a folder is one of several trials that PyTorch's `add_hparams` wrote beside each other."""
    return bool(files_of_another_trial(folder))


def files_of_another_trial(folder: Path) -> list[Path]:
    """The event files of the first other trial beside a trial; none for what is no trial."""
    if not _TRIAL.fullmatch(folder.name):
        return []
    others = (path for path in _look(folder.parent)[1] if _TRIAL.fullmatch(path.name) and path.name != folder.name)
    return next((files for path in others if (files := event_files(path))), [])


def _look(folder: Path) -> tuple[list[Path], list[Path]]:
    """The event files and the folders in a folder, both by their names.

    What lies above runs is asked for by each of them, so the last few folders are remembered until they change. What a link leads
    to may change without the folder.
    """
    try:
        changed = folder.stat().st_mtime_ns
        if time.time_ns() - changed < _SETTLED:
            return _listed(folder)[:2]
        files, below, has_links = _remembered(folder, changed)
        return _listed(folder)[:2] if has_links else (list(files), list(below))
    except OSError:
        return [], []


@lru_cache(maxsize=64)
def _remembered(folder: Path, changed: int) -> tuple[list[Path], list[Path], bool]:
    return _listed(folder)


def _listed(folder: Path) -> tuple[list[Path], list[Path], bool]:
    """The event files, the folders, and whether there are links."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    files = [Path(entry.path) for entry in entries if _NAMED in entry.name and entry.is_file()]
    below = [folder / entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    return files, below, any(entry.is_symlink() for entry in entries)


def _add_scalars_tag(folder: Path) -> str:
    """The only tag at the beginning of a folder whose name `add_scalars` made of it, else ""."""
    tags: set[str] = set()
    for path in event_files(folder) if "_" in folder.name else ():
        for records in RecordFile(path, _BEGINNING):
            for i in range(min(len(records), _LOOKED_AT)):
                with suppress(DecodeError):
                    tags |= {value.tag for value in message_class("Event").FromString(records.payload(i)).summary.value}
    tag = tags.pop() if len(tags) == 1 else ""
    return tag if tag and folder.name.startswith(_before(tag)) else ""


def _before(tag: str) -> str:
    """How the names of the folders begin that `add_scalars` makes for a tag."""
    return tag.replace("/", "_") + "_"
