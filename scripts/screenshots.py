"""Takes pictures of a built site: `scripts/screenshots.py SITE OUT [PAGE…]`, each page at 1440 and 390 pixels, light and dark."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}


def main(site: Path, out: Path, pages: list[str], full: bool = True) -> None:
    """Writes `out/<page>-<width>-<scheme>.png` for each page."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for name, (width, height) in WIDTHS.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.on("console", lambda message: print("console:", message.text))
                page.on("pageerror", lambda error: print("error:", error))
                for path in pages:
                    page.goto((site / path).resolve().as_uri())
                    _wake(page)
                    page.screenshot(path=out / f"{path.replace('/', '-').removesuffix('.html')}-{name}-{scheme}.png", full_page=full)
        browser.close()


def chromium(playwright: Playwright) -> Browser:
    """The Chromium of this machine, without a word to anybody."""
    path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--disable-component-update", "--disable-sync"])


def _wake(page: object) -> None:
    """Scrolls through the page so that every chart comes alive, and back to the top."""
    page.evaluate(  # type: ignore[attr-defined]
        """async () => {
            for (let y = 0; y < document.body.scrollHeight; y += 600) {
                window.scrollTo(0, y); await new Promise(done => setTimeout(done, 120));
            }
            window.scrollTo(0, 0); await new Promise(done => setTimeout(done, 600));
        }"""
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or ["index.html"])
