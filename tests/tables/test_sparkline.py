"""Sparklines: the drawing, exactly, and the words that go with it."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from table_runs import series

from reportgen.blocks.sparkline import HEIGHT, WIDTH, SparklineFrame, sparkline
from reportgen.model import Series


def drawn(values: list[float], key: str = "val/acc", colour: str = "#4269d0") -> str:
    one = series(key, values)
    return str(sparkline([(one, colour)], SparklineFrame.around([one]), "max"))


def points(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.e+]+) (-?[\d.e+]+)", svg)]


def test_whole_drawing() -> None:
    assert drawn([0.0, 1.0, 0.5]) == (
        '<svg class="sparkline" role="img" aria-label="val/acc: first 0.0, best 1.0, last 0.5" width="80" height="20" '
        'viewBox="0 0 80 20" fill="none" stroke-width="1.25" stroke-linejoin="round" stroke-linecap="round">'
        '<path stroke="#4269d0" d="M2 18L40 2L78 10"/><circle fill="#4269d0" cx="78" cy="10" r="1.75"/></svg>'
    )


def test_gaps_stay_gaps_and_a_point_alone_is_seen() -> None:
    assert 'd="M2 18M' not in drawn([0, math.nan, 1])
    assert 'd="M2 18L2 18M78 2L78 2"' in drawn([0, math.nan, 1])
    assert 'd="M40 18L59 10L78 2"' in drawn([math.inf, math.nan, 0, 0.5, 1])


@pytest.mark.parametrize("values", [[], [math.nan], [math.inf, -math.inf]])
def test_nothing_to_draw(values: list[float]) -> None:
    assert drawn(values) == ""


def test_one_value_and_equal_values() -> None:
    assert points(drawn([0.5])) == [(78, 10), (78, 10)]
    assert points(drawn([0.5, 0.5])) == [(2, 10), (78, 10)]


def test_many_values_keep_their_extremes_and_the_last() -> None:
    values = np.sin(np.arange(100_000) / 1000)
    values[54_321] = 7.0
    found = points(drawn(list(values)))
    assert len(found) <= 81
    assert min(y for _, y in found) == 2  # The one high value, at the edge of the frame.
    assert found[-1][0] == 78
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in found)
    assert [x for x, _ in found] == sorted(x for x, _ in found)


def test_extreme_values_do_not_overflow() -> None:
    assert points(drawn([-1.7e308, 1.7e308])) == [(2, 18), (78, 2)]


def test_one_frame_for_all_and_a_run_that_diverged_does_not_flatten_the_others() -> None:
    good = [series("loss", [1.0, 0.5, 0.25]) for _ in range(50)]
    frame = SparklineFrame.around([*good, series("loss", [1.0, 1e9, math.nan])])
    assert (frame.bottom, frame.top) == (0.25, 1.0)
    assert frame.height(1e9) == frame.height(1.0) == 2


def test_several_runs_share_a_drawing_and_hostile_names_are_escaped() -> None:
    lines = [(series('"><script>', [i, i + 1]), "") for i in range(20)]
    svg = str(sparkline(lines, SparklineFrame.around([one for one, _ in lines])))
    assert svg.count("<path") == 12
    assert "<script>" not in svg
    assert "of 20 runs" in svg
    assert 'stroke="currentColor"' in svg


def test_steps_out_of_order_are_drawn_in_order() -> None:
    steps = np.array([2, 0, 1], dtype=np.int64)
    one = Series("a", steps, steps.astype(float), np.array([1.0, 0.0, 0.5]))
    assert points(str(sparkline([(one, "")], SparklineFrame.around([one])))) == [(2, 18), (40, 10), (78, 2)]
