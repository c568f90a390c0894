"""Tables in Chromium, opened from a file: sort, filter, copy, keyboard, and the view that the address keeps."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.waiting import address
from playwright.sync_api import expect
from table_runs import draw, html_of, run

from reportgen.blocks import compare
from reportgen.model import Runs

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

THEME = Path(__file__).parents[2] / "themes" / "default"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'"
NAMES = ["alpha", "Beta", "run-2", "run-10", '<img src=x onerror="document.title=1">', "=1+1,a", "a_b & 50% {x}|y", "한국어"]
ACCURACIES = [0.9822222590446472, 0.95, float("nan"), None, 0.1, -0.5, 1e-7, float("inf")]
OPTIMIZERS = ["adam", "sgd", "adam", "sgd", "adam", "sgd", "adam_w", "lion"]


def runs() -> Runs:
    made = []
    for i, (name, accuracy, optimizer) in enumerate(zip(NAMES, ACCURACIES, OPTIMIZERS, strict=True)):
        summary = {} if accuracy is None else {"val/acc": accuracy}
        made.append(run(name, {"lr": 10.0**-i, "optimizer": optimizer}, summary, id=f"id-{i}"))
    return Runs(made)


def seeds() -> Runs:
    """Two models whose accuracies overlap, and one far below."""
    values = {"cnn": (0.90, 0.92, 0.94), "mlp": (0.89, 0.91, 0.93), "svm": (0.5, 0.52, 0.54)}
    numbered = [(name, i, value) for name, own in values.items() for i, value in enumerate(own)]
    return Runs(run(f"{name}-{i}", {"model": name, "seed": i}, {"acc": value}) for name, i, value in numbered)


@pytest.fixture
def seen(tmp_path: Path, visit: Callable[..., Any]) -> Any:
    """A page with two tables, runs as rows and as columns, and what it complained of."""
    rows = draw(compare, runs(), columns=["config.optimizer", "val/acc"])
    columns = draw(compare, runs(), columns=["config.*", "val/acc"], runs=["alpha", "Beta"], **{"as": "columns"})
    groups = draw(compare, seeds(), group="model", columns="acc")
    styles = sorted((THEME / "styles").glob("*.css"))
    (tmp_path / "site.css").write_text("\n".join(path.read_text("utf-8") for path in styles if path.name[:2] in ("10", "40")), "utf-8")
    for script in ("00-core.js", "tables-copy.js", "tables.js"):
        shutil.copy(THEME / "browser" / script, tmp_path)
    (tmp_path / "page.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Tables</title><meta http-equiv="Content-Security-Policy" '
        f'content="{POLICY}"><link rel="stylesheet" href="site.css"><script src="00-core.js"></script>'
        '<script src="tables-copy.js"></script>'
        f'<script src="tables.js"></script><body><main>'
        f"{html_of(rows)}{html_of(columns)}{html_of(groups)}</main>",
        "utf-8",
    )
    return visit(tmp_path / "page.html", viewport={"width": 800, "height": 700})


@pytest.fixture
def page(seen: Any) -> Page:
    return seen.page


def shown(page: Page) -> list[str]:
    return page.locator("table.data").first.locator("tbody tr:not([hidden]) .run").all_inner_texts()


def head(page: Page, name: str) -> Locator:
    return page.locator(f'table.data >> nth=0 >> th[data-name="{name}"]')


def click(page: Page, name: str) -> str | None:
    button = head(page, name).locator("button")
    button.click()
    return head(page, name).get_attribute("aria-sort")


def caught_copy(page: Page, kind: str, table: int = 0) -> str:
    """What a click on Copy writes to the clipboard."""
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    tools = page.locator(".data-table").nth(table)
    tools.get_by_role("button", name="Copy").click()
    tools.get_by_role("menuitem", name=f"Copy as {kind}").click()
    page.wait_for_function("() => window.copied !== undefined")
    return str(page.evaluate("window.copied"))


def test_nothing_hostile_and_no_complaints(page: Page, seen: Any) -> None:
    click(page, "run")
    page.locator("input").first.fill("img")
    assert shown(page) == [NAMES[4]]
    assert page.locator("img").count() == 0
    assert page.title() == "Tables"
    assert seen.complaints == []


def test_sorting_numbers_best_first_with_missing_last(page: Page) -> None:
    assert click(page, "val/acc") == "descending"
    assert shown(page) == [NAMES[i] for i in (7, 0, 1, 4, 6, 5, 2, 3)]
    assert click(page, "val/acc") == "ascending"
    assert shown(page) == [NAMES[i] for i in (5, 6, 4, 1, 0, 7, 2, 3)]
    assert click(page, "val/acc") is None
    assert shown(page) == NAMES
    assert "?" not in address(page)


def test_sorting_text_is_stable_and_natural(page: Page) -> None:
    assert click(page, "config.optimizer") == "ascending"
    assert shown(page) == [NAMES[i] for i in (0, 2, 4, 6, 7, 1, 3, 5)]
    click(page, "run")
    assert head(page, "config.optimizer").get_attribute("aria-sort") is None
    order = shown(page)
    assert order.index("alpha") < order.index("Beta") < order.index("run-2") < order.index("run-10")


def test_keyboard(page: Page) -> None:
    head(page, "val/acc").locator("button").focus()
    page.keyboard.press("Enter")
    assert shown(page)[0] == NAMES[7]
    page.keyboard.press("Space")
    assert shown(page)[0] == NAMES[5]
    copy = page.get_by_role("button", name="Copy").first
    copy.focus()
    page.keyboard.press("Enter")
    assert copy.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Copy as Markdown"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "All digits"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-checked')") == "false"
    page.keyboard.press("Escape")
    assert copy.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.textContent") == "Copy"


def test_filter_counts_and_says_so(page: Page) -> None:
    box = page.get_by_role("searchbox", name="Filter rows")
    box.fill("ADAM run")
    assert shown(page) == ["run-2"]
    assert page.locator(".table-status").first.inner_text() == "1 of 8"
    box.fill("nothing like it")
    assert shown(page) == []
    assert page.locator(".table-status").first.inner_text() == "0 of 8"
    box.fill("0.98222225")
    assert shown(page) == ["alpha"]
    box.fill("")
    assert shown(page) == NAMES
    assert page.locator(".table-status").first.inner_text() == ""


def test_the_address_keeps_the_view(page: Page) -> None:
    click(page, "val/acc")
    click(page, "val/acc")
    page.get_by_role("searchbox").fill("adam")
    page.wait_for_function("() => location.search.includes('filter')")
    assert address(page).endswith("page.html?t1.sort=val/acc:asc&t1.filter=adam")
    before = shown(page)
    page.reload()
    assert shown(page) == before == [NAMES[i] for i in (6, 4, 0, 2)]
    assert head(page, "val/acc").get_attribute("aria-sort") == "ascending"
    assert page.get_by_role("searchbox").input_value() == "adam"


def test_a_wrong_address_does_no_harm(page: Page, seen: Any) -> None:
    address = page.url
    for query in (
        "t1.sort=nothing:asc",
        "t1.sort=val/acc:sideways",
        "t1.sort=%00%ff",
        "t1.filter=%3Cimg%3E&t2.sort=run:asc",
        "&&=&x",
    ):
        page.goto(f"{address}?{query}")
        assert shown(page) == ([] if "filter" in query else NAMES)
        assert page.get_by_role("button", name="Copy").count() == 3
    assert seen.complaints == []


def test_copy_as_csv(page: Page) -> None:
    assert caught_copy(page, "CSV").split("\r\n") == [
        "run,config.optimizer,val/acc",
        "alpha,adam,0.9822222590446472",
        "Beta,sgd,0.95",
        "run-2,adam,nan",
        "run-10,sgd,",
        '"<img src=x onerror=""document.title=1"">",adam,0.1',
        '"\'=1+1,a",sgd,-0.5',
        "a_b & 50% {x}|y,adam_w,1e-07",
        "한국어,lion,inf",
        "",
    ]
    assert page.locator(".table-status").first.inner_text() == "Copied as CSV"


def test_copy_takes_what_is_shown(page: Page) -> None:
    click(page, "val/acc")
    page.get_by_role("searchbox").fill("sgd")
    assert caught_copy(page, "CSV") == 'run,config.optimizer,val/acc\r\nBeta,sgd,0.95\r\n"\'=1+1,a",sgd,-0.5\r\nrun-10,sgd,\r\n'


def test_copy_as_markdown(page: Page) -> None:
    assert caught_copy(page, "Markdown").splitlines() == [
        "| run | config.optimizer | val/acc |",
        "| :--- | :--- | ---: |",
        "| alpha | adam | **0.9822222590446472** |",
        "| Beta | sgd | 0.95 |",
        "| run-2 | adam | nan |",
        "| run-10 | sgd |  |",
        r'| \<img src=x onerror="document.title=1"\> | adam | 0.1 |',
        "| =1+1,a | sgd | -0.5 |",
        r"| a_b \& 50% \{x\}\|y | adam_w | 1e-07 |",
        "| 한국어 | lion | inf |",
    ]


def test_copy_as_latex_with_the_digits_that_are_seen(page: Page) -> None:
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("menuitemcheckbox", name="All digits").first.click()
    page.keyboard.press("Escape")
    assert caught_copy(page, "LaTeX").splitlines() == [
        r"% \usepackage{booktabs}",
        r"\begin{tabular}{llr}",
        r"  \toprule",
        r"  run & config.optimizer & val/acc \\",
        r"  \midrule",
        r"  alpha & adam & \textbf{0.982} \\",
        r"  Beta & sgd & 0.950 \\",
        r"  run-2 & adam & NaN \\",
        r"  run-10 & sgd & --- \\",
        r"  \textless{}img src=x onerror=\textquotedbl{}document.title=1\textquotedbl{}\textgreater{} & adam & 0.100 \\",
        r"  =1+1,a & sgd & $-$0.500 \\",
        r"  a\_b \& 50\% \{x\}\textbar{}y & adam\_w & 1.0e-7 \\",
        r"  한국어 & lion & $\infty$ \\",
        r"  \bottomrule",
        r"\end{tabular}",
    ]


def test_copy_of_groups_keeps_their_intervals_and_marks(page: Page) -> None:
    assert caught_copy(page, "LaTeX", table=2).splitlines()[5:8] == [
        r"  cnn & \textbf{0.920 $\pm$ 0.050} \\",
        r"  mlp & $\approx$ 0.910 $\pm$ 0.050 \\",
        r"  svm & 0.520 $\pm$ 0.050 \\",
    ]


def test_copy_of_groups_as_markdown(page: Page) -> None:
    assert "| mlp | ≈ 0.910 ± 0.050 |" in caught_copy(page, "Markdown", table=2)


def test_copy_of_runs_as_columns(page: Page) -> None:
    assert caught_copy(page, "CSV", table=1) == (
        "key,alpha,Beta\r\nconfig.lr,1.0,0.1\r\nconfig.optimizer,adam,sgd\r\nval/acc,0.9822222590446472,0.95\r\n"
    )
    assert page.locator("table.transposed button").count() == 0


def test_real_clipboard_from_a_file(page: Page) -> None:
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("menuitem", name="Copy as CSV").first.click()
    page.wait_for_function("() => document.querySelector('.table-status').textContent === 'Copied as CSV'")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_role("searchbox")).to_have_value(re.compile("^run,config.optimizer,val/acc"))


@pytest.mark.parametrize(
    "clipboard",
    ["() => { navigator.clipboard.writeText = () => Promise.reject(new Error(0)); }", "delete Navigator.prototype.clipboard"],
)
def test_without_a_clipboard_the_text_stands_selected(page: Page, clipboard: str) -> None:
    page.evaluate(clipboard)
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("menuitem", name="Copy as CSV").first.click()
    field = page.locator(".table-text textarea")
    field.wait_for()
    assert field.input_value().startswith("run,config.optimizer,val/acc\n")
    assert page.evaluate("document.activeElement.selectionEnd - document.activeElement.selectionStart") == len(field.input_value())
    assert "Ctrl+C" in page.locator(".table-status").first.inner_text()


def test_a_wide_table_scrolls_inside_itself(page: Page) -> None:
    page.set_viewport_size({"width": 220, "height": 500})
    scroll = page.locator(".table-scroll").first
    page.wait_for_function("() => document.querySelector('.table-scroll').classList.contains('has-more')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    left = scroll.locator("tbody th").first.bounding_box()
    scroll.evaluate("element => { element.scrollLeft = 120; }")
    page.wait_for_function("() => document.querySelector('.table-scroll').classList.contains('is-scrolled')")
    assert scroll.locator("tbody th").first.bounding_box() == left  # The first column stays.


def test_without_script_it_is_a_table(tmp_path: Path, visit: Callable[..., Any], seen: Any) -> None:
    plain = visit(tmp_path / "page.html", java_script_enabled=False).page
    assert plain.get_by_role("table").count() == 3
    assert plain.get_by_role("button").count() == 0
    assert plain.get_by_role("rowheader", name="alpha").count() == 1
