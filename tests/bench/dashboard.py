"""How fast the dashboard is in a real Chromium, at the size of the sample folders and at 1,000 runs of 50 metrics and 1,000 steps.

    python tests/bench/dashboard.py [--runs 1000] [--metrics 50] [--steps 1000] [--keep DIR]

For each: the weight of the page and its data, the time until the charts in view are drawn (bar 1,000 ms), the longest task from
then on while the page is scrolled and hovered (bar 100 ms), and how long each change in the toolbar takes until what is in view is
drawn anew (bar 100 ms). The runs are made in memory: what is measured is the page, not the reading of logs.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from reportgen.charts.style import run_colours
from reportgen.model import Run, Runs, Series
from reportgen.model.run import Source
from reportgen.settings import read_settings
from reportgen.site.pages.runs import runs_pages
from reportgen.site.site import Site
from reportgen.site.theme import find_theme
from reportgen.site.workspace import Workspace

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
SIZES = ((3, 12, 500), (24, 12, 400))
TASKS = """
  window.tasks = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries()) tasks.push([one.startTime, one.duration]); })
    .observe({ type: 'longtask', buffered: true });
  addEventListener('DOMContentLoaded', () => {
    document.addEventListener('reportgen:drawn', () => { window.firstDrawn = window.firstDrawn || performance.now(); });
  });
"""
CHANGE = """([name, value]) => new Promise((resolve) => {
  const select = [...document.querySelectorAll('.dash-toolbar select, .dash-toolbar input')].find((one) => one.matches(name));
  const began = performance.now();
  setTimeout(() => resolve(NaN), 5000);
  const end = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  document.addEventListener('reportgen:drawn', end, { once: true });
  if (select.type === 'checkbox') select.click();
  else {
    select.value = value;
    select.dispatchEvent(new Event(select.type === 'range' ? 'input' : 'change'));
  }
})"""
SETTINGS = (
    ("smoothing 0.6", ["[type=range]", "0.6"]), ("smoothing 0.9", ["[type=range]", "0.9"]), ("no smoothing", ["[type=range]", "0"]),
    ("x: time, its data loaded", [".dash-control:nth-child(1) select", "time"]), ("x: step", [".dash-control:nth-child(1) select", ""]),
    ("log y", [".dash-check:nth-of-type(1) input, .dash-check input", ""]), ("linear y", [".dash-check input", ""]),
    ("group by optimizer", [".dash-control:nth-child(3) select", "config.optimizer"]),
    ("standard error", [".dash-control:nth-child(4) select", "se"]), ("bootstrap", [".dash-control:nth-child(4) select", "bootstrap"]),
    ("no groups", [".dash-control:nth-child(3) select", ""]),
)  # fmt: skip


def made(runs: int, metrics: int, steps: int) -> Runs:
    """Runs with noisy curves, each with a spike."""
    rng = np.random.default_rng(0)
    step = np.arange(steps)
    began = datetime(2026, 1, 1, tzinfo=UTC)
    keys = [f"{('train', 'val', 'system')[i % 3]}/{('loss', 'acc', 'norm')[i % 3]}{i}" for i in range(metrics - 1)]

    def run(i: int) -> Run:
        seconds = (0.1 + 0.01 * (i % 7)) * step + 1e-3 * rng.random(steps)
        clock = began.timestamp() + 60 * i + seconds
        noise = rng.normal(size=(metrics, steps)) * 0.1
        rate = rng.uniform(0.5, 5)
        history = {key: Series(key, step, clock, np.exp(-rate * step / steps) + noise[k] ** 2) for k, key in enumerate(keys)}
        history["val/acc"] = Series("val/acc", step, clock, 1 - np.exp(-rate * step / steps) * (1 + noise[-1]) / 2)
        config = {"lr": float(10.0 ** -(i % 5)), "optimizer": ("adam", "sgd", "lion", "adamw")[i % 4], "seed": i, "dropout": i % 10 / 10}
        start = began + timedelta(seconds=60 * i)
        return Run(
            f"run{i:05}", f"sweep-{i:04}", Source("synthetic", Path("/")), started=start, ended=start + timedelta(seconds=100 + i),
            state="finished" if i % 9 else "crashed", config=config, history=history,
        )  # fmt: skip

    return Runs(run(i) for i in range(runs))


def write(runs: Runs, folder: Path) -> Path:
    """The page of all runs and all that it needs."""
    theme = find_theme()
    style = theme.chart_style()
    style = type(style)(**{**vars(style), "run_colours": run_colours(runs, style.categories)})
    site = Site(Workspace(folder, read_settings(folder), (), runs, theme, style), ())
    page = next(iter(runs_pages(site)))
    html = theme.environment.get_template(page.template).render(page=page.context)
    for path, content in {**site.assets(), **site.scripts, "runs.html": html.encode()}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder / "runs.html"


def measured(page: Page, path: Path) -> Iterator[tuple[str, float]]:
    """What is measured, in milliseconds. A change has also what it costs the page's main thread, whatever else the machine does."""
    page.add_init_script(TASKS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.resolve().as_uri())
    page.wait_for_function("() => window.firstDrawn > 0")
    yield "first charts (at most 1,000)", page.evaluate("firstDrawn")
    page.wait_for_timeout(600)
    yield "longest task until then", _longest(page, "one[0] < firstDrawn")
    page.evaluate("tasks.length = 0")
    for _ in range(25):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(60)
    page.wait_for_timeout(800)
    yield "longest task while scrolling (at most 100)", _longest(page)
    page.evaluate("tasks.length = 0; window.scrollTo(0, 0)")
    page.wait_for_timeout(500)
    box = page.locator(".lines-base").first.bounding_box()
    assert box
    for i in range(60):
        page.mouse.move(box["x"] + 60 + 5 * i, box["y"] + 40 + 2 * i)
    yield "longest task while hovering (at most 100)", _longest(page)
    page.mouse.move(5, 5)
    for name, (selector, value) in SETTINGS:
        if "select" in selector:
            select = page.locator(selector)
            if not select.locator(f"option[value='{value}']").count() or select.input_value() == value:
                continue
        page.evaluate("tasks.length = 0")
        before = _busy(session)
        took = page.evaluate(CHANGE, [selector, value])
        busy = _busy(session) - before
        page.wait_for_timeout(400)
        yield f"{name} (at most 100; of that busy {busy:.0f}, longest task {_longest(page):.0f})", took


def _busy(session: CDPSession) -> float:
    """Milliseconds for which the page's main thread has computed."""
    found = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(one["value"]) for one in found if one["name"] == "TaskDuration")


def _longest(page: Page, which: str = "true") -> float:
    return float(page.evaluate(f"Math.max(0, ...tasks.filter((one) => {which}).map((one) => one[1]))"))


def table(page: Page, path: Path) -> Iterator[tuple[str, float]]:
    """The table of the runs, scrolled and sorted."""
    page.goto(path.resolve().as_uri() + "?view=table")
    page.wait_for_selector(".runs-table tbody tr[data-run]")
    page.wait_for_timeout(2000)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate("tasks.length = 0")
    before = _busy(session)
    page.evaluate("""async () => {
      const box = document.querySelector('.runs-table');
      for (let i = 0; i < 60; i++) { box.scrollTop += 120; await new Promise(requestAnimationFrame); }
    }""")
    busy = (_busy(session) - before) / 60
    yield f"longest task while the table scrolls by 120 pixels a frame (at most 100; busy {busy:.1f} a frame)", _longest(page)
    began = time.perf_counter()
    page.locator(".runs-table .sort").nth(3).click()
    page.wait_for_selector(".runs-table [aria-sort]")
    yield "sorting", 1000 * (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--metrics", type=int, default=50)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="leave the pages here")
    options = parser.parse_args()
    program = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        for size in (*SIZES, (options.runs, options.metrics, options.steps)):
            folder = (options.keep or Path(temporary)) / "x".join(map(str, size))
            folder.mkdir(parents=True, exist_ok=True)
            began = time.perf_counter()
            path = write(made(*size), folder)
            _print(size, folder, path, time.perf_counter() - began)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.on("pageerror", lambda error: print("error:", error))
            for what, took in (*measured(page, path), *table(page, path)):
                print(f"  {what}: {took:.0f} ms")
            page.close()
        browser.close()


def _print(size: Any, folder: Path, path: Path, took: float) -> None:
    data = [file.stat().st_size for file in (folder / "data").rglob("*.js")]
    print("{:,} runs x {} metrics x {} steps:".format(*size), f"made in {took:.1f} s,", end=" ")
    print(f"page {path.stat().st_size / 1e3:.0f} kB, data {sum(data) / 1e6:.1f} MB", end=" ")
    print(f"in {len(data)} scripts, the largest {max(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
