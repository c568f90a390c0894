"""The next search space: what is advised on made-up sweeps whose truth is known, and the files made of it."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
import yaml
from wandb.sdk.sweeps.scheduler.optuna import sweep_parameter_to_distribution

from reportgen.analysis.search_space import LEAST_TRIALS, next_space
from reportgen.analysis.search_space_text import config_flags, config_yaml, optuna_study, plain_space, wandb_sweep
from reportgen.analysis.search_space_values import Advice, NextSpace
from reportgen.analysis.sweeps import Objective, Trials, trials_of
from reportgen.model import Distribution, Run, Runs, Source, Value

GOAL = (Objective("score", "max"),)
SPACE = {"lr": Distribution(1e-5, 1.0, log=True), "depth": Distribution(1, 9, step=1), "noise": Distribution(0.0, 1.0)}
Config = dict[str, Value]


def made(n: int, config: Callable[[np.random.Generator], Config], score: Callable[[Config], float], space: Any = SPACE) -> Trials:
    rng = np.random.default_rng(1)
    runs = []
    for i in range(n):
        drawn = config(rng)
        own = {key: one for key, one in space.items() if key in drawn}
        source = Source("test", Path("study.db"))
        summary: Config = {"score": score(drawn)}
        runs.append(Run(f"t{i:03d}", f"trial-{i}", source, state="finished", config=drawn, summary=summary, search_space=own))
    return trials_of(Runs(runs), GOAL)


def drawn(rng: np.random.Generator) -> Config:
    return {"lr": float(10 ** rng.uniform(-5, 0)), "depth": int(rng.integers(1, 10)), "noise": float(rng.random())}


def peak(config: Config) -> float:
    return -abs(math.log10(float(config["lr"])) + 3)  # type: ignore[arg-type]


def advice(space: NextSpace, key: str) -> Advice:
    return next(one for one in space.advice if one.key == key)


def test_a_range_is_narrowed_around_the_best() -> None:
    space = next_space(made(80, drawn, peak))
    lr = advice(space, "lr")
    assert (lr.action, lr.n, lr.n_best) == ("narrow", 80, 16)
    assert 1e-5 < lr.after.low < 1e-3 < lr.after.high < 1.0  # type: ignore[operator]
    assert advice(space, "noise").action == "keep"
    assert "Narrow lr" in space.said
    assert "best 16 of 80" in space.said


def beyond(score: Callable[[float], float], seeds: int = 40) -> tuple[float, float]:
    """How often a range of 80 trials is widened below and above."""
    low = high = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        runs = [
            Run(f"t{i}", f"trial-{i}", Source("test", Path("s")), state="finished", config={"x": x}, summary={"score": score(x)},
                search_space={"x": Distribution(0.0, 1.0)})
            for i, x in enumerate(rng.random(80).tolist())
        ]  # fmt: skip
        after = next_space(trials_of(Runs(runs), GOAL)).advice[0].after
        assert after.low is not None
        assert after.high is not None
        low, high = low + (after.low < 0), high + (after.high > 1)
    return low / seeds, high / seeds


def test_a_range_is_widened_where_the_best_lean_on_its_border_and_rarely_elsewhere() -> None:
    """Rates over many searches: the rule is statistical, and one search would only test its luck."""
    space = {"x": Distribution(-1.0, 1.0)}
    rising = next_space(made(200, lambda rng: {"x": float(rng.uniform(-1, 1))}, lambda config: float(config["x"]), space))  # type: ignore[arg-type]
    assert "upper border, 1" in advice(rising, "x").reason
    assert beyond(lambda x: x)[1] >= 0.75
    assert beyond(lambda x: -abs(x - 0.5)) == (0, 0)
    assert beyond(lambda x: -abs(x - 0.8))[1] <= 0.05


def test_a_share_is_not_widened_beyond_what_it_can_be() -> None:
    space = {"dropout": Distribution(0.0, 1.0)}
    found = next_space(made(60, lambda rng: {"dropout": float(rng.random())}, lambda config: float(config["dropout"]), space))  # type: ignore[arg-type]
    one = advice(found, "dropout")
    assert one.after.high == 1.0
    assert "cannot go beyond" in one.reason


def test_few_trials_are_no_reason_to_change_anything() -> None:
    space = next_space(made(LEAST_TRIALS - 1, drawn, peak))
    assert not space.is_advised
    assert space.changed == ()
    assert "too few" in space.said
    assert str(LEAST_TRIALS - 1) in space.said


def test_noise_changes_a_range_no_more_often_than_by_chance() -> None:
    """Over many sweeps of pure noise the test at 5 % must not find more than it may: here 3 ranges in each of 60 sweeps."""
    changed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed + 100)
        runs = [
            Run(f"t{i}", f"trial-{i}", Source("test", Path("s")), state="finished", config=config, summary=summary, search_space=SPACE)
            for i in range(40)
            for config, summary in [(drawn(rng), {"score": float(rng.random())})]
        ]
        changed += len(next_space(trials_of(Runs(runs), GOAL)).changed)
    assert changed / 180 < 0.08


def test_a_choice_that_no_good_trial_has_is_left_out() -> None:
    names = ("adam", "sgd", "rmsprop")
    space = {"name": Distribution(choices=names)}
    found = next_space(made(90, lambda rng: {"name": str(rng.choice(names))}, lambda config: -float(config["name"] == "sgd"), space))
    assert advice(found, "name").after.choices == ("adam", "rmsprop")


def test_what_depends_on_a_choice_is_drawn_only_with_it() -> None:
    def config(rng: np.random.Generator) -> Config:
        return {"kind": "a", "x": float(rng.random())} if rng.random() < 0.5 else {"kind": "b", "y": float(rng.random())}

    trials = made(80, config, lambda config: float(config.get("x", 0.5)), {"kind": Distribution(choices=("a", "b"))})  # type: ignore[arg-type]
    space = next_space(trials)
    assert advice(space, "x").only_if == ("kind", ("a",))
    text = optuna_study(space, trials, "s")
    for choice, key in (("a", "x"), ("b", "y")):
        if choice in advice(space, "kind").after.choices:
            assert f"    if config['kind'] in ['{choice}']:\n        config['{key}']" in text


def test_the_optuna_study_runs(tmp_path: Path) -> None:
    trials = made(80, drawn, peak)
    space = next_space(trials)
    module: dict[str, Any] = {"__name__": "next"}
    exec(compile(optuna_study(space, trials, "a\n\u2028name'"), "next.py", "exec"), module)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    with warnings.catch_warnings(action="error"):
        study.optimize(lambda trial: float(module["suggest"](trial)["lr"]), n_trials=30)
    for trial in study.trials:
        for key, value in trial.params.items():
            after = advice(space, key).after
            assert after.low <= value <= after.high
    with pytest.raises(NotImplementedError, match="score"):
        module["objective"](study.ask())


def test_the_sweep_is_one_that_wandb_understands() -> None:
    keys = {"optimizer.lr": SPACE["lr"], "depth": SPACE["depth"], "width": Distribution(2, 64, log=True, step=1),
            "drop": Distribution(0.0, 0.6, step=0.1), "name": Distribution(choices=("a", None, True))}  # fmt: skip

    def config(rng: np.random.Generator) -> Config:
        return {"optimizer.lr": float(10 ** rng.uniform(-5, 0)), "depth": int(rng.integers(1, 10)), "width": int(2 ** rng.integers(1, 7)),
                "drop": round(0.1 * int(rng.integers(0, 7)), 1), "name": [  "a", None, True][int(rng.integers(3))]}  # fmt: skip

    trials = made(60, config, lambda config: -abs(math.log10(float(config["optimizer.lr"])) + 3), keys)  # type: ignore[arg-type]
    space = next_space(trials)
    content = yaml.safe_load(wandb_sweep(space, trials, "s"))
    assert set(content) == {"program", "method", "metric", "parameters"}
    assert content["metric"] == {"name": "score", "goal": "maximize"}
    parameters = {**content["parameters"], **{f"optimizer.{k}": v for k, v in content["parameters"].pop("optimizer")["parameters"].items()}}
    for one in space.advice:
        theirs: Any = sweep_parameter_to_distribution(parameters[one.key])
        if one.after.low is not None:
            assert (theirs.low, theirs.high, theirs.log) == (one.after.low, one.after.high, one.after.log)
        elif len(one.after.choices) > 1:
            assert theirs.choices == one.after.choices


def test_hostile_names_stay_in_comments_and_strings() -> None:
    key = "a'b\nimport os"
    trials = made(40, lambda rng: {key: float(rng.random())}, lambda config: float(config[key]), {key: Distribution(0.0, 1.0)})  # type: ignore[arg-type]
    space, name = next_space(trials), "x\nimport sys\u2028__import__('os')"
    compiled = compile(optuna_study(space, trials, name), "next.py", "exec")
    assert "os" not in compiled.co_names
    assert "sys" not in compiled.co_names
    assert list(yaml.safe_load(wandb_sweep(space, trials, name))["parameters"]) == [key]
    assert json.loads(plain_space(space, trials, name))["sweep"] == name


def test_configs_can_be_copied() -> None:
    config: Config = {"optimizer.lr": 0.001, "name": "it's", "sizes": [1, 2], "on": True, "a": 1, "a.b": 2}
    nested = {"optimizer": {"lr": 0.001}, "name": "it's", "sizes": [1, 2], "on": True, "a": 1, "a.b": 2}
    assert yaml.safe_load(config_yaml(config)) == nested
    assert config_flags(config) == "--optimizer.lr=0.001 '--name=it'\"'\"'s' '--sizes=[1, 2]' --on=true --a=1 --a.b=2"
