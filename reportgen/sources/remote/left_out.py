"""What is said of files that were not copied from another machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportgen.sources.remote.place import Mirror

_SHOWN = 3


def left_out(mirror: Mirror, logs: Sequence[Path]) -> dict[int, list[str]]:
    """The sentences on the files that a copy left out, by the position of the run that they are told with.

    A file belongs to the run in whose folder it lies. Files that lie in no run's folder, or in one of several runs (a database), are told
    once, with the first run: they must not be missing without a word, and there is no place for what is true of a load as a whole.

    Args:
        mirror: The copy.
        logs: Where the runs of this copy were read: their folders or files.
    """
    folders = [log if log.is_dir() else log.parent for log in logs]
    by_folder: dict[Path, list[int]] = {}
    for position, folder in enumerate(folders):
        by_folder.setdefault(folder, []).append(position)
    root = mirror.folder.resolve()
    of_run: dict[int, list[tuple[str, int]]] = {}
    of_none: list[tuple[str, int]] = []
    for name, size in mirror.left_out:
        owners = next((by_folder[folder] for folder in (root / name).parents if folder in by_folder), [])
        (of_run.setdefault(owners[0], []) if len(owners) == 1 else of_none).append((name, size))
    told = {position: [_sentence(files, "of this run")] for position, files in of_run.items()}
    if of_none and logs:
        told.setdefault(0, []).append(_sentence(of_none, "beside the runs"))
    return told


def _sentence(files: Sequence[tuple[str, int]], whose: str) -> str:
    """“2 files of this run (1.2 GB; model weights and very large files) were not copied from the address: model.pt, last.ckpt.”"""
    files_of, were = ("file", "was") if len(files) == 1 else ("files", "were")
    about = f"{amount(sum(size for _, size in files))}; model weights and very large files"
    shown = ", ".join(name for name, _ in files[:_SHOWN]) + (", …" if len(files) > _SHOWN else "")
    return f"{len(files):,} {files_of} {whose} ({about}) {were} not copied from the address: {shown}."


def amount(size: int) -> str:
    """A number of bytes for people.

    >>> amount(12), amount(2_500_000), amount(4_100_000_000)
    ('12 B', '2.5 MB', '4.1 GB')
    """
    for unit, bytes_of_unit in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_of_unit:
            return f"{size / bytes_of_unit:,.1f} {unit}"
    return f"{size} B"
