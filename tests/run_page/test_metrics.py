"""The small charts of a run's metrics: every spike is drawn, what is missing is said, and the script holds what was logged."""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from theme.theme_runs import made, series

from reportgen.model import LogWarning, MetricDefinition, Run, Runs, Series
from reportgen.settings import read_settings
from reportgen.site.pages.run.metric_data import ALL_POINTS, MOST_POINTS, metric_script
from reportgen.site.pages.run.metrics import metric_cards, metric_groups
from reportgen.site.site import Site
from reportgen.site.small_chart import HEIGHT, WIDTH, short, thinned, x_axis, y_axis
from reportgen.site.theme import find_theme
from reportgen.site.workspace import Workspace

NAN, INF = math.nan, math.inf
HOSTILE = "a/<b>\"onload=alert(1)'"


def drawn(run: Run) -> list[str]:
    return [str(chart) for group in metric_groups(metric_cards(run), "#123456") for chart in group.charts]


def texts(card: str) -> list[str]:
    return re.findall("<text[^>]*>([^<]*)</text>", card)


def said(card: str) -> list[str]:
    """What is written in a card outside of its picture."""
    without = re.sub("<svg.*</svg>", "", card)
    return [text for text in (re.sub("<[^>]*>", "", part).strip() for part in re.split("</span>|</p>|</b>", without)) if text]


def test_a_card_says_its_last_value_and_shows_its_axes() -> None:
    [card] = drawn(made({"val/acc": [0.1, 0.5, 0.9]}))
    assert said(card) == ["val/", "acc", "90\u202f%", "step 2"]
    assert texts(card) == [*(f"{share}\u202f%" for share in range(0, 101, 20)), "step", "0", "0.5", "1", "1.5", "2"]
    assert 'aria-label="val/acc over step: from 10\u202f% to 90\u202f%, between 10\u202f% and 90\u202f%."' in card
    assert f'viewBox="0 0 {WIDTH * 10} {HEIGHT * 10}"' in card
    assert 'stroke="#123456"' in card


def test_a_learning_rate_has_a_logarithmic_axis() -> None:
    [card] = drawn(made({"lr": [1e-5, 1e-4, 1e-2]}))
    assert texts(card)[:4] == ["1e−5", "0.0001", "0.001", "0.01"]


def test_a_metric_stands_over_the_axis_that_the_tracker_was_told() -> None:
    history = {"val/loss": series("val/loss", [3, 2, 1], [10, 20, 30]), "epoch": series("epoch", [0, 1], [10, 20])}
    told = (MetricDefinition("val/*", step_metric="epoch"), MetricDefinition("epoch", hidden=True))
    [card] = drawn(replace(made(), history=history, metrics=told))
    assert said(card) == ["val/", "loss", "2", "epoch 1", "1 value has no place on this axis."]
    assert 'data-axis="epoch"' in card


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, NAN, INF, 2.0], ["loss", "2", "step 3", "2 values that are not finite are gaps."]),
        ([NAN], ["loss", "Its only value is NaN."]),
        ([NAN, NAN], ["loss", "All 2 values are NaN."]),
        ([INF, NAN, -INF], ["loss", "None of its 3 values is finite: 1 are NaN, 2 infinite."]),
        ([1e308, -1e308], ["loss", "−1e308", "step 1"]),
        ([0.0], ["loss", "0", "step 0"]),
        ([], ["loss", "No value was logged."]),
    ],
)
def test_what_is_missing_is_said(values: list[float], words: list[str]) -> None:
    [card] = drawn(made({"loss": values}))
    assert said(card) == words
    assert ("<svg" in card) == bool(np.isfinite(values).any())
    assert "nan" not in card.lower().replace("its only value is nan", "").replace("are nan", "")


def test_gaps_divide_the_line_and_a_point_alone_is_a_dot() -> None:
    [card] = drawn(made({"loss": [1.0, NAN, 2.0, 3.0]}))
    (path,) = re.findall('<g class="lines" [^>]*><path d="([^"]*)"', card)
    assert re.fullmatch(r"M\d+ \d+h0M\d+ \d+l\d+-\d+", path)


def test_no_spike_is_lost() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=20_000)
    y[12_345] = 80.0
    line = thinned(np.arange(20_000.0), y)
    assert len(line.x) < 400
    assert line.y.max() == 80.0
    [card] = drawn(made({"x": y.tolist()}))
    top = HEIGHT * 10
    path = re.findall('<g class="lines" [^>]*><path d="M[0-9]+ ([0-9]+)l([^"]*)"', card)[0]
    down = np.cumsum([int(path[0]), *(int(dy) for _dx, dy in re.findall(r"(\d+) ?(-?\d+)", path[1]))])
    assert down.min() < 0.2 * top, "the spike reaches the upper end"
    assert np.median(down) > 0.6 * top


def test_what_comes_from_a_log_is_text() -> None:
    warnings = (LogWarning("<i>torn</i>", key=HOSTILE),)
    cards = drawn(made({HOSTILE: [1.0], "\ud800": [1.0]}, warnings=warnings, metrics=(MetricDefinition(HOSTILE, step_metric=HOSTILE),)))
    for card in cards:
        assert "<b>\"" not in card
        assert not re.search(r"<i>|onload=alert\(1\)[^&]", card)
        card.encode()


def test_numbers_are_as_short_as_they_can_be_told_apart() -> None:
    numbers = [0.0, 12.0, -3.5, 1234.4, 12345.0, 1e6, 2.5e-5, -1e-7, 9999.6, 1e20, INF, NAN, 0.1 + 0.2]
    assert [short(number, 4) for number in numbers] == [
        "0", "12", "−3.5", "1234", "12.35k", "1M", "2.5e−5", "−1e−7", "10000", "1e20", "inf", "nan", "0.3",
    ]  # fmt: skip


def script(run: Run) -> dict[str, Any]:
    """The value of the script of a run's metrics."""
    folder = Path("/nowhere")
    theme = find_theme()
    site = Site(Workspace(folder, read_settings(folder), (), Runs([run]), theme, theme.chart_style()), ())
    path, left_out = metric_script(site, run, metric_cards(run), ["step", "time", "wall"])
    text = site.scripts[path].decode()
    value: dict[str, Any] = json.loads(text[text.index(",") + 1 : text.rindex(")")])
    return {**value, "left out": left_out}


def numbers(packed: dict[str, Any]) -> NDArray[Any]:
    (kind,) = set(packed) & {"f4", "f8"}
    return np.frombuffer(b64decode(packed[kind]), f"<{kind}")


def logged(count: int, metrics: int = 2) -> Run:
    rng = np.random.default_rng(1)
    step = np.arange(count) * 2
    return replace(made(), history={f"m{i}": Series(f"m{i}", step, 1e9 + 0.1 * step, rng.normal(size=count)) for i in range(metrics)})


def test_the_script_has_all_values_to_the_last_bit_and_shared_positions_once() -> None:
    run = logged(500)
    value = script(run)
    for one in value["metrics"]:
        np.testing.assert_array_equal(numbers(one["value"]["y"]), run.history[one["key"]].value)
        assert (one["rounded"], one["value"]["logged"], one["value"]["x"]) == (False, None, {"step": 0, "time": 1})
    assert (len(value["columns"]), value["left out"]) == (2, "")
    assert value["columns"][0] == {"same": [0, 2, 499]}


def test_of_many_values_six_digits_are_kept_and_it_is_said() -> None:
    run = logged(ALL_POINTS // 2)
    value = script(run)
    for one in value["metrics"]:
        assert (one["rounded"], one["value"]["logged"]) == (True, None)
        np.testing.assert_allclose(numbers(one["value"]["y"]), run.history[one["key"]].value, rtol=1e-7)
    assert value["left out"] == "Their values have six digits."


def test_of_too_many_values_the_extremes_stay() -> None:
    run = logged(ALL_POINTS)
    value = script(run)
    total = sum(one["value"]["counts"][0] for one in value["metrics"])
    assert value["left out"] == f"The charts hold {total:,} of 100,000 values, every spike among them."
    for one in value["metrics"]:
        y = run.history[one["key"]].value
        kept = numbers(one["value"]["y"])
        assert one["value"]["logged"] == [len(y)]
        assert len(kept) == one["value"]["counts"][0] <= 1.25 * MOST_POINTS + 4
        assert (kept.min(), kept.max()) == (y.min(), y.max())


@pytest.mark.parametrize("value", [5e-324, 0.0, -5e-324, 1e-308, 1.7e308])
def test_one_value_of_any_size_has_an_axis(value: float) -> None:
    low, high = y_axis(np.array([np.nan, value])).domain
    assert low / 2 < high / 2
    assert low <= value <= high


@pytest.mark.parametrize("step", [0.0, 3.0, 1e17, 9.2e18])
def test_one_step_of_any_size_has_an_axis(step: float) -> None:
    low, high = x_axis("step", [step, step]).domain
    assert low < step < high
