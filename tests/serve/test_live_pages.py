"""Pages that are open while `reportgen serve` builds again: what changed is replaced, and everything else stays as the reader left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.waiting import next_frame
from serve_process import Serving, serving, until

HEAD = """---
title: Live
runs: logs
---

First paragraph.

::: details More about it
Folded text.
:::

"""
CHART = """## Part {i}

```chart
id: chart-{i}
y: [{y}]
color: name
legend: true
title: Chart {i}
height: 300
```

"""


def log(folder: Path, name: str, rows: int) -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "config.yaml").write_text(f"lr: {len(name) / 10}\n", encoding="utf-8")
    lines = "".join(f"{step},{step / (len(name) + 10)},{1 / (step + 1)}\n" for step in range(rows))
    (folder / name / "metrics.csv").write_text(f"step,acc,loss\n{lines}", encoding="utf-8")
    return folder / name / "metrics.csv"


def text(*, first: str = "First paragraph.", charts: tuple[str, ...] = ("acc", "loss"), extra: str = "") -> str:
    parts = "".join(CHART.format(i=i, y=y).replace("color: name\nlegend: true\n", "") for i, y in enumerate(charts))
    return HEAD.replace("First paragraph.", first) + parts + extra


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    for name in ("one", "three"):
        log(folder / "logs", name, 30)
    (folder / "report.md").write_text(text(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def served(work: Path) -> Iterator[Serving]:
    with serving("report.md", folder=work, temporary=work / "tmp") as running:
        until(lambda: running.has("First paragraph."), "the first build")
        yield running


@pytest.fixture
def opened(served: Serving, work: Path, visit: Callable[..., Any]) -> Any:
    """The page as it is at first, its charts alive."""
    (work / "report.md").write_text(text(), encoding="utf-8")
    until(lambda: served.has("First paragraph.") and not served.has("stray"), "the page as it was")
    seen = visit(served.address, viewport={"width": 900, "height": 700})
    seen.page.wait_for_selector("article")
    seen.wait_for_charts()
    seen.page.evaluate("() => { document.querySelectorAll('.chart').forEach((one, i) => { one.mine = i; }); window.stayed = true; }")
    return seen


def shows(seen: Any, words: str) -> None:
    seen.page.get_by_text(words).first.wait_for(state="attached")


def state(seen: Any) -> dict[str, Any]:
    """What an in-place change must leave alone."""
    found: dict[str, Any] = seen.page.evaluate(
        "() => ({ stayed: window.stayed, open: document.querySelector('.prose details').open,"
        " mine: [...document.querySelectorAll('.chart')].map((one) => one.mine ?? null),"
        " live: [...document.querySelectorAll('.chart')].map((one) => one.matches('.is-live')) })"
    )
    return found


def test_a_word_is_replaced_and_the_rest_stays(opened: Any, work: Path) -> None:
    page = opened.page
    page.locator(".prose details summary").click()
    page.evaluate("window.scrollTo({ top: 400, behavior: 'instant' })")
    next_frame(page)
    before = page.evaluate("document.querySelector('#part-1').getBoundingClientRect().top")
    (work / "report.md").write_text(text(first="Another paragraph.\n\nAnd a second one."), encoding="utf-8")
    shows(opened, "And a second one.")
    next_frame(page)
    assert state(opened) == {"stayed": True, "open": True, "mine": [0, 1], "live": [True, True]}
    assert abs(page.evaluate("document.querySelector('#part-1').getBoundingClientRect().top") - before) < 3
    assert page.get_by_text("First paragraph.").count() == 0
    assert opened.complaints == []


def test_one_chart_is_drawn_again_and_the_other_is_not(opened: Any, work: Path) -> None:
    (work / "report.md").write_text(text().replace("title: Chart 1", "title: Chart of another name"), encoding="utf-8")
    opened.page.wait_for_selector(".chart[data-title='Chart of another name']", state="attached")
    opened.wait_for_charts()
    assert state(opened) == {"stayed": True, "open": False, "mine": [0, None], "live": [True, True]}
    (work / "report.md").write_text(text(charts=("loss", "acc", "loss")).replace("title: Chart 0", "title: One before"), encoding="utf-8")
    opened.page.wait_for_selector(".chart[data-title='One before']", state="attached")
    opened.page.wait_for_function("() => document.querySelectorAll('.chart').length === 3")
    opened.wait_for_charts()
    assert opened.page.evaluate("document.querySelectorAll('.chart .chart-static svg').length") == 3
    assert opened.complaints == []


def test_zoom_and_values_while_the_run_goes_on(opened: Any, work: Path) -> None:
    page = opened.page
    chart = page.locator(".chart").first
    chart.locator(".chart-live").focus()
    page.keyboard.press("+")
    page.wait_for_function("() => document.querySelectorAll('.chart .chart-live').length === 2")
    old = page.locator(".chart").first.get_attribute("data-chart")
    with (work / "logs" / "one" / "metrics.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{step},0.9,0.01\n" for step in range(30, 60))
    page.wait_for_function("(old) => document.querySelector('.chart').dataset.chart !== old", arg=old)
    opened.wait_for_charts()
    assert state(opened)["stayed"] is True
    assert opened.complaints == []
    log(work / "logs", "one", 30)


def test_mistakes_lie_over_the_last_good_page(opened: Any, work: Path) -> None:
    wrong = text(extra="\n```chart\ny: ac\n```\n\n{{ 1 / 0 }}\n\n```compare\ncolumns: [<b>x</b>]\n```\n")
    (work / "report.md").write_text(wrong, encoding="utf-8")
    overlay = opened.page.locator("reportgen-mistakes")
    overlay.wait_for(state="attached")
    told = overlay.get_by_role("listitem").all_inner_texts()
    lines = [wrong[: wrong.index(part)].count("\n") + 1 for part in ("y: ac\n", "{{ 1", "columns: [<b>")]
    assert [one.split("\n")[0] for one in told] == [f"report.md:{line}" for line in lines]
    assert "did you mean 'acc'?" in told[0]
    assert "<b>x</b>" in told[2]
    assert overlay.locator("b").count() == 0
    assert state(opened) == {"stayed": True, "open": False, "mine": [0, 1], "live": [True, True]}
    (work / "report.md").write_text(text(first="Mended."), encoding="utf-8")
    overlay.wait_for(state="detached")
    shows(opened, "Mended.")
    assert state(opened)["mine"] == [0, 1]
    assert opened.complaints == []


def test_several_windows_and_a_page_that_is_not_there_yet(opened: Any, served: Serving, work: Path, visit: Callable[..., Any]) -> None:
    log(work / "logs", "five", 10)
    until(lambda: served.has("five", "runs.html"), "a new run")
    address = next((work / "tmp").glob("reportgen-serve-*/runs/five-*.html")).name
    for file in (work / "logs" / "five").iterdir():
        file.unlink()
    until(lambda: served.get(f"runs/{address}")[0] == 404, "the page of a run that is gone")
    others = [visit(served.address), visit(served.address + "runs.html"), visit(f"{served.address}runs/{address}")]
    for one in others:
        one.page.wait_for_selector("main")
    (work / "report.md").write_text(text(first="For all windows."), encoding="utf-8")
    for one in (opened, others[0]):
        shows(one, "For all windows.")
    log(work / "logs", "five", 10)
    others[1].page.wait_for_function("() => document.body.textContent.includes('five')")
    others[2].page.locator("main h1", has_text="five").wait_for()


def test_a_theme_is_changed_without_a_reload(opened: Any, served: Serving, work: Path) -> None:
    theme = work / "theme"
    (theme / "styles").mkdir(parents=True, exist_ok=True)
    (theme / "theme.toml").write_text('inherits = "default"\n', encoding="utf-8")
    (theme / "styles" / "90-own.css").write_text(".prose p { text-indent: 1px !important }\n", encoding="utf-8")
    (work / "reportgen.toml").write_text('theme = "theme"\n', encoding="utf-8")
    indent = "(wanted) => getComputedStyle(document.querySelector('.prose p')).textIndent === wanted"
    opened.page.wait_for_function(indent, arg="1px")
    (theme / "styles" / "90-own.css").write_text(".prose p { text-indent: 2px !important }\n", encoding="utf-8")
    opened.page.wait_for_function(indent, arg="2px")
    assert state(opened)["stayed"] is True
    (work / "reportgen.toml").unlink()
    opened.page.wait_for_function(indent, arg="0px")
    assert opened.complaints == []
