from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.site.data import Columns, column

COLUMNS: dict[str, tuple[pd.Series, list[Any], str]] = {
    "steps": (pd.Series(np.arange(1000)), list(range(1000)), '{"r":[0,1,1,999]}'),
    "steps of three runs": (pd.Series(np.tile(np.arange(4), 3)), [0, 1, 2, 3] * 3, "[0,1,2,3,0,1,2,3,0,1,2,3]"),
    "whole floats": (pd.Series([float(i) for i in range(0, 500, 5)]), list(range(0, 500, 5)), '{"r":[0,1,5,99]}'),
    "shortest digits": (pd.Series([0.1, 1e-7, 1 / 3]), [0.1, 1e-7, 1 / 3], "[0.1,1e-07,0.3333333333333333]"),
    "not finite": (pd.Series([0.5, math.nan, math.inf, -math.inf]), [0.5, None, None, None], "[0.5,NaN,Infinity,-Infinity]"),
    "minus zero": (pd.Series([-0.0, 1.0]), [-0.0, 1.0], "[-0,1]"),
    "names": (pd.Series(["a", "b"] * 20), ["a", "b"] * 20, '{"v":["a","b"],"i":[' + ",".join(["0,1"] * 20) + "]}"),
    "hostile": (pd.Series(["</script>\u2028\ud800"], dtype=object), ["</script>\u2028\ud800"], '["</script>\\u2028\\ud800"]'),
    "mixed": (pd.Series([1, "1", None, True, 2.5], dtype=object), [1, "1", None, True, 2.5], '[1,"1",null,true,2.5]'),
    "a name missing": (pd.Series(["a", None, "b"], dtype="str"), ["a", None, "b"], '["a",null,"b"]'),
    "truth": (pd.Series([True, False]), [True, False], "[true,false]"),
    "times": (
        pd.Series([datetime(2026, 1, 1, tzinfo=UTC), None]),
        [1767225600000, None],
        '{"t":{"v":[1767225600000],"i":[0,-1]}}',
    ),
    "nothing": (pd.Series([], dtype=float), [], "[]"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_packed(name: str) -> None:
    series, values, packed = COLUMNS[name]
    made = column(series)
    assert made.values == values
    assert made.packed == packed


def test_packed_numbers_are_the_same_to_the_last_bit() -> None:
    numbers = np.random.default_rng(0).normal(size=500) * 10.0 ** np.arange(-250, 250)
    made = column(pd.Series(numbers))
    assert json.loads(made.packed) == numbers.tolist()


def test_each_column_stands_once_and_a_chart_loads_only_its_own() -> None:
    rng = np.random.default_rng(1)
    shared, first, second = (column(pd.Series(rng.normal(size=50))) for _ in range(3))
    columns = Columns()
    columns.add("one", {"x": shared, "y": first})
    columns.add("two", {"x": shared, "y": second})
    files, needed = columns.scripts()
    everything = "".join(files.values())
    assert all(everything.count(one.packed) == 1 for one in (shared, first, second))
    loaded = {chart: "".join(files[path] for path in paths) for chart, paths in needed.items()}
    assert second.packed not in loaded["one"]
    assert shared.packed in loaded["one"]
    assert shared.packed in loaded["two"]
    assert first.packed not in loaded["two"]


def test_a_small_column_needs_no_script() -> None:
    columns = Columns()
    assert columns.add("one", {"x": column(pd.Series(range(100)))}) == {"x": '{"r":[0,1,1,99]}'}
    assert columns.scripts() == ({}, {})
