"""The columns of logged tables: kinds, distributions, keys, and which of them are truth and prediction."""

from __future__ import annotations

import math
from typing import Any

import pytest

from reportgen.analysis.table_columns import Kind, answers, key_columns, right, table_columns
from reportgen.model import Media, Table


def table(**columns: list[Any]) -> Table:
    return Table("t", 0, tuple(columns), tuple(zip(*columns.values(), strict=True)))


IMAGE = Media("t.a", 0, "image")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, 2.5, None], "number"),
        ([math.nan, math.inf], "number"),
        ([True, None, False], "bool"),
        ([True, 1], "text"),
        (["a", None], "text"),
        ([1, "a"], "text"),
        ([2**53, 1], "text"),
        ([10**400, 1], "text"),
        ([[1, 2], {"a": 1}], "text"),
        ([None, None], "text"),
        ([IMAGE, None], "image"),
        ([IMAGE, Media("t.a", 0, "audio")], "media"),
        ([Media("t.a", 0, "html")], "media"),
        ([IMAGE, "word"], "text"),
    ],
)
def test_kinds(cells: list[Any], kind: Kind) -> None:
    (column,) = table_columns(table(a=cells))
    assert column.kind == kind
    assert len(column.values) == len(cells)
    assert column.missing == cells.count(None)


def test_whole_numbers_of_a_small_range_have_a_bin_each() -> None:
    (column,) = table_columns(table(a=[0, 1, 1, 3, None]))
    assert column.bins is not None
    assert (column.bins.low, column.bins.high, column.bins.counts) == (-0.5, 3.5, (1, 2, 0, 1))


def test_bins_count_finite_values_only() -> None:
    (column,) = table_columns(table(a=[0.5, 1.5, math.nan, math.inf, -math.inf]))
    assert column.bins is not None
    assert (column.bins.low, column.bins.high, sum(column.bins.counts)) == (0.5, 1.5, 2)
    (column,) = table_columns(table(a=[-1e308, 1e308]))
    assert column.bins is not None
    assert sum(column.bins.counts) == 2
    (column,) = table_columns(table(a=[math.nan]))
    assert column.bins is None


def test_frequent_texts() -> None:
    (column,) = table_columns(table(a=["x", "y", "x", None]))
    assert column.top == (("x", 2), ("y", 1))
    assert column.distinct == 2
    (column,) = table_columns(table(a=["x", "y"]))
    assert column.top == ()


def test_keys_are_unique_and_named_ones_come_first() -> None:
    columns = table_columns(table(score=[0.1, 0.2], note=["a", "b"], id=[5, 6], label=[1, 1], path=["p", None]))
    assert key_columns(columns) == ["id", "note"]


def test_equal_names_are_told_apart() -> None:
    columns = table_columns(Table("t", 0, ("a", "a"), ((1, "x"),)))
    assert [column.name for column in columns] == ["a", "a (2)"]


def test_short_rows_are_filled() -> None:
    columns = table_columns(Table("t", 0, ("a", "b"), ((1,), (2, 3))))
    assert columns[1].values == (None, 3)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"label": [1, 2, 3], "prediction": [1, 0, None]}, (1, 2)),
        ({"Ground Truth": ["a", "b"], "y_pred": ["a", "a"]}, (1, 2)),
        ({"target": [True, False], "guess": [True, False]}, (2, 2)),
        ({"label": [1], "prediction": ["1"]}, None),
        ({"label": [1], "score": [1]}, None),
        ({"label": [1, 0], "prediction": [0.9, 0.1]}, None),
        ({"Actual": ["a"], "Predicted": ["a"], "nPredictions": [3]}, None),
    ],
)
def test_right_answers(columns: dict[str, list[Any]], expected: tuple[int, int] | None) -> None:
    found = answers(table_columns(table(**columns)))
    assert (right(*found) if found else None) == expected
