"""Pages under a reader's hands: the head on a phone, boxes of rows, a thousand runs, paper, and no script at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from table_runs import at, run

from reportgen.blocks.runs import runs_table
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.model import Artifact, ConsoleLine, Run, Runs, Table
from reportgen.site.assets import theme_assets
from reportgen.site.contexts import Link, PageContext
from reportgen.site.pages.run import run_page
from reportgen.site.pages.runs import runs_page
from reportgen.site.theme import find_theme

Open = Callable[..., Any]
LONG = "a-name-of-one-hundred-and-twenty-characters-" * 3
PHONE = {"width": 390, "height": 844}


def write(folder: Path, template: str, make: Callable[..., PageContext], navigation: tuple[str, ...] = ("Runs",)) -> Path:
    """A page of the default theme with its style sheets and scripts."""
    theme = find_theme()
    assets = theme_assets(theme)
    for path, content in assets.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    context = make(base={
        "root": "", "site_title": "A report with a title that is far too long for the head of a telephone", "language": "en",
        "styles": assets.styles, "scripts": assets.scripts, "generator": "reportgen",
        "navigation": tuple(Link(text, "#" + text) for text in navigation),
        "crumbs": (), "search": "",
    })  # fmt: skip
    (folder / "page.html").write_text(theme.environment.get_template(template).render(page=context), "utf-8")
    return folder / "page.html"


def one_run() -> Run:
    rows = tuple((i, i / 200) for i in range(90))
    return run(
        LONG, {f"key.{i}": i for i in range(20)}, history={"val/acc": [0.1, 0.9]}, **at(0),
        tables={"few": (Table("few", 0, ("id", "p"), rows),)}, artifacts=tuple(Artifact(f"a{i}", "model", "output") for i in range(90)),
        console=tuple(ConsoleLine(f"line {i}") for i in range(200)),
    )  # fmt: skip


def many_runs(count: int) -> Runs:
    def made(i: int) -> Run:
        name = f"run-{i:04}" if i else "실험-" + LONG
        config = {"lr": 10.0 ** -(i % 5), "layers": i % 7, "seed": i}
        state = ("finished", "failed", "crashed")[i % 3]
        return run(name, config, history={"val/acc": [0.1, i / count]}, state=state, project="digits" if i % 2 else "필기", **at(i % 1000))

    return Runs(made(i) for i in range(count))


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    return write(
        tmp_path, "run.html",
        lambda base: run_page(one_run(), base=base, colour="#4269d0", draw=lambda figure: Markup("<b></b>"), style=ChartStyle()),
    )  # fmt: skip


@pytest.mark.parametrize("navigation", [("Runs",), ("First", "Another report with a rather long title", "Third", "Runs")])
def test_on_a_phone_the_runs_are_in_sight_and_nothing_is_cut_without_a_sign(
    tmp_path: Path, visit: Open, navigation: tuple[str, ...]
) -> None:
    path = write(tmp_path, "runs.html", lambda base: runs_page(many_runs(30), base=base, style=ChartStyle()), navigation)
    seen = visit(path, viewport=PHONE)
    link = seen.page.locator(".site-nav a").last.bounding_box()
    assert link["x"] >= 0
    assert link["x"] + link["width"] <= 390
    title = seen.page.locator(".site-title")
    assert title.evaluate("one => getComputedStyle(one).textOverflow") == "ellipsis"
    assert title.bounding_box()["width"] > 150
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    rows = seen.page.locator("tbody tr")
    assert rows.last.bounding_box()["y"] < seen.page.locator(".site-footer").bounding_box()["y"]
    assert not seen.complaints


def test_many_rows_scroll_in_a_box_that_the_keyboard_reaches(visit: Open, run_file: Path) -> None:
    seen = visit(run_file)
    box = seen.page.locator("[aria-label=Artifacts]")
    assert 380 < box.bounding_box()["height"] < 460
    assert seen.page.locator("#logged-artifacts .table-status").inner_text() == "90 rows"
    box.focus()
    seen.page.keyboard.press("End")
    seen.page.wait_for_function("() => document.querySelector('[aria-label=Artifacts]').scrollTop > 500")
    gap = "one => one.querySelector('thead').getBoundingClientRect().top - one.getBoundingClientRect().top"
    assert abs(box.evaluate(gap)) < 3
    few = seen.page.locator("[aria-label=few]")
    assert few.evaluate("one => one.scrollHeight <= one.clientHeight")
    console = seen.page.locator(".console")
    assert console.bounding_box()["height"] < 340
    assert console.evaluate("one => one.scrollTop + one.clientHeight >= one.scrollHeight - 2")


def test_on_paper_and_without_a_script_all_rows_are_seen(visit: Open, run_file: Path) -> None:
    seen = visit(run_file)
    seen.page.emulate_media(media="print")
    unscripted = visit(run_file, java_script_enabled=False)
    for page in (seen.page, unscripted.page):
        for selector in ("[aria-label=Artifacts]", ".console"):
            assert page.locator(selector).evaluate("one => one.scrollHeight <= one.clientHeight + 1"), selector


@pytest.mark.parametrize("width", [1440, 390])
def test_long_names_break_and_short_ones_stay_together(tmp_path: Path, visit: Open, run_file: Path, width: int) -> None:
    seen = visit(run_file, viewport={"width": width, "height": 900})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    lead = runs_page(many_runs(3), base={"root": "", "site_title": ""} | dict.fromkeys(
        ("language", "styles", "scripts", "navigation", "crumbs", "generator", "search"), ""), style=ChartStyle()).lead  # fmt: skip
    seen.page.locator(".subtitle").evaluate("(one, html) => { one.innerHTML = html; one.style.width = '90px'; }", str(lead))
    assert seen.page.locator(".subtitle .run").first.evaluate("one => one.getClientRects().length") == 1


def test_a_thousand_runs_sort_and_filter(tmp_path: Path, visit: Open) -> None:
    runs = many_runs(1000)
    style = ChartStyle(run_colours=run_colours(runs))
    whole = runs_table(runs, ["val/acc", "project", "config.lr", "config.layers", "config.seed"], root="", style=style)
    path = write(tmp_path, "runs.html", lambda base: replace(runs_page(runs, base=base, style=style), table=whole))
    seen = visit(path)
    assert seen.page.locator(".table-status").inner_text() == "1,000 rows"
    seen.page.evaluate("""() => {
      const box = document.querySelector('.table-filter');
      document.querySelector('[data-name="config.lr"] button').click();
      for (const text of ['r', 'run', 'run-09', '']) { box.value = text; box.dispatchEvent(new Event('input')); }
    }""")
    rows = seen.page.locator("tbody tr")
    assert rows.count() == 150
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert rows.count() == 1000
    seen.page.locator(".table-filter").fill("run-0")
    assert (seen.page.locator(".table-status").inner_text(), rows.count()) == ("999 of 1,000", 150)
    for count in (300, 450):
        seen.page.locator(".table-scroll").evaluate("one => { one.scrollTop = one.scrollHeight; }")
        seen.page.wait_for_function(f"() => document.querySelector('tbody').rows.length === {count}")
    seen.page.locator(".table-filter").fill("")
    seen.page.get_by_role("button", name="seed").click()
    assert rows.first.locator("[data-value]").count()
    assert not seen.complaints
