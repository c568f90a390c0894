"""The page of a run's histograms: the pointer chooses a step, and what is drawn are the counts that were logged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.waiting import address
from playwright.sync_api import expect

import reportgen as rg
from reportgen.model import Run
from reportgen.site.build import build

EXAMPLE = Path(__file__).parents[2] / "examples" / "three-runs" / "wandb"
BARS = """() => {
  const shown = document.querySelector('[data-beside]');
  const { width, height } = shown;
  const copy = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { willReadFrequently: true });
  copy.drawImage(shown, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  const lengths = new Array(height).fill(0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      if (data[at + 3] > 90 && data[at + 2] > 1.5 * data[at]) lengths[y] = x + 1;
    }
  }
  return lengths;
}"""
"""How long the bar is at each height, in pixels."""
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("gradients") / "site"
    build(EXAMPLE, out=out)
    return out


@pytest.fixture(scope="module")
def run() -> Run:
    return next(run for run in rg.load(EXAMPLE) if run.histograms)


def opened(visit: Open, site: Path, run: Run, query: str = "", **options: Any) -> Any:
    page = site / "gradients" / f"{run.slug}.html"
    seen = visit(page.resolve().as_uri() + query, **options)
    seen.page.wait_for_function("() => document.querySelector('[data-said]').textContent !== ''")
    return seen


def said_step(seen: Any) -> int:
    return int(seen.page.inner_text("[data-said]").split(":")[0].removeprefix("step ").replace(",", ""))


def test_the_section_is_drawn_from_the_logged_counts(visit: Open, site: Path, run: Run) -> None:
    key = next(key for key in run.histograms if key.startswith("gradients/") and key.endswith("fc.weight"))
    logged = {one.step: one for one in run.histograms[key]}
    seen = opened(visit, site, run, f"?layer={key}&range=all")
    heat = seen.page.locator("[data-heat]").bounding_box()
    steps = set()
    for share in (0.3, 0.5, 0.8):
        seen.page.mouse.move(heat["x"] + share * heat["width"], heat["y"] + 120)
        step = said_step(seen)
        steps.add(step)
        one = logged[step]
        low = min(float(h.edges[0]) for h in logged.values())
        high = max(float(h.edges[-1]) for h in logged.values())
        room = seen.page.evaluate("document.querySelector('[data-side]').clientWidth") - 12
        lengths = seen.page.evaluate(BARS)
        for k, count in enumerate(one.counts):
            top = round(8 + 298 * (high - float(one.edges[k + 1])) / (high - low))
            assert abs(lengths[top] - count / one.counts.max() * room) <= 1, (step, k)
    assert len(steps) == 3
    assert seen.complaints == []
    assert all(address.startswith("file://") for address in seen.requests)


def test_the_table_of_bins_is_exact(visit: Open, site: Path, run: Run) -> None:
    for key in list(run.histograms)[:3]:
        seen = opened(visit, site, run, f"?layer={key}")
        one = next(h for h in run.histograms[key] if h.step == said_step(seen))
        seen.page.click("[data-counts] summary")
        seen.page.wait_for_selector("[data-counts] tbody tr")
        rows = seen.page.evaluate("[...document.querySelectorAll('[data-counts] tbody tr')].map(r => [...r.cells].map(c => +c.innerText))")
        low, high, counts = np.array(rows).T
        assert counts.tolist() == one.counts.tolist()
        np.testing.assert_allclose(low, one.edges[:-1], rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(high, one.edges[1:], rtol=1e-8, atol=1e-12)


def test_the_view_is_in_the_address(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    link = seen.page.locator("a.layer").last
    key = link.get_attribute("data-layer")
    link.click()
    expect(seen.page.locator("h2[data-name]")).to_have_text(key)
    seen.page.click("[data-scale]")
    seen.page.click("[data-drawn]")
    slider = seen.page.locator("[data-step]")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
    said = seen.page.inner_text("[data-said]")
    again = visit(address(seen.page))
    again.page.wait_for_function("() => document.querySelector('[data-said]').textContent !== ''")
    assert again.page.inner_text("[data-name]") == key
    assert again.page.inner_text("[data-said]") == said
    assert again.page.get_attribute("[data-scale]", "aria-pressed") == "true"
    assert again.page.get_attribute("[data-drawn]", "aria-pressed") == "true"
    assert (again.complaints, seen.complaints) == ([], [])


def test_without_javascript_all_layers_are_seen(visit: Open, site: Path, run: Run) -> None:
    seen = visit(site / "gradients" / f"{run.slug}.html", java_script_enabled=False)
    assert seen.page.locator("a.layer").count() == len(run.histograms)
    assert seen.page.locator("img.strip").first.is_visible()
    assert not seen.page.locator("[data-layer-stage]").is_visible()
