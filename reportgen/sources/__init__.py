"""Paths in, runs out: one room per log format, and `load`, which finds the logs and reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from reportgen.errors import SourceError
from reportgen.model import LogWarning, Run, Runs
from reportgen.sources.addresses import as_shown
from reportgen.sources.discovery import Found, find
from reportgen.sources.git_remotes import cleaned
from reportgen.sources.naming import told_apart
from reportgen.sources.reading import no_collection, read_logs
from reportgen.sources.registry import Reader, readers
from reportgen.sources.remote import left_out
from reportgen.sources.resumed import joined
from reportgen.store import Store

__all__ = ["Logs", "Reader", "Where", "load", "readers"]

Where: TypeAlias = str | Path
"""A directory, a file, a glob or an address."""


def load(
    *sources: Where | Mapping[str, Where | Iterable[Where]],
    base: Path | None = None,
    progress: Callable[[int, int, Path], None] | None = None,
    cache: bool = True,
) -> Runs:
    """The runs of one or several sources, each log read once however often it is named, a resumed run made one.

    Args:
        sources: Directories, files, globs and addresses; a mapping gives them labels (`Source.label`).
        base: What relative paths are relative to; by default the working directory.
        progress: Called with the number of logs read, their total, and the path of one that is read now; before that, for logs of
            another machine, with those of the files that are copied.
        cache: Whether logs that have not changed since they were last read come from the store in the user's cache folder.

    Raises:
        SourceError: A source is not there, or no run is found.
    """
    def copied(done: int, total: int) -> None:
        if progress:
            progress(done, total, Path())

    return Logs(*sources, base=base, cache=cache, copied=copied).read(progress)


class Logs:
    """The logs that sources mean, found and not yet read; the arguments and errors are those of `load`.

    Args:
        copied: Called with the number of files that were copied from another machine, and how many there are.
    """

    def __init__(
        self,
        *sources: Where | Mapping[str, Where | Iterable[Where]],
        base: Path | None = None,
        cache: bool = True,
        copied: Callable[[int, int], None] | None = None,
    ) -> None:
        named = [one for source in sources for one in _labelled(source)]
        if not named:
            raise SourceError("no runs: no source was given", hint="name a directory or a file with logs")
        self._store = Store() if cache else None
        self._logs: dict[str, tuple[Found, str]] = {}
        for label, where in named:
            with no_collection():
                here = list(find(_based(where, base), self._store, copied))
            if not here:
                known = ", ".join(reader.name for reader in readers())
                hint = f"{_content(_based(where, base))}; known formats are {known}"
                raise SourceError(f"no run found in '{as_shown(str(where))}'", hint=hint)
            for found in here:
                self._logs.setdefault(str(found.path), (found, label))

    @property
    def state(self) -> str | None:
        """A text that is the same as long as all logs are as they were when they were last read; None when some may have changed."""
        if not all(found.known for found, _ in self._logs.values()):
            return None
        mirrors = {found.mirror.folder: found.mirror.left_out for found, _ in self._logs.values() if found.mirror}
        logs = (f"{path}\t{found.known}\t{label}" for path, (found, label) in self._logs.items())
        return "\n".join([*logs, *(f"{folder}\t{files}" for folder, files in mirrors.items())])

    def read(self, progress: Callable[[int, int, Path], None] | None = None) -> Runs:
        """The runs."""
        read = read_logs([found for found, _ in self._logs.values()], self._store, progress)
        if self._store:
            self._store.commit()
        with no_collection():
            read = _told_of_left_out(read, [found for found, _ in self._logs.values()])
            labels = (label for _, label in self._logs.values())
            runs = [cleaned(_labelled_run(run, label)) for several, label in zip(read, labels, strict=True) for run in several]
            return Runs(told_apart(joined(_once(runs))))


def _labelled(source: Where | Mapping[str, Where | Iterable[Where]]) -> list[tuple[str, Where]]:
    if not isinstance(source, Mapping):
        return [("", source)]
    listed = ((label, [where] if isinstance(where, str | Path) else where) for label, where in source.items())
    return [(str(label), where) for label, many in listed for where in many]


def _based(where: Where, base: Path | None) -> Where:
    """The path below `base`, unless it is absolute, of a home directory, or an address."""
    text = str(where)
    return where if base is None or text.startswith("~") or "://" in text else str(base / text)


def _labelled_run(run: Run, label: str) -> Run:
    return replace(run, source=replace(run.source, label=label)) if label else run


def _told_of_left_out(runs: list[list[Run]], logs: list[Found]) -> list[list[Run]]:
    """The runs of each log, those of other machines with what was not copied."""
    mirrors = {found.mirror.folder: found.mirror for found in logs if found.mirror and found.mirror.left_out}
    for mirror in mirrors.values():
        copies = [i for i, found in enumerate(logs) if found.mirror and found.mirror.folder == mirror.folder]
        here = [(i, j) for i in copies for j in range(len(runs[i]))]
        told = left_out(mirror, [runs[i][j].source.path for i, j in here])
        for position, sentences in told.items():
            i, j = here[position]
            run = runs[i][j]
            said = tuple(LogWarning(text, run.source.path, is_loss=False) for text in sentences)
            runs[i] = [*runs[i][:j], replace(run, warnings=(*run.warnings, *said)), *runs[i][j + 1 :]]
    return runs


def _once(runs: list[Run]) -> list[Run]:
    """The runs without those that were read from the same file twice (as its directory and as itself)."""
    return list({(str(run.source.path), run.id): run for run in reversed(runs)}.values())[::-1]


def _content(where: Where) -> str:
    """A few words on what is there instead of runs."""
    path = Path(where).expanduser()
    if not path.is_dir():
        return "it is no log"
    files = sorted(one.name for one in path.iterdir())
    return f"there is {', '.join(files[:5])}{', …' if len(files) > 5 else ''}" if files else "the directory is empty"
