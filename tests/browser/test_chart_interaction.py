"""What charts do under the pointer, on a page with the site's policy: Vega's interpreter runs all of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vl_convert
from browser.figures import write_page
from browser.waiting import next_frame

from reportgen.blocks import chart
from reportgen.blocks.block import Context
from reportgen.charts.demo import example_runs
from reportgen.charts.figure import Figure
from reportgen.charts.heatmap import HeatmapSettings, heatmap_chart
from reportgen.charts.line_values import LineSettings
from reportgen.charts.lines import line_chart
from reportgen.charts.parallel import ParallelSettings, parallel_chart, varying_columns
from reportgen.charts.scatter import ScatterSettings, scatter_chart
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.errors import Place
from reportgen.model import Runs, Series

Open = Callable[..., Any]
RUNS = example_runs()
STYLE = ChartStyle(run_colours=run_colours(RUNS))
NAMED = """([names, count]) => {
  const texts = new Set([...document.querySelectorAll('.chart-live svg text')].map((one) => one.textContent));
  return names.filter((name) => texts.has(name)).length === count;
}"""
"""Whether so many of the names stand in the chart."""


@pytest.fixture
def show(visit: Open, tmp_path: Path) -> Callable[[Figure], Any]:
    """Opens a page with one live chart; nothing may be said on the console in all the test."""

    def open_chart(figure: Figure, **options: Any) -> Any:
        seen = visit(write_page(tmp_path, figure), **{"viewport": {"width": 1000, "height": 700}, **options})
        assert seen.wait_for_charts() == 1
        seen.page.evaluate("scrollTo(0, 0)")
        return seen

    return open_chart


def plot(page: Any) -> dict[str, float]:
    """The rectangle of the plot, without its axes."""
    return dict(page.locator(".chart-live svg .mark-group.role-frame > g > path.background").first.bounding_box())


def words(page: Any, where: str = "text") -> list[str]:
    """The texts of the chart from the top to the bottom."""
    found = page.locator(f".chart-live svg {where}")
    texts = found.evaluate_all("all => all.map(one => [one.getBoundingClientRect().top, one.textContent])")
    return [text for _, text in sorted(texts) if text]


def table(page: Any) -> list[str]:
    """What the table beside the rule says."""
    return words(page, "text[font-size='11.5px']")


def point(page: Any, across: float, down: float) -> None:
    """Moves the pointer to a place of the plot, in shares of its size."""
    box = plot(page)
    for nudge in (2, 0):
        page.mouse.move(box["x"] + across * box["width"] + nudge, box["y"] + down * box["height"] + nudge)
    next_frame(page)


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    box = plot(page)
    at = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=6)
    page.mouse.up()
    next_frame(page)


def test_one_table_of_all_values_the_greatest_first(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS, "val/acc", LineSettings(x="epoch"), STYLE)[0])
    assert table(seen.page) == []
    point(seen.page, 0.5, 0.02)
    said = table(seen.page)
    epoch = said[0]
    at = int(epoch.split()[1])
    expected = sorted((float(run.history["val/acc"].value[at]) for run in RUNS), reverse=True)[:12]
    shown = [text for text in said if re.fullmatch(r"[\d.]+\u202f%", text)]
    assert shown == [f"{value * 100:.1f}\u202f%" for value in expected]
    assert "and 12 more" in said
    seen.page.mouse.move(1, 1)
    next_frame(seen.page)
    assert table(seen.page) == []
    assert (seen.complaints, seen.requests) == ([], [])


def test_the_legend_hides_and_isolates(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS, "val/acc", LineSettings(), STYLE)[0])
    entries = seen.page.locator(".chart-legend button")
    best = entries.first.inner_text()

    def listed() -> list[str]:
        point(seen.page, 0.5, 0.9)
        return [text for text in table(seen.page) if text.startswith("sweep-")]

    assert best in listed()
    entries.first.click()
    assert entries.first.get_attribute("aria-pressed") == "false"
    assert best not in listed()
    entries.first.click()
    assert best in listed()
    entries.first.dblclick()
    assert listed() == [best]
    entries.first.click(modifiers=["Alt"])
    assert len(listed()) == 12
    entries.nth(1).focus()
    seen.page.keyboard.press("Space")
    assert entries.nth(1).inner_text() not in listed()
    entries.first.focus()
    seen.page.keyboard.press("Shift+Enter")
    assert listed() == [best]
    assert seen.complaints == []


def test_charts_beside_each_other_have_one_legend(visit: Open, tmp_path: Path) -> None:
    runs = RUNS[:4]
    context = Context(runs, runs, "", Place(tmp_path), STYLE, lambda text: None)
    fragment = chart.render(chart.Options(y=["val/acc", "train/loss", "epoch"]), context)
    figures = [part for part in fragment.parts if not isinstance(part, str)]
    page = write_page(tmp_path, *figures)
    legend, grid = (part for part in fragment.parts if isinstance(part, str) and part != "</div>")
    html = page.read_text().replace("<section>", f"{legend}{grid}<section>", 1).replace("</body>", "</div></body>")
    page.write_text(html)
    seen = visit(page, viewport={"width": 1000, "height": 700})
    assert seen.wait_for_charts() == 3
    entries = seen.page.locator(".chart-legend button")
    assert entries.count() == 4
    lines = seen.page.locator(".chart-live .mark-line path[stroke-width='1.75']")
    assert lines.count() == 12
    entries.first.click()
    next_frame(seen.page)
    assert lines.count() == 9
    assert seen.complaints == []


def test_on_a_phone_all_entries_are_seen_in_their_order(show: Callable[..., Any]) -> None:
    figure = line_chart(RUNS, "val/acc", LineSettings(), STYLE)[0]
    seen = show(figure, viewport={"width": 390, "height": 800})
    entries = seen.page.locator(".chart-legend button")
    assert entries.all_inner_texts() == [label for label, _ in figure.legend]
    boxes = [entry.bounding_box() for entry in entries.all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert [(round(box["y"]), box["x"]) for box in boxes] == sorted((round(box["y"]), box["x"]) for box in boxes)


def test_names_stand_at_the_ends_of_lines_or_above_them(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS[:4], "val/acc", LineSettings(), STYLE)[0])
    names = {run.name for run in RUNS[:4]}
    assert names <= set(words(seen.page))
    assert seen.page.locator(".chart-legend").count() == 0
    seen.page.set_viewport_size({"width": 390, "height": 700})
    seen.page.wait_for_selector(".chart-legend button")
    seen.page.wait_for_function(NAMED, arg=[sorted(names), 0])
    assert not names & set(words(seen.page))
    assert set(seen.page.locator(".chart-legend button").all_inner_texts()) == names
    assert seen.page.locator(".chart-live svg").bounding_box()["width"] <= 390
    seen.page.set_viewport_size({"width": 1000, "height": 700})
    seen.page.wait_for_selector(".chart-legend", state="detached")
    seen.page.wait_for_function(NAMED, arg=[sorted(names), len(names)])
    assert names <= set(words(seen.page))
    assert seen.complaints == []


def test_a_chart_is_steered_from_the_keyboard(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS[:4], "train/loss", LineSettings(log_y=True), STYLE)[0])
    chart_ = seen.page.locator(".chart-live")
    assert "+ and − zoom" in seen.page.locator(".chart-hint").inner_text()
    chart_.focus()

    def labels() -> list[str]:
        next_frame(seen.page)
        return words(seen.page, ".role-axis-label text")

    def press(key: str) -> list[str]:
        seen.page.keyboard.press(key)
        return labels()

    whole = labels()
    zoomed = press("+")
    assert zoomed != whole
    moved = press("ArrowRight")
    assert moved != zoomed
    for _ in range(9):
        far = press("ArrowRight")
    assert press("ArrowRight") == far, "it ends where the chart ends"
    assert press("0") == whole
    press("+")
    press("-")
    press("-")
    assert labels() == whole
    press("Escape")
    assert not chart_.evaluate("place => place === document.activeElement")
    assert seen.complaints == []


def test_the_clock_is_an_axis(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS[:3], "val/acc", LineSettings(x="wall"), STYLE)[0])
    assert len([text for text in words(seen.page, ".role-axis-label text") if ":" in text]) >= 3
    seen.page.locator(".chart-live").focus()
    seen.page.keyboard.press("+")
    next_frame(seen.page)
    assert len([text for text in words(seen.page, ".role-axis-label text") if ":" in text]) >= 2
    assert seen.complaints == []


def test_a_zoomed_log_axis_has_round_ticks_only(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS, "train/loss", LineSettings(log_y=True), STYLE)[0])
    seen.page.locator(".chart-live").focus()
    for _ in range(2):
        seen.page.keyboard.press("+")
        next_frame(seen.page)
        lines = seen.page.locator(".chart-live .role-axis-grid line").evaluate_all(
            "all => all.filter(line => line.getAttribute('opacity') !== '0').length"
        )
        assert 1 <= lines <= 6


def test_dragging_zooms_and_a_double_click_resets(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS[:4], "val/acc", LineSettings(), STYLE)[0])

    def labels() -> set[str]:
        return set(words(seen.page, ".role-axis-label text"))

    before = labels()
    drag(seen.page, (0.3, 0.2), (0.6, 0.7))
    zoomed = labels()
    assert zoomed != before
    drag(seen.page, (0.2, 0.5), (0.7, 0.52))
    assert labels() != zoomed
    assert {text for text in labels() if "%" in text} == {text for text in zoomed if "%" in text}, "a flat box zooms x alone"
    box = plot(seen.page)
    seen.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    next_frame(seen.page)
    assert labels() == before
    assert seen.complaints == []


def test_parallel_coordinates_select_along_an_axis(show: Callable[..., Any]) -> None:
    settings = ParallelSettings(tuple(varying_columns(RUNS, "val/acc")), "val/acc")
    seen = show(parallel_chart(RUNS, settings, STYLE)[0], viewport={"width": 1100, "height": 700})
    lines = seen.page.locator(".chart-live .mark-line path[stroke-width='1.4']")

    def faint() -> int:
        return lines.evaluate_all("paths => paths.filter(path => path.getAttribute('opacity') === '0.06').length")

    assert (lines.count(), faint()) == (24, 0)
    drag(seen.page, (1, 0.01), (1, 0.3))
    kept = 24 - faint()
    assert 0 < kept < 24
    drag(seen.page, (0, 0.0), (0, 0.5))
    assert 24 - faint() <= kept
    box = plot(seen.page)
    seen.page.mouse.dblclick(box["x"] + box["width"] * 0.1, box["y"] + 20)
    next_frame(seen.page)
    assert faint() == 0
    assert seen.complaints == []


def test_points_say_their_run_and_zoom(show: Callable[..., Any]) -> None:
    seen = show(scatter_chart(RUNS, ScatterSettings("config.optimizer.lr", "val/acc", "config.optimizer.name"), STYLE)[0])
    box = seen.page.locator(".chart-live .mark-symbol.role-mark path").last.bounding_box()
    for nudge in (0, 1):
        seen.page.mouse.move(box["x"] + box["width"] / 2 + nudge, box["y"] + box["height"] / 2)
    seen.page.wait_for_selector("#vg-tooltip-element.visible")
    assert "sweep-" in seen.page.locator("#vg-tooltip-element").inner_text()
    drag(seen.page, (0.2, 0.1), (0.6, 0.6))
    assert seen.complaints == []


def saved(seen: Any, what: str) -> str:
    """What the menu of the chart saves."""
    seen.page.locator(".chart").hover()
    seen.page.locator(".chart-menu-button").click()
    with seen.page.expect_download() as download:
        seen.page.get_by_role("menuitem", name=what).click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_saved_specification_has_a_legend_and_draws_by_itself(show: Callable[..., Any]) -> None:
    """The list of the page, which is its legend there, is not in the file."""
    seen = show(line_chart(RUNS, "val/acc", LineSettings(color="config.optimizer.name"), STYLE)[0])
    text = saved(seen, "Save specification")
    spec = json.loads(text)
    strokes = [layer["encoding"]["stroke"] for layer in spec["layer"] if "stroke" in layer.get("encoding", {})]
    assert strokes
    assert all(stroke["legend"] == {"title": None} for stroke in strokes if stroke.get("field") == "entry")
    assert "var(--" not in text
    svg = vl_convert.vegalite_to_svg(text)
    assert "role-legend" in svg
    for name in {run["optimizer.name"] for run in (one.config for one in RUNS)}:
        assert f">{name}<" in svg
    assert seen.complaints == []


def test_the_interval_of_a_mean_is_in_its_data(show: Callable[..., Any]) -> None:
    figure = line_chart(RUNS, "val/acc", LineSettings(x="epoch", group=("config.optimizer.name",)), STYLE)[0]
    seen = show(figure)
    rows = list(csv.DictReader(io.StringIO(saved(seen, "Save data as CSV"), newline="")))
    assert list(rows[0])[:5] == ["epoch", "val/acc", "lower", "upper", "n"]
    assert len(rows) == len(figure.data["lines"])
    assert [int(row["n"]) for row in rows] == figure.data["lines"]["n"].tolist()
    assert all(float(row["lower"]) < float(row["val/acc"]) < float(row["upper"]) for row in rows if row["lower"])
    assert seen.complaints == []


def test_all_runs_are_under_the_rule_where_their_times_differ(show: Callable[..., Any]) -> None:
    seen = show(line_chart(uneven(), "loss", LineSettings(x="time"), STYLE)[0])
    for across in (0.2, 0.35, 0.5, 0.75):
        point(seen.page, across, 0.5)
        said = table(seen.page)
        assert {"run 0", "run 1", "run 2"} <= set(said)
        assert len([text for text in said if text.endswith("\u202fs")]) >= 3, "the time of the rule, and those of the values that differ"
    assert seen.complaints == []


def uneven() -> Runs:
    """Three runs whose values have no time in common."""
    draw = np.random.default_rng(0)
    times = [np.concatenate([[0.0], np.cumsum(draw.uniform(0.5, 1.5, 79)), [100.0]]) for _ in range(3)]
    return Runs(
        replace(RUNS[i], id=f"u{i}", name=f"run {i}", started=datetime.fromtimestamp(0, UTC),
                history={"loss": Series("loss", np.arange(81), time, 1 / (1 + time + i))})
        for i, time in enumerate(times)
    )  # fmt: skip


def test_slanted_names_have_room_below_the_chart(show: Callable[..., Any]) -> None:
    settings = HeatmapSettings("config.optimizer.lr", "config.channels", "val/acc")
    for width in (300, 340, 390, 430, 480, 540, 600):
        seen = show(heatmap_chart(RUNS, settings, STYLE)[0], viewport={"width": width, "height": 800})
        bottoms = "all => all.map(one => one.getBoundingClientRect().bottom)"
        [bottom] = seen.page.locator(".chart-live svg").evaluate_all(bottoms)
        assert max(seen.page.locator(".chart-live svg text").evaluate_all(bottoms)) <= bottom + 3


def test_the_sentence_in_place_of_a_chart_has_no_menu(show: Callable[..., Any]) -> None:
    nothing = Series("loss", np.arange(9), np.arange(9.0), np.full(9, np.nan))
    seen = show(line_chart(Runs([replace(RUNS[0], history={"loss": nothing})]), "loss", LineSettings(), STYLE)[0])
    assert words(seen.page) == ["All 9 values are NaN (1 run)."]
    assert seen.page.locator(".chart-menu, .chart-hint").count() == 0
    assert seen.complaints == []


def test_a_chart_fits_a_phone(show: Callable[..., Any]) -> None:
    seen = show(line_chart(RUNS, "val/acc", LineSettings(), STYLE)[0], viewport={"width": 390, "height": 800})
    assert seen.page.locator(".chart-live svg").bounding_box()["width"] <= 390
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
