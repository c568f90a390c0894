"""What the tests of several rooms share: a browser that watches what a page does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

_PATIENCE = 120_000
"""Milliseconds after which a test no longer waits for a page: only what hangs takes so long, on the slowest machine, too."""


def _has_enough(request: Any) -> bool:
    """Whether Chromium itself ended the loading of sound or film, of which it had what it needed."""
    return bool(request.resource_type == "media" and request.failure == "net::ERR_ABORTED")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in a browser that fails is tried once more, and the closing line says so.

    A machine that others use may stop for seconds between a click and what it does. What is wrong fails twice; what is often tried again is
    named by `-ra` and has to be mended.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Builds of the tests share their drawings with each other and not with the user's own builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTGEN_CACHE", str(tmp_path_factory.getbasetemp().parent / "reportgen-cache"))
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. A machine without it fails: a browser test that does not run proves nothing."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE)
    program = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.fail(f"no browser: none of {', '.join(_BROWSERS)} is installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield running
        running.close()


@dataclass
class Visit:
    """A page that was opened, and what it did that it should not."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def wait_for_charts(self) -> int:
        """Scrolls through the page until each chart is alive or has failed; the number of live ones."""
        # One after the other as they are then: a page may take a chart away that it draws in another way.
        while charts := self.page.query_selector_all(".chart[data-chart]:not(.is-live, .is-failed)"):
            charts[0].evaluate("chart => chart.scrollIntoView({ block: 'nearest', behavior: 'instant' })")
            self.page.wait_for_function("chart => chart.matches('.is-live, .is-failed') || !chart.isConnected", arg=charts[0])
        return self.page.locator(".chart.is-live").count()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a page (a file or an address) and notes console messages, errors, and requests off the disk or the server.

    Keyword arguments go to the browser context: `java_script_enabled`, `viewport`, `color_scheme`, …
    """
    contexts: list[BrowserContext] = []

    def open_page(where: Path | str, **options: Any) -> Visit:
        address = where.resolve().as_uri() if isinstance(where, Path) else where
        own = ("file://", "data:", "blob:") if isinstance(where, Path) else (address.rsplit("/", 1)[0], "data:", "blob:")
        context = browser.new_context(**options)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page)
        page.on("console", lambda message: seen.complaints.append(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: None if _has_enough(request) else seen.complaints.append(f"failed: {request.url}"))
        page.on("request", lambda request: seen.requests.append(request.url) if not request.url.startswith(own) else None)
        page.goto(address)
        return seen

    yield open_page
    for context in contexts:
        context.close()
