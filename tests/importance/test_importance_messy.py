"""Data as they are: runs that did not finish, samplers that learn, booleans, grids, nested names, twins, and all of it at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import optuna
import pytest
from importance.known_functions import make_runs

from reportgen.analysis.importance import Importance, importance
from reportgen.blocks.importances import kept_importance
from reportgen.model import Distribution, Runs, State
from reportgen.store.cache import Cache

UNIT = Distribution(0.0, 1.0)


def _slopes(n: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray, Runs]:
    """2 a + b over the unit square: shares of 0.8 and 0.2."""
    a, b = np.random.default_rng(seed).random((2, n))
    return a, b, make_runs((2 * a + b).tolist(), {"a": UNIT, "b": UNIT}, a=a.tolist(), b=b.tolist())


def _near(found: Importance, a: float = 0.8, b: float = 0.2, within: float = 0.03) -> None:
    assert found["a"].share == pytest.approx(a, abs=within)
    assert found["b"].share == pytest.approx(b, abs=within)


# Runs that did not come to their end --------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["running", "failed", "crashed", "killed", "pruned"])
def test_a_run_that_did_not_finish_counts_with_the_value_that_it_had_reached(state: State) -> None:
    _, _, runs = _slopes()
    some = runs.in_order(replace(run, state=state) if i % 3 == 0 else run for i, run in enumerate(runs))
    found = importance(some, "score")
    _near(found)
    assert found.n_runs == 60
    assert "20 of the 60 runs did not finish; the value that they had reached was taken." in found.warnings


def test_a_failed_run_without_a_value_is_left_out_and_counted() -> None:
    _, _, runs = _slopes()
    some = runs.in_order(replace(run, state="failed", summary={}) if i % 4 == 0 else run for i, run in enumerate(runs))
    found = importance(some, "score")
    _near(found)
    assert (found.n_runs, found.n_without_target) == (45, 15)
    assert found.warnings[0].startswith("15 of 60 runs have no finite value of the target and could not be used")
    assert not any("did not finish" in text for text in found.warnings)


@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf, 1e30, -1e30, 1e308])
def test_a_few_runs_that_diverged_do_not_hide_what_the_others_say(wild: float) -> None:
    a, b, _ = _slopes()
    target = (2 * a + b).tolist()
    target[7] = wild
    runs = make_runs(target, {"a": UNIT, "b": UNIT}, a=a.tolist(), b=b.tolist())
    found = importance(runs, "score", "min", among=0.25, maps=1)
    assert found.parameters[0].name == "a"
    if math.isfinite(wild):
        assert any("so far from the others that it was brought nearer" in text for text in found.warnings)
        ranked = importance(runs, "score", "min", scale="rank")
        assert ranked["a"].above_noise
        assert ranked["a"].share > 0.6
    else:
        _near(found)
        assert found.n_without_target == 1
    assert all(math.isfinite(one.share) for one in found.parameters)


# How the space was searched -----------------------------------------------------------------------------------


def test_a_tpe_study_says_what_a_random_search_would() -> None:
    """TPE tries the good end of `a` most; the shares are about the space that the study names."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))

    def objective(trial: optuna.Trial) -> float:
        return 2 * trial.suggest_float("a", 0, 1) + trial.suggest_float("b", 0, 1)

    study.optimize(objective, n_trials=80)
    a, b = ([trial.params[key] for trial in study.trials] for key in "ab")
    assert np.mean(a) < 0.4
    runs = make_runs([float(trial.value or 0) for trial in study.trials], {"a": UNIT, "b": UNIT}, a=a, b=b)
    found = importance(runs, "score", "min")
    _near(found)
    best = found["a"].best
    assert best is not None
    assert best.border == "lower"


def test_a_full_grid_and_its_repeats() -> None:
    a = [0.0, 0.25, 0.5, 0.75, 1.0] * 12
    b = [value for value in (0.0, 0.5, 1.0) for _ in range(20)]
    target = [2 * x + y for x, y in zip(a, b, strict=True)]
    found = importance(make_runs(target, a=a, b=b, seed=list(range(60))), "score")
    # Over levels: 4 · 0.125 beside 1/6.
    _near(found, 0.5 / (0.5 + 1 / 6), 1 / 6 / (0.5 + 1 / 6))
    assert {one.kind for one in found.parameters} == {"grid"}


def test_seeds_that_repeat_settings_are_noise_and_no_parameter() -> None:
    rng = np.random.default_rng(2)
    a, b = (np.repeat(rng.random(15), 4) for _ in range(2))
    noise = 0.3 * rng.standard_normal(60)
    runs = make_runs((2 * a + b + noise).tolist(), {"a": UNIT, "b": UNIT}, a=a.tolist(), b=b.tolist(), seed=[0, 1, 2, 3] * 15)
    found = importance(runs, "score")
    assert {one.name for one in found.parameters} == {"a", "b"}
    expected = 0.09 / (0.09 + 5 / 12)
    assert found.noise.low < expected < found.noise.high


# What parameters are ------------------------------------------------------------------------------------------


def test_a_boolean_is_a_parameter_with_two_levels() -> None:
    rng = np.random.default_rng(3)
    amp, a = (rng.random(60) < 0.5).tolist(), rng.random(60).tolist()
    found = importance(make_runs([2.0 * x + y for x, y in zip(amp, a, strict=True)], {"a": UNIT}, amp=amp, a=a), "score", "max")
    # Variances 4/4 and 1/12.
    assert found["amp"].share == pytest.approx(12 / 13, abs=0.02)
    assert found["amp"].direction == "best: true"
    assert found["amp"].correlation is not None
    assert found["amp"].best is not None
    assert found["amp"].best.at == ("true",)


def test_text_of_numbers_and_an_ordered_grid_on_a_log_scale() -> None:
    batch = [str(2 ** (4 + i % 5)) for i in range(60)]
    a = np.random.default_rng(4).random(60).tolist()
    target = [math.log2(float(size)) + 0.001 * x for size, x in zip(batch, a, strict=True)]
    found = importance(make_runs(target, {"a": UNIT}, batch=batch, a=a), "score", "max")
    assert (found["batch"].kind, found["batch"].log) == ("grid", True)
    assert found["batch"].share > 0.99
    assert found["batch"].best is not None
    assert (found["batch"].best.best, found["batch"].best.border) == (256.0, "upper")


def test_nested_names_are_kept_and_found_by_both_names() -> None:
    _, _, plain = _slopes()
    runs = plain.in_order(
        replace(
            run, config={"model.encoder.width": run.config["a"], "optimizer.lr": run.config["b"]},
            search_space={"model.encoder.width": UNIT, "optimizer.lr": UNIT},
        )
        for run in plain
    )  # fmt: skip
    found = importance(runs, "score", maps=[("config.optimizer.lr", "model.encoder.width")])
    assert found["model.encoder.width"].share == pytest.approx(0.8, abs=0.03)
    assert found["config.optimizer.lr"].share == pytest.approx(0.2, abs=0.03)
    assert found.maps[0].names == ("optimizer.lr", "model.encoder.width")
    assert [one.name for one in importance(runs, "score", params=["model.*"]).parameters] == ["model.encoder.width"]


@pytest.mark.parametrize("twin", ["same", "turned round", "named", "scaled"])
def test_what_cannot_be_told_apart_is_said_and_counted_once(twin: str) -> None:
    a, b, _ = _slopes()
    other: list[object] = {
        "same": a.tolist(), "turned round": (1 - a).tolist(), "scaled": (1e6 * a).tolist(), "named": [f"name {x:.17g}" for x in a],
    }[twin]  # fmt: skip
    found = importance(make_runs((2 * a + b).tolist(), {"a": UNIT, "b": UNIT}, a=a.tolist(), b=b.tolist(), twin=other), "score")
    _near(found)
    assert [one.name for one in found.ignored] == ["twin"]
    reason = "names that hardly repeat (60 in 60 runs)" if twin == "named" else "says the same as a in these runs"
    assert found.ignored[0].reason == reason


def test_two_names_for_one_choice_are_one() -> None:
    kind = ["a", "b", "c"] * 20
    rng = np.random.default_rng(5)
    target = [("abc".index(one)) + 0.1 * float(e) for one, e in zip(kind, rng.standard_normal(60), strict=True)]
    found = importance(make_runs(target, kind=kind, label=[one.upper() for one in kind], x=rng.random(60).tolist()), "score")
    assert [one.name for one in found.ignored] == ["label"]
    assert found["kind"].share > 0.95


def test_constants_and_what_is_never_set_are_said() -> None:
    a, b, _ = _slopes()
    runs = make_runs((2 * a + b).tolist(), {"a": UNIT, "b": UNIT}, a=a.tolist(), b=b.tolist(), epochs=[10] * 60, resume=[None] * 60)
    found = importance(runs, "score")
    _near(found)
    assert {one.name: one.reason for one in found.ignored} == {"epochs": "10 in all runs", "resume": "not set in any run"}


@pytest.mark.parametrize(("goal", "direction", "best"), [("max", "higher is better", 1.0), ("min", "lower is better", 0.0)])
def test_minimise_and_maximise(goal: str, direction: str, best: float) -> None:
    _, _, runs = _slopes()
    found = importance(runs, "score", goal)  # type: ignore[arg-type]
    assert found["a"].direction == direction
    assert found["a"].best is not None
    assert found["a"].best.best == best
    turned = runs.in_order(replace(run, summary={"score": -float(run.summary["score"])}) for run in runs)  # type: ignore[arg-type]
    other = importance(turned, "score", {"max": "min", "min": "max"}[goal])  # type: ignore[arg-type]
    assert other["a"].share == pytest.approx(found["a"].share, abs=1e-3)
    assert other["a"].direction == direction


def test_values_that_some_runs_miss() -> None:
    """Half of the runs do not set b; where it is set its slope is as large as that of a."""
    a, b, _ = _slopes(100, 6)
    given: list[object] = [... if i % 2 else float(value) for i, value in enumerate(b)]
    target = [2 * x + (0.0 if value is ... else 2 * (y - 0.5)) for x, y, value in zip(a, b, given, strict=True)]
    found = importance(make_runs(target, {"a": UNIT, "b": UNIT}, a=a.tolist(), b=given), "score")
    # Variances: 4/12 of a, half of 4/12 of b.
    _near(found, 2 / 3, 1 / 3, 0.05)
    assert "b is not set in 50 of 100 runs; they count as a level of its own." in found.warnings


def test_all_of_it_at_once(tmp_path: object) -> None:
    rng = np.random.default_rng(7)
    n = 90
    lr, width = 10 ** rng.uniform(-5, -1, n), [int(2 ** rng.integers(4, 8)) for _ in range(n)]
    optimizer = [("adam", "sgd")[int(u)] for u in rng.integers(0, 2, n)]
    config: dict[str, list[object]] = {
        "optim.lr": lr.tolist(), "model.width": list(width), "optim.name": list(optimizer), "amp": (rng.random(n) < 0.5).tolist(),
        "optim.momentum": [float(u) if name == "sgd" else ... for u, name in zip(rng.random(n), optimizer, strict=True)],
        "model.width_twice": [2 * value for value in width], "seed": list(range(n)), "data": ["digits"] * n, "_step": list(range(n)),
        "warmup": [int(u) if i % 5 else None for i, u in enumerate(rng.integers(0, 4, n))], "betas": [[0.9, 0.99], [0.9, 0.999]] * (n // 2),
    }  # fmt: skip
    target: list[float] = (-((np.log10(lr) + 3) ** 2) + np.log2(width) + 0.3 * rng.standard_normal(n)).tolist()
    target[3], target[4], target[5], target[6] = 1e30, math.nan, math.inf, -math.inf
    runs = make_runs(target, {"optim.lr": Distribution(1e-5, 0.1, log=True)}, **config)
    states: list[State] = ["finished", "failed", "pruned", "running"]
    runs = runs.in_order(replace(run, state=states[i % 4]) for i, run in enumerate(runs))
    cache = Cache(tmp_path)  # type: ignore[arg-type]
    found = kept_importance(runs, "score", "max", among="top 25 %", maps=2, cache=cache)
    assert {one.name for one in found.parameters if one.above_noise} >= {"optim.lr", "model.width"}
    assert {one.name for one in found.ignored} == {"model.width_twice", "seed", "data", "_step"}
    assert (found.n_runs, found.n_without_target) == (87, 3)
    lr_best = found["optim.lr"].best
    assert lr_best is not None
    assert 1e-4 < float(lr_best.best) < 1e-2
    assert len(found.warnings) >= 4
    again = kept_importance(runs, "score", "max", among="top 25 %", maps=2, cache=cache)
    assert repr(again) == repr(found)
    assert again.parameters == found.parameters
    assert repr(again.maps) == repr(found.maps)
