"""The pages of logged tables: what a reader sorts, filters, groups, opens and compares; all of it is in the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.accessibility import serious
from browser.waiting import address
from playwright.sync_api import expect
from table_logs import write_long, write_predictions

from reportgen.site.build import build

Open = Callable[..., Any]
FIRST, SECOND = f"{1:032x}", f"{2:032x}"
SHOWN = """name => {
  const table = document.querySelector('.grid-table');
  const column = [...table.tHead.rows[0].cells].findIndex((head) => head.dataset.name === name);
  return [...table.tBodies[0].rows].filter((row) => row.cells.length > column && column > 0).map((row) => row.cells[column].textContent);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_predictions(folder / "logs")
    build(folder / "logs", out=folder / "site")
    return folder / "site"


def opened(visit: Open, site: Path, query: str = "", key: str = "predictions.json", **options: Any) -> Any:
    seen = visit((site / "tables" / f"{key}.html").resolve().as_uri() + query, **options)
    seen.page.wait_for_function("() => document.querySelector('.grid-line .table-status')?.textContent")
    return seen


def status(seen: Any) -> str:
    return str(seen.page.inner_text(".grid-line .table-status"))


def shown(seen: Any, column: str) -> list[str]:
    return list(seen.page.evaluate(SHOWN, column))


def settled(seen: Any) -> None:
    """Waits until the rows are in the order that was asked for."""
    seen.page.wait_for_selector(".grid-table:not([data-busy])")


def wait_for(seen: Any, text: str) -> None:
    settled(seen)
    seen.page.wait_for_function("text => document.querySelector('.grid-line .table-status').textContent === text", arg=text)


def test_sort_and_follow_an_image(visit: Open, site: Path) -> None:
    seen = opened(visit, site, f"?run={FIRST}")
    assert shown(seen, "id")[:3] == ["0", "1", "2"]
    seen.page.click("th[data-name=confidence] .sort")
    seen.page.wait_for_selector("th[data-name=confidence][aria-sort=ascending]")
    values = [float(text) for text in shown(seen, "confidence")]
    assert values == sorted(values)
    row = shown(seen, "id")[2]
    seen.page.locator(".grid-table button.grid-thumbnail").nth(2).click()
    assert seen.page.inner_text("dialog h2") == f"image · row {int(row) + 1}"
    seen.page.wait_for_function("() => document.querySelector('dialog img').complete")
    assert seen.page.evaluate("document.querySelector('dialog img').naturalWidth") == 28
    assert seen.page.locator("dialog img").bounding_box()["width"] > 200
    following = shown(seen, "id")[3]
    seen.page.keyboard.press("ArrowRight")
    assert seen.page.inner_text("dialog h2") == f"image · row {int(following) + 1}"
    again = opened(visit, site, "?" + address(seen.page).split("?")[1])
    again.page.wait_for_selector("dialog[open]")
    assert again.page.inner_text("dialog h2") == f"image · row {int(following) + 1}"
    again.page.keyboard.press("Escape")
    again.page.wait_for_function("() => !location.search.includes('open=')")  # a dialog says later that it was closed
    assert shown(again, "id") == shown(seen, "id")
    assert (seen.complaints, again.complaints) == ([], [])
    assert all(address.startswith("file://") for address in seen.requests)


def test_filter_by_expression_and_text(visit: Open, site: Path) -> None:
    seen = opened(visit, site, f"?run={FIRST}")
    seen.page.fill("[data-view=where]", "label <> prediction")
    wait_for(seen, "3 of 60")
    assert shown(seen, "id") == ["3", "7", "11"]
    assert [text.removeprefix("wrong: ") for text in shown(seen, "prediction")] == ["9", "8", "0"]
    seen.page.fill("[data-view=where]", "label <> prediction and (confidence > 0.7 or kind in ('cat'))")
    wait_for(seen, "2 of 60")
    seen.page.fill("[data-view=where]", "labl = 3")
    seen.page.wait_for_function("() => document.querySelector('.grid-trouble').textContent.includes('did you mean')")
    assert "“label”" in seen.page.inner_text(".grid-trouble")
    wait_for(seen, "60 rows")
    seen.page.fill("[data-view=where]", "")
    seen.page.fill("[data-view=q]", "DOG")
    wait_for(seen, "30 of 60")
    assert seen.complaints == []


def test_groups(visit: Open, site: Path) -> None:
    seen = opened(visit, site, f"?run={FIRST}")
    seen.page.get_by_label("Group by").select_option("kind")
    seen.page.wait_for_selector(".grid-toggle")
    assert seen.page.locator(".grid-toggle").first.inner_text() == "cat 30 · 100\u202f% right"
    seen.page.locator(".grid-toggle").first.click()
    assert seen.page.locator(".grid-toggle").first.get_attribute("aria-expanded") == "false"
    assert seen.page.locator(".grid-toggle").nth(1).inner_text() == "dog 30 · 90\u202f% right"
    assert "group=kind" in address(seen.page)
    assert seen.complaints == []


def test_two_runs_are_joined(visit: Open, site: Path) -> None:
    seen = opened(visit, site, f"?run={FIRST}")
    seen.page.get_by_label("Compare with").select_option(label="second · step 0")
    seen.page.wait_for_selector("th[data-name=prediction_2]")
    settled(seen)
    said = seen.page.inner_text(".grid-said")
    assert "Of 60 rows in both: 1 from wrong to right, 1 from right to wrong, 1 from one wrong answer to another." in said
    seen.page.check(".grid-check input")
    wait_for(seen, "3 of 60")
    assert shown(seen, "change") == ["now right", "changed", "now wrong"]
    assert shown(seen, "id") == ["3", "11", "20"]
    seen.page.fill("[data-view=where]", "prediction_2 = 4")
    wait_for(seen, "1 of 60")
    again = opened(visit, site, "?" + address(seen.page).split("?")[1])
    assert status(again) == "1 of 60"
    assert shown(again, "change") == ["changed"]
    assert again.page.inner_text(".grid-said") == said
    assert (seen.complaints, again.complaints) == ([], [])


def test_without_javascript_the_first_rows_are_a_table(visit: Open, site: Path) -> None:
    seen = visit(site / "tables" / "predictions.json.html", java_script_enabled=False)
    assert seen.page.locator("tbody tr").count() == 60
    assert seen.page.locator("tbody img").first.is_visible()
    assert "57 of 60 rows" in seen.page.inner_text(".page-head")


def test_the_list_leads_to_each_table(visit: Open, site: Path) -> None:
    seen = visit(site / "tables.html")
    seen.page.click("table.data a")
    seen.page.wait_for_selector(".grid-table")
    assert seen.complaints == []


def test_a_long_table_has_few_rows_in_the_page(visit: Open, tmp_path: Path) -> None:
    write_long(tmp_path / "logs", 20_000)
    build(tmp_path / "logs", out=tmp_path / "site")
    seen = opened(visit, tmp_path / "site", key="long.json")
    assert seen.page.locator(".grid-table tbody tr").count() < 80
    seen.page.evaluate("() => { const box = document.querySelector('.grid-scroll'); box.scrollTop = box.scrollHeight; }")
    seen.page.wait_for_function("() => [...document.querySelectorAll('.grid-table tbody th')].pop()?.textContent === '20,000'")
    seen.page.click("th[data-name=score] .sort")
    seen.page.click("th[data-name=score] .sort")
    seen.page.wait_for_selector("th[data-name=score][aria-sort=descending]")
    values = [float(text.replace("−", "-")) for text in shown(seen, "score")]
    assert values == sorted(values, reverse=True)
    seen.page.evaluate("() => { const box = document.querySelector('.grid-scroll'); box.scrollTop = box.scrollHeight; }")
    seen.page.wait_for_function("() => [...document.querySelectorAll('.grid-table tbody td')].some((cell) => cell.textContent === '—')")
    assert seen.complaints == []


def test_nothing_is_out_of_reach(visit: Open, site: Path) -> None:
    compared = f"?run={FIRST}&step=0&with={SECOND}&with-step=0&changed=1"
    for query in ("", compared, "?group=kind", "?open=image&row=4"):
        seen = opened(visit, site, query, bypass_csp=True)
        assert serious(seen.page) == []
    seen = opened(visit, site)
    seen.page.locator("th[data-name=confidence] .sort").focus()
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("th[data-name=confidence][aria-sort=ascending]")
    seen.page.locator(".grid-table button.grid-thumbnail").first.focus()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("dialog[open]")).to_have_count(1)


BAR = "th[data-name={}] .grid-bar:enabled >> nth={}"


def test_a_bar_leaves_the_rows_of_its_values(visit: Open, site: Path) -> None:
    seen = opened(visit, site, f"?run={FIRST}")
    bars = seen.page.locator("th[data-name=confidence] .grid-bar:enabled")
    counted = [str(bar).rsplit(": ", 1) for bar in bars.evaluate_all("bars => bars.map((bar) => bar.title)")]
    assert sum(int(count) for _values, count in counted) == 60
    for i, (values, count) in enumerate(counted):
        bars.nth(i).click()
        wait_for(seen, f"{count} of 60" if count != "60" else "60 rows")
        assert bars.nth(i).get_attribute("aria-pressed") == "true"
        assert seen.page.inner_text(".grid-picks").replace("\n", " ").startswith(f"confidence {values}")
    assert seen.page.locator(".grid-chip").count() == 1  # Another bar of the same column takes the place of the first.
    seen.page.click("th[data-name=kind] .grid-frequent >> text=dog")
    seen.page.wait_for_function("() => document.querySelectorAll('.grid-chip').length === 2")
    assert set(shown(seen, "kind")) == {"dog"}
    left = status(seen)
    again = opened(visit, site, "?" + address(seen.page).split("?")[1])
    assert (status(again), shown(again, "id")) == (left, shown(seen, "id"))
    assert again.page.locator("[aria-pressed=true]").count() == 2
    again.page.click(".grid-chip >> text=dog")
    again.page.wait_for_function("() => document.querySelectorAll('.grid-chip').length === 1")
    again.page.locator("th[data-name=confidence] [aria-pressed=true]").click()
    wait_for(again, "60 rows")
    assert "only=" not in address(again.page)
    assert again.page.locator(".grid-chip").count() == 0
    assert (seen.complaints, again.complaints) == ([], [])


def test_bars_from_the_keyboard_and_with_a_condition(visit: Open, site: Path) -> None:
    seen = opened(visit, site, f"?run={FIRST}")
    seen.page.locator(BAR.format("label", 0)).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        seen.page.keyboard.press(key)
    wait_for(seen, "6 of 60")
    assert shown(seen, "label") == ["3"] * 6
    seen.page.fill("[data-view=where]", "label <> prediction")
    wait_for(seen, "1 of 60")
    assert seen.page.get_by_role("button", name="label 3: take away").is_visible()
    seen.page.fill("[data-view=where]", "label = 3 and labl")
    wait_for(seen, "6 of 60")
    assert seen.complaints == []


@pytest.mark.parametrize("only", ["[", "3", "[[1,2]]", '[["label",["=",{}]]]', '[["label",["a",2]],["nothing",[1,2]]]', "[[],null]"])
def test_a_wrong_pick_in_the_address_does_no_harm(visit: Open, site: Path, only: str) -> None:
    seen = opened(visit, site, f"?run={FIRST}&only={only}")
    assert status(seen) == "60 rows"
    assert seen.complaints == []
