"""Charts in the browser, on pages of their own."""

from __future__ import annotations

import csv
import io
import json
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from browser.figures import curves, write_page

from reportgen.charts.remarks import remarks

Open = Callable[..., Any]
FITS = """(width) => {
  const [drawn, place] = ['.chart-live svg', '.chart'].map((one) => document.querySelector(one).getBoundingClientRect().width);
  return innerWidth === width && Math.abs(drawn - place) <= 2;
}"""
"""Whether the first chart is as wide as its place in a window of a width."""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with three charts: the first two have the same data."""
    return write_page(tmp_path_factory.mktemp("charts") / "deep", curves(), curves("The same again"), curves("More runs", 12, 200))


@pytest.fixture
def server(page_file: Path) -> Iterator[str]:
    """The address of the page below a sub-path of a server of this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(page_file.parent.parent))) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/deep/index.html"
        running.shutdown()


def test_charts_come_alive_from_the_disk_without_a_word(visit: Open, page_file: Path) -> None:
    seen = visit(page_file)
    assert seen.wait_for_charts() == 3
    assert seen.page.locator(".chart-live svg path").count() > 10
    assert seen.page.locator(".chart-static svg:visible").count() == 0
    assert (seen.complaints, seen.requests) == ([], [])


def test_charts_come_alive_below_a_sub_path_of_a_server(visit: Open, server: str) -> None:
    seen = visit(server)
    assert seen.wait_for_charts() == 3
    assert [request for request in seen.requests if not request.endswith("/favicon.ico")] == []
    assert [one for one in seen.complaints if "favicon" not in one and "404" not in one] == []


@pytest.mark.parametrize("told", [True, False])
def test_only_remarks_that_the_build_has_told_are_kept_from_the_reader(visit: Open, tmp_path: Path, told: bool) -> None:
    figure = curves()
    spec = {**figure.spec, "mark": "rect", "encoding": {**figure.spec["encoding"], "size": {"field": "run"}}}
    said = remarks([spec])[0]
    assert said
    meta = {"usermeta": {"reportgen": {"remarks": list(said)}}} if told else {}
    seen = visit(write_page(tmp_path, replace(figure, spec={**spec, **meta})))
    assert seen.wait_for_charts() == 1
    assert (seen.complaints == []) is told


def test_without_javascript_each_chart_is_a_picture(visit: Open, page_file: Path) -> None:
    seen = visit(page_file, java_script_enabled=False)
    pictures = seen.page.locator(".chart-static svg").all()
    assert len(pictures) == 3
    for picture in pictures:
        box = picture.bounding_box()
        assert box["width"] > 500
        assert box["height"] > 200
        assert picture.get_attribute("aria-label")
    assert (seen.complaints, seen.requests) == ([], [])


def test_only_what_is_near_the_view_is_loaded(visit: Open, page_file: Path) -> None:
    seen = visit(page_file, viewport={"width": 1000, "height": 120})
    seen.page.wait_for_selector(".chart.is-live")
    seen.page.wait_for_timeout(300)
    assert seen.page.locator(".chart.is-live").count() < 3


def test_nothing_jumps_when_a_chart_comes_alive(visit: Open, page_file: Path) -> None:
    place = "() => [...document.querySelectorAll('section')].map(one => one.getBoundingClientRect().top + scrollY)"
    for width in (1200, 390):
        still = visit(page_file, viewport={"width": width, "height": 800}, java_script_enabled=False)
        before = [one.bounding_box()["y"] for one in still.page.locator("section").all()]
        seen = visit(page_file, viewport={"width": width, "height": 800})
        seen.wait_for_charts()
        seen.page.add_style_tag(content=".chart-hint { display: none }")
        after = seen.page.evaluate(place)
        assert all(abs(a - b) <= 12 for a, b in zip(before, after, strict=True)), (width, before, after)


def test_a_chart_is_as_wide_as_its_place(visit: Open, page_file: Path) -> None:
    seen = visit(page_file, viewport={"width": 900, "height": 800})
    seen.wait_for_charts()
    for width in (900, 420):
        seen.page.set_viewport_size({"width": width, "height": 800})
        seen.page.wait_for_function(FITS, arg=width)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 420


def test_the_browser_has_the_values_to_the_last_bit(visit: Open, page_file: Path) -> None:
    seen = visit(page_file)
    seen.wait_for_charts()
    frame = curves().data["lines"]
    text = _saved(seen, 0, "Save data as CSV").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["step", "val/acc", "run"]
    assert [row["run"] for row in rows] == frame["run"].tolist()
    assert [int(row["step"]) for row in rows] == frame["step"].tolist()
    values = [float(row["val/acc"].replace("Infinity", "inf")) for row in rows]
    assert all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(values, frame["value"], strict=True))


def test_a_chart_is_saved_as_it_is_seen(visit: Open, page_file: Path) -> None:
    seen = visit(page_file, color_scheme="dark")
    seen.page.add_style_tag(content=":root { --ink: #e7e8ea !important; --paper: #111214 !important }")
    seen.wait_for_charts()
    svg = _saved(seen, 0, "Save as SVG").decode()
    assert "var(" not in svg
    assert "#e7e8ea" in svg
    assert "Accuracy of three runs" in svg
    assert "@font-face" in svg
    assert "&lt;/script&gt;" in svg
    png = _saved(seen, 0, "Save as PNG")
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">I", png[16:20])[0] == 2 * (32 + round(seen.page.locator(".chart-live svg").first.bounding_box()["width"]))
    spec = json.loads(_saved(seen, 0, "Save specification"))
    assert len(spec["datasets"]["lines"]) == 180
    assert "var(" not in json.dumps(spec)
    assert (seen.complaints, seen.requests) == ([], [])


def _saved(seen: Any, number: int, item: str) -> bytes:
    chart = seen.page.locator(".chart").nth(number)
    chart.hover()
    chart.locator(".chart-menu-button").click()
    with seen.page.expect_download() as download:
        chart.get_by_role("menuitem", name=item).click()
    return Path(download.value.path()).read_bytes()


def test_the_menu_and_the_table_work_from_the_keyboard(visit: Open, page_file: Path) -> None:
    seen = visit(page_file)
    seen.wait_for_charts()
    button = seen.page.locator(".chart-menu-button").nth(2)
    button.focus()
    seen.page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    seen.page.keyboard.press("ArrowUp")
    assert seen.page.evaluate("document.activeElement.textContent") == "Show data as a table"
    seen.page.keyboard.press("Enter")
    table = seen.page.locator(".chart").nth(2).locator(".chart-table table")
    assert table.locator("tbody tr").count() == 500
    assert "of 2,400 rows" in table.locator("caption").inner_text()
    assert table.locator("tbody tr").first.locator("td").all_inner_texts()[2] == "</script><b>bold</b>"
    button.focus()
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert seen.page.evaluate("document.activeElement.className") == "chart-menu-button"


def test_a_live_chart_is_one_image_with_a_description(visit: Open, page_file: Path) -> None:
    seen = visit(page_file)
    count = seen.wait_for_charts()
    assert seen.page.locator(".chart-live svg[role=img][aria-label]").count() == count > 0
    assert seen.page.locator(".chart-live svg [role]").count() == 0


def test_how_to_zoom_is_said_once(visit: Open, page_file: Path) -> None:
    seen = visit(page_file)
    seen.wait_for_charts()
    assert seen.page.locator(".chart-hint").all_inner_texts() == ["Drag to zoom, double-click to reset."]


def test_a_chart_that_fails_keeps_its_picture(visit: Open, tmp_path: Path) -> None:
    page = write_page(tmp_path, curves(), curves("Whole", 2))
    broken = page.read_text().split('data-chart="')[1].split('"')[0]
    script = tmp_path / broken
    script.write_text(script.read_text().replace('"type":"line"', '"type":"nonsense"'))
    seen = visit(page)
    assert seen.wait_for_charts() == 1
    failed = seen.page.locator(".chart.is-failed")
    assert failed.locator(".chart-static svg").is_visible()
    assert "did not come alive" in failed.inner_text()
    assert seen.complaints == []


def test_on_paper_charts_stay_whole(visit: Open, page_file: Path) -> None:
    seen = visit(page_file, viewport={"width": 1000, "height": 800})
    seen.wait_for_charts()
    seen.page.emulate_media(media="print")
    seen.page.set_viewport_size({"width": 500, "height": 800})
    for box in (one.bounding_box() for one in seen.page.locator(".chart-live svg").all()):
        assert box["x"] + box["width"] <= 500
    assert seen.page.locator(".chart-menu:visible, .chart-hint:visible").count() == 0
    assert len(seen.page.pdf()) > 10_000
