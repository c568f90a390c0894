"""How long after a save it is on the screen, beside `mkdocs serve`, and whether the memory of `reportgen serve` grows.

    python tests/bench/serve.py [--charts 100] [--saves 30] [--rebuilds 0] [--mkdocs PATH]

Milliseconds from the write of the file to the second frame of Chromium after the change came into the page: median and 95th percentile,
for a word of prose and for an option of a chart. `mkdocs serve` shows the same text with each chart as the SVG that reportgen drew.
With `--rebuilds 1000`, also the resident memory (MB) of the server and what it grew by.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil
from conftest import _FLAGS
from playwright.sync_api import Error, sync_playwright
from serve_process import Serving, serving, until

EXAMPLE = Path(__file__).parents[2] / "examples" / "three-runs" / "wandb"
WATCH = """() => {
  window.seen = {};
  const look = () => {
    for (const [, n] of document.body.textContent.matchAll(/edit(\\d+)x/g)) {
      if (n in window.seen) continue;
      window.seen[n] = 0;
      requestAnimationFrame(() => requestAnimationFrame(() => { window.seen[n] = Date.now(); }));
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  look();
}"""


def report(charts: int) -> str:
    metrics = ["val/acc", "val/loss", "train/loss"]
    parts = ["---\ntitle: Many charts\nruns: wandb\n---\n\nFirst edit0x word.\n"]
    for i in range(charts):
        prose = f"## Part {i}\n\nSome prose about part {i}, [a link](https://example.org/{i}), {{{{ runs.best('val/acc').link }}}}.\n"
        x, smooth = "step" if i % 2 else "epoch", f"{i % 50 / 60:.3f}"
        chart = f"```chart\ny: {metrics[i % 3]}\nx: {x}\nsmooth: {smooth}\ntitle: Chart number {i}\n```\n"
        parts.append(f"{prose}\n{chart}")
    return "\n".join(parts)


def quantiles(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)
    return f"median {ordered[len(ordered) // 2]:.0f} ms, 95 % {ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]:.0f} ms"


def seen(page: Any, number: int) -> Any:
    try:
        return page.evaluate(f"() => window.seen && window.seen[{number}]")
    except Error:  # The page is being loaded again.
        return None


def saves(page: Any, count: int, first: int, write: Callable[[int], None]) -> list[float]:
    """Milliseconds of each of some saves until the page has shown it."""
    found = []
    for number in range(first, first + count):
        page.wait_for_timeout(400)
        began = time.time() * 1000
        write(number)
        until(lambda number=number: seen(page, number), f"edit {number}")
        found.append(seen(page, number) - began)
    return found


def mkdocs(program: str, folder: Path, site: Path, page: Any, count: int) -> list[float]:
    (folder / "docs").mkdir(parents=True)
    pictures = re.findall(r'<div class="chart-static">(<svg .*?</svg>)</div>', (site / "index.html").read_text(encoding="utf-8"), re.DOTALL)
    parts = ["# Many charts\n\nFirst edit0x word.\n"]
    for i, picture in enumerate(pictures):
        (folder / "docs" / f"{i}.svg").write_text(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), encoding="utf-8")
        parts.append(f"## Part {i}\n\nSome prose about part {i}, with a [link](https://example.org/{i}).\n\n![]({i}.svg)\n")
    (folder / "mkdocs.yml").write_text("site_name: Many charts\n", encoding="utf-8")
    text = "\n".join(parts)
    (folder / "docs" / "index.md").write_text(text, encoding="utf-8")
    command = [program, "serve", "--no-strict", "--livereload", "-a", "127.0.0.1:8763"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        def answers() -> bool:
            try:
                return bool(page.goto("http://127.0.0.1:8763/"))
            except Error:
                return False

        until(answers, "mkdocs")
        page.add_init_script(f"document.addEventListener('DOMContentLoaded', {WATCH})")
        page.reload()
        write = (folder / "docs" / "index.md").write_text
        return saves(page, count, 1, lambda number: write(text.replace("edit0x", f"edit{number}x"), encoding="utf-8") and None)
    finally:
        server.terminate()
        server.wait()


def memory(running: Serving, source: Path, text: str, rebuilds: int) -> None:
    """Rebuilds by saves; the resident memory after a tenth of them and at the end."""
    process = psutil.Process(running.process.pid)
    sizes = []
    for number in range(rebuilds):
        source.write_text(text.replace("edit0x", f"memory{number}x"), encoding="utf-8")
        until(lambda number=number: running.has(f"memory{number}x", ".reportgen/page?of=/"), f"rebuild {number}")
        if number in (rebuilds // 10, rebuilds - 1):
            sizes.append(process.memory_info().rss / 1e6)
    grown = sizes[1] / sizes[0] - 1
    print(f"memory after {rebuilds // 10} and {rebuilds} rebuilds: {sizes[0]:.0f} and {sizes[1]:.0f} MB ({grown:+.1%}, at most +10 %)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=100)
    parser.add_argument("--saves", type=int, default=30)
    parser.add_argument("--rebuilds", type=int, default=0)
    parser.add_argument("--mkdocs", default=shutil.which("mkdocs"), help="the program, to be compared with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        work = Path(temporary) / "work"
        shutil.copytree(EXAMPLE, work / "wandb")
        source, text = work / "report.md", report(options.charts)
        source.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_FLAGS))
        with serving("report.md", folder=work, temporary=Path(temporary) / "own") as running:
            until(lambda: running.has("First edit0x"), "the first build")
            page = browser.new_page()
            page.goto(running.address)
            page.evaluate(WATCH)
            page.wait_for_timeout(2000)

            def prose(number: int) -> None:
                source.write_text(text.replace("edit0x", f"edit{number}x"), encoding="utf-8")

            def option(number: int) -> None:
                options_of_one = f"title: edit{number}x\nheight: {number % 200 + 200}\n"
                source.write_text(text.replace("title: Chart number 0\n", options_of_one, 1), encoding="utf-8")

            name = f"reportgen, {options.charts} charts"
            print(f"{name}, a word: {quantiles(saves(page, options.saves, 1, prose))} (at most 250 and 500)", flush=True)
            print(f"{name}, an option: {quantiles(saves(page, options.saves // 2, 1000, option))} (at most 500)", flush=True)
            [site] = (Path(temporary) / "own").glob("reportgen-serve-*")
            if options.mkdocs:
                found = mkdocs(options.mkdocs, Path(temporary) / "mkdocs", site, browser.new_page(), options.saves // 2)
                print(f"mkdocs serve, {options.charts} pictures, a word: {quantiles(found)}")
            else:
                print("mkdocs is not installed: nothing to compare with")
            page.close()
            if options.rebuilds:
                memory(running, source, text, options.rebuilds)
            running.stop()
        browser.close()


if __name__ == "__main__":
    main()
