"""Takes the pictures of README and docs/gallery.md anew: `scripts/gallery.py [NAME…]`, all or those of some pages, with the project
installed and npm and Chromium at hand.

The sites are built from the examples and from logs of the tests, into a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from screenshots import chromium

from reportgen.site.build import build

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tests"))
RUN, OTHER = "6a3jd4q0", "a18jvnwn"
"""Two runs of the walkthrough."""
TABLE = f"?run={1:032x}&step=0&with={2:032x}&with-step=0"
Act = Callable[[Page], Any]


@dataclass(frozen=True)
class Shot:
    """A kind of page.

    Attributes:
        name: Of its pictures, `gallery/<name>-light.png` and `-dark.png`.
        page: A path below the folder of the sites, with a query if there is one.
        act: What is done before the picture is taken.
    """

    name: str
    page: str
    act: Act = lambda _page: None


def search(page: Page) -> None:
    """Opens the search and finds something."""
    page.keyboard.press("/")
    page.locator(".search-field").fill("sweep")
    page.wait_for_selector(".search-option")


def menu(page: Page) -> None:
    """Opens the menu of the first chart."""
    page.locator(".chart-menu").first.scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 200)")
    page.locator(".chart").first.hover()
    page.locator(".chart-menu button").first.click()


def block(kind: str) -> Act:
    """Goes to the first block of a kind in a report, and waits for its charts."""

    def go(page: Page) -> None:
        page.locator(f".block-{kind}").first.evaluate("block => scrollTo(0, block.getBoundingClientRect().top + scrollY - 80)")
        page.wait_for_timeout(3000)

    return go


def answered(page: Page) -> None:
    """Waits for the answer of DuckDB."""
    page.locator("[data-busy]").wait_for(state="detached", timeout=120_000)


SHOTS = (
    Shot("report", "walkthrough/index.html"),
    Shot("importance", "digits/index.html", block("importance")),
    Shot("statistics", "seeds/index.html", block("compare")),
    Shot("profile", "seeds/index.html", block("profile")),
    Shot("diff", "digits/index.html", block("diff")),
    Shot("how-to-read", "digits/how-to-read.html"),
    Shot("reports", "reports/index.html"),
    Shot("chart-menu", "walkthrough/index.html", menu),
    Shot("runs", "walkthrough/runs.html"),
    Shot("runs-table", "walkthrough/runs.html?view=table"),
    Shot("runs-grouped", "walkthrough/runs.html?group=config.optimizer.name&smooth=0.6"),
    Shot("run", f"walkthrough/runs/{RUN}.html"),
    Shot("run-bare", "optuna/runs/digits-0-*.html"),
    Shot("gradients", f"walkthrough/gradients/{RUN}.html"),
    Shot("sweeps", "optuna/sweeps.html"),
    Shot("sweep", "digits/sweeps/test-pytorch-random-search-*.html"),
    Shot("sweep-objectives", "optuna/sweeps/digits-size-vs-accuracy.html"),
    Shot("tables", "walkthrough/tables.html"),
    Shot("table", 'predictions/tables/predictions.json.html?only=[["kind",["=","dog"]]]'),
    Shot("table-compared", f"predictions/tables/predictions.json.html{TABLE}&changed=1"),
    Shot("artifacts", "walkthrough/artifacts.html"),
    Shot("artifact", "walkthrough/artifacts/model-digits-cnn-*.html"),
    Shot("query", "walkthrough/query.html", answered),
    Shot("search", "walkthrough/runs.html", search),
    Shot("keys", "walkthrough/runs.html", lambda page: page.keyboard.press("?")),
    Shot("not-found", "walkthrough/404.html"),
)
LARGE, PHONE = (1440, 900), (390, 844)
IN_README = {
    "report": ("report", "light"), "importance": ("importance", "light"),
    "run": ("run", "dark"), "dashboard": ("runs", "light"), "sweep": ("sweep", "light"),
    "table": ("table", "light"), "gradients": ("gradients", "dark"), "artifact": ("artifact", "light"),
}  # fmt: skip
"""Pictures of README, `<name>-<scheme>.png`, and which page is on them."""
PHONES = (("runs", "dark"), ("sweep", "light"), ("run", "dark"), ("table", "light"), ("artifact", "dark"))


def main() -> None:
    """Builds the sites and takes all pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sites = Path(folder)
        built(sites)
        browser = chromium(playwright)
        take = _Camera(browser, sites)
        for shot in SHOTS:
            if sys.argv[1:] and shot.name not in sys.argv[1:]:
                continue
            kept(take(shot, LARGE, "light"), DOCS / "gallery" / f"{shot.name}-light.png")
            kept(take(shot, PHONE, "dark"), DOCS / "gallery" / f"{shot.name}-dark.png")
        if sys.argv[1:]:
            return
        by_name = {shot.name: shot for shot in SHOTS}
        for name, (page, scheme) in IN_README.items():
            kept(take(by_name[page], LARGE, scheme), DOCS / f"{name}-{scheme}.png")
        phones = Image.new("RGB", (len(PHONES) * PHONE[0], PHONE[1]))
        for i, (page, scheme) in enumerate(PHONES):
            phones.paste(take(by_name[page], PHONE, scheme), (i * PHONE[0], 0))
        kept(phones, DOCS / "phones.png")
        browser.close()


def built(sites: Path) -> None:
    """The sites that the pictures are of."""
    from table_logs import write_predictions

    build(ROOT / "examples" / "walkthrough" / "report.md", out=sites / "walkthrough", query="browser")
    build(ROOT / "examples" / "digits" / "report.md", out=sites / "digits")
    build(ROOT / "examples" / "seeds" / "report.md", out=sites / "seeds")
    build(ROOT / "examples", out=sites / "reports")
    build(ROOT / "tests" / "data" / "optuna", out=sites / "optuna")
    write_predictions(sites / "logs")
    build(sites / "logs", out=sites / "predictions")


class _Camera:
    def __init__(self, browser: Any, sites: Path) -> None:
        self.browser, self.sites = browser, sites

    def __call__(self, shot: Shot, size: tuple[int, int], scheme: str) -> Image.Image:
        """The first screen of a page."""
        path, _, query = shot.page.partition("?")
        (found,) = self.sites.glob(path)
        page = self.browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        page.goto(found.resolve().as_uri() + (f"?{query}" if query else ""))
        page.wait_for_timeout(1500)
        shot.act(page)
        page.wait_for_timeout(700)
        target = self.sites / "shot.png"
        page.screenshot(path=target)
        page.close()
        with Image.open(target) as image:
            return image.convert("RGB")


def kept(image: Image.Image, path: Path) -> None:
    """Writes a picture in 256 colours."""
    path.parent.mkdir(exist_ok=True)
    image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
