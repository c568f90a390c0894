"""Who tells that files have changed: the file system by its events, and a look at all of them now and then.

The look is for what has no events (network drives), for events that are lost, and for folders that were deleted and made
again. Both compare what they find with the same table of states, so that a change is told once.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from reportgen.site.swap import MARKER

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "4913"})
"""Folders without logs or reports, and the file by which Vim finds out whether it may write."""
_LEAST_PAUSE = 1.0
_SHARE = 40
"""A look at all files is followed by a pause that is so many times as long, in seconds at least the one above."""
_MOST_FOLDERS = 5_000
"""The file system is asked for the events of so many folders at most: it has not many more to give."""

State = tuple[int, int, int]


class Watch:
    """The files below some folders and their states.

    Args:
        changed: Is called, from any thread, with the files that have changed, come or gone.
    """

    def __init__(self, changed: Callable[[Collection[Path]], None]) -> None:
        self._changed = changed
        self._states: dict[str, State] = {}
        self._lock = threading.RLock()
        self._roots: frozenset[Path] = frozenset()
        self._events: dict[Path, tuple[Any, tuple[int, int]]] = {}
        self._observer: Any = None
        self._woken, self._stopped = threading.Event(), False
        self._looking = threading.Thread(target=self._look_again, name="reportgen-watch", daemon=True)

    def start(self) -> None:
        """Begins to listen and to look."""
        with suppress(OSError, ImportError):  # Without events the looks are enough.
            from watchdog.observers import Observer

            self._observer = Observer()
            self._observer.daemon = True
            self._observer.start()
        self._looking.start()

    def stop(self) -> None:
        """Ends all threads."""
        self._stopped = True
        self._woken.set()
        if self._observer:
            with suppress(RuntimeError):
                self._observer.stop()
                self._observer.join(2)
        self._looking.join(2)

    def watch(self, roots: Collection[Path]) -> None:
        """Watches these folders and files from now on. What is there now is taken as known where it was not watched before."""
        with self._lock:
            fresh = [root for root in roots if root not in self._roots]
            self._roots = frozenset(roots)
            self._listen()
            for root in fresh:
                self._states = {**_states(root), **self._states}

    def _listen(self) -> None:
        """Asks for the events of each root that is there, anew where it is not the folder that it was."""
        if not self._observer:
            return
        wanted = {root: found for root in _outer(self._roots) if (found := _identity(root))}
        for root, (watch, found) in list(self._events.items()):
            if wanted.get(root) != found:
                with suppress(KeyError, OSError):
                    self._observer.unschedule(watch)
                del self._events[root]
        for root, found in wanted.items():
            if root not in self._events and root.is_dir():
                with suppress(OSError):
                    self._events[root] = (self._observer.schedule(self, str(root), recursive=_is_small(root)), found)

    def dispatch(self, event: Any) -> None:
        """Called by watchdog for each event."""
        if event.is_directory:
            if event.event_type in ("created", "deleted", "moved"):
                self._woken.set()
            return
        if event.event_type in ("opened", "closed_no_write"):
            return
        self._tell(os.fsdecode(path) for path in (event.src_path, getattr(event, "dest_path", "")) if path)

    def _tell(self, paths: Iterator[str]) -> None:
        """Tells of the files among these whose states are others than those that are known."""
        with self._lock:
            changed = [Path(path) for path in paths if not _is_ignored(path, self._roots) and self._has_changed(path, _state(path))]
        if changed:
            self._changed(changed)

    def _has_changed(self, path: str, state: State | None) -> bool:
        if self._states.get(path) == state:
            return False
        if state is None:
            del self._states[path]
        else:
            self._states[path] = state
        return True

    def _look_again(self) -> None:
        pause = _LEAST_PAUSE
        while not self._stopped:
            self._woken.wait(pause)
            self._woken.clear()
            if self._stopped:
                return
            started = time.monotonic()
            self.look()
            pause = max(_LEAST_PAUSE, _SHARE * (time.monotonic() - started))

    def look(self) -> None:
        """Looks at all files now."""
        with self._lock:
            self._listen()
            roots = self._roots
        began = dict(self._states)
        found: dict[str, State] = {}
        for root in _outer(roots):
            found |= _states(root)
        # What an event told of meanwhile is newer than the look.
        self._tell(path for path in (*found, *began) if found.get(path) != began.get(path))


def _outer(roots: Collection[Path]) -> list[Path]:
    """The roots that lie in no other one."""
    return [root for root in sorted(roots) if not any(other != root and root.is_relative_to(other) for other in roots)]


def _states(root: Path) -> dict[str, State]:
    """The states of the files of a root."""
    if root.is_file():
        state = _state(str(root))
        return {str(root): state} if state else {}
    found: dict[str, State] = {}
    waiting = [str(root)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        if any(entry.name == MARKER for entry in entries):
            continue
        for entry in entries:
            if _is_skipped(entry.name):
                continue
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif state := _state(entry.path):
                    found[entry.path] = state
    return found


def _state(path: str) -> State | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name.endswith(("~", ".swp", ".swx", ".tmp")) or name in _SKIPPED


def _is_ignored(path: str, roots: Collection[Path]) -> bool:
    """Whether a file is below none of the roots, hidden below it, or in a site."""
    here = Path(path)
    above = [root for root in roots if here.is_relative_to(root)]
    if not above:
        return True
    root = max(above, key=lambda one: len(one.parts))
    if any(map(_is_skipped, here.relative_to(root).parts)):
        return True
    return any((folder / MARKER).exists() for folder in here.parents if folder.is_relative_to(root))


def _is_small(root: Path) -> bool:
    """Whether a folder has not more folders below it than events can be asked for."""
    count = 0
    for _folder, below, _files in os.walk(root):
        below[:] = [name for name in below if not _is_skipped(name)]
        count += len(below)
        if count > _MOST_FOLDERS:
            return False
    return True
