"""The values of a comparison: what differs, what is best, differences, repeats."""

from __future__ import annotations

import math
from typing import Any

import pytest
from table_runs import at, run

from reportgen.analysis.compared_values import ComparedColumn, Comparison, Difference
from reportgen.analysis.comparison import compare, resolve
from reportgen.errors import QueryError
from reportgen.model import Runs


def two(**second: Any) -> Runs:
    return Runs([run("a", {"lr": 0.1}, {"val/acc": 0.9}), run("b", **second)])


def column(comparison: Comparison, name: str) -> ComparedColumn:
    return next(one for one in comparison.columns if one.name == name)


def best(comparison: Comparison, name: str) -> list[str]:
    cells = column(comparison, name).cells
    return [row.name for row, cell in zip(comparison.rows, cells, strict=True) if cell.is_best]


def like_best(comparison: Comparison, name: str) -> list[str]:
    cells = column(comparison, name).cells
    return [row.name for row, cell in zip(comparison.rows, cells, strict=True) if cell.like_best]


def accuracies(*values: Any) -> Runs:
    return Runs([run(f"r{i}", {"i": i}, {} if value is None else {"val/acc": value}) for i, value in enumerate(values)])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.9, 0.95, 0.8), ["r1"]),
        ((0.9, 0.95, 0.95), ["r1", "r2"]),
        ((0.9, math.nan, 0.8), ["r0"]),
        ((0.9, math.inf, 0.8), ["r0"]),
        ((0.9, None, 0.8), ["r0"]),
        ((0.9, None, math.nan), []),
        ((math.nan, math.nan, None), []),
        ((0.9, "failed", 0.8), []),
        ((True, False, True), []),
    ],
)
def test_best(values: tuple[Any, ...], expected: list[str]) -> None:
    assert best(compare(accuracies(*values), ["val/acc"], differing_only=False), "val/acc") == expected


def test_goal_is_inferred_given_or_absent() -> None:
    names = ["loss", "score", "width"]
    runs = Runs([run("a", summary=dict.fromkeys(names, 1.0)), run("b", summary=dict.fromkeys(names, 2.0))])
    inferred = compare(runs, names)
    assert [one.goal for one in inferred.columns] == ["min", "max", None]
    assert [best(inferred, name) for name in names] == [["a"], ["b"], []]
    given = compare(runs, names, goals={"loss": "max", "score": None, "width": "min"})
    assert [best(given, name) for name in names] == [["b"], [], ["a"]]


def test_goal_of_a_metric_holds_for_its_aggregates() -> None:
    runs = Runs([run("a", history={"width": [1, 5, 2]}), run("b", history={"width": [3, 3, 4]})])
    comparison = compare(runs, ["max(width)", "first(width)", "width"], goals={"width": "min"})
    assert [best(comparison, name) for name in ("max(width)", "first(width)", "width")] == [["b"], ["a"], ["a"]]


def test_what_is_equal_is_split_off() -> None:
    nothing = math.nan
    runs = Runs(
        [
            run("a", {"n": 1, "flag": True, "list": [1, 2], "mixed": "1", "only": 1, "nan": nothing, "null": None}),
            run("b", {"n": 1.0, "flag": True, "list": [1, 2], "mixed": 1, "nan": nothing, "null": None}),
        ]
    )
    comparison = compare(runs, ["config.*"])
    assert [(one.name, one.cell.text) for one in comparison.equal] == [
        ("config.n", "1"), ("config.flag", "true"), ("config.list", "[1, 2]"), ("config.nan", "NaN"), ("config.null", "null"),
    ]  # fmt: skip
    assert [one.name for one in comparison.columns] == ["config.mixed", "config.only"]
    assert len(compare(runs, ["config.*"], differing_only=False).columns) == 7


def test_true_is_not_one() -> None:
    assert not compare(Runs([run("a", {"x": True}), run("b", {"x": 1})]), ["config.x"]).equal


def test_one_run_keeps_its_columns() -> None:
    comparison = compare(Runs([run("a", {"x": 1}, {"val/acc": 0.5})]), ["config.x", "val/acc"])
    assert [one.name for one in comparison.columns] == ["config.x", "val/acc"]
    assert not any(cell.is_best for one in comparison.columns for cell in one.cells)


def test_missing_is_not_null() -> None:
    comparison = compare(Runs([run("a", {"depth": None}), run("b", {"other": 1})]), ["config.depth"])
    a, b = comparison.columns[0].cells
    assert (a.text, a.exact, a.missing) == ("null", "null", False)
    assert (b.text, b.exact, b.missing) == ("—", "", True)


def test_cells_hold_text_and_exact_value() -> None:
    comparison = compare(two(config={"lr": 1e-5}, summary={"val/acc": 0.9822222590446472}), ["lr", "val/acc"])
    cells = column(comparison, "config.lr").cells
    assert [(cell.text, cell.exact, cell.size) for cell in cells] == [("1e-1", "0.1", 0.1), ("1e-5", "1e-05", 1e-05)]
    assert column(comparison, "val/acc").cells[1].exact == "0.9822222590446472"


def test_differences_to_the_baseline() -> None:
    runs = Runs(
        [
            run("a", {"lr": 1}, {"val/acc": 0.90, "val/loss": 0.5, "width": 3}),
            run("b", {"lr": 2}, {"val/acc": 0.95, "val/loss": 0.6, "width": 4}),
            run("c", {"lr": 3}, {"val/acc": 0.90, "val/loss": math.nan}),
        ]
    )
    comparison = compare(runs, ["lr", "val/acc", "val/loss", "width"], baseline=runs["a"])
    assert comparison.baseline == 0
    assert [cell.difference for cell in column(comparison, "config.lr").cells] == [None] * 3
    assert [cell.difference for cell in column(comparison, "val/acc").cells] == [
        None, Difference(0.95 - 0.90, "+0.05", True), Difference(0.0, "±0", None),
    ]  # fmt: skip
    worse = Difference(0.6 - 0.5, "+0.1", False)
    assert [cell.difference for cell in column(comparison, "val/loss").cells] == [None, worse, None]
    assert [cell.difference for cell in column(comparison, "width").cells] == [None, Difference(1.0, "+1", None), None]


def test_a_baseline_that_is_not_chosen_is_put_in_front() -> None:
    runs = accuracies(0.9, 0.95, 0.8)
    comparison = compare(runs.select("r1"), ["val/acc"], among=runs, baseline=runs["r2"])
    assert [row.name for row in comparison.rows] == ["r2", "r1"]
    assert comparison.baseline == 0


def test_sorting_and_limit() -> None:
    runs = accuracies(0.9, math.nan, 0.95, None, "text", math.inf, 0.5)
    names = [row.name for row in compare(runs, ["val/acc"], sort="val/acc").rows]
    assert names == ["r5", "r2", "r0", "r6", "r4", "r1", "r3"]
    names = [row.name for row in compare(runs, ["val/acc"], sort="val/acc asc").rows]
    assert names == ["r6", "r0", "r2", "r5", "r4", "r1", "r3"]
    limited = compare(runs, ["val/acc"], sort="val/acc", limit=2, baseline=runs["r6"])
    assert [row.name for row in limited.rows] == ["r5", "r2", "r6"]
    assert (limited.left_out, limited.baseline, len(limited.columns[0].cells)) == (4, 2, 3)


def test_attributes() -> None:
    runs = Runs([run("a", tags=("x", "y"), **at(0, 63)), run("b", state="crashed", **at(5, 40))])
    comparison = compare(runs, ["state", "started", "duration", "tags", "notes", "name"])
    assert [one.name for one in comparison.columns] == ["state", "started", "duration", "tags"]
    assert [one.name for one in comparison.equal] == ["notes"]
    assert [cell.text for cell in column(comparison, "duration").cells] == ["1 min 3 s", "40 s"]
    assert [cell.text for cell in column(comparison, "started").cells] == ["2026-11-23 21:33", "2026-11-23 21:38"]
    assert [cell.text for cell in column(comparison, "tags").cells] == ["x, y", "—"]


def test_names_are_looked_up_among_all_runs() -> None:
    runs = two(config={"depth": 3}, summary={"val/f1": 0.5})
    comparison = compare(runs.select("a"), ["depth", "val/*"], among=runs)
    missing = {one.name: one.cells[0].missing for one in comparison.columns}
    assert missing == {"config.depth": True, "val/acc": False, "val/f1": True}


@pytest.mark.parametrize("options", [{"columns": ["val_acc"]}, {"group": ["lrr"]}, {"sort": "val/ac"}, {"goals": {"val/ac": "min"}}])
def test_unknown_names_are_mistakes(options: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match="did you mean"):
        compare(two(), **{"columns": [], **options})


def test_only_numbers_are_percentages() -> None:
    with pytest.raises(QueryError, match="not a number"):
        compare(Runs([run("a", {"x": "text"})]), ["config.x"], percent=["config.x"])


def test_globs_and_aggregates() -> None:
    runs = Runs([run("a", {"o.lr": 1, "o.name": "sgd"}, history={"val/acc": [1, 2], "val/loss": [1]})])
    assert resolve(runs, ["o.lr", "config.o.*", "max(val/*)", "last(val/acc)"]) == (
        "config.o.lr", "config.o.name", "max(val/acc)", "max(val/loss)", "last(val/acc)",
    )  # fmt: skip


def seeded(**means: tuple[float, ...]) -> Runs:
    repeats = [(name, seed, value) for name, values in means.items() for seed, value in enumerate(values)]
    return Runs([run(f"{name}-{seed}", {"kind": name, "seed": seed}, {"val/acc": value}) for name, seed, value in repeats])


def test_groups_over_seeds() -> None:
    runs = seeded(a=(0.90, 0.92, 0.94), b=(0.93, 0.95, 0.97), c=(0.5, 0.52, 0.54), d=(0.92,))
    comparison = compare(runs, ["val/acc", "config.*"], group=["kind"])
    assert [row.name for row in comparison.rows] == ["a", "b", "c", "d"]
    cells = column(comparison, "val/acc").cells
    assert [cell.text for cell in cells] == ["0.920 ± 0.050", "0.950 ± 0.050", "0.520 ± 0.050", "0.920"]
    assert [cell.sample.n for cell in cells if cell.sample] == [3, 3, 3, 1]
    assert cells[1].value == pytest.approx(0.95)
    assert best(comparison, "val/acc") == ["b"]
    assert like_best(comparison, "val/acc") == ["a"]  # c is worse, and one seed of d says nothing.
    assert [cell.text for cell in column(comparison, "config.seed").cells] == ["0, 1, 2"] * 3 + ["0"]


def test_a_group_says_how_many_of_its_runs_have_a_value() -> None:
    runs = Runs([run(f"r{i}", {"k": 1}, {"val/acc": value}) for i, value in enumerate((0.5, math.nan, 0.7))])
    cell = compare(runs, ["val/acc"], group=["k"]).columns[0].cells[0]
    assert cell.sample is not None
    assert (cell.text, cell.sample.n, cell.sample.missing) == ("0.6 ± 1.3", 2, 1)


def test_single_runs_and_their_repeats() -> None:
    runs = seeded(a=(0.90, 0.92, 0.94), b=(0.93, 0.95, 0.97), c=(0.5, 0.52, 0.54), d=(0.92,))
    comparison = compare(runs, ["val/acc"])
    assert best(comparison, "val/acc") == ["b-2"]
    assert like_best(comparison, "val/acc") == ["a-0", "a-1", "a-2", "b-0", "b-1"]
    top = runs.select("top(2, val/acc)")
    assert like_best(compare(top, ["val/acc"]), "val/acc") == ["b-1"]  # Of two runs of b alone: repeats of each other.
    alone = runs.select(["a-2", "b-2"])
    assert like_best(compare(alone, ["val/acc"]), "val/acc") == []
    assert like_best(compare(alone, ["val/acc"], among=runs), "val/acc") == ["a-2"]  # The others are known, though not shown.


def test_without_repeats_nothing_is_invented() -> None:
    assert like_best(compare(accuracies(0.9, 0.9001, 0.9002), ["val/acc"]), "val/acc") == []


def test_a_lucky_run_does_not_make_a_better_setting_worse() -> None:
    """The best single run belongs to a setting that is worse in the mean than another one."""
    runs = seeded(lucky=(0.70, 0.71, 0.90), steady=(0.88, 0.885, 0.89))
    assert set(like_best(compare(runs, ["val/acc"]), "val/acc")) == {"lucky-0", "lucky-1", "steady-0", "steady-1", "steady-2"}
