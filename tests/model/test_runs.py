"""Choosing, ranking and framing runs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import QueryError
from reportgen.model import MetricDefinition, Run, Runs, Series, Source, goal_of


def run(name: str, **fields: Any) -> Run:
    return Run(**{"id": name, "name": name, "source": Source("hand", Path("logs") / name), **fields})


def series(key: str, *values: float) -> Series:
    steps = np.arange(len(values), dtype=np.int64)
    return Series(key, steps, steps.astype(float), np.array(values, dtype=float))


@pytest.fixture
def runs() -> Runs:
    return Runs(
        run(
            f"run-{i}",
            config={"optimizer.lr": 10.0**-i, "optimizer.name": "adam" if i % 2 else "sgd", "seed": i},
            summary={"val/acc": 0.9 + i / 100, "note": "it's"},
            history={
                "val/acc": series("val/acc", 0.1, 0.9 + i / 100),
                "train/loss": series("train/loss", 2.0, math.nan, 1.0 / (i + 1)),
            },
            tags=("even",) if i % 2 == 0 else (),
        )
        for i in range(5)
    )


def names(chosen: Runs) -> list[str]:
    return [one.name for one in chosen]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("all", ["run-0", "run-1", "run-2", "run-3", "run-4"]),
        ("top(2, val/acc)", ["run-4", "run-3"]),
        ("bottom(2, val/acc)", ["run-0", "run-1"]),
        ("top(2, train/loss)", ["run-4", "run-3"]),
        ("best(val/acc)", ["run-4"]),
        ("run-[12]*", ["run-1", "run-2"]),
        (["run-3", "run-1", "run-3"], ["run-3", "run-1"]),
        ("config.optimizer.lr < 0.01 and val/acc < 0.94", ["run-3"]),
        ("optimizer.name = 'adam'", ["run-1", "run-3"]),
        ('"config.optimizer.name" = \'sgd\' and "val/acc" > 0.91', ["run-2", "run-4"]),
        ("list_contains(tags, 'even')", ["run-0", "run-2", "run-4"]),
        ("note = 'it''s' and seed >= 3", ["run-3", "run-4"]),
        ("max(train/loss) > 1.5 and seed = 1", ["run-1"]),
    ],
)
def test_select(runs: Runs, selection: str | list[str], expected: list[str]) -> None:
    assert names(runs.select(selection)) == expected


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ("run-9", "no run 'run-9'; did you mean 'run-4'?"),
        ("top(3, val_acc)", "no column 'val_acc'; did you mean 'val/acc'?"),
        ("config.optimzer.lr < 1", "no column 'config.optimzer.lr'; did you mean 'config.optimizer.lr'?"),
        ("lrr > 1", "no column 'lrr'; did you mean 'optimizer.lr'?"),
        ("sed = 1", "no column 'sed'; did you mean 'seed'?"),
        ("top(3, seed)", "nothing says whether more or less of 'config.seed' is better; give the goal: min or max"),
    ],
)
def test_a_wrong_selection_names_the_right_one(runs: Runs, selection: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        runs.select(selection)
    assert str(caught.value) == message


@pytest.mark.parametrize("sql", ["(SELECT count(*) FROM read_text('/etc/hostname')) > 0", "seed = 1; DROP TABLE runs", "seed = "])
def test_a_condition_reaches_nothing_else(runs: Runs, sql: str) -> None:
    with pytest.raises(QueryError):
        runs.where(sql)


def test_missing_values_are_not_true(runs: Runs) -> None:
    mixed = Runs([*runs, run("bare")])
    assert names(mixed.where("val/acc > 0")) == names(runs)
    assert names(mixed.where("val/acc IS NULL")) == ["bare"]


def test_top_leaves_out_what_is_not_finite(runs: Runs) -> None:
    mixed = Runs([*runs, run("diverged", summary={"val/acc": math.nan}), run("text", summary={"val/acc": "high"})])
    assert names(mixed.top(10, "val/acc")) == ["run-4", "run-3", "run-2", "run-1", "run-0"]


def test_metric_is_the_summary_else_the_last_finite_value() -> None:
    one = run(
        "a",
        summary={"acc.max": 0.8},
        metrics=(MetricDefinition("acc", summary=("max",)),),
        history={"acc": series("acc", 0.8, 0.7), "loss": series("loss", 1.0, 0.5, math.nan), "bad": series("bad", math.inf)},
    )
    assert one.metric("acc") == 0.8
    assert one.metric("last(acc)") == 0.7
    assert one.metric("loss") == 0.5
    assert one.metric("mean(loss)") == 0.75
    assert one.metric("first(loss)") == 1.0
    assert math.isnan(one.metric("bad"))  # type: ignore[arg-type]
    assert one.metric("missing") is None


def test_ids_become_unique_and_stay_in_order() -> None:
    twins = Runs([run("x"), run("x"), run("x-2")])
    assert [one.id for one in twins] == ["x", "x-2", "x-2-2"]


def test_a_metric_named_like_an_attribute_keeps_both(runs: Runs) -> None:
    both = Runs([run("a", summary={"state": 3.0, "loss": 1.0})])
    assert both[0]["state"] == "unknown"
    assert both[0]["summary.state"] == 3.0
    assert "summary.state" in both.columns


def test_history_frame_is_long(runs: Runs) -> None:
    frame = runs.history("train/*")
    assert list(frame.columns) == ["run", "key", "step", "time", "value"]
    assert len(frame) == 15
    assert frame["value"].isna().sum() == 5
    assert runs.history("*").shape == (25, 5)
    assert Runs().history().shape == (0, 5)


def test_frame_has_a_row_per_run_and_types_as_logged(runs: Runs) -> None:
    frame = runs.frame()
    assert frame.shape == (5, len(runs.columns))
    assert frame["config.seed"].tolist() == [0, 1, 2, 3, 4]
    assert frame["val/acc"].dtype == float


@pytest.mark.parametrize(
    ("key", "goal"),
    [
        ("val/acc", "max"), ("valLoss", "min"), ("eval_f1", "max"), ("train/loss", "min"), ("rmse", "min"),
        ("loss_accuracy", "max"), ("lr", None), ("epoch", None),
    ],
)  # fmt: skip
def test_goal_from_the_name(key: str, goal: str | None) -> None:
    assert goal_of(key) == goal


def test_slugs_are_safe_and_distinct() -> None:
    hostile = ["../../etc", "a/b", "a-b", "A-b", "", "한글", "x" * 300, "con\0"]
    slugs = [run("n", id=name).slug for name in hostile]
    assert len({slug.casefold() for slug in slugs}) == len(hostile)
    assert all("/" not in slug and slug not in ("", ".", "..") and len(slug) < 100 for slug in slugs)


def test_a_prompt_shows_runs_in_one_line(runs: Runs) -> None:
    assert repr(runs[0]) == "Run('run-0', unknown, 2 metrics)"
    assert repr(run("a'b", state="finished", history={"x": series("x", 1.0)})) == """Run("a'b", finished, 1 metric)"""
    assert repr(runs) == "Runs(5: run-0, run-1, run-2, …)"


def test_all_values_of_a_column_are_those_of_its_runs(runs: Runs) -> None:
    for name in (*runs.columns, *(f"max({key})" for key in runs.metrics), "config.nothing", "nothing"):
        assert repr(runs.values(name)) == repr([run[name] for run in runs])


def test_the_goal_is_what_the_first_run_says_that_defines_it() -> None:
    def one(name: str, *defined: MetricDefinition) -> Run:
        return Run(name, name, Source("test", Path(name)), metrics=defined)

    more, less = MetricDefinition("x", goal="max"), MetricDefinition("x", goal="min")
    several = [one("a"), one("b", less), one("c", more), one("d", less)]
    for kept in (several, several[2:], several[:1]):
        assert Runs(kept).goal("x") == goal_of("x", tuple(kept))
