"""Labels beside the ends of lines."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.charts.labels import spread


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    assert spread([80, 10, 40], 14, 0, 100) == [80, 10, 40]


def test_labels_that_touch_move_apart_around_their_middle() -> None:
    assert spread([50, 50], 14, 0, 100) == [43, 57]
    assert spread([], 14, 0, 100) == []


@pytest.mark.parametrize("seed", range(20))
def test_none_covers_another_their_order_is_kept_and_they_stay_inside(seed: int) -> None:
    wanted = np.random.default_rng(seed).uniform(0, 100, 6).tolist()
    placed = spread(wanted, 14, 0, 100)
    assert np.argsort(placed).tolist() == np.argsort(wanted).tolist()
    assert np.diff(np.sort(placed)).min() >= 14 - 1e-9
    assert min(placed) >= 0
    assert max(placed) <= 100 + 1e-9
