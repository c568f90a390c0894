"""What open pages are told: which build there is now, and what is wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass

from reportgen.errors import Mistake, Mistakes, ReportgenError
from reportgen.serve.published import Published

_BEAT = 15.0
"""Seconds after which a comment is sent, so that a page which is gone is noticed."""


@dataclass(frozen=True)
class Complaint:
    """A mistake as a page shows it; its texts are shown as texts."""

    message: str
    file: str = ""
    line: int = 0
    hint: str = ""


class Hub:
    """The state of the work, and the pages that listen.

    Attributes:
        complaints: What is wrong now.
    """

    def __init__(self, published: Published) -> None:
        self.published = published
        self.complaints: tuple[Complaint, ...] = ()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Event] = set()
        self._closed = False

    def tell(self, complaints: Sequence[Complaint] = ()) -> None:
        """Tells all pages what there is now. Called from any thread."""
        self.complaints = tuple(complaints)
        self._wake()

    def close(self) -> None:
        """Ends all streams."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        def wake() -> None:
            for listener in self._listeners:
                listener.set()

        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(wake)

    async def stream(self, page: str) -> AsyncIterator[str]:
        """The events for a page, the first one at once."""
        self._loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        self._listeners.add(woken)
        last = ""
        try:
            while not self._closed:
                woken.clear()
                state = self._state(page)
                yield f"data: {state}\n\n" if state != last else ":\n\n"
                last = state
                try:
                    await asyncio.wait_for(woken.wait(), _BEAT)
                except TimeoutError:
                    continue
        finally:
            self._listeners.discard(woken)

    def _state(self, page: str) -> str:
        return json.dumps(
            {
                "page": self.published.pages.get(page, ""),
                "builds": self.published.builds,
                "complaints": [asdict(one) for one in self.complaints],
            }
        )


def complaints_of(error: Exception) -> tuple[Complaint, ...]:
    """What a build that failed has to say."""
    if isinstance(error, Mistakes):
        return tuple(complaint for one in error.mistakes for complaint in complaints_of(one))
    if isinstance(error, Mistake):
        place = error.place
        return (Complaint(error.message, str(place.file) if place else "", place.line if place else 0, error.hint or ""),)
    if isinstance(error, ReportgenError):
        return (Complaint(str(error)),)
    reason = " ".join(str(error).split()) or "no reason given"
    return (Complaint(f"reportgen has a bug: {type(error).__name__}: {reason}", hint="see it with reportgen --debug build …"),)
