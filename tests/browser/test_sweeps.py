"""The page of a sweep: what is brushed in parallel coordinates is what the table shows, a copied link shows it again, files download."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
import yaml
from browser.accessibility import serious
from browser.processor_time import ProcessorTime
from browser.waiting import address, next_frame
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

import reportgen as rg
from reportgen.analysis.sweeps import Trials, sweeps_of, trials_of
from reportgen.site.build import build

DATA = Path(__file__).parents[1] / "data" / "optuna"
Open = Callable[..., Any]
STATUS = ".trials-tools .table-status"
MARKED = "document.querySelector('table.trials .is-hovered')?.dataset.run ?? 'scrolled away'"
MANY = 1000
MOST = 100
"""Milliseconds of processor time that an answer of the page may take."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sweeps") / "site"
    build(DATA, out=out)
    return out


@pytest.fixture(scope="module")
def trials() -> Trials:
    return next(trials_of(sweep.runs) for sweep in sweeps_of(rg.load(DATA)) if sweep.title == "digits")


def opened(visit: Open, where: Path | str, **options: Any) -> Any:
    seen = visit(where, viewport={"width": 1440, "height": 1000}, **options)
    seen.page.wait_for_selector("table.trials tbody tr[data-run]")
    return seen


def axis_x(seen: Any, title: str) -> float:
    """Where an axis stands in the window, by its place among the heads."""
    names = seen.page.locator(".axis-name").all_inner_texts()
    box = seen.page.locator(".parallel-over").bounding_box()
    step = (box["width"] - 48 - 64) / (len(names) - 1)
    return float(box["x"] + 48 + step * names.index(title))


def drag(seen: Any, title: str, first: float, last: float) -> None:
    """Brushes an axis between two places, 0 at its bottom and 1 at its top."""
    box = seen.page.locator(".parallel-over").bounding_box()
    x, bottom, height = axis_x(seen, title), box["y"] + box["height"] - 44, box["height"] - 44 - 12
    mouse = seen.page.mouse
    mouse.move(x, bottom - first * height)
    mouse.down()
    mouse.move(x, bottom - (first + last) / 2 * height)
    mouse.move(x, bottom - last * height)
    mouse.up()


def rows(seen: Any) -> set[str]:
    """The trials that the table has, gathered by scrolling through it."""
    found: set[str] = set()
    box = seen.page.locator(".trials-scroll")
    height = box.evaluate("box => box.scrollHeight")
    for top in range(0, height + 1, 300):
        box.evaluate("(box, top) => { box.scrollTop = top; }", top)
        next_frame(seen.page)
        found |= set(box.evaluate("box => [...box.querySelectorAll('tr[data-run]')].map(row => row.dataset.run)"))
    return found


def test_the_table_follows_the_brush_and_a_copied_link_shows_the_same(visit: Open, site: Path, trials: Trials) -> None:
    seen = opened(visit, site / "sweeps" / "digits.html")
    assert seen.page.inner_text(STATUS) == "60 of 60 trials"
    drag(seen, "max_depth", 0.55, 1.0)
    low, high = map(float, seen.page.evaluate("new URLSearchParams(location.search).get('on.max_depth')").split(".."))
    expected = {run.id for run in trials.runs if low <= float(run.config.get("max_depth", -1)) <= high}  # type: ignore[arg-type]
    assert 0 < len(expected) < 60
    assert rows(seen) == expected
    assert seen.page.inner_text(STATUS) == f"{len(expected)} of 60 trials"

    seen.page.locator(".axis-name", has_text="classifier").click()
    seen.page.locator(".axis-menu:not([hidden]) button", has_text="flip").click()
    seen.page.keyboard.press("Escape")
    seen.page.locator("table.trials .sort", has_text="max_features").click()
    first = seen.page.inner_text("table.trials tbody tr[data-run] >> nth=0")

    again = opened(visit, address(seen.page))
    assert again.page.inner_text("table.trials tbody tr[data-run] >> nth=0") == first
    assert rows(again) == expected
    assert again.page.locator(".axis-name", has_text="classifier").inner_text().startswith("⇅")
    again.page.click(".trials-clear")
    assert again.page.inner_text(STATUS) == "60 of 60 trials"
    assert "on." not in address(again.page)
    assert (seen.complaints, again.complaints) == ([], [])
    assert all(address.startswith("file://") for address in [*seen.requests, *again.requests])


LET_GO_AT_ONCE = """([x, y]) => {
  const over = document.querySelector('.parallel-over');
  for (const kind of ['pointermove', 'pointerup']) over.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: y }));
  const box = document.querySelector('.trials-scroll');
  box.scrollTop = 200;
  return box.scrollTop;
}"""


def test_a_brush_that_is_let_go_at_once_does_not_move_the_table_later(visit: Open, site: Path) -> None:
    """The last move of the pointer is answered in the next frame; here the button is let go, and the table scrolled, before it."""
    seen = opened(visit, site / "sweeps" / "digits.html")
    box, x = seen.page.locator(".parallel-over").bounding_box(), axis_x(seen, "max_depth")
    seen.page.mouse.move(x, box["y"] + 20)
    seen.page.mouse.down()
    top = seen.page.evaluate(LET_GO_AT_ONCE, [x, box["y"] + box["height"] - 60])
    assert top > 0
    next_frame(seen.page)
    seen.page.wait_for_timeout(200)
    assert seen.page.locator(".trials-scroll").evaluate("box => box.scrollTop") == top
    assert seen.complaints == []


def test_pointing_at_a_line_marks_its_row_and_the_other_way_round(visit: Open, site: Path) -> None:
    seen = opened(visit, site / "sweeps" / "digits-size-vs-accuracy.html")
    row = seen.page.locator("table.trials tbody tr[data-run]").first
    row.hover()
    assert "is-hovered" in row.get_attribute("class")
    assert seen.page.inner_text(".parallel-said").startswith("trial-")
    box = seen.page.locator(".parallel-over").bounding_box()
    for y in range(20, int(box["height"]) - 50, 8):
        seen.page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + y)
        if seen.page.evaluate("reportgen.hovered.get()"):
            break
    hovered = seen.page.evaluate("reportgen.hovered.get()")
    assert hovered
    assert seen.page.evaluate("document.querySelector('table.trials .is-hovered')?.dataset.run ?? 'scrolled away'") in (
        hovered,
        "scrolled away",
    )


def test_a_range_is_chosen_with_the_keyboard_alone(visit: Open, site: Path, trials: Trials) -> None:
    seen = opened(visit, site / "sweeps" / "digits.html")
    seen.page.locator(".axis-name", has_text="max_depth").focus()
    keyboard = seen.page.keyboard
    keyboard.press("Enter")
    for _ in range(3):  # flip, log scale, from
        keyboard.press("Tab")
    keyboard.type("12")
    keyboard.press("Tab")
    expected = {run.id for run in trials.runs if float(run.config.get("max_depth", -1)) >= 12}  # type: ignore[arg-type]
    assert rows(seen) == expected


def test_the_next_search_space_downloads(visit: Open, site: Path) -> None:
    seen = opened(visit, site / "sweeps" / "digits.html")
    with seen.page.expect_download() as started:
        seen.page.locator(".downloads a", has_text="YAML").click()
    content = yaml.safe_load(started.value.path().read_text(encoding="utf-8"))
    assert content["metric"] == {"name": "value", "goal": "maximize"}
    assert content["parameters"]["max_depth"] == {"distribution": "int_uniform", "min": 10, "max": 16}
    assert {path.name for path in (site / "sweeps").iterdir() if path.name.startswith("digits-next")} == {
        "digits-next.yaml", "digits-next.py", "digits-next.json"
    }  # fmt: skip


def test_without_javascript_the_page_says_its_answer_and_shows_the_trials(visit: Open, site: Path) -> None:
    seen = visit(site / "sweeps" / "digits.html", java_script_enabled=False)
    assert "explains" in seen.page.inner_text(".page-head .subtitle")
    assert seen.page.locator("[data-sweep-still] svg").is_visible()
    assert seen.page.locator("[data-trials-still] tbody tr").count() == 50
    assert "50 of 60 trials" in seen.page.inner_text("[data-trials-still]")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
@pytest.mark.parametrize("page", ["sweeps", "sweeps/digits", "sweeps/digits-size-vs-accuracy"])
def test_nothing_serious_keeps_anybody_out(visit: Open, site: Path, page: str, width: int, scheme: str) -> None:
    seen = visit(
        site / f"{page}.html", viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    seen.page.wait_for_timeout(300)
    assert serious(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a study of 1,000 trials, some of them pruned or failed, of eight hyperparameters."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "study").mkdir()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    rng = np.random.default_rng(0)
    space = {f"p{k}": optuna.distributions.FloatDistribution(1e-4, 1.0, log=k % 2 == 0) for k in range(6)}
    kinds = optuna.distributions.CategoricalDistribution(["adam", "sgd", "rmsprop"])
    storage = JournalStorage(JournalFileBackend(str(folder / "study" / "studies.log")))
    states = [optuna.trial.TrialState.COMPLETE] * 8 + [optuna.trial.TrialState.PRUNED, optuna.trial.TrialState.FAIL]
    made = []
    for i in range(MANY):
        params = {key: float(np.exp(rng.uniform(np.log(1e-4), 0))) for key in space} | {"kind": str(rng.choice(["adam", "sgd", "rmsprop"]))}
        state = states[i % 10]
        value = -abs(np.log10(float(params["p0"])) + 2) + float(rng.normal(0, 0.1)) if state == states[0] else None
        made.append(optuna.create_trial(state=state, params=params, distributions={**space, "kind": kinds}, value=value))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)  # a thousand of them take a minute
        optuna.create_study(storage=storage, study_name="large", direction="maximize").add_trials(made)
    build(folder / "study", out=folder / "site")
    return folder / "site"


def test_a_thousand_trials_answer_at_once(visit: Open, large: Path) -> None:
    """Script, style and layout of each answer, in processor time of the page's main thread.

    Not the time on the clock, which other processes on the machine change, and not the painting, which has no graphics card here.
    """
    seen = opened(visit, large / "sweeps" / "large.html")
    assert seen.page.inner_text(STATUS) == "1,000 of 1,000 trials"
    assert "800 finished" in seen.page.inner_text(".sweep-about")
    processor = ProcessorTime(seen.page)
    processor.wait_for_rest()
    box, x = seen.page.locator(".parallel-over").bounding_box(), axis_x(seen, "p0")
    seen.page.mouse.move(x, box["y"] + 250)
    seen.page.mouse.down()
    seen.page.mouse.move(x, box["y"] + 240)
    processor.wait_for_rest()
    answers: dict[str, Callable[[], Any]] = {
        "brush": lambda: seen.page.mouse.move(x, box["y"] + 120),
        "let the button go": lambda: seen.page.mouse.up(),
        "scroll": lambda: seen.page.locator(".trials-scroll").evaluate("box => { box.scrollTop = 3000; }"),
        "sort": lambda: seen.page.locator("table.trials .sort", has_text="p2").click(),
        "let go": lambda: seen.page.click(".trials-clear"),
    }
    took = {}
    for name, answer in answers.items():
        before = processor.spent()
        answer()
        processor.wait_for_rest()
        took[name] = processor.spent() - before
    assert max(took.values()) < MOST, took
    assert seen.complaints == []
