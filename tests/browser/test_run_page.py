"""The page of a run as a person uses it: media by steps with overlays, the console with a search, the config, the runs beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.accessibility import serious
from browser.waiting import address, until
from playwright.sync_api import expect

import reportgen as rg
from reportgen.model import Run
from reportgen.site.build import build

SCRIPT = Path(__file__).parents[1] / "run_page" / "sdk_media.py"
REPORT = """---
title: Media
---
Words.

```media
key: [scene, many]
id: scenes
```

```console
lines: 3
```
"""
PIXEL = """([name, x, y]) => {
  const canvas = document.querySelector(`[data-key="scene"] canvas[data-overlay="${name}"]`);
  const copy = Object.assign(document.createElement('canvas'), { width: 64, height: 48 }).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return [...copy.getImageData(x, y, 1, 1).data];
}"""
"""The colour of a mask at a pixel of the image: red, green, blue, alpha."""
INKED = """(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, i) => i % 4 === 3 && value > 0);
}"""
"""Whether a scene is drawn."""
IN_SIGHT = """() => {
  const [view, row] = ['.console', '.console-line.is-current'].map((one) => document.querySelector(one).getBoundingClientRect());
  return view.top <= row.top && row.top <= view.bottom;
}"""
"""Whether the match is where the reader sees it."""
SECONDS = """audio => new Promise((done) => {
  audio.preload = 'metadata';
  audio.onloadedmetadata = () => done(audio.duration);
  audio.load();
})"""
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    offline = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_DIR": str(folder), "WANDB_CONSOLE": "wrap"}
    environment = {**os.environ, **offline, "HOME": str(folder)}
    done = subprocess.run([sys.executable, str(SCRIPT)], cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    (folder / "wandb" / "report.md").unlink(missing_ok=True)
    (folder / "report.md").write_text(REPORT.replace("title: Media", "title: Media\nruns: wandb"))
    return folder


@pytest.fixture(scope="module")
def run(logs: Path) -> Run:
    return next(run for run in rg.load(logs / "wandb") if run.name == "segmentation")


@pytest.fixture(scope="module")
def site(logs: Path) -> Path:
    build(logs, out=logs / "site")
    return logs / "site"


def opened(visit: Open, site: Path, run: Run, query: str = "", **options: Any) -> Any:
    return visit((site / "runs" / f"{run.slug}.html").resolve().as_uri() + query, **options)


def live(seen: Any, key: str) -> Any:
    """The panel of a key, once its data are there."""
    panel = seen.page.locator(f'[data-media][data-key="{key}"]')
    panel.scroll_into_view_if_needed()
    seen.page.wait_for_selector(f'[data-media][data-key="{key}"][data-live]')
    return panel


def overlaid(seen: Any) -> Any:
    panel = live(seen, "scene")
    seen.page.wait_for_selector('[data-key="scene"] .media-picture[data-overlaid]')
    return panel


def test_the_log_of_the_sdk_is_read_with_its_class_names(run: Run) -> None:
    scene = run.media["scene"][0].about
    assert scene["masks"]["prediction"]["class_labels"] == {"0": "road", "1": "car", "2": "tree"}
    assert scene["masks"]["truth"]["class_labels"] == {"0": "none", "1": "thing"}
    assert scene["boxes"]["prediction"]["class_labels"]["1"] == "car"
    assert ("diff.patch", 32) in [(one.path, one.size) for one in run.files]


def test_images_are_stepped_through_by_slider_and_keys(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    panel = live(seen, "scene")
    assert panel.locator(".media-where").inner_text() == "step 4 · 5 of 5"
    slider = panel.locator("[data-media-step]")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
    assert panel.locator(".media-where").inner_text() == "step 1 · 2 of 5"
    assert panel.locator(".caption").inner_text() == "scene <b>1</b>"
    panel.locator("button", has_text="›").click()
    assert panel.locator(".caption").inner_text() == "scene <b>2</b>"
    shown = panel.locator("img").evaluate("async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }")
    assert shown == [64, 48]
    many = live(seen, "many")
    assert many.locator("img").count() == 5
    again = visit(address(seen.page))
    assert live(again, "scene").locator(".caption").inner_text() == "scene <b>2</b>"
    assert live(again, "many").locator(".media-where").inner_text() == "step 4 · 5 of 5"
    assert seen.complaints + again.complaints == []
    assert all(address.startswith("file://") for address in seen.requests)


def test_masks_and_boxes_are_toggled(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    panel = overlaid(seen)
    road, car, tree = ((2, 2), (35, 15), (50, 40))
    assert seen.page.evaluate(PIXEL, ["prediction", *car])[3] > 0
    assert seen.page.evaluate(PIXEL, ["prediction", *car])[:3] != seen.page.evaluate(PIXEL, ["prediction", *tree])[:3]
    box = panel.locator(".media-box").first.bounding_box()
    frame = panel.locator(".media-picture").bounding_box()
    scale = frame["width"] / 64
    assert box["x"] - frame["x"] == pytest.approx(30 * scale, abs=1)
    assert box["width"] == pytest.approx(20 * scale, abs=1)
    assert panel.locator(".media-box b").all_inner_texts() == ["car <i> 0.5", "tree 0.9"]

    mask = panel.get_by_role("group", name="prediction").first
    mask.get_by_role("button", name="car").click()
    seen.page.wait_for_function(f"() => ({PIXEL})(['prediction', {car[0]}, {car[1]}])[3] === 0")
    assert seen.page.evaluate(PIXEL, ["prediction", *road])[3] > 0
    panel.get_by_role("group", name="prediction").nth(1).get_by_role("button", name="car").click()
    assert panel.locator(".media-box b").all_inner_texts() == ["tree 0.9"]
    truth = panel.locator('canvas[data-overlay="truth"]')
    assert truth.is_hidden(), "the colours of two masks would mix"
    panel.get_by_role("group", name="truth").get_by_role("button", name="truth: mask").click()
    assert truth.is_visible()
    panel.locator("[data-media-step]").press("ArrowLeft")
    seen.page.wait_for_selector('[data-key="scene"] .media-picture[data-overlaid]')
    assert panel.locator(".media-box b").all_inner_texts() == ["tree 0.9"]

    again = visit(address(seen.page))
    panel = overlaid(again)
    assert panel.locator(".caption").inner_text() == "scene <b>3</b>"
    assert panel.locator(".media-box b").all_inner_texts() == ["tree 0.9"]
    assert panel.locator('canvas[data-overlay="truth"]').is_visible()
    assert panel.locator('[aria-pressed="false"]').count() == 2
    panel.locator(".media-score input").fill("0.95")
    assert panel.locator(".media-box").count() == 0
    assert seen.complaints + again.complaints == []


def test_framed_html_reaches_nothing(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    panel = live(seen, "page")
    frame = panel.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    inner = frame.content_frame
    assert inner.locator("h1").inner_text() == "Framed"
    assert inner.locator("script, meta[http-equiv=refresh], [onerror]").count() == 0
    seen.page.wait_for_timeout(400)
    assert "segmentation" in seen.page.title()
    assert seen.page.url.startswith("file://")
    assert seen.complaints == []
    assert all(address.startswith("file://") for address in seen.requests)


def test_a_page_that_would_escape_cannot(visit: Open, site: Path, run: Run) -> None:
    """Even a file that nothing was taken out of has no rights in the frame, and cannot lead it elsewhere."""
    name = live(opened(visit, site, run), "page").locator("iframe").get_attribute("src").rpartition("/")[2]
    file = site / "media" / name
    kept = file.read_bytes()
    try:
        script = "<script>parent.document.title='owned';top.location='about:blank'</script>"
        file.write_text(f"{script}<a href='https://evil.example/'>out</a>")
        seen = opened(visit, site, run)
        panel = live(seen, "page")
        panel.locator("iframe").content_frame.locator("a").click()
        until(seen.page, lambda: all(word in str(seen.complaints).lower() for word in ("sandbox", "frame-src")))
        assert "segmentation" in seen.page.title()
        assert seen.page.url.startswith("file://")
        assert any("sandbox" in complaint.lower() for complaint in seen.complaints)
        assert any("frame-src" in complaint for complaint in seen.complaints)
    finally:
        file.write_bytes(kept)


def test_sound_film_clouds_and_molecules_are_shown(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    seconds = live(seen, "tone").locator("audio").evaluate(SECONDS)
    assert seconds == pytest.approx(0.1, abs=0.01)
    assert live(seen, "film").locator("img").evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 32
    assert live(seen, "words").locator("pre").inner_text() == "text <i>"
    for key in ("cloud", "molecule"):
        canvas = live(seen, key).locator("canvas")
        canvas.wait_for()
        seen.page.wait_for_function(INKED, arg=canvas.element_handle())
        before = canvas.evaluate("canvas => canvas.toDataURL()")
        canvas.focus()
        canvas.press("ArrowLeft")
        seen.page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas.element_handle(), before])
    assert seen.complaints == []


@pytest.mark.parametrize(("key", "tag"), [("tone", "audio"), ("webm", "video")])
def test_sound_and_film_are_played_from_the_keyboard(visit: Open, site: Path, run: Run, key: str, tag: str) -> None:
    seen = opened(visit, site, run)
    player = live(seen, key).locator(tag)
    assert player.evaluate("player => [player.paused, player.currentTime]") == [True, 0]
    player.focus()
    seen.page.keyboard.press("Space")
    seen.page.wait_for_function("player => player.currentTime > 0 && !player.error", arg=player.element_handle())
    if tag == "video":
        assert player.evaluate("player => [player.videoWidth, player.videoHeight]") == [64, 48]
    seen.page.wait_for_function("player => player.ended", arg=player.element_handle())
    assert seen.complaints == []


def test_a_3d_model_is_said_not_to_be_drawn_and_can_be_had(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    panel = live(seen, "mesh")
    said = "mesh.obj, a 3D model (Wavefront OBJ, 32 B), is not drawn here: download it to open it in a 3D viewer."
    assert panel.locator(".remark").inner_text() == said
    link = panel.get_by_role("link", name="Download")
    assert link.get_attribute("download") == "mesh.obj"
    with seen.page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_text().startswith("v 0 0 0")


def test_the_console_is_searched(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    box = seen.page.locator("[data-console]")
    box.scroll_into_view_if_needed()
    seen.page.wait_for_selector("[data-console][data-live]")
    texts = [line.text for line in run.console]
    assert box.locator(".console-line").last.inner_text() in (texts[-1], "a warning")
    assert box.locator(".console-line.is-err").inner_text() == "a warning"
    assert "progress 4" in box.locator(".console").inner_text()
    assert "progress 3" not in box.locator(".console").inner_text()
    assert box.locator(".console-line").count() < 1000
    field = box.locator("input")
    field.fill("NEEDLE")
    box.locator(".console-said", has_text="6 of 6").wait_for()
    assert "step 5007" in box.locator(".console-line.is-current").inner_text()
    field.press("Enter")
    box.locator(".console-said", has_text="1 of 6").wait_for()
    current = box.locator(".console-line.is-current")
    assert "step 7 " in current.inner_text()
    assert current.locator("mark").inner_text() == "needle"
    assert current.locator(".ansi-ink-2").inner_text() == "step 7"
    seen.page.wait_for_function(IN_SIGHT)
    view, row = box.locator(".console").bounding_box(), current.bounding_box()
    assert view["y"] <= row["y"] <= view["y"] + view["height"]
    box.get_by_role("button", name="The match before").click()
    box.locator(".console-said", has_text="6 of 6").wait_for()
    box.get_by_role("button", name="The next match").click()
    box.locator(".console-said", has_text="1 of 6").wait_for()
    again = visit(address(seen.page))
    again.page.locator("[data-console]").scroll_into_view_if_needed()
    again.page.locator(".console-said", has_text="1 of 6").wait_for()
    assert "step 7 " in again.page.locator(".console-line.is-current").inner_text()
    assert seen.complaints + again.complaints == []


TYPED_AND_ENTERED = """(field) => {
  field.value = 'NEEDLE';
  field.dispatchEvent(new Event('input'));
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
}"""


def test_enter_right_after_the_last_letter_is_not_lost(visit: Open, site: Path, run: Run) -> None:
    """The search waits for more letters; here Enter comes before it has begun."""
    seen = opened(visit, site, run)
    box = seen.page.locator("[data-console]")
    box.scroll_into_view_if_needed()
    seen.page.wait_for_selector("[data-console][data-live]")
    box.locator("input").evaluate(TYPED_AND_ENTERED)
    box.locator(".console-said", has_text="1 of 6").wait_for()
    assert seen.complaints == []


def test_the_config_is_searched_and_compared(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    tree = seen.page.locator("[data-config]")
    assert tree.locator("summary").all_inner_texts() == ["optimizer 2", "extra 8"]
    assert [text.split("\n")[0] for text in tree.locator(".is-different").all_inner_texts()][:1] == ["lr"]
    assert seen.page.locator(".comparison:visible tbody tr").first.inner_text().split() == ["optimizer.lr", "0.1", "0.01"]
    tree.locator("input").fill("optimizer lr")
    assert tree.locator("dl > div:visible").count() == 1
    assert tree.locator("details:visible").count() == 1
    again = visit(address(seen.page))
    assert again.page.locator("[data-config] dl > div:visible").count() == 1
    again.page.locator("[data-config] input").press("Escape")
    assert again.page.locator("[data-config] dl > div:visible").count() == 11


def test_keys_lead_to_the_runs_beside_it(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    seen.page.keyboard.press("[")
    seen.page.wait_for_function("() => document.title.startsWith('before') && document.readyState === 'complete'")
    seen.page.keyboard.press("]")
    seen.page.wait_for_function("() => document.title.startsWith('segmentation')")


def test_the_fences_show_media_and_console(visit: Open, site: Path, run: Run) -> None:
    seen = visit((site / "report.html").resolve().as_uri())
    panels = seen.page.locator("[data-media]")
    assert panels.count() == 2
    panels.last.scroll_into_view_if_needed()
    seen.page.wait_for_selector("[data-media][data-live]")
    slider = panels.last.locator("[data-media-step]")
    slider.press("ArrowLeft")
    again = visit(address(seen.page))
    again.page.locator("[data-media]").last.scroll_into_view_if_needed()
    expect(again.page.locator(".media-where").last).to_have_text("step 3 · 4 of 5")
    seen.page.locator("[data-console]").first.scroll_into_view_if_needed()
    seen.page.wait_for_selector("[data-console][data-live]")
    assert seen.complaints + again.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Open, site: Path, run: Run, scheme: str) -> None:
    seen = opened(visit, site, run, "?system=open", color_scheme=scheme, bypass_csp=True)
    for key in run.media:
        live(seen, key)
    seen.page.locator("[data-console]").scroll_into_view_if_needed()
    seen.page.wait_for_selector("[data-console][data-live]")
    assert serious(seen.page) == []


def test_without_javascript_the_last_step_is_seen(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run, java_script_enabled=False)
    assert seen.page.locator('[data-key="scene"] img').count() == 1
    assert seen.page.get_by_text("step 4, the last of 5").first.is_visible()
    assert seen.page.get_by_text("a warning").is_visible()
    assert seen.page.locator(".comparison").first.is_visible()
