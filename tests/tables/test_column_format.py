"""Columns of values, as they are read and exactly."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.column_format import column_format, duration_text, exact, plain_text

METRIC: dict[str, Any] = {"metric": True}
MORE: dict[str, Any] = {"metric": True, "goal": "max"}


@pytest.mark.parametrize(
    ("name", "values", "options", "texts"),
    [
        ("config.lr", [1e-4, 0.001, 0.01], {}, "1e-4 1e-3 1e-2"),
        ("config.lr", [1.23e-4, 0.0456, 0.3, 0.0], {}, "1.23e-4 4.56e-2 3.00e-1 0"),
        ("config.lr", [1.2345678e-5], {}, "1.23e-5"),
        ("config.momentum", [0.9, 0.95, 0.0], {}, "0.90 0.95 0.00"),
        ("config.temperature", [-0.5, 1.0, 10.25], {}, "−0.50 1.00 10.25"),
        ("config.batch_size", [16, 1024], {}, "16 1024"),
        ("config.steps", [1e6, 2000.0], {}, "1,000,000 2,000"),
        ("config.seed", [20240101, 7], {}, "20240101 7"),
        ("val/acc", [0.9822222590446472, 0.95], METRIC, "0.982 0.950"),
        ("val/acc", [float(np.float32(0.98)), 0.5], METRIC, "0.98 0.50"),
        ("val/acc", [0.98222, 0.98219, 0.4], MORE, "0.98222 0.98219 0.40000"),
        ("val/acc", [0.98222, 0.98222, 0.98131], MORE, "0.982 0.982 0.981"),
        ("val/loss", [2.302585, 0.0312], METRIC, "2.30 0.03"),
        ("val/loss", [2.302585, 1.6251e-05, 1.5, 3.25e13], METRIC, "2.30 1.6e-5 1.50 3.2e13"),
        ("val/loss", [math.nan, math.inf, -math.inf, 1.25], METRIC, "NaN ∞ −∞ 1.25"),
        ("val/loss", [0.00012, 0.0003], METRIC, "1.2e-4 3.0e-4"),
        ("params", [11_173_962, 12], METRIC, "11,173,962 12"),
        ("val/acc", [0.9822222590446472, 0.5], {"metric": True, "percent": True}, "98.2\u202f% 50.0\u202f%"),
        ("val/acc", [0.98, 1.0], {"metric": True, "percent": True}, "98\u202f% 100\u202f%"),
        ("x", [0.0, -0.0], METRIC, "0 0"),
        ("x", [math.nan], METRIC, "NaN"),
        ("x", [0.5, 5e-324, 1.7e308], METRIC, "0.500 4.9e-324 1.7e308"),
        ("duration", [0.42, 1.25], {}, "0.4|s 1.2|s"),
        ("duration", [0.042, 0.0], {}, "0.042|s 0.000|s"),
        ("duration", [123.4, 40.0, 2.5], {}, "2|min|3|s 40|s 2.5|s"),
        ("config.flag", [True, False], {}, "true false"),
        ("config.mixed", [0.1, "auto", None, True, 1e-7, -2], {}, "0.1 auto null true 1e-7 −2"),
        ("config.layers", [[64, 128], [1e-3, "a"]], {}, "[64,|128] [0.001,|a]"),
        ("config.none", [None], {}, "null"),
        ("config.big", [10**400, 1], {}, "1" + "0" * 78 + "… 1"),
        ("config.name", ["한국어", "<img onerror=x>", ""], {}, "한국어 <img|onerror=x> "),
    ],
)
def test_texts(name: str, values: list[object], options: dict[str, Any], texts: str) -> None:
    written = column_format(name, values, **options)
    assert [written.text(value) for value in values] == [text.replace("|", " ") for text in texts.split(" ")]


def test_numbers_stand_right_and_all_others_left() -> None:
    assert column_format("x", [1, 2.5, None]).is_number
    assert column_format("duration", [3.0]).is_number
    assert not column_format("x", [1, "a"]).is_number
    assert not column_format("x", [True]).is_number
    assert not column_format("started", [datetime(2026, 1, 1, tzinfo=UTC)]).is_number
    assert not column_format("x", []).is_number


@pytest.mark.parametrize(
    ("values", "change", "text"),
    [
        ([0.98222, 0.5], 0.0123, "+0.012"),
        ([0.98222, 0.5], -0.0123, "−0.012"),
        ([0.98222, 0.5], -0.00001, "−1e-5"),
        ([0.98222, 0.5], 0.0, "±0"),
        ([100_000, 3], -2500, "−2,500"),
        ([1.5e-4, 2.5e-4], 1e-4, "+1.0e-4"),
    ],
)
def test_differences(values: list[float], change: float, text: str) -> None:
    assert column_format("val/x", values, metric=True).difference(change) == text


def test_difference_of_percentages_and_durations() -> None:
    assert column_format("acc", [0.981, 0.5], metric=True, percent=True).difference(-0.0123) == "−1.2"
    assert column_format("duration", [100.0, 3600.0]).difference(-63.0) == "−1 min 3 s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"), (0.0042, "4 ms"), (1e-9, "1 ms"), (0.42, "0.42 s"), (0.999, "1.0 s"), (9.94, "9.9 s"), (9.96, "10 s"),
        (59.4, "59 s"), (59.6, "1 min 0 s"), (123, "2 min 3 s"), (3599.7, "1 h 0 min"), (3900, "1 h 5 min"), (86399, "1 d 0 h"),
        (360_000, "4 d 4 h"), (-5, "−5.0 s"),
    ],
)  # fmt: skip
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.30000000000000004"), (1e-05, "1e-05"), (3, "3"), (True, "true"), (None, "null"), ("a\n", "a\n"),
        (math.nan, "nan"), (math.inf, "inf"), ([1, 0.5, None, "é"], '[1, 0.5, null, "é"]'), (("a", "b"), "a, b"),
        (np.float64(0.5), "0.5"), (np.float32(0.5), "0.5"),
        (datetime(2026, 11, 23, 21, 33, tzinfo=UTC), "2026-11-23T21:33:00+00:00"),
    ],
)  # fmt: skip
def test_exact(value: object, text: str) -> None:
    assert exact(value) == text


def test_long_values_are_cut() -> None:
    assert len(plain_text(list(range(1000)))) == len(plain_text("x" * 1000)) == 80
    assert plain_text(["a", [1, 2]]) == "[a, [1, 2]]"


@pytest.mark.parametrize("percent", [False, True])
@pytest.mark.parametrize("scale", [1e-9, 1e-4, 1, 3e4, 1e13])
@pytest.mark.parametrize("name", ["val/acc", "duration", "config.seed"])
def test_a_whole_column_reads_as_its_values_do(name: str, scale: float, percent: bool) -> None:
    numbers = np.random.default_rng(0).normal(0, scale, 50)
    values: list[Any] = [*numbers.tolist(), *np.round(numbers).astype(int).tolist(), 0, -0.0, 1e-12, 1e15, math.nan, math.inf, True, None]
    values += [np.float32(0.98), np.int64(3), "text", [1, 2.5], datetime(2026, 1, 2, tzinfo=UTC)]
    for form in (column_format(name, numbers.tolist(), metric=True, percent=percent), column_format(name, values, metric=True)):
        assert form.texts(values) == ["" if value is None else form.text(value) for value in values]
