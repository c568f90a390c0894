"""How long a whole site takes whose runs have many metrics, how much it weighs, and how soon the page of a run is alive in a real Chromium.

    python tests/bench/site.py [--runs 200] [--metrics 50] [--steps 1000] [--old 2] [--keep DIR]

The bars: at most 60 ms of a processor for the page of a run with 50 metrics of 1,000 steps, and 400 kB for this page and its values. The
runs are made in memory. For comparison the charts of some runs are drawn in the same process as Vega charts, as they were once.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dashboard import FLAGS, TASKS, made
from playwright.sync_api import Page, sync_playwright

from reportgen.charts.layout import CARD, Layout
from reportgen.charts.line_values import LineSettings
from reportgen.charts.lines import line_chart
from reportgen.charts.style import run_colours
from reportgen.model import Runs
from reportgen.settings import read_settings
from reportgen.site.build import _write
from reportgen.site.figures import Charts
from reportgen.site.pages.run import run_pages
from reportgen.site.site import Site
from reportgen.site.theme import find_theme
from reportgen.site.workspace import Workspace
from reportgen.store.cache import Cache

LONGEST = "(which) => Math.max(0, ...tasks.filter(([start]) => (which === 'before') === (start < firstDrawn)).map(([, took]) => took))"
STEPS = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += 300) {
    window.scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 60));
  }
}"""


def workspace_of(runs: Runs, folder: Path) -> Workspace:
    theme = find_theme()
    style = theme.chart_style()
    return Workspace(folder, read_settings(folder), (), runs, theme, replace(style, run_colours=run_colours(runs, style.categories)))


def run_page_seconds(workspace: Workspace) -> float:
    """Processor seconds to compose and fill the page of a run, its values included."""
    site = Site(workspace, ())
    template = workspace.theme.environment.get_template("run.html")
    next(iter(run_pages(site)))
    began = time.process_time()
    for page in run_pages(site):
        template.render(page=page.context)
    return (time.process_time() - began) / len(workspace.runs)


def old(workspace: Workspace, count: int) -> tuple[float, float]:
    """Seconds and bytes per run when each metric is a chart of Vega."""
    charts = Charts()
    layout = Layout(place=CARD, height=140, legend=False, y_title=False)
    template = workspace.theme.environment.get_template("figure.html")
    written = 0
    with tempfile.TemporaryDirectory() as empty:
        began = time.perf_counter()
        places = [
            charts.note(line_chart(Runs([run]), key, LineSettings(), workspace.style, layout)[0])
            for run in list(workspace.runs)[:count]
            for key in run.history
        ]
        written += sum(len(text) for text in charts.draw(Cache(Path(empty))).values())
        written += sum(len(charts.fill(str(place), template, "../", "vega.js")) for place in places)
        return (time.perf_counter() - began) / count, written / count


def measured(page: Page, path: Path) -> Iterator[tuple[str, float]]:
    """What is measured of a run's page, in milliseconds."""
    page.add_init_script(TASKS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = 0.0

    def busy() -> float:
        """For how long the page's main thread has computed since it was last asked, whatever else the machine does."""
        nonlocal before
        found = session.send("Performance.getMetrics")["metrics"]
        now = 1000 * next(float(one["value"]) for one in found if one["name"] == "TaskDuration")
        took, before = now - before, now
        return took

    page.goto(path.resolve().as_uri() + "#charts")
    page.wait_for_function("() => window.firstDrawn > 0")
    yield f"the {page.locator('.metric-card.is-live').count()} charts in view are alive (at most 1,000)", page.evaluate("firstDrawn")
    page.wait_for_timeout(800)
    yield f"longest task until then (busy {busy():.0f} in all)", page.evaluate(LONGEST, "before")
    page.evaluate(STEPS)
    page.wait_for_timeout(800)
    alive = page.locator(".metric-card.is-live").count()
    yield f"longest task while scrolling over all {alive} (at most 100; busy {busy():.0f} in all)", page.evaluate(LONGEST, "after")
    page.evaluate("document.querySelector('.metrics').scrollIntoView()")
    page.wait_for_timeout(500)
    page.evaluate("tasks.length = 0")
    busy()
    box = page.locator(".metric-card .lines-base").first.bounding_box()
    assert box
    for i in range(60):
        page.mouse.move(box["x"] + 50 + 4 * i, box["y"] + 40 + i)
    page.wait_for_timeout(300)
    yield f"longest task while the pointer moves 60 times (at most 100; busy {busy() / 60:.1f} each time)", page.evaluate(LONGEST, "after")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("--runs", 200), ("--metrics", 50), ("--steps", 1000), ("--old", 2)):
        parser.add_argument(name, type=int, default=usual)
    parser.add_argument("--keep", type=Path, help="leave the site here")
    options = parser.parse_args()
    program = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        workspace = workspace_of(made(options.runs, options.metrics, options.steps), Path(temporary))
        out = options.keep or Path(temporary) / "site"
        print(f"{options.runs:,} runs x {options.metrics} metrics x {options.steps:,} steps")
        processor = run_page_seconds(workspace)
        print(f"  page of a run: {1000 * processor:.0f} ms of a processor (at most 60)")
        began = time.perf_counter()
        _write(workspace, [], out, None)
        print(f"  whole site: {(time.perf_counter() - began) / options.runs:.3f} s per run")
        weights = [[file.stat().st_size for file in out.glob(pattern)] for pattern in ("runs/*.html", "data/runs/*.js", "**/*")]
        page_bytes, data_bytes, all_bytes = (sum(sizes) / options.runs / 1e3 for sizes in weights)
        print(f"  per run: page {page_bytes:.0f} kB and its values {data_bytes:.0f} kB (together at most 400),", end=" ")
        print(f"whole site {all_bytes:.0f} kB")
        if options.old:
            seconds, written = old(workspace, options.old)
            print(f"  as Vega charts: {seconds:.1f} s and {written / 1e3:.0f} kB per run:", end=" ")
            print(f"{seconds / processor:.0f} times as long, {written / 1e3 / (page_bytes + data_bytes):.1f} times as heavy")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("pageerror", lambda error: print("error:", error))
        for what, took in measured(page, next(out.glob("runs/*.html"))):
            print(f"  {what}: {took:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
