"""The charts of a run's metrics as a person uses them: the pointer over all, zoom, toolbar, search, folds, saved files, a copied link."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.accessibility import serious
from browser.waiting import copied_link, drawn, next_frame
from playwright.sync_api import expect
from theme.theme_runs import START, made

import reportgen as rg
from reportgen.charts.axis import nice_decades, nice_domain
from reportgen.model import Run, Runs, Series
from reportgen.settings import read_settings
from reportgen.site.build import build
from reportgen.site.pages.run import run_pages
from reportgen.site.site import Site
from reportgen.site.small_chart import short, x_axis, y_axis
from reportgen.site.theme import find_theme
from reportgen.site.workspace import Workspace

Open = Callable[..., Any]
KEYS = ("val/acc", "val/loss", "train/loss", *(f"layer/{i}" for i in range(8)), "lr", "epoch", "broken", "never")
STEPS = 1200
ALIVE = "() => document.querySelectorAll('.metric-card.is-live').length >= 3"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs of two runs: one with many metrics, gaps and a time, and a bare one."""
    folder = tmp_path_factory.mktemp("metrics")
    rng = np.random.default_rng(0)
    loss = np.exp(-np.arange(STEPS) / 400) + 0.1 * rng.random(STEPS)
    columns = {
        "val/acc": 1 - loss / 2, "val/loss": loss, "train/loss": loss * 0.9, **{f"layer/{i}": loss * i for i in range(8)},
        "lr": 10.0 ** (-1 - np.arange(STEPS) / 400), "epoch": np.arange(STEPS) // 100,
        "broken": np.where(np.arange(STEPS) % 300, loss, np.nan), "never": np.full(STEPS, np.nan),
    }  # fmt: skip
    for name, keys in (("many", KEYS), ("bare", ("loss",))):
        (folder / "logs" / name).mkdir(parents=True)
        (folder / "logs" / name / "config.json").write_text(json.dumps({"lr": 0.1}))
        rows = [",".join(["step", "timestamp", *keys])]
        for i in range(STEPS if name == "many" else 5):
            values = [float(columns[key][i]) if key in columns else 1.0 / (i + 1) for key in keys]
            rows.append(",".join([str(i), str(1.7e9 + 2.0 * i), *(repr(value) for value in values)]))
        (folder / "logs" / name / "metrics.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Path:
    build(folder / "logs", out=folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return next(run for run in rg.load(folder / "logs") if run.name == "many")


def opened(visit: Open, site: Path, run: Run, query: str = "", **options: Any) -> Any:
    options.setdefault("viewport", {"width": 1440, "height": 900})
    seen = visit((site / "runs" / f"{run.slug}.html").resolve().as_uri() + query, **options)
    seen.page.evaluate("document.querySelector('.metrics').scrollIntoView()")
    seen.page.wait_for_function(ALIVE)
    drawn(seen)
    return seen


def card(seen: Any, metric: str) -> Any:
    return seen.page.locator(f".metric-card[data-title='{metric}']")


def said(seen: Any, metric: str) -> str:
    return str(card(seen, metric).locator(".metric-said").inner_text())


def pointed(seen: Any, metric: str, share: float = 0.6) -> None:
    card(seen, metric).scroll_into_view_if_needed()
    box = card(seen, metric).locator(".lines-base").bounding_box()
    seen.page.mouse.move(box["x"] + share * box["width"], box["y"] + 60)
    next_frame(seen.page)


def again(visit: Open, seen: Any) -> Any:
    """The same view in a new window, by its address."""
    new = visit(copied_link(seen), viewport={"width": 1440, "height": 900})
    new.page.evaluate("document.querySelector('.metrics').scrollIntoView()")
    expect(new.page.locator(".metric-card.is-live").first).to_be_visible()
    drawn(new)
    assert new.complaints == []
    return new


def test_the_pointer_reads_the_logged_value_in_every_chart(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    assert said(seen, "val/acc") == f"{short(100 * run.history['val/acc'].value[-1], 4)}\u202f% step 1199"
    pointed(seen, "val/loss")
    steps = set()
    for metric in ("val/acc", "val/loss", "layer/1"):
        found = re.fullmatch(r"([\d.]+)(\u202f%)? step (\d+)", said(seen, metric))
        assert found
        steps.add(int(found[3]))
        value = run.history[metric].value[run.history[metric].step == int(found[3])][0]
        assert found[1] == short(value * (100 if found[2] else 1), 7)
    assert len(steps) == 1
    drawn = "(canvas) => !canvas.hidden && canvas.width > 0"
    assert card(seen, "val/acc").locator(".lines-over").evaluate(drawn)
    seen.page.mouse.move(5, 5)
    next_frame(seen.page)
    assert said(seen, "val/acc").endswith("step 1199")
    assert seen.complaints == []
    assert all(address.startswith("file://") for address in seen.requests)


def test_charts_come_alive_when_they_are_in_view_and_nothing_jumps(visit: Open, site: Path, run: Run) -> None:
    seen = visit(site / "runs" / f"{run.slug}.html", viewport={"width": 1440, "height": 600})
    height = seen.page.evaluate("document.documentElement.scrollHeight")
    drawn(seen)
    alive = seen.page.locator(".metric-card.is-live").count()
    assert alive < len(KEYS) - 1
    for one in seen.page.locator(".metric-card[data-metric]").all():
        one.scroll_into_view_if_needed()
    seen.page.wait_for_function(f"() => document.querySelectorAll('.metric-card.is-live').length === {len(KEYS) - 1}")
    assert seen.page.evaluate("document.documentElement.scrollHeight") == height
    assert card(seen, "never").inner_text().split("\n")[-1] == f"All {STEPS:,} values are NaN."
    assert "4 values that are not finite are gaps." in card(seen, "broken").inner_text()
    scripts = seen.page.evaluate("[...document.scripts].map((one) => one.src)")
    assert not [one for one in scripts if "vega" in one]
    assert seen.complaints == []


def test_dragging_and_the_wheel_zoom_all_and_the_link_keeps_it(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    other = card(seen, "layer/1").locator(".lines-base")
    before = other.evaluate("(one) => one.toDataURL()")
    box = card(seen, "val/loss").locator(".lines-base").bounding_box()
    seen.page.mouse.move(box["x"] + 120, box["y"] + 50)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 240, box["y"] + 60, steps=4)
    seen.page.mouse.up()
    seen.page.mouse.move(5, 5)
    drawn(seen)
    zoomed = other.evaluate("(one) => one.toDataURL()")
    assert zoomed != before
    new = again(visit, seen)
    assert card(new, "layer/1").locator(".lines-base").evaluate("(one) => one.toDataURL()") == zoomed
    new.page.get_by_role("button", name="Undo the zoom").click()
    drawn(new)
    assert card(new, "layer/1").locator(".lines-base").evaluate("(one) => one.toDataURL()") == before
    pointed(new, "val/loss")
    new.page.keyboard.down("Control")
    new.page.mouse.wheel(0, -100)
    new.page.keyboard.up("Control")
    new.page.wait_for_url("**zoom=**")
    canvas = card(new, "val/loss").locator(".lines-base")
    canvas.focus()
    canvas.press("0")
    new.page.wait_for_url(lambda address: "zoom=" not in address)


def test_the_toolbar_sets_all_charts_and_the_link_keeps_it(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    seen.page.get_by_label("Smoothing").fill("0.6")
    seen.page.get_by_label("x axis").select_option("time")
    seen.page.get_by_label("log y").check()
    seen.page.get_by_label("without outliers").check()
    seen.page.get_by_label("Find metrics").fill("LOSS")
    seen.page.wait_for_function("() => document.querySelectorAll('.metric-card[data-metric]:not([hidden])').length === 2")
    expect(card(seen, "val/loss").locator(".metric-done")).to_have_text("EMA 0.6, scale of the central 96 %")
    drawn(seen)
    pointed(seen, "val/loss")
    assert re.fullmatch(r"0\.\d+ time since start [\d.]+ min · smoothed 0\.\d+", said(seen, "val/loss"))
    new = again(visit, seen)
    shown = ".metric-card[data-metric]:not([hidden])"
    assert new.page.locator(shown).count() == 2
    assert (new.page.get_by_label("x axis").input_value(), new.page.get_by_label("Smoothing").input_value()) == ("time", "0.6")
    new.page.get_by_label("Find metrics").fill("nothing like it")
    new.page.get_by_text("No metric has “nothing like it” in its name.").wait_for()
    new.page.get_by_role("button", name="Reset").click()
    expect(new.page.locator(shown)).to_have_count(len(KEYS) - 1)
    new.page.wait_for_url(lambda address: "?" not in address)
    assert new.complaints == []


def test_groups_fold_and_the_link_keeps_it(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run)
    heads = seen.page.locator(".metric-group > summary h2").all_inner_texts()
    assert heads == ["val", "layer", "Other metrics"]
    seen.page.locator(".metric-group > summary").nth(1).click()
    seen.page.wait_for_url("**fold=**")  # a group says later that it was folded
    assert not card(seen, "layer/3").is_visible()
    new = again(visit, seen)
    assert not card(new, "layer/3").is_visible()
    assert card(new, "lr").is_visible()


def test_charts_are_read_from_the_keyboard(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run, viewport={"width": 390, "height": 844})
    canvas = card(seen, "val/loss").locator(".lines-base")
    assert canvas.get_attribute("aria-label").startswith("val/loss over step: from 1.0")
    canvas.focus()
    canvas.press("ArrowRight")
    canvas.press("ArrowRight")
    next_frame(seen.page)
    spoken = card(seen, "val/loss").locator(".lines-holder .said").inner_text()
    step = int(spoken.rpartition(" ")[2])
    assert said(seen, "val/loss") == f"{short(run.history['val/loss'].value[step], 7)} step {step}"
    canvas.press("+")
    seen.page.wait_for_url("**zoom=**")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "chart-menu-button"
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("ArrowDown")
    assert seen.page.evaluate("document.activeElement.textContent") == "Save as PNG"
    seen.page.keyboard.press("Escape")
    assert seen.page.evaluate("document.activeElement.className") == "chart-menu-button"
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


def saved(seen: Any, one: Any, what: str) -> tuple[str, bytes]:
    one.hover()
    one.locator(".chart-menu-button").click()
    with seen.page.expect_download() as download:
        one.get_by_role("menuitem", name=what).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_chart_is_saved_as_csv_svg_and_png(visit: Open, site: Path, run: Run) -> None:
    seen = opened(visit, site, run, accept_downloads=True)
    one = card(seen, "val/loss")
    name, content = saved(seen, one, "Save data as CSV")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert (name, rows[0]) == ("val-loss.csv", ["step", "val/loss"])
    np.testing.assert_allclose([float(value) for _step, value in rows[1:]], run.history["val/loss"].value, rtol=0)
    name, content = saved(seen, one, "Save as SVG")
    svg = content.decode()
    assert (name, "var(" in svg) == ("val-loss.svg", False)
    assert re.findall("<text[^>]*>([^<]*)</text>", svg)[0] == "val/loss"
    assert "1.2" in svg
    name, content = saved(seen, one, "Save as PNG")
    assert (name, content[:4]) == ("val-loss.png", b"\x89PNG")
    one.locator(".chart-menu-button").click()
    one.get_by_role("menuitem", name="Show data as a table").click()
    assert one.locator(".chart-table thead th").all_inner_texts() == ["step", "val/loss"]
    assert seen.complaints == []


def test_the_charts_of_the_dashboard_are_saved_too(visit: Open, site: Path, run: Run) -> None:
    seen = visit((site / "runs.html").resolve().as_uri(), viewport={"width": 1440, "height": 900}, accept_downloads=True)
    one = seen.page.locator(".dash-card[data-metric='layer/3']")
    one.scroll_into_view_if_needed()
    one.locator(".chart-menu-button").wait_for(state="attached")
    name, content = saved(seen, one, "Save data as CSV")
    assert name == "layer-3.csv"
    assert content.decode("utf-8-sig").splitlines()[0] == "step,layer/3"
    assert b"<path" in saved(seen, one, "Save as SVG")[1]
    assert saved(seen, one, "Save as PNG")[1][:4] == b"\x89PNG"
    assert seen.complaints == []


def test_without_javascript_and_on_paper_the_pictures_are_seen(visit: Open, site: Path, run: Run) -> None:
    still = visit(site / "runs" / f"{run.slug}.html", java_script_enabled=False)
    assert still.page.locator(".small-chart").count() == len(KEYS) - 1
    assert still.page.locator(".small-chart").first.is_visible()
    live = opened(visit, site, run)
    assert not card(live, "val/loss").locator(".small-chart").is_visible()
    live.page.emulate_media(media="print")
    assert card(live, "val/loss").locator(".small-chart").is_visible()
    assert not card(live, "val/loss").locator("canvas").first.is_visible()


def test_measurements_of_the_machine_are_read_over_time(visit: Open, tmp_path: Path) -> None:
    path = measured_page(tmp_path)
    seen = visit(path, viewport={"width": 1440, "height": 900}, accept_downloads=True)
    assert seen.page.locator(".dash-toolbar").count() == 0, "there is no metric"
    seen.page.locator("details.system > summary").click()
    seen.page.wait_for_function("() => document.querySelectorAll('.metric-card.is-live').length === 2")
    pointed(seen, "GPU, % (2)", 0.5)
    at = r"at ([\d.]+) min"
    assert re.fullmatch(rf"40, 70 {at}", said(seen, "GPU, % (2)"))
    assert re.fullmatch(rf"1[23]\d {at}", said(seen, "memory of the process, MB"))
    name, content = saved(seen, card(seen, "GPU, % (2)"), "Save data as CSV")
    rows = content.decode("utf-8-sig").splitlines()
    assert (name, rows[0], len(rows)) == ("GPU-2.csv", "line,time since start,\"GPU, % (2)\"", 1 + 2 * 120)
    seen.page.mouse.move(5, 5)
    next_frame(seen.page)
    assert said(seen, "GPU, % (2)") == "highest 70, last 55"
    assert seen.complaints == []


def measured_page(folder: Path) -> Path:
    """The page of a run without metrics on a machine with two GPUs, and what it needs."""
    start = START.timestamp()
    times = start + 5.0 * np.arange(120)
    values = {"gpu.0.gpu": np.full(120, 40.0), "gpu.1.gpu": np.full(120, 70.0), "proc.memory.rssMB": 100.0 + np.arange(120) / 2}
    system = {key: Series(key, np.arange(120), times, value) for key, value in values.items()}
    theme = find_theme()
    one = Site(Workspace(folder, read_settings(folder), (), Runs([made(system=system)]), theme, theme.chart_style()), ())
    page = next(iter(run_pages(one)))
    html = theme.environment.get_template(page.template).render(page=page.context)
    for name, content in {**one.assets(), **one.scripts, page.target: html.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / page.target


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(visit: Open, site: Path, run: Run, scheme: str, width: int) -> None:
    seen = opened(visit, site, run, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    assert serious(seen.page) == []


def test_the_picture_has_the_axes_of_the_live_chart(visit: Open, site: Path, run: Run) -> None:
    """Ends, ticks and their texts are the same in Python and in the browser."""
    seen = opened(visit, site, run)
    call = """([low, high, isLog, count]) => {
      const [down, up] = reportgen.lines.nice(low, high, isLog);
      return [down, up, reportgen.lines.scale(isLog ? 'log' : 'linear', down, up, 0, 1).ticks(count)];
    }"""
    rng = np.random.default_rng(4)
    pairs = [(0.0, 1.0), (0.2, 0.9), (3.0, 3.0), (0.0, 0.0), (-5.0, -1.0), (1e-9, 2e-9), (5.0, 5.1)]
    pairs += [(float(low), float(high)) for low, high in np.sort(100 * rng.normal(size=(40, 2)))]
    for low, high in pairs:
        down, up, ticks = seen.page.evaluate(call, [low, high, False, 5])
        axis = y_axis(np.array([low, high]))
        np.testing.assert_allclose([down, up], nice_domain(low, high), rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose([value for value, _text in ticks], axis.ticks(5), rtol=1e-9, atol=1e-15)
        assert [text for _value, text in ticks] == [short(value, 6) for value in axis.ticks(5)]
    for low, high in ((1e-5, 1e-2), (0.002, 0.09), (3.0, 7e9), (1.0, 1.0)):
        down, up, ticks = seen.page.evaluate(call, [low, high, True, 5])
        np.testing.assert_allclose([down, up], nice_decades(low, high), rtol=1e-5)
    numbers = [*(10.0 ** rng.uniform(-8, 16, 200) * rng.choice([-1, 1], 200)).tolist(), 0.0, 9999.6, 1e4, 1e15]
    for digits in (3, 4, 7):
        assert seen.page.evaluate("([all, digits]) => all.map((one) => reportgen.short(one, digits))", [numbers, digits]) == [
            short(number, digits) for number in numbers
        ]
    assert x_axis("step", (4.0, 4.0)).domain == (3.5, 4.5)
