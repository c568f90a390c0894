"""What a test waits for between what it does on a page and what it reads there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 120
"""Seconds after which something that was waited for is said not to come."""


def drawn(seen: Any) -> None:
    """Waits until the charts in view that the page draws on canvases are up to date."""
    seen.page.wait_for_selector(":is(.dash-charts, [data-run-charts]):not([data-busy])", state="attached")


def next_frame(page: Any) -> None:
    """Waits for a frame of the page: what it had put off to its next one is done then, however slow the machine is."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))")


def copied_link(seen: Any) -> str:
    """The address of the view, which the page writes a moment later by itself, and at once when its link is copied."""
    return str(seen.page.get_by_title("copies the address of this view").evaluate("(button) => { button.click(); return location.href; }"))


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Waits until something holds that is known on this side: that the page has complained, for example."""
    end = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < end:
        page.wait_for_timeout(50)


def address(page: Any) -> str:
    """The address as the page itself has it; `page.url` is told a moment later."""
    return str(page.evaluate("location.href"))
