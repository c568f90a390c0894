"""What counts as a parameter, what is left out and why, and mistakes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from importance.known_functions import make_runs

from reportgen.analysis.importance import Importance, importance
from reportgen.analysis.importance.parameters import Parameter, read_parameter
from reportgen.errors import QueryError
from reportgen.model import Distribution, Runs

N = 24
RAMP = [float(i) for i in range(N)]
MIXED = [float(i * 7 % N) for i in range(N)]


def _quick(runs: Runs, **options: object) -> Importance:
    return importance(runs, "score", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "kind", "log", "levels"),
    [
        (RAMP, "continuous", False, ()),
        ([10 ** (-5 + 4 * i / 23) for i in range(N)], "continuous", True, ()),
        ([f"{10 ** (-5 + 4 * i / 23):.3e}" for i in range(N)], "continuous", True, ()),
        ([1 + 99 * i / 23 for i in range(N)], "continuous", False, ()),
        ([0.0, *(10 ** (-5 + 4 * i / 22) for i in range(N - 1))], "continuous", False, ()),
        ([4, 8, 16, 32] * 6, "grid", True, (4.0, 8.0, 16.0, 32.0)),
        ([1, 2, 3] * 8, "grid", False, (1.0, 2.0, 3.0)),
        ([True, False] * 12, "category", False, ("false", "true")),
        (["sgd", "adam", None] * 8, "category", False, ("adam", "sgd")),
        ([[0.9, 0.99], [0.9, 0.999]] * 12, "category", False, ("[0.9, 0.999]", "[0.9, 0.99]")),
        ([1, "auto"] * 12, "category", False, ("1", "auto")),
        ([0.1, math.nan, 0.3] * 8, "grid", False, (0.1, 0.3)),
    ],
)
def test_kind_and_scale(values: list[object], kind: str, log: bool, levels: tuple[object, ...]) -> None:
    found = read_parameter("config.x", list(make_runs(RAMP, x=values)))
    assert isinstance(found, Parameter)
    assert (found.kind, found.log, found.levels) == (kind, log, levels)


def test_what_is_left_out_is_listed_with_its_reason() -> None:
    runs = make_runs(
        RAMP,
        lr=MIXED,
        log_lr=[math.log(value + 1) for value in MIXED],
        seed=RAMP,
        dataset=["digits"] * N,
        folder=[f"/data/{i}" for i in range(N)],
        _version=RAMP,
        **{"data.seed": [0, 1] * 12},
    )
    found = _quick(runs)
    assert {one.name for one in found.parameters} == {"lr"}
    assert {one.name: one.reason for one in found.ignored} == {
        "_version": "written by the tracker",
        "data.seed": "a random seed; name it under params to include it",
        "dataset": "digits in all runs",
        "folder": "names that hardly repeat (24 in 24 runs)",
        "log_lr": "says the same as lr in these runs",
        "seed": "a random seed; name it under params to include it",
    }


def test_a_seed_is_included_when_it_is_named() -> None:
    runs = make_runs(RAMP, lr=MIXED, **{"trainer.seed": [0, 1, 2] * 8})
    assert {one.name for one in _quick(runs).parameters} == {"lr"}
    assert {one.name for one in _quick(runs, params=["*"]).parameters} == {"lr", "trainer.seed"}
    assert {one.name for one in _quick(runs, params=["config.lr"]).parameters} == {"lr"}


def test_runs_without_the_parameter_are_a_level_of_their_own() -> None:
    """Momentum itself does nothing, but runs that set it are better by 10."""
    has = [i % 3 == 0 for i in range(60)]
    momentum = [0.5 + 0.005 * (i * 7 % 60) if set_ else ... for i, set_ in enumerate(has)]
    target = [10.0 * set_ + 0.01 * (i * 11 % 60) for i, set_ in enumerate(has)]
    found = importance(make_runs(target, momentum=momentum, lr=[float(i * 13 % 60) for i in range(60)]), "score")
    one = found["momentum"]
    assert one.share > 0.9
    assert (one.n_runs, found.n_runs) == (20, 60)
    assert one.values.count(None) == 40
    assert one.marginal is not None
    assert one.marginal.unset is not None
    assert one.marginal.unset[0] == pytest.approx(0.3, abs=0.5)
    assert min(one.marginal.mean) > 8
    assert "momentum is not set in 40 of 60 runs; they count as a level of its own." in found.warnings


def test_runs_without_a_finite_target_are_counted() -> None:
    target: list[object] = [*RAMP, None, math.nan, math.inf, "diverged"]
    found = _quick(make_runs(target, lr=[*MIXED, 1, 2, 3, 4]))  # type: ignore[arg-type]
    assert (found.n_runs, found.n_without_target) == (N, 4)
    assert any(text.startswith("4 of 28 runs have no finite value of the target") for text in found.warnings)


def test_parameters_that_were_changed_together_are_named() -> None:
    close = [value + 3.5 * (i % 2) for i, value in enumerate(MIXED)]
    assert any("lr and warmup were changed together" in text for text in _quick(make_runs(RAMP, lr=MIXED, warmup=close)).warnings)


def test_a_parameter_of_one_branch_counts_where_it_is() -> None:
    """Momentum exists only for sgd, a third of the space, where it explains as much as three times its share of the whole."""
    rng = np.random.default_rng(3)
    optimizer = [("adam", "lion", "sgd")[int(3 * u)] for u in rng.random(150)]
    momentum = [float(u) if name == "sgd" else ... for name, u in zip(optimizer, rng.random(150), strict=True)]
    slope = [0.0 if value is ... else 3 * (value - 0.5) for value in momentum]
    target = [one + 1.0 * (name == "adam") for one, name in zip(slope, optimizer, strict=True)]
    found = _quick(make_runs(target, optimizer=optimizer, momentum=momentum))
    of_momentum, of_optimizer = 9 / 12 / 3, 2 / 9
    assert found["momentum"].share == pytest.approx(of_momentum / (of_momentum + of_optimizer), abs=0.03)
    assert found["optimizer"].share == pytest.approx(of_optimizer / (of_momentum + of_optimizer), abs=0.03)
    assert found.pairs == ()
    inside = optimizer.count("sgd")
    assert f"momentum is set only where optimizer asks for it ({inside} of 150 runs); its share is about those." in found.warnings
    always = [0.9 if value is not ... else ... for value in momentum]
    assert [one.reason for one in _quick(make_runs(target, optimizer=optimizer, momentum=always)).ignored] == [
        "the same wherever another parameter asks for it"
    ]


def test_the_search_space_and_not_the_sampler_is_what_shares_are_about() -> None:
    """A sampler that looks near the optimum hides the slope of x; the logs say where it could have looked."""
    rng = np.random.default_rng(8)
    x, y = rng.beta(8, 2, 200), rng.random(200)
    target = (2 * x + y).tolist()
    space = {"x": Distribution(0.0, 1.0), "y": Distribution(0.0, 1.0)}
    found = importance(make_runs(target, space, x=x.tolist(), y=y.tolist()), "score")
    assert found["x"].share == pytest.approx(0.8, abs=0.01)
    assert np.var(2 * x) / np.var(target) < 0.6


def test_repeated_seeds_say_how_much_is_noise() -> None:
    rng = np.random.default_rng(9)
    x = np.repeat(rng.random(12), 5)
    target = x + 0.2 * rng.standard_normal(60)
    found = importance(make_runs(target.tolist(), {"x": Distribution(0.0, 1.0)}, x=x.tolist(), seed=list(range(60))), "score")
    assert found.noise.low < 0.04 / (0.04 + 1 / 12) < found.noise.high


def test_a_pure_interaction_is_seen_as_one() -> None:
    rng = np.random.default_rng(10)
    points = rng.random((200, 4))
    target = (points[:, 0] - 0.5) * (points[:, 1] - 0.5)
    found = importance(make_runs(target.tolist(), **{f"x{j}": points[:, j].tolist() for j in range(4)}), "score")
    for name in ("x0", "x1"):
        assert found[name].share < 0.03
        assert found[name].total.value > 0.9
        assert found[name].above_noise
    assert found.pairs[0].names == ("x0", "x1")
    assert found.pairs[0].share.value > 0.9
    assert "alone explains" in found.verdict


def test_few_runs_say_nothing_quantitative() -> None:
    found = _quick(make_runs(RAMP[:9], lr=RAMP[:9]))
    assert not found.quantitative
    assert not found.conclusive
    assert math.isnan(found["lr"].share)
    assert found["lr"].marginal is None
    assert found["lr"].correlation is not None
    assert found["lr"].correlation.value == pytest.approx(1)
    assert found.verdict == "9 runs are too few to say which parameter moved score; 10 are the least, and 30 are better."


def test_a_loss_that_diverged_does_not_decide() -> None:
    wild = [*RAMP[:-1], 1e30]
    found = _quick(make_runs(wild, lr=RAMP, other=MIXED))
    assert found["lr"].share > 0.3
    assert "lr explains" in found.verdict
    assert any(text.startswith("One value of the target is so far from the others that it was brought nearer") for text in found.warnings)
    ranked = _quick(make_runs(wild, lr=RAMP, other=MIXED), scale="rank")
    assert ranked["lr"].share > 0.95
    assert not any("brought nearer" in text for text in ranked.warnings)
    assert ranked["lr"].marginal is not None
    assert max(ranked["lr"].marginal.mean) <= 1e30


@pytest.mark.parametrize("size", [1e300, 1e-300, -1e308 / N])
def test_targets_of_any_size(size: float) -> None:
    found = _quick(make_runs([size * value for value in RAMP], lr=RAMP, other=[1e300 * value for value in MIXED]))
    assert found["lr"].share > 0.95
    assert found["lr"].marginal is not None
    assert found["lr"].marginal.mean[-1] == pytest.approx(size * (N - 1), rel=0.05)


def test_one_run_with_most_of_the_variance_is_named() -> None:
    runs = make_runs([*RAMP[:-1], 150.0], lr=RAMP)
    assert any(text.startswith("One run holds 8") for text in _quick(runs).warnings)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: importance(make_runs(RAMP, lr=MIXED), "scor"), "no column 'scor'; did you mean 'score'?"),
        (
            lambda: importance(make_runs([1.5] * N, lr=MIXED), "score"),
            "'score' is 1.5 in all 24 runs; importance needs a target that varies",
        ),
        (
            lambda: importance(make_runs([1.0, 2.0, 3.0, math.nan, math.inf], lr=MIXED[:5]), "score"),
            "'score' has a finite value in 3 of 5 runs; importance needs at least 4; 10 are the least that can say something",
        ),
        (lambda: importance(make_runs(RAMP), "score"), "no parameter varies between the runs; the runs have no config"),
        (
            lambda: importance(make_runs(RAMP, lr=[0.1] * N), "score"),
            "no parameter varies between the runs; lr: 0.1 in all runs",
        ),
        (lambda: importance(make_runs(RAMP, lr=MIXED), "score", params=["lrr"]), "no column 'lrr'; did you mean 'lr'?"),
        (
            lambda: importance(make_runs(RAMP, lr=MIXED), "score", log=["lr"]),
            "'lr' cannot be read on a log scale: its least value is 0",
        ),
        (
            lambda: importance(make_runs(RAMP, name=["a", "b"] * 12), "score", log=["name"]),
            "'name' cannot be read on a log scale: it is not a number in every run",
        ),
        (
            lambda: importance(make_runs(RAMP, lr=MIXED), "score", log=["lrs"]),
            "no parameter 'lrs' to set the scale of; did you mean 'lr'?",
        ),
        (
            lambda: importance(make_runs(RAMP, lr=MIXED), "score", scale="log"),
            "'score' has no logarithm: its least value is 0; use scale: rank",
        ),
    ],
)  # fmt: skip
def test_mistakes(call: Callable[[], object], message: str) -> None:
    with pytest.raises(QueryError) as raised:
        call()
    assert str(raised.value) == message


def test_a_plain_table_is_as_good_as_runs() -> None:
    frame = pd.DataFrame({"lr": MIXED, "depth": [1, 2, 3] * 8, "name": ["a", None] * 12, "loss": RAMP})
    found = importance(frame, "loss")
    runs = make_runs(RAMP, lr=MIXED, depth=[1, 2, 3] * 8, name=["a", ...] * 12)
    expected = importance(runs, "score")
    assert [(one.name, one.share, one.n_runs) for one in found.parameters] == [
        (one.name, one.share, one.n_runs) for one in expected.parameters
    ]
    assert found.goal == "min"
    assert list(found.frame().columns[:4]) == ["parameter", "share", "low", "high"]
    with pytest.raises(QueryError, match="no column 'los'; did you mean 'loss'"):
        importance(frame, "los")


def test_a_prompt_shows_one_line() -> None:
    keys = {"lr": RAMP} | {f"k{i}": [float(j * (i + 3) % N) for j in range(N)] for i in range(7)}
    found = _quick(make_runs(RAMP, **keys))
    first = found.parameters[0]
    assert repr(found).startswith(f"Importance of score over {N} runs: {first.name} {100 * first.share:.0f} % (")
    assert repr(found).endswith((", …", ", …; none can be told from noise"))
    assert len(repr(found)) < 200
    assert repr(first).startswith(f"ParameterImportance({first.name} ")
    few = _quick(make_runs(RAMP[:4], lr=RAMP[:4]))
    assert repr(few) == "Importance of score over 4 runs: too few for shares"
    assert repr(few.parameters[0]) == "ParameterImportance(lr)"
