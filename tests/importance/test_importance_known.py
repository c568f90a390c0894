"""Shares against exact Sobol indices, and what noise gives."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from importance.known_functions import FUNCTIONS, ISHIGAMI, LINEAR, NOISE, SOBOL_G, TRAINING, KnownFunction, make_runs

from reportgen.analysis.importance import Importance, importance


def _shares(found: Importance, function: KnownFunction) -> np.ndarray:
    names = list(function.config(np.zeros((1, len(function.indices)))))
    return np.array([found[name].share for name in names])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_the_indices_themselves_are_right(function: KnownFunction) -> None:
    points, values = function.points(400_000, 1)
    for j, index in enumerate(function.indices):
        cell = np.floor(points[:, j] * 300).astype(int)
        means = np.bincount(cell, values) / np.bincount(cell)
        assert means.var() / values.var() == pytest.approx(index, abs=0.005)


@pytest.mark.parametrize("function", [ISHIGAMI, SOBOL_G, TRAINING], ids=lambda one: one.name)
def test_the_indices_and_our_shares_are_those_of_salib(function: KnownFunction) -> None:
    """Saltelli's estimate (2010) from 8,192 base points of the function itself; ours sees 200 runs of it."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    names = list(function.config(np.zeros((1, len(function.indices)))))
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0 - 1e-12]] * len(names)}
    points = sampling.sample(problem, 8_192, calc_second_order=False, seed=1)
    theirs = analysis.analyze(problem, function.function(points), calc_second_order=False, seed=1)
    assert theirs["S1"] == pytest.approx(function.indices, abs=0.01)
    found = importance(function.runs(200, 1), "score")
    assert _shares(found, function) == pytest.approx(theirs["S1"], abs=0.04)
    assert [found[name].total.value for name in names] == pytest.approx(theirs["ST"], abs=0.04)


@pytest.mark.parametrize(
    ("function", "mean_error"),
    [(ISHIGAMI, 0.01), (LINEAR, 0.01), (SOBOL_G, 0.01), (TRAINING, 0.01)],
    ids=lambda one: str(one)[:20],
)
def test_shares_are_near_the_sobol_indices_at_200_runs(function: KnownFunction, mean_error: float) -> None:
    errors = []
    for seed in (1, 2):
        found = importance(function.runs(200, seed), "score")
        errors.append(np.abs(_shares(found, function) - function.indices).mean())
    assert np.mean(errors) < mean_error


def test_intervals_hold_the_indices_and_the_verdict_names_the_largest() -> None:
    found = importance(TRAINING.runs(120, 3), "score", goal="max")
    for name, index in zip(("lr", "optimizer", "dropout", "width"), TRAINING.indices, strict=True):
        assert found[name].low - 0.002 <= index <= found[name].high + 0.002
    assert [one.name for one in found.parameters if one.above_noise] == ["optimizer", "lr", "dropout"]
    assert found.conclusive
    assert found.verdict.startswith("optimizer explains ")
    assert found["lr"].log
    assert found["optimizer"].direction == "best: sgd"
    assert found["lr"].direction.startswith("best at ")
    low, high = map(float, found["lr"].direction.removeprefix("best at ").split("–"))
    assert low < 10 ** (5 * 0.6 - 5) < high
    assert sum(one.share for one in found.parameters) + found.interactions.value + found.noise.value == pytest.approx(1, abs=0.02)


def test_of_pure_noise_nothing_is_told() -> None:
    """The permutation test of level 5 % is over all parameters together; `tests/bench/importance_shares.py` measures its rate."""
    claims = 0
    for seed in range(12):
        found = importance(NOISE.runs(24, seed), "score")
        claims += found.conclusive
        if not found.conclusive:
            assert "cannot be told from these 24 runs" in found.verdict
            assert {one.direction for one in found.parameters} == {""}
    assert claims <= 2


def test_the_share_does_not_change_when_the_logarithm_is_given() -> None:
    points, values = TRAINING.points(60, 5)
    plain = make_runs(values.tolist(), **TRAINING.config(points))
    logged = [{**run.config, "lr": float(np.log10(run.config["lr"]))} for run in plain]  # type: ignore[arg-type]
    columns = {key: [config[key] for config in logged] for key in logged[0]}
    given = make_runs([run.summary["score"] for run in plain], **columns)  # type: ignore[misc]
    first, second = (importance(runs, "score") for runs in (plain, given))
    assert first["lr"].log
    assert not second["lr"].log
    assert first["lr"].share == pytest.approx(second["lr"].share, abs=1e-6)
    assert first["optimizer"].share == pytest.approx(second["optimizer"].share, abs=1e-6)


def test_the_same_bytes_whatever_the_order_of_runs_and_keys() -> None:
    runs = TRAINING.runs(30, 7)
    rng = np.random.default_rng(0)
    shuffled = runs.in_order([runs[int(i)] for i in rng.permutation(len(runs))])
    first, second, third = (importance(some, "score") for some in (runs, runs, shuffled))
    # As text, because NaN differs from itself.
    assert str(asdict(first)) == str(asdict(second)) == str(asdict(third))
    assert str(asdict(importance(runs, "score", seed=1))) != str(asdict(first))
