"""The pages of artifacts as a reader uses them: along the lineage, from version to version, a comparison that a link keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.waiting import address

from reportgen.site.build import build

ROOT = Path(__file__).parents[2]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artifacts")
    logs = [ROOT / "examples" / "three-runs" / "wandb", ROOT / "tests" / "data" / "trackio", ROOT / "tests" / "data" / "sacred"]
    build(folder, runs=logs, out=folder / "site")
    return folder / "site"


def test_along_the_lineage_from_the_run_to_its_model_and_on(visit: Open, site: Path) -> None:
    seen = visit(site / "artifacts.html")
    assert "2 versions; v1, the latest, was made by fit-1." in seen.page.inner_text(".subtitle")
    run = seen.page.locator(".lineage-node.is-run", has_text="fit-0")
    run.hover()
    on_way = seen.page.locator(".lineage-node.on-way")
    kinds = on_way.evaluate_all("nodes => nodes.map(node => node.getAttribute('href').split('/')[0])")
    assert sorted(kinds) == ["artifacts", "artifacts", "runs", "runs"]
    seen.page.mouse.move(0, 0)
    assert on_way.count() == 0
    run.focus()
    assert on_way.count() == 4
    seen.page.click(".lineage-node[aria-label=\"model model v0\"]")
    seen.page.wait_for_url("**/artifacts/model-model-*.html#v0")
    assert seen.page.locator(".version:visible h2").inner_text() == "v0"
    assert "Used by 1 run: fit-1." in seen.page.inner_text(".version:visible .version-said")
    seen.page.click(".version:visible .version-said a >> nth=-1")
    seen.page.wait_for_url("**/runs/*.html")
    assert "fit-1" in seen.page.inner_text("h1")
    assert (seen.complaints, [one for one in seen.requests if not one.startswith("file:")]) == ([], [])


def test_any_two_versions_are_compared_and_the_link_keeps_it(visit: Open, site: Path) -> None:
    (path,) = (site / "artifacts").glob("model-digits-cnn-*.html")
    seen = visit(path)
    shown = seen.page.locator(".version:visible")
    assert shown.get_attribute("id") == "v2"
    assert shown.locator("select").input_value() == "v1"
    built = shown.locator("[data-changes]").inner_text()
    assert "val/acc 0.962222 → 0.98" in built
    shown.locator("select").select_option("v0")
    seen.page.wait_for_function("() => /0.928889/.test(document.querySelector('.version:not([hidden]) [data-changes]').textContent)")
    assert "model.pt 10.5 kB → 27.2 kB" in shown.locator("[data-changes]").inner_text()
    again = visit(address(seen.page))
    again.page.wait_for_function("() => /0.928889/.test(document.querySelector('.version:not([hidden]) [data-changes]').textContent)")
    assert again.page.locator(".version:visible select").input_value() == "v0"
    shown.locator("select").select_option("v1")
    seen.page.wait_for_function("() => !/0.928889/.test(document.querySelector('.version:not([hidden]) [data-changes]').textContent)")
    assert shown.locator("[data-changes]").inner_text() == built
    seen.page.click("[data-chip=v0]")
    # The address says later that it changed.
    seen.page.wait_for_function("() => document.querySelector('.version:not([hidden])').id === 'v0'")
    assert seen.page.get_attribute("[data-chip=v0]", "aria-current") == "true"
    assert (seen.complaints, again.complaints) == ([], [])


def test_files_beside_the_log_can_be_downloaded(visit: Open, site: Path) -> None:
    (path,) = (site / "artifacts").glob("file-art.txt-*.html")
    seen = visit(path)
    link = seen.page.locator(".version:visible a[download]")
    copy = site / "artifacts" / (link.get_attribute("href") or "")
    original = next((ROOT / "tests" / "data" / "sacred").rglob("art.txt"))
    assert copy.read_bytes() == original.read_bytes()
    (absent,) = (site / "artifacts").glob("model-digits-cnn-*.html")
    assert "does not lie beside the log" in visit(absent).page.inner_text(".version:visible")


def test_without_javascript_all_versions_are_seen(visit: Open, site: Path) -> None:
    (path,) = (site / "artifacts").glob("model-digits-cnn-*.html")
    seen = visit(path, java_script_enabled=False)
    assert [one.get_attribute("id") for one in seen.page.locator(".version:visible").all()] == ["v2", "v1", "v0"]
    assert seen.page.locator("svg.lineage a").count() == 6
    assert seen.page.locator("select:visible").count() == 0
    seen.page.click(".lineage-words summary")
    assert "cnn-16ch-lr0.01 made digits-cnn v2." in seen.page.inner_text(".lineage-words")
