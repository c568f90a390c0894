"""Finding things: the search of the site from any page, and the list of keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from artifact_runs import model, run
from browser.processor_time import ProcessorTime
from playwright.sync_api import expect
from site_samples import write_report

from reportgen.model import Runs
from reportgen.site.build import build
from reportgen.site.search import search_index

ROOT = Path(__file__).parents[2]
Open = Callable[..., Any]
MOST = 100
"""Milliseconds of processor time that an answer of the search may take."""
TYPED = """(words) => {
  const field = document.querySelector('.search-field');
  field.value = words;
  field.dispatchEvent(new Event('input'));
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "site"
    build(ROOT / "examples" / "three-runs" / "report.md", out=out)
    return out


def found(seen: Any) -> dict[str, list[str]]:
    """The titles of what is found, by kind."""
    return dict(
        seen.page.evaluate(
            """() => [...document.querySelectorAll('.search-group')].map((group) => [
                group.querySelector('.search-kind').firstChild.textContent,
                [...group.querySelectorAll('.search-title')].map((title) => title.textContent)])"""
        )
    )


def searched(seen: Any, words: str) -> None:
    seen.page.keyboard.press("/")
    seen.page.locator(".search-field").fill(words)
    seen.page.wait_for_function("() => !/Loading/.test(document.querySelector('.search-status').textContent)")


def test_a_run_is_found_from_the_page_of_another_and_followed_by_the_keyboard(visit: Open, site: Path) -> None:
    seen = visit(sorted((site / "runs").iterdir())[0])
    searched(seen, "16ch 0.01")
    assert found(seen)["Runs"] == ["cnn-16ch-lr0.01"]
    assert seen.page.locator(".search-option mark").first.inner_text() == "16ch"
    field = seen.page.locator(".search-field")
    while "Runs" not in seen.page.evaluate("document.querySelector('[aria-selected=true]').parentNode.firstChild.textContent"):
        field.press("ArrowDown")
    chosen = seen.page.get_attribute("[aria-selected=true]", "id")
    assert field.get_attribute("aria-activedescendant") == chosen
    field.press("Enter")
    seen.page.wait_for_url("**/runs/6a3jd4q0.html")
    assert (seen.complaints, seen.requests) == ([], [])


def test_each_kind_of_thing_is_found(visit: Open, site: Path) -> None:
    seen = visit(site / "index.html")
    seen.page.click("[data-search-open]")
    kinds = {"overfit": "Reports", "digits-cnn": "Artifacts", "val/acc": "Metrics", "batch": "Config keys", "cnn-8ch": "Runs"}
    for words, kind in kinds.items():
        searched(seen, words) if seen.page.locator("dialog[open]").count() == 0 else seen.page.locator(".search-field").fill(words)
        seen.page.wait_for_function("() => document.querySelectorAll('.search-option').length > 0")
        assert kind in found(seen), words
    seen.page.locator(".search-field").fill("nothing of this kind")
    assert seen.page.inner_text(".search-status") == "Nothing has all of these words."
    assert seen.complaints == []


def test_a_config_key_leads_to_the_runs_sorted_by_it(visit: Open, site: Path) -> None:
    seen = visit(site / "index.html")
    searched(seen, "channels")
    seen.page.locator(".search-option", has_text="channels").last.click()
    seen.page.wait_for_url("**/runs.html?view=table&columns=config.channels&sort=config.channels:asc")
    seen.page.wait_for_function("() => /channels/.test(document.querySelector('[data-dashboard]').textContent)")
    assert seen.page.locator("[aria-sort=ascending]", has_text="channels").count() == 1
    assert seen.complaints == []


def test_escape_closes_and_the_focus_goes_back(visit: Open, site: Path) -> None:
    seen = visit(site / "runs.html")
    seen.page.focus("[data-search-open]")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("dialog.site-search[open]")).to_have_count(1)
    expect(seen.page.locator(".search-field")).to_be_focused()
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("dialog[open]")).to_have_count(0)
    expect(seen.page.locator("[data-search-open]")).to_be_focused()


def test_a_slash_in_a_field_is_a_slash(visit: Open, site: Path) -> None:
    seen = visit(sorted((site / "runs").iterdir())[0])
    seen.page.keyboard.press("f")
    seen.page.keyboard.type("val/acc")
    assert seen.page.locator("dialog[open]").count() == 0
    assert seen.page.evaluate("document.activeElement.value") == "val/acc"


def test_the_keys_of_the_page_are_listed_and_can_be_turned_off(visit: Open, site: Path) -> None:
    seen = visit(site / "artifacts.html")
    seen.page.keyboard.press("?")
    said = seen.page.inner_text(".key-help")
    assert "search the site" in said
    assert "in a lineage" in said
    assert "in a chart" not in said
    seen.page.click(".key-choice input")
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("dialog[open]")).to_have_count(0)
    seen.page.keyboard.press("/")
    assert seen.page.locator("dialog[open]").count() == 0


def test_without_javascript_there_is_no_button_that_does_nothing(visit: Open, site: Path) -> None:
    seen = visit(site / "index.html", java_script_enabled=False)
    assert not seen.page.locator("[data-search-open]").is_visible()
    assert not seen.page.locator("[data-keys-open]").is_visible()


def test_every_entry_leads_to_a_page_of_the_site(site: Path) -> None:
    (script,) = (site / "data" / "search").iterdir()
    index = json.loads(script.read_text().partition(",")[2].removesuffix(");\n"))
    assert {"reports", "runs", "artifacts", "config", "metrics"} <= set(index)
    for kind, several in index.items():
        for title, href, _more in several:
            page, _, anchor = href.partition("#")
            assert title, kind
            path = site / page.partition("?")[0]
            assert path.is_file(), href
            assert not anchor or f'id="{anchor}"' in path.read_text(), href


def test_a_thousand_runs_are_searched_in_a_moment(visit: Open, tmp_path: Path) -> None:
    config = {f"optimizer.key_{i}": i for i in range(60)}
    runs = Runs(run(f"sweep-{i:04}", i, [model(f"m{i}")], config=config, group=f"g{i % 9}", tags=("a", "b")) for i in range(1000))
    index = search_index(runs, (), {"runs.html", "artifacts.html"})
    body = json.dumps(index, separators=(",", ":"))
    assert len(body) < 130_000
    build(write_report(tmp_path), out=tmp_path / "site")
    (script,) = (tmp_path / "site" / "data" / "search").iterdir()
    script.write_text(f'reportgen.value("data/search/{script.name}",{body});\n')
    seen = visit(tmp_path / "site" / "runs.html")
    searched(seen, "sweep")
    processor = ProcessorTime(seen.page)
    took = {}
    for words in ("sweep-0999 g0", "s", "sw", "sweep-1", "a b", "m1"):
        before = processor.spent()
        seen.page.evaluate(TYPED, words)
        took[words] = processor.spent() - before
        assert seen.page.locator(".search-option").count() == 1 or words != "sweep-0999 g0"
    assert max(took.values()) < MOST, took
