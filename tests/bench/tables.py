"""How smooth the page of a table of 100,000 rows is in Chromium. A script, not a test.

    python tests/bench/tables.py [--rows 100000]

For each thing that a reader does it prints the seconds until it is done and the longest task (during which the browser can do nothing
else), in milliseconds by the clock and of processor time, which other programs do not change; before it, how long the build took
and how large the largest of the table's scripts is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from table_logs import write_long

from reportgen.site.build import build

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
_SCROLL = """async () => {
  const box = document.querySelector('.grid-scroll');
  for (let i = 0; i <= 120; i++) {
    box.scrollTop = (box.scrollHeight * i) / 120;
    await new Promise(requestAnimationFrame);
  }
}"""
_SETTLED = "() => document.querySelector('.grid-table').dataset.busy === undefined"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        write_long(Path(folder) / "logs", rows)
        begin = time.perf_counter()
        build(Path(folder) / "logs", out=Path(folder) / "site")
        size = max(path.stat().st_size for path in (Path(folder) / "site" / "data" / "tables").iterdir())
        print(f"{rows:,} rows: built in {time.perf_counter() - begin:.1f} s, largest script {size / 1e6:.1f} MB")
        _measure(Path(folder) / "site" / "tables" / "long.json.html")


def _measure(page: Path) -> None:
    from playwright.sync_api import sync_playwright

    program = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        _timed(browser, tab, "open", lambda: tab.goto(page.resolve().as_uri()))
        _timed(browser, tab, "scroll from the first row to the last", lambda: tab.evaluate(_SCROLL))
        for name in ("score", "note"):
            for direction in ("ascending", "descending"):
                _timed(browser, tab, f"sort by {name}, {direction}", lambda name=name: tab.click(f"th[data-name={name}] .sort"))
        _timed(browser, tab, "search for a word", lambda: tab.fill("[data-view=q]", "horse"))
        _timed(browser, tab, "search for digits", lambda: tab.fill("[data-view=q]", "99"))
        _timed(browser, tab, "no search", lambda: tab.fill("[data-view=q]", ""))
        _timed(browser, tab, "a condition", lambda: tab.fill("[data-view=where]", "label <> prediction and score > 1"))
        _timed(browser, tab, "no condition", lambda: tab.fill("[data-view=where]", ""))
        _timed(browser, tab, "group by a column", lambda: tab.get_by_label("Group by").select_option("kind"))
        browser.close()


def _timed(browser: Any, tab: Any, name: str, act: Callable[[], Any]) -> None:
    browser.start_tracing(page=tab, categories=["toplevel", "devtools.timeline"])
    begin = time.perf_counter()
    act()
    tab.wait_for_timeout(200)
    tab.wait_for_function(_SETTLED)
    seconds = time.perf_counter() - begin - 0.2
    tab.wait_for_timeout(300)
    wall, processor = _longest(json.loads(browser.stop_tracing())["traceEvents"])
    print(f"{name:40} {seconds:5.2f} s   longest task {wall:4.0f} ms, of processor time {processor:4.0f} ms")


def _longest(events: list[dict[str, Any]]) -> tuple[float, float]:
    """The longest task of the page's main thread, and the most processor time of one, in milliseconds."""
    named = {(one["pid"], one["tid"]) for one in events if one["name"] == "thread_name" and one["args"].get("name") == "CrRendererMain"}
    tasks = [one for one in events if one["name"].endswith("RunTask") and one.get("ph") == "X" and (one["pid"], one["tid"]) in named]
    return tuple(max((one.get(key, 0) for one in tasks), default=0) / 1000 for key in ("dur", "tdur"))  # type: ignore[return-value]


if __name__ == "__main__":
    main()
