"""Names and ids of runs whose log names none: those of their folders."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.model import Run

_LETTER = re.compile(r"[^\W\d_]")
_TRIAL = re.compile(r"trial-\d+")


def folder_name(folder: Path) -> str:
    """The folder's name, with those above it as long as there is no letter in it (`2026-11-20/10-11-12`)."""
    parts = [folder.name]
    for parent in folder.parents:
        if _LETTER.search(parts[0]) or not parent.name or _LETTER.search(parent.name) or len(parts) == 3:
            break
        parts.insert(0, parent.name)
    return "/".join(parts) or "run"


def content_id(name: str, *content: bytes) -> str:
    """An id that stays the same wherever the log lies: a name, and eight hexadecimal digits over the log's beginning."""
    digest = hashlib.sha256(b"\0".join(content)).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name).strip('-.') or 'run'}-{digest}"


def told_apart(runs: Sequence[Run]) -> list[Run]:
    """The runs, with the folders above put before equal names (`lr0.1/version_0`, `lr0.2/version_0`) and studies before trials.

    Only a name that is the end of the run's own path is changed: what a tracker calls a run stays as it is.
    """
    runs = _with_studies(runs)
    by_name: dict[str, list[Run]] = {}
    for run in runs:
        by_name.setdefault(run.name, []).append(run)
    twins = [same for same in by_name.values() if len(same) > 1]
    names = {id(run): name for same in twins for run, name in zip(same, _longer(same), strict=True)}
    return [replace(run, name=names[id(run)]) if id(run) in names else run for run in runs]


def _with_studies(runs: Sequence[Run]) -> Sequence[Run]:
    """The runs, with the study put before the number of a trial as soon as there are several studies (`width/trial-3`)."""
    studies = {run.sweep for run in runs if run.sweep and _TRIAL.fullmatch(run.name)}
    if len(studies) < 2:
        return runs
    return [replace(run, name=f"{run.sweep}/{run.name}") if run.sweep in studies and _TRIAL.fullmatch(run.name) else run for run in runs]


def _longer(same: Sequence[Run]) -> list[str]:
    """For runs of one name, names that differ as early as their paths allow."""
    folders = [folder for run in same if (folder := _folder(run))]
    if len(set(folders)) < len(same):
        return [run.name for run in same]
    least = same[0].name.count("/") + 1
    for count in range(least + 1, least + 6):
        names = ["/".join(folder.parts[-count:]) for folder in folders]
        if len(set(names)) == len(names):
            return names
    return [run.name for run in same]


def _folder(run: Run) -> Path | None:
    """The folder that gave the run its name, or None when it got it from elsewhere."""
    for folder in (run.source.path, run.source.path.parent):
        if run.name == "/".join(folder.parts[-(run.name.count("/") + 1) :]):
            return folder
    return None
