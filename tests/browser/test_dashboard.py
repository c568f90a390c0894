"""The dashboard as a person uses it: hover, hide, isolate, zoom, brush, filter, group, the table, a copied link."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.accessibility import serious
from browser.waiting import copied_link, drawn
from playwright.sync_api import expect

import reportgen as rg
from reportgen.model import Runs
from reportgen.site.build import build

DIGITS = Path(__file__).parents[2] / "examples" / "digits" / "wandb"
Open = Callable[..., Any]
DRAWN = "() => [...document.querySelectorAll('.dash-card .lines-base[aria-label]')].length >= 2"
INK = """(canvas) => {
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height).data.reduce((sum, value, i) => sum + (i % 4 === 3 && value > 0), 0);
}"""
"""How many pixels of a canvas are drawn on."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dashboard") / "site"
    build(DIGITS, out=out)
    return out


@pytest.fixture(scope="module")
def runs() -> Runs:
    return rg.load(DIGITS)


def opened(visit: Open, site: Path, query: str = "", **options: Any) -> Any:
    options.setdefault("viewport", {"width": 1440, "height": 900})
    seen = visit((site / "runs.html").resolve().as_uri() + query, **options)
    seen.page.wait_for_function(DRAWN)
    drawn(seen)
    return seen


def listed(seen: Any) -> list[str]:
    return [text.strip() for text in seen.page.locator(".runs-list li[data-run] .run-name").all_inner_texts()]


def card(seen: Any, metric: str) -> Any:
    return seen.page.locator(f".dash-card[data-metric='{metric}']")


def again(visit: Open, seen: Any) -> Any:
    """The same view in a new window, by its address."""
    new = visit(copied_link(seen), viewport={"width": 1440, "height": 900})
    new.page.wait_for_selector(".dash-side")
    drawn(new)
    assert new.complaints == []
    return new


def test_the_best_run_comes_first_with_its_value(visit: Open, site: Path, runs: Runs) -> None:
    seen = opened(visit, site)
    best = [run.name for run in runs.top(24, "val/acc")]
    shown = listed(seen)
    assert shown[0] == best[0]
    assert len(shown) == len(set(shown)) == len(runs)
    values = seen.page.locator(".runs-list .run-value").all_inner_texts()
    assert values[0] == f"{runs[best[0]]['val/acc']:.3f}"
    assert seen.complaints == []


def test_hovering_marks_the_run_in_every_chart_and_in_the_list(visit: Open, site: Path) -> None:
    seen = opened(visit, site)
    box = card(seen, "val/acc").locator(".lines-base").bounding_box()
    seen.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60)
    seen.page.wait_for_selector(".lines-tip:not([hidden])")
    name = card(seen, "val/acc").locator(".lines-tip .is-chosen .lines-tip-name").inner_text()
    assert seen.page.locator(".runs-list .is-hovered .run-name").inner_text() == name
    assert card(seen, "val/loss").locator(".lines-over").evaluate(INK) > 50
    seen.page.mouse.move(5, 5)
    assert seen.page.locator(".runs-list .is-hovered").count() == 0
    seen.page.locator(".runs-list li[data-run]").nth(3).hover()
    for metric in ("val/acc", "val/loss"):
        assert card(seen, metric).locator(".lines-over").evaluate(INK) > 50
    assert seen.complaints == []


def test_the_value_under_the_pointer_is_the_logged_one(visit: Open, site: Path, runs: Runs) -> None:
    seen = opened(visit, site)
    canvas = card(seen, "val/loss").locator(".lines-base")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        canvas.press(key)
    said = card(seen, "val/loss").locator(".lines-holder .said").inner_text()
    name, rest = said.split(": ")
    value, step = rest.split(", step ")
    series = runs[name].history["val/loss"]
    logged = float(series.value[series.step == int(step)][0])
    assert float(value) == pytest.approx(logged, rel=1e-3)


def test_a_run_is_hidden_and_shown_alone_and_the_link_keeps_it(visit: Open, site: Path) -> None:
    seen = opened(visit, site)
    names = listed(seen)
    seen.page.locator(".run-eye").first.click()
    assert seen.page.locator(".dash-status").inner_text() == "23 of them shown"
    new = again(visit, seen)
    assert new.page.locator(".runs-list li.is-hidden .run-name").all_inner_texts() == names[:1]
    seen.page.locator(".runs-list .run-name").nth(2).click()
    assert seen.page.locator(".dash-status").inner_text() == "1 of them shown"
    seen.page.locator(".runs-list .run-name").nth(4).click(modifiers=["Shift"])
    new = again(visit, seen)
    assert new.page.locator(".runs-list li:not(.is-hidden) .run-name").all_inner_texts() == [names[2], names[4]]
    new.page.get_by_role("button", name="Show all runs").click()
    assert new.page.locator(".runs-list li.is-hidden").count() == 0
    assert seen.complaints == []


def test_dragging_zooms_all_charts_and_a_double_click_undoes_it(visit: Open, site: Path) -> None:
    seen = opened(visit, site)
    canvas = card(seen, "val/acc").locator(".lines-base")
    other = card(seen, "val/loss").locator(".lines-base")
    before = other.evaluate("(one) => one.toDataURL()")
    drag(seen, canvas, (0.4, 0.3), (0.7, 0.5))
    seen.page.wait_for_url("**zoom=**")
    drawn(seen)
    assert other.evaluate("(one) => one.toDataURL()") != before
    assert again(visit, seen).page.get_by_role("button", name="Undo the zoom").is_visible()
    canvas.dblclick(position={"x": 200, "y": 100})
    seen.page.wait_for_url(lambda address: "zoom=" not in address)
    drawn(seen)
    assert other.evaluate("(one) => one.toDataURL()") == before


def drag(seen: Any, canvas: Any, start: tuple[float, float], end: tuple[float, float], key: str = "") -> None:
    box = canvas.bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    if key:
        seen.page.keyboard.down(key)
    seen.page.mouse.move(*points[0])
    seen.page.mouse.down()
    seen.page.mouse.move(*points[1], steps=4)
    seen.page.mouse.up()
    if key:
        seen.page.keyboard.up(key)


def test_brushing_selects_the_runs_that_pass(visit: Open, site: Path, runs: Runs) -> None:
    seen = opened(visit, site)
    # The upper right corner: accuracies near one, late.
    drag(seen, card(seen, "val/acc").locator(".lines-base"), (0.9, 0.02), (0.995, 0.25), "Shift")
    shown = seen.page.locator(".runs-list li:not(.is-hidden) .run-name").all_inner_texts()
    assert 0 < len(shown) < 12
    assert all(max(runs[name].history["val/acc"].value[-3:]) > 0.8 for name in shown)
    new = again(visit, seen)
    assert new.page.locator(".runs-list li:not(.is-hidden) .run-name").all_inner_texts() == shown
    new.page.get_by_role("button", name="Undo", exact=True).click()
    assert new.page.locator(".runs-list li.is-hidden").count() == 0
    assert seen.complaints == []


def test_a_condition_narrows_and_a_wrong_one_says_why(visit: Open, site: Path, runs: Runs) -> None:
    seen = opened(visit, site)
    condition = "optimizer.lr < 0.01 and state = 'finished'"
    seen.page.locator(".dash-side .dash-field").fill(condition)
    seen.page.wait_for_function("() => /of 24/.test(document.querySelector('.dash-side summary').textContent)")
    expected = {run.name for run in runs.where(condition)}
    assert set(listed(seen)) == expected
    assert set(listed(again(visit, seen))) == expected
    seen.page.locator(".dash-side .dash-field").fill("optimiser.lr < 0.01")
    seen.page.wait_for_selector(".dash-mistake:not(:empty)")
    assert "did you mean “optimizer.lr”" in seen.page.locator(".dash-mistake").inner_text().replace("config.", "")
    assert set(listed(seen)) == expected
    seen.page.locator(".dash-side .dash-field").fill("sweep-0")
    seen.page.wait_for_function("() => /10 of 24/.test(document.querySelector('.dash-side summary').textContent)")
    assert all(name.startswith("sweep-0") for name in listed(seen))
    assert seen.page.locator(".dash-mistake").inner_text() == ""


def test_groups_have_heads_means_and_bands(visit: Open, site: Path, runs: Runs) -> None:
    seen = opened(visit, site)
    seen.page.get_by_label("Group by").select_option("config.optimizer.name")
    seen.page.wait_for_selector(".runs-group")
    note = card(seen, "val/acc").locator(".dash-card-note")
    seen.page.wait_for_function("() => document.querySelector('.dash-card-note').textContent.includes('mean of')")
    sizes = sorted(sum(run["config.optimizer.name"] == name for run in runs) for name in {run["config.optimizer.name"] for run in runs})
    assert note.inner_text() == f"mean of {sizes[0]}–{sizes[-1]} runs, band from least to greatest"
    seen.page.get_by_label("Band").select_option("bootstrap")
    seen.page.wait_for_function("() => document.querySelector('.dash-card-note').textContent.includes('bootstrap')")
    heads = seen.page.locator(".runs-group").all_inner_texts()
    new = again(visit, seen)
    assert new.page.locator(".runs-group").all_inner_texts() == heads
    assert "bootstrap" in card(new, "val/acc").locator(".dash-card-note").inner_text()
    assert seen.complaints == []


def test_the_toolbar_sets_all_charts_and_the_search_finds_metrics(visit: Open, site: Path) -> None:
    seen = opened(visit, site)
    slider = seen.page.get_by_label("Smoothing")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    smooth = "[...document.querySelectorAll('.dash-card-note')].slice(0, 2).every((one) => /EMA 0.2/.test(one.textContent))"
    seen.page.wait_for_function(f"() => {smooth}")
    seen.page.get_by_label("log y").check()
    seen.page.get_by_label("x axis").select_option("time")
    seen.page.get_by_label("Find metrics").fill("acc")
    seen.page.wait_for_function("() => document.querySelectorAll('.dash-card:not([hidden])').length === 1")
    seen.page.locator(".dash-section:not([hidden]) summary").click()
    seen.page.wait_for_url("**fold=**")  # a section says later that it was folded
    new = again(visit, seen)
    for selector in (".dash-card:not([hidden])", ".dash-section:not([open])"):
        assert new.page.locator(selector).count() == seen.page.locator(selector).count()
    assert new.page.get_by_label("log y").is_checked()
    assert new.page.get_by_label("x axis").input_value() == "time"
    seen.page.get_by_role("button", name="Reset").click()
    seen.page.wait_for_url(lambda address: "?" not in address)
    assert (seen.complaints, seen.requests) == ([], [])


def test_the_table_sorts_compares_and_changes_its_columns(visit: Open, site: Path, runs: Runs) -> None:
    seen = opened(visit, site)
    seen.page.get_by_role("button", name="Table", exact=True).click()
    seen.page.locator(".runs-table [data-sort='val/loss']").click()
    rows = ".runs-table tbody tr[data-run]"
    names = [text.strip() for text in seen.page.locator(f"{rows} a.run").all_inner_texts()]
    expected = sorted((run for run in runs if run["val/loss"] is not None), key=lambda run: float(str(run["val/loss"])))
    assert len(names) > 9
    assert names == [run.name for run in expected][: len(names)]
    seen.page.locator(rows).nth(1).hover()
    seen.page.locator(f"{rows} .run-pin").nth(1).click()
    assert seen.page.locator(f"{rows} .delta.worse, {rows} .delta.better").count() > 5
    seen.page.get_by_role("button", name="Columns").click()
    seen.page.get_by_label("Find a column").fill("host")
    seen.page.locator(".columns-other [data-column=host]").click()
    seen.page.get_by_role("button", name="host further left").click()
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator(".runs-table thead th").nth(-2)).to_have_text("host")  # its values are loaded first
    heads = seen.page.locator(".runs-table thead th").all_inner_texts()
    new = again(visit, seen)
    assert new.page.locator(".runs-table thead th").all_inner_texts() == heads
    first = [one.page.locator(f"{rows} .delta").first.inner_text() for one in (seen, new)]
    assert first[0] == first[1]
    assert seen.complaints == []


@pytest.mark.parametrize("query", ["", "?view=table&group=config.optimizer.name"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_serious_is_found_by_axe(visit: Open, site: Path, query: str, width: int) -> None:
    seen = opened(visit, site, query, viewport={"width": width, "height": 900}, bypass_csp=True)
    seen.page.evaluate("document.querySelector('.dash-side').open = true")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(seen.page) == []


def test_on_a_phone_the_runs_fold_above_the_charts(visit: Open, site: Path) -> None:
    seen = opened(visit, site, viewport={"width": 390, "height": 844})
    assert not seen.page.locator(".runs-list").is_visible()
    seen.page.locator(".dash-side summary").click()
    side, chart = (seen.page.locator(one).first.bounding_box() for one in (".runs-list", ".dash-card"))
    assert side["y"] + side["height"] <= chart["y"]


def test_without_javascript_and_on_paper_the_runs_are_a_table(visit: Open, site: Path, runs: Runs) -> None:
    seen = visit(site / "runs.html", java_script_enabled=False)
    assert seen.page.locator(".all-runs tbody tr").count() == len(runs)
    assert seen.page.locator(".all-runs table").is_visible()
    scripted = opened(visit, site)
    assert not scripted.page.locator(".all-runs table").is_visible()
    scripted.page.emulate_media(media="print")
    assert scripted.page.locator(".all-runs table").is_visible()


TYPED = """(then) => {
  const field = document.querySelector('.dash-toolbar [aria-label="Find metrics"]');
  field.focus();
  field.value = 'acc';
  field.dispatchEvent(new Event('input'));
  if (then === 'log') document.querySelector('.dash-check input').click();
  else field.blur();
}"""
FOUND = "() => document.querySelectorAll('.dash-card:not([hidden])').length === 1"


def test_what_is_being_typed_is_not_lost_when_something_else_changes(visit: Open, site: Path) -> None:
    """The search waits for more letters; here another control changes before it has begun."""
    seen = opened(visit, site)
    seen.page.evaluate(TYPED, "log")
    seen.page.wait_for_function(FOUND)
    assert seen.page.get_by_label("Find metrics").input_value() == "acc"
    assert seen.page.get_by_label("log y").is_checked()
    other = opened(visit, site)
    other.page.evaluate(TYPED, "leave")
    assert other.page.evaluate(f"({FOUND})()"), "who leaves a field has typed what was meant"


TWO_AT_ONCE = """() => {
  const { valueOf } = reportgen;
  let asked = 0;
  reportgen.valueOf = async (...which) => {
    if (asked++) await new Promise((done) => setTimeout(done, 200));
    return valueOf(...which);
  };
  const filter = document.querySelector('.dash-side .dash-field');
  filter.focus();
  filter.value = "host <> 'nobody'";
  filter.dispatchEvent(new Event('input'));
  filter.blur();
  [...document.querySelectorAll('.dash-side button')].find((one) => one.textContent === 'Table').click();
}"""


def test_two_changes_that_load_values_do_not_disturb_each_other(visit: Open, site: Path) -> None:
    """The values of the second are loaded later than those of the first."""
    seen = opened(visit, site)
    seen.page.evaluate(TWO_AT_ONCE)
    seen.page.wait_for_selector(".runs-table tbody tr[data-run]")
    assert seen.page.locator(".dash-mistake").inner_text() == ""
    assert seen.complaints == []


def test_charts_are_busy_until_their_font_is_there_and_they_are_drawn(visit: Open, site: Path) -> None:
    """Text in a canvas stays as it was drawn: a font that arrives later would not change it."""
    seen = visit("about:blank")
    seen.page.add_init_script("document.fonts.load = () => new Promise((done) => { window.arrive = done; });")
    seen.page.goto((site / "runs.html").resolve().as_uri())
    seen.page.wait_for_function("() => window.arrive")
    seen.page.wait_for_timeout(200)
    assert seen.page.locator(".dash-charts[data-busy]").count() == 1
    assert seen.page.locator(".lines-base[aria-label]").count() == 0
    seen.page.evaluate("window.arrive([])")
    drawn(seen)
    assert seen.page.locator(".lines-base[aria-label]").count() >= 2
    assert seen.complaints == []
