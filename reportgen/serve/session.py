"""The work of `serve`: waits for changes, lets a burst of them pass, builds, and tells the pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from reportgen.errors import Mistake, Mistakes, ReportgenError
from reportgen.remembering import Memory, using
from reportgen.serve.hub import Complaint, Hub, complaints_of
from reportgen.serve.inputs import Inputs, inputs_of
from reportgen.serve.published import Published
from reportgen.serve.request import Request
from reportgen.serve.watching import Watch
from reportgen.site.build import contents, prepare, warnings_in

_QUIET, _LONGEST = 0.015, 0.15
"""Seconds without a further change after which a saved file is built, and after which it is built in any case."""
_QUIET_LOGS, _LONGEST_LOGS = 0.15, 0.5
"""The same for logs, which are written to all the time."""
_SECOND_LOOK = 0.08
"""After so many seconds a mistake is said, unless the file has changed again: an editor may write in two steps."""
_AGAIN = 1.0
"""Seconds after which logs that could not be read are looked at again; only then is it said."""
_REST = 0.5
"""After a build for logs there is a rest of this part of the time that it took."""
_LONGEST_REST = 5.0


class Session:
    """Builds again and again, in the thread that calls `run`.

    Args:
        say: Takes a line for the terminal.
    """

    def __init__(self, request: Request, published: Published, hub: Hub, say: Callable[[str], None]) -> None:
        self.request, self.published, self.hub, self.say = request, published, hub, say
        self.watch = Watch(self.changed)
        self.inputs = Inputs(request.target.absolute())
        self._memory = Memory()
        self._news = threading.Condition()
        self._sources: set[Path] = set()
        self._logs: set[Path] = set()
        self._first_news = self._last_news = 0.0
        self._rested = 0.0
        self._doubtful = False
        self._stopped = False
        self._told: dict[str, None] = {}

    def run(self) -> None:
        """Builds, and goes on building until `stop`."""
        self.watch.start()
        self._build((), ())
        while self._wait():
            with self._news:
                # A saved file does not wait for the logs of a training.
                logs = set() if self._sources else self._logs
                sources, self._sources, self._logs = self._sources, set(), self._logs - logs
            self._build(sources, logs)

    def stop(self) -> None:
        """Ends `run`, after the build that is going on."""
        self._stopped = True
        with self._news:
            self._news.notify_all()
        self.watch.stop()

    def changed(self, paths: Collection[Path]) -> None:
        """Called by the watch."""
        with self._news:
            now = time.monotonic()
            if not self._sources and not self._logs:
                self._first_news = now
            for path in paths:
                if self.inputs.is_log(path):
                    self._logs.add(path)
                # What a mistake waits for may be any file; what changes otherwise, such as our own output, is none of our business.
                elif self.inputs.is_source(path) or self.hub.complaints:
                    if not self._sources:
                        self._first_news = now
                    self._sources.add(path)
            if any(path in self._sources or path in self._logs for path in paths):
                self._last_news = now
                self._news.notify_all()

    def _wait(self) -> bool:
        """Waits until there is something to build; False when it is over."""
        with self._news:
            while not self._stopped:
                if not self._sources and not self._logs:
                    self._news.wait()
                    continue
                quiet, longest = (_QUIET, _LONGEST) if self._sources else (_QUIET_LOGS, _LONGEST_LOGS)
                due = min(self._last_news + quiet, self._first_news + longest)
                if not self._sources:
                    due = max(due, self._rested)
                left = due - time.monotonic()
                if left <= 0:
                    return True
                self._news.wait(left)
        return False

    def _build(self, sources: Collection[Path], logs: Collection[Path]) -> None:
        started = time.monotonic()
        if logs:
            self._memory.logs += 1
        try:
            warnings = self._built()
        except Exception as error:  # Whatever goes wrong, the last good site stays and is served.
            self._failed(error, sources, logs)
            return
        self._doubtful = False
        took = time.monotonic() - started
        if not sources:
            self._rested = time.monotonic() + min(_REST * took, _LONGEST_REST)
        if sources or (logs and self.published.changed):
            self.say(_line(self._names(sources, logs), self._effect(), took))
        if logs and not sources:
            return  # While a log is written to, its end is often half a record.
        for warning in warnings:
            if warning not in self._told:
                self.say(f"note: {warning}")
        self._told = dict.fromkeys(warnings)

    def _built(self) -> tuple[str, ...]:
        """Builds and publishes; the warnings."""
        request = self.request
        with using(self._memory):
            self.inputs = inputs_of(request.target, request.runs, request.theme, self.inputs)
            self.watch.watch(self.inputs.roots)
            workspace, documents = prepare(request.target, request.runs, request.params, request.theme, request.cache, None)
            workspace = workspace.asked(request.query)
            warnings = warnings_in(workspace, documents)
            if request.strict and warnings:
                raise Mistakes(Mistake(warning) for warning in warnings)
            self.published.publish(list(contents(workspace, documents)))
        self.hub.tell()
        self._memory.forget()
        files = frozenset(file.source.absolute() for document in documents for file in document.files if file.content is None)
        self.inputs = replace(self.inputs, files=frozenset(one for one in files if not self.inputs.is_log(one)))
        self.watch.watch(self.inputs.roots)
        return warnings

    def _failed(self, error: Exception, sources: Collection[Path], logs: Collection[Path]) -> None:
        is_first = not sources and not logs
        if logs and not sources and not self._doubtful and isinstance(error, ReportgenError):
            # Most likely a log that is half written: it is looked at once more before anything is said.
            self._doubtful = True
            with self._news:
                self._logs |= set(logs)
                self._first_news = self._last_news = time.monotonic()
            self._rested = time.monotonic() + _AGAIN
            return
        with self._news:
            if not is_first and self._news.wait_for(lambda: self._sources or self._stopped, _SECOND_LOOK):
                return
        complaints = complaints_of(error)
        if complaints == self.hub.complaints:
            return
        self.hub.tell(complaints)
        count = "1 mistake" if len(complaints) == 1 else f"{len(complaints)} mistakes"
        self.say(f"{time.strftime('%H:%M:%S')}  {self._names(sources, logs)}: {count}")
        for one in complaints:
            self.say(f"  {_written(one)}")

    def _names(self, sources: Collection[Path], logs: Collection[Path]) -> str:
        """What changed, in a few words."""
        shown = sorted(sources or logs)
        what = "" if len(shown) == 1 else "files" if sources else "logs"
        if not shown:
            return "first build"
        if len(shown) > 1:
            return f"{len(shown)} {what}"
        path = shown[0]
        return str(path.relative_to(self.inputs.folder) if path.is_relative_to(self.inputs.folder) else path)

    def _effect(self) -> str:
        changed = self.published.changed
        if len(changed) == 1:
            return changed[0]
        return f"{len(changed)} pages" if changed else "nothing to see"


def _line(what: str, effect: str, seconds: float) -> str:
    return f"{time.strftime('%H:%M:%S')}  {what} → {effect}, {seconds:.2f} s"


def _written(one: Complaint) -> str:
    place = f"{one.file}:{one.line}: " if one.file and one.line else f"{one.file}: " if one.file else ""
    return f"{place}{one.message}" + (f"; {one.hint}" if one.hint else "")
