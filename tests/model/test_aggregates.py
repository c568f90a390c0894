"""A metric as one number: last, best, the mean of the last k, the area under its curve."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from reportgen.analysis.importance import importance
from reportgen.errors import QueryError
from reportgen.model import AGGREGATES, MetricDefinition, Run, Runs, Series, Source
from reportgen.model.aggregates import AGGREGATE, aggregate

NAN, INF = math.nan, math.inf


def series(values: list[float], steps: list[int] | None = None) -> Series:
    at = np.array(range(len(values)) if steps is None else steps, dtype=np.int64)
    return Series("m", at, at.astype(float), np.array(values, dtype=float))


def run(name: str, loss: list[float], steps: list[int] | None = None, **more: object) -> Run:
    return Run(name, name, Source("test", Path(name)), history={"val/loss": series(loss, steps)}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "values", "steps", "expected"),
    [
        ("last", [3.0, 1.0, 2.0, NAN], None, 2.0),
        ("last1", [3.0, 1.0, 2.0, NAN], None, 2.0),
        ("last2", [3.0, 1.0, 2.0, NAN], None, 1.5),
        ("last2", [3.0, 1.0, NAN, INF, 2.0], None, 1.5),
        ("last10", [3.0, 1.0, 2.0], None, 2.0),
        ("first", [NAN, 3.0, 1.0], None, 3.0),
        ("min", [3.0, 1.0, -INF], None, 1.0),
        # A straight line from 0 to 1 has the mean height 1/2, however it is sampled and however long it is.
        ("area", [0.0, 1.0], None, 0.5),
        ("area", [0.0, 0.1, 0.2, 1.0], [0, 1, 2, 10], 0.5),
        ("area", [0.0, 0.5, 1.0], [5, 500, 995], 0.5),
        ("area", [2.0, 2.0, 2.0], [0, 7, 9], 2.0),
        # Straight over a gap.
        ("area", [0.0, NAN, 1.0, INF], None, 0.5),
        ("area", [0.0, 1.0, NAN], None, 0.5),
        # One point is its own value.
        ("area", [4.0], [17], 4.0),
        ("area", [NAN, 4.0], None, 4.0),
        # After a restart from a checkpoint the steps begin again: what was logged last counts.
        ("area", [0.0, 9.0, 9.0, 0.5, 1.0], [0, 1, 2, 1, 2], 0.5),
        ("area", [1.0, 0.5, 0.0], [2, 1, 0], 0.5),
        ("area", [9.0, 3.0], [1, 1], 3.0),
        ("area", [1.0, 3.0], [-(2**63), 2**63 - 1], 2.0),
        ("area", [1e308, 1e308], None, 1e308),
    ],
)
def test_known_values(how: str, values: list[float], steps: list[int] | None, expected: float) -> None:
    assert aggregate(how, series(values, steps)) == pytest.approx(expected)


@pytest.mark.parametrize("how", [name for name in AGGREGATES if name != "best"])
def test_nothing_finite_is_nan_and_nothing_logged_is_nothing(how: str) -> None:
    assert math.isnan(aggregate(how, series([NAN, INF])))  # type: ignore[arg-type]
    assert aggregate(how, series([])) is None
    assert Run("a", "a", Source("test", Path("a"))).metric(f"{how}(val/loss)") is None


@pytest.mark.parametrize("how", AGGREGATES)
def test_every_aggregate_is_a_column_everywhere(how: str) -> None:
    runs = Runs([run("a", [3.0, 1.0, 2.0]), run("b", [5.0, 4.0, 4.5])])
    column = runs.column(f"{how}(val/loss)")
    assert [one.name for one in runs.where(f"{how}(val/loss) < 3.5")] == ["a"]
    assert runs.values(column) == [one[column] for one in runs] == [one[f"{how}(val/loss)"] for one in runs]
    assert runs.goal(column) == "min"
    assert [one.name for one in runs.select(f"bottom(1, {how}(val/loss))")] == ["b"]


def test_best_is_min_or_max_and_no_guess() -> None:
    runs = Runs([run("a", [3.0, 1.0, 2.0]), run("b", [5.0, 4.0, 4.5])])
    assert runs.column("best(val/loss)") == "min(val/loss)"
    told = Runs([run("a", [3.0, 1.0], metrics=(MetricDefinition("val/loss", goal="max"),))])
    assert told.column("best(val/loss)") == "max(val/loss)"
    assert told[0]["best(val/loss)"] == 3.0
    nameless = Runs([Run("a", "a", Source("test", Path("a")), history={"x": series([1.0])})])
    for ask in (lambda: nameless.column("best(x)"), lambda: nameless[0]["best(x)"]):
        with pytest.raises(QueryError, match=r"nothing says whether more or less of 'x' is better; write max\(x\) or min\(x\)"):
            ask()


def test_the_best_run_and_the_best_value_do_not_clash() -> None:
    """`best(val/loss)` alone selects a run; in a condition and as a column it is a value of each run."""
    runs = Runs([run("a", [3.0, 1.0, 2.0]), run("b", [5.0, 4.0, 4.5])])
    assert [one.name for one in runs.select("best(val/loss)")] == ["a"]
    assert [one.name for one in runs.select("best(last2(val/loss))")] == ["a"]
    assert [one.name for one in runs.select("best(val/loss) > 2")] == ["b"]
    assert [one.name for one in runs.select("best(val/loss) + 2 > max(val/loss)")] == ["b"]


@pytest.mark.parametrize("name", ["last0(x)", "last01(x)", "lastten(x)", "median(x)", "area()"])
def test_what_is_no_aggregate(name: str) -> None:
    assert AGGREGATE.match(name) is None


def test_importance_of_each_of_them() -> None:
    """The end of each run goes with `lr`, and its beginning with `width`."""
    rng = np.random.default_rng(0)
    lr, width = rng.random(40), rng.random(40)
    runs = Runs(
        run(f"r{i:02}", [float(w), 0.5, float(a), float(a)], config={"lr": float(a), "width": float(w)})
        for i, (a, w) in enumerate(zip(lr, width, strict=True))
    )
    for target, name in (("last2(val/loss)", "lr"), ("last(val/loss)", "lr"), ("first(val/loss)", "width")):
        found = importance(runs, target)
        assert found.parameters[0].name == name
        assert found[name].share > 0.9
        assert found.goal == "min"
    # Trapezoids: (w/2 + 1/2 + a + a/2)/3, so that lr has nine times the variance of width.
    area = importance(runs, "area(val/loss)")
    assert area["lr"].share == pytest.approx(0.9, abs=0.03)
