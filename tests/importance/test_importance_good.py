"""Where the best of the search space lies, and what matters among the good, for functions of which both are known."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from importance.known_functions import LINEAR, NOISE, TRAINING, Floats, make_runs, unit_space
from rich.console import Console

from reportgen.analysis.importance import Importance, importance
from reportgen.analysis.importance.local import part_of
from reportgen.analysis.importance.words_good import best_sentences, local_verdict, region_text
from reportgen.blocks.importance_view import notes
from reportgen.errors import QueryError
from reportgen.model import Distribution, Runs
from reportgen.terminal_importance import importance_json, importance_table


def _of(function: Callable[[Floats], Floats], p: int = 3, n: int = 60, **options: object) -> Importance:
    points = np.random.default_rng(n).random((n, p))
    runs = make_runs(function(points).tolist(), unit_space(p), **{f"x{j}": points[:, j].tolist() for j in range(p)})
    return importance(runs, "score", "max", **options)  # type: ignore[arg-type]


# The best region --------------------------------------------------------------------------------------------


def test_the_region_of_a_peak_is_known() -> None:
    """The best twentieth of -(x0 - 0.7)² are the x0 within 0.025 of 0.7; nine tenths of them lie within 0.0225."""
    found = _of(lambda x: -((x[:, 0] - 0.7) ** 2))
    best = found["x0"].best
    assert best is not None
    assert best.at == pytest.approx((0.6775, 0.7225), abs=0.01)
    assert best.low is not None
    assert best.high is not None
    assert best.low <= 0.7 <= best.high
    assert best.high - best.low < 0.1
    assert best.border == ""
    assert best.distance == pytest.approx(0.3, abs=0.03)
    assert found["x1"].best is None
    assert found.optimum is not None
    assert found.optimum.value == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("goal", "border", "end"), [("max", "upper", 1.0), ("min", "lower", 0.0)])
def test_a_slope_has_its_best_at_the_border(goal: str, border: str, end: float) -> None:
    points = np.random.default_rng(1).random((60, 2))
    runs = make_runs((2 * points[:, 0]).tolist(), unit_space(2), x0=points[:, 0].tolist(), x1=points[:, 1].tolist())
    found = importance(runs, "score", goal)  # type: ignore[arg-type]
    best = found["x0"].best
    assert best is not None
    assert (best.border, best.best, best.distance) == (border, end, 0.0)
    assert min(abs(at - end) for at in best.at) < 0.01
    said = best_sentences(found)
    assert said[0].startswith(f"Predicted best: x0 {end:g} (")
    assert said[1].startswith(f"The best x0 lies at the {border} end of what was searched ({end:g})")
    assert ("search further up" in said[1]) == (border == "upper")


def test_the_optimum_is_that_of_all_parameters_together() -> None:
    """Alone neither matters; together they are best where both are at the same end."""
    found = _of(lambda x: (2 * x[:, 0] - 1) * (2 * x[:, 1] - 1), p=2, n=80)
    assert found.optimum is not None
    assert found.optimum.value == pytest.approx(1, abs=0.05)
    first, second = found["x0"].best, found["x1"].best
    assert first is not None
    assert second is not None
    assert first.best == second.best
    assert first.best in (0.0, 1.0)


def test_names_grids_and_log_scales() -> None:
    found = importance(TRAINING.runs(60, 4), "score", "max")
    optimizer, lr = found["optimizer"].best, found["lr"].best
    assert optimizer is not None
    assert lr is not None
    assert (optimizer.at, optimizer.best, optimizer.certainty) == (("sgd",), "sgd", 1.0)
    assert optimizer.distance is None
    # The bowl is lowest at 10^(5 · 0.6 - 5) = 0.01.
    assert float(lr.at[0]) < 0.01 < float(lr.at[1])
    assert lr.low is not None
    assert lr.high is not None
    assert lr.low < 0.01 < lr.high
    assert lr.distance == pytest.approx(0.4, abs=0.04)
    depth = [1, 2, 4, 8] * 15
    rng = np.random.default_rng(2)
    noise = (0.1 * rng.standard_normal(60)).tolist()
    grid = importance(make_runs([-abs(d - 4) + e for d, e in zip(depth, noise, strict=True)], depth=depth, x=noise), "score", "max")
    best = grid["depth"].best
    assert best is not None
    assert (best.best, best.border) == (4.0, "")
    assert best.at[0] == 4.0
    assert region_text(grid["depth"]) == "4"


def test_a_branch_that_is_best_and_one_that_is_not() -> None:
    """Momentum is set only for sgd. Where sgd is best its region is known; where adam is best there is none."""
    rng = np.random.default_rng(3)
    optimizer = [("adam", "sgd")[int(2 * u)] for u in rng.random(80)]
    momentum = [float(u) if name == "sgd" else ... for name, u in zip(optimizer, rng.random(80), strict=True)]
    slope = [0.0 if value is ... else value for value in momentum]
    for sign, expected in ((1.0, "sgd"), (-1.0, "adam")):
        target = [one + sign * 2 * (name == "sgd") for one, name in zip(slope, optimizer, strict=True)]
        found = importance(make_runs(target, optimizer=optimizer, momentum=momentum), "score", "max")
        assert found["optimizer"].best is not None
        assert found["optimizer"].best.best == expected
        assert (found["momentum"].best is None) == (expected == "adam")


def test_noise_has_no_best() -> None:
    for seed in range(3):
        found = importance(NOISE.runs(40, seed), "score", "max")
        for one in found.parameters:
            assert (one.best is None) or one.above_noise
        if not found.conclusive:
            assert best_sentences(found) == ()
            assert found.optimum is None


def test_without_a_goal_nothing_is_best() -> None:
    points = np.random.default_rng(1).random((30, 1))
    runs = make_runs(points[:, 0].tolist(), x0=points[:, 0].tolist())
    nameless = runs.in_order(replace(run, summary={"y": run.summary["score"]}) for run in runs)
    found = importance(nameless, "y")
    assert found.goal is None
    assert found["x0"].best is None
    assert best_sentences(found) == ()


# Among the good ---------------------------------------------------------------------------------------------


def test_what_decides_between_good_and_bad_need_not_matter_among_the_good() -> None:
    """One of two optimizers is worth ten times the slope of lr: the best quarter is all of that one, and lr is all that differs there."""
    rng = np.random.default_rng(4)
    name, lr = [("adam", "sgd")[int(2 * u)] for u in rng.random(60)], rng.random(60)
    target = [3.0 * (one == "sgd") + 0.3 * float(value) for one, value in zip(name, lr, strict=True)]
    runs = make_runs(target, {"lr": Distribution(0.0, 1.0)}, optimizer=name, lr=lr.tolist())
    found = importance(runs, "score", "max", among="top 25 %")
    assert found.among == 0.25
    assert found["optimizer"].share > 0.95
    local = found["optimizer"].local, found["lr"].local
    assert local[0] is not None
    assert local[1] is not None
    assert local[0].value < 0.01
    assert local[1].value > 0.98
    assert local_verdict(found).startswith("Among the best 25 % of the search space lr explains most: ")
    assert local_verdict(found).endswith("optimizer, which explains most over the whole space, cannot be told from noise there.")


@pytest.mark.parametrize("part", [0.1, 0.25, 0.5])
def test_of_a_slope_the_shares_among_the_best_are_known(part: float) -> None:
    """Of 4 x0 + 2 x1 + x2 by a million points, at the middles of 200 cells."""
    points = np.random.default_rng(0).random((1_000_000, 3))
    values = points @ np.array([4.0, 2.0, 1.0])
    best = np.argpartition(-values, int(part * len(values)))[: int(part * len(values))]
    expected = []
    for j in range(3):
        cell = np.floor(points[best, j] * 200).astype(int)
        counts = np.bincount(cell, minlength=200)
        means = np.bincount(cell, values[best], minlength=200) / np.maximum(counts, 1)
        expected.append(float((counts * (means - values[best].mean()) ** 2).sum() / len(best) / values[best].var()))
    found = importance(LINEAR.runs(60, 5), "score", "max", among=part)
    for name, share in zip(("x0", "x1", "x2"), expected, strict=True):
        local = found[name].local
        assert local is not None
        assert local.value == pytest.approx(share, abs=0.03)
        assert local.low - 0.01 <= share <= local.high + 0.01


def test_among_nearly_all_the_shares_are_the_global_ones() -> None:
    found = importance(LINEAR.with_noise(0.3).runs(100, 6), "score", "max", among=0.9)
    near = importance(LINEAR.with_noise(0.3).runs(100, 6), "score", "max")
    assert found.noise == near.noise
    local = found["x0"].local
    assert local is not None
    # A tenth of the space, the worst, is left out, and with it variance that the slope explains.
    assert 0 < found["x0"].share - local.value < 0.25
    assert found.local_noise is not None
    assert found.local_noise.value > found.noise.value


def test_of_noise_nothing_is_told_among_the_good() -> None:
    found = importance(NOISE.runs(40, 1), "score", "max", among="top 20%")
    assert all(one.local is not None and one.local.low == 0 for one in found.parameters if not one.above_noise)
    assert local_verdict(replace(found, parameters=tuple(one for one in found.parameters if not one.above_noise))) == (
        "Among the best 20 % of the search space no parameter can be told from noise."
    )


def test_the_shares_themselves_do_not_change() -> None:
    runs = TRAINING.runs(40, 2)
    plain, among = importance(runs, "score", "max"), importance(runs, "score", "max", among=0.3, maps=1)
    assert [(one.first, one.total, one.best) for one in plain.parameters] == [(one.first, one.total, one.best) for one in among.parameters]
    assert "local" not in plain.frame()
    assert list(among.frame().columns[-3:]) == ["local", "local_low", "local_high"]


@pytest.mark.parametrize(("text", "part"), [("top 25 %", 0.25), ("25%", 0.25), (" Top 5%", 0.05), (0.5, 0.5), ("0.1", 0.1)])
def test_parts(text: float | str, part: float) -> None:
    assert part_of(text) == pytest.approx(part)


@pytest.mark.parametrize("text", ["top", "best 10", "0 %", "top 95 %", 0, 1.5, True, math.nan, "nan"])
def test_what_is_no_part(text: float | str) -> None:
    with pytest.raises(QueryError, match="is no part of the search space; write it as in: top 25 %"):
        importance(_runs(), "score", "max", among=text)


def test_among_the_good_needs_a_goal() -> None:
    runs = _runs()
    nameless = runs.in_order(replace(run, summary={"y": run.summary["score"]}) for run in runs)
    with pytest.raises(QueryError, match="nothing says whether more or less of 'y' is better; give the goal"):
        importance(nameless, "y", among=0.25)


def _runs() -> Runs:
    values = np.random.default_rng(0).random((20, 2))
    return make_runs(values[:, 0].tolist(), {"a": Distribution(0.0, 1.0)}, a=values[:, 0].tolist(), b=values[:, 1].tolist())


def test_what_is_not_in_sight_is_not_explained() -> None:
    found = importance(TRAINING.runs(40, 4), "score", "max", among="top 25 %")
    with_table, without = notes(found, table=True), notes(found)
    assert [note for note in with_table if note not in without] == [
        "“Best 5 % at” is where the 5 % of the search space with the best predictions lie; of numbers, nine of ten of them."
    ]
    assert any(note.startswith("“Among the best 25 %” is the part") for note in without)


def test_the_terminal_says_it_too() -> None:
    found = importance(TRAINING.runs(40, 4), "score", "max", among="top 25 %")
    console = Console(width=160, file=StringIO())
    console.print(importance_table(found))
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Predicted best: optimizer sgd, lr 0.0" in said
    assert "The best dropout lies at the upper end of what was searched (0.5): search further up" in said
    assert "Among the best 25 % of the search space lr explains most" in said
    assert "among best 25 %" in said
    assert "best 5 % at" in said
    told = json.loads(importance_json(found))
    assert told["among"] == 0.25
    assert told["parameters"][0]["best"]["best"] == "sgd"
    assert told["optimum"]["value"] == pytest.approx(1.3, abs=0.01)


# Maps -------------------------------------------------------------------------------------------------------


def test_a_map_is_the_mean_over_the_others() -> None:
    found = _of(lambda x: (2 * x[:, 0] - 1) * (2 * x[:, 1] - 1) + 3 * x[:, 2], n=80, maps=1)
    (made,) = found.maps
    assert made.names == ("x0", "x1")
    assert made.interacts
    assert made.share.low > 0.01
    x, y = np.array(made.x, dtype=float), np.array(made.y, dtype=float)
    expected = (2 * x[None, :] - 1) * (2 * y[:, None] - 1) + 1.5
    np.testing.assert_allclose(np.array(made.mean), expected, atol=0.05)
    assert (np.array(made.low) <= np.array(made.mean)).all()
    assert (np.array(made.mean) <= np.array(made.high)).all()


def test_a_map_of_names_and_of_what_does_not_interact() -> None:
    found = importance(TRAINING.runs(60, 4), "score", "max", maps=[("config.optimizer", "lr")])
    (made,) = found.maps
    assert (made.names, made.x, len(made.y)) == (("optimizer", "lr"), ("adam", "lion", "sgd"), 33)
    assert not made.interacts
    steps = np.diff(np.array(made.mean), axis=1)
    np.testing.assert_allclose(steps, 0.5, atol=0.02)


def test_where_a_branch_is_not_set_there_is_nothing() -> None:
    optimizer = ["adam", "sgd"] * 20
    momentum = [... if name == "adam" else i / 40 for i, name in enumerate(optimizer)]
    target = [0.0 if value is ... else value for value in momentum]
    (made,) = importance(make_runs(target, optimizer=optimizer, momentum=momentum), "score", maps=[("optimizer", "momentum")]).maps
    table = np.array(made.mean)
    assert np.isnan(table[:, 0]).all()
    assert np.isfinite(table[:, 1]).all()


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("a", "a"), "a pair is two parameters, not 'a' twice"),
        (("a", "bb"), "no parameter 'bb'; did you mean 'b'"),
    ],
)
def test_wrong_pairs(pair: tuple[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        importance(_runs(), "score", maps=[pair])


def test_a_pair_with_what_was_left_out_says_why() -> None:
    runs = _runs()
    more = runs.in_order(replace(run, config={**run.config, "dataset": "digits"}) for run in runs)
    with pytest.raises(QueryError, match="'dataset' was not looked at: digits in all runs"):
        importance(more, "score", maps=[("a", "dataset")])
