"""How near the shares of importance are to exact Sobol indices, beside what other tools say of the same runs. A script, not a test.

    python tests/bench/importance_shares.py [--seeds 20] [--peer-seeds 5] [--runs 20 50 200 1000] [--only PART …]

Parts: `known` (four functions, also with noise and a step), `held-out` (functions and spaces that nothing was tuned on, and a real TPE
run), `noise`, `interaction`, `time`. For each method: the mean absolute error of the first-order shares divided by their sum (all that the
others give is relative), the rank correlation with the truth, and how often the strongest parameter is named first. Then how often our
90 % intervals hold the index, and how wide they are. The others are told the true search space.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from importance.held_out import HELD_OUT, step
from importance.known_functions import (
    ISHIGAMI,
    LINEAR,
    NOISE,
    SOBOL_G,
    TRAINING,
    Floats,
    KnownFunction,
    make_runs,
    plain_config,
    unit_space,
)

import reportgen as rg
from reportgen.analysis.importance.correlation import rank_correlation
from reportgen.model import Runs

KNOWN = (ISHIGAMI, SOBOL_G, LINEAR, TRAINING)
Method = Callable[[Runs, Sequence[str]], Floats]


def optunas(name: str) -> Method:
    """One of Optuna's evaluators."""

    def evaluate(runs: Runs, names: Sequence[str]) -> Floats:
        import optuna

        study = optuna.create_study()
        space = _space(runs, names)
        for run in runs:
            params = {key: run.config[key] for key in names if key in run.config}
            own = {key: space[key] for key in params}
            study.add_trial(optuna.trial.create_trial(params=params, distributions=own, value=float(run.summary["score"])))
        evaluator = getattr(optuna.importance, name)()
        found = optuna.importance.get_param_importances(study, evaluator=evaluator)
        return np.array([found.get(key, 0.0) for key in names])

    return evaluate


def _space(runs: Runs, names: Sequence[str]) -> dict[str, object]:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    space: dict[str, object] = {}
    for key in names:
        values = [run.config[key] for run in runs if key in run.config]
        told = next((run.search_space[key] for run in runs if key in run.search_space), None)
        if told:
            space[key] = FloatDistribution(told.low, told.high, log=told.log)
        elif isinstance(values[0], int) and not isinstance(values[0], bool):
            space[key] = IntDistribution(min(values), max(values))
        else:
            space[key] = CategoricalDistribution(sorted(set(values)))
    return space


def _columns(runs: Runs, names: Sequence[str]) -> tuple[list[Floats], Floats]:
    """The parameters one-hot as W&B's panel has them: a matrix of columns for each, and the target."""
    blocks = []
    for key in names:
        values = [run.config.get(key) for run in runs]
        if any(isinstance(value, str) for value in values):
            blocks.append(np.array([[value == level for level in sorted({v for v in values if v})] for value in values], dtype=float))
        else:
            blocks.append(np.array([[float(value) if value is not None else 0.0] for value in values]))
    return blocks, np.array([run.summary["score"] for run in runs], dtype=float)


def wandbs_forest(runs: Runs, names: Sequence[str]) -> Floats:
    """The impurity importance of a random forest over the raw values, as W&B's panel computes it."""
    from sklearn.ensemble import RandomForestRegressor

    blocks, target = _columns(runs, names)
    found = RandomForestRegressor(random_state=0).fit(np.hstack(blocks), target).feature_importances_
    ends = np.cumsum([block.shape[1] for block in blocks])[:-1]
    return np.array([part.sum() for part in np.split(found, ends)])


def correlation(runs: Runs, names: Sequence[str]) -> Floats:
    """The absolute linear correlation, W&B's second column; of a category the largest of its columns."""
    blocks, target = _columns(runs, names)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.array([np.nanmax([abs(np.corrcoef(column, target)[0, 1]) for column in block.T] + [0.0]) for block in blocks])


PEERS: dict[str, Method] = {
    "Optuna fANOVA": optunas("FanovaImportanceEvaluator"),
    "Optuna impurity": optunas("MeanDecreaseImpurityImportanceEvaluator"),
    "Optuna PED-ANOVA": optunas("PedAnovaImportanceEvaluator"),
    "W&B forest": wandbs_forest,
    "correlation": correlation,
}


def relative(shares: Floats) -> Floats:
    """Shares divided by their sum; all equal when none is positive."""
    total = shares.sum()
    return shares / total if total > 0 else np.full(len(shares), 1 / len(shares))


class Score:
    """What is measured of the methods over several runs of functions."""

    def __init__(self) -> None:
        self.errors: dict[str, list[float]] = defaultdict(list)
        self.ranks: dict[str, list[float]] = defaultdict(list)
        self.first: dict[str, list[bool]] = defaultdict(list)
        self.held: list[bool] = []
        self.width: list[float] = []

    def take(self, method: str, shares: Floats, truth: Floats) -> None:
        """Compares shares with the truth."""
        self.errors[method].append(float(np.abs(relative(shares) - relative(truth)).mean()))
        self.ranks[method].append(rank_correlation(shares, truth) if np.ptp(shares) > 0 else 0.0)
        self.first[method].append(int(shares.argmax()) == int(truth.argmax()))

    def show(self, what: str) -> None:
        """Prints a line for each method."""
        for method in self.errors:
            scores = (np.mean(values[method]) for values in (self.errors, self.ranks, self.first))
            print(f"{what:34} {method:18} " + "  ".join(f"{score:6.3f}" for score in scores), flush=True)
        if self.held:
            held, width = np.mean(self.held), np.mean(self.width)
            print(f"{what:34} 90 % intervals hold {held:.1%} of {len(self.held)}, mean width {width:.3f}", flush=True)


def names_of(function: KnownFunction) -> list[str]:
    return list(function.config(np.full((1, len(function.indices)), 0.99)))


def measure(functions: Iterable[KnownFunction], n: int, seeds: int, peer_seeds: int, what: str) -> None:
    """Compares all methods on random searches of `n` runs."""
    score = Score()
    for function in functions:
        for seed in range(seeds):
            compare(score, function, function.runs(n, 1000 + seed), seed < peer_seeds)
    score.show(what)


def compare(score: Score, function: KnownFunction, runs: Runs, with_peers: bool) -> None:
    truth, names = np.array(function.indices), names_of(function)
    found = rg.importance(runs, "score")
    ours = [found[name] for name in names]
    score.take("reportgen", np.array([one.share for one in ours]), truth)
    score.held += [one.low - 1e-3 <= index <= one.high + 1e-3 for one, index in zip(ours, truth, strict=True)]
    score.width += [one.high - one.low for one, index in zip(ours, truth, strict=True) if index > 0.01]
    if with_peers:
        for method, evaluate in PEERS.items():
            score.take(method, evaluate(runs, names), truth)


def adaptive(n: int, seed: int) -> Runs:
    """The runs of a real search by Optuna's TPE for the maximum of the held-out function of mixed types."""
    import optuna

    function = HELD_OUT[0]
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    points = []
    for _ in range(n):
        trial = study.ask()
        points.append([trial.suggest_float(f"u{j}", 0, 1) for j in range(len(function.indices))])
        study.tell(trial, float(function.function(np.array([points[-1]]))[0]))
    return make_runs([one.value for one in study.trials], function.space, **function.config(np.array(points)))


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--peer-seeds", type=int, default=5)
    parser.add_argument("--runs", type=int, nargs="+", default=[20, 50, 200, 1000])
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    print(f"{'':34} {'':18}  error    rank   first")
    for part in options.only:
        PARTS[part](options)


def known(options: argparse.Namespace) -> None:
    """The four functions, and the same with noise and a step."""
    for n in options.runs:
        measure(KNOWN, n, options.seeds, options.peer_seeds, f"four functions, {n}")
    noisy = (*(one.with_noise(0.2) for one in KNOWN), step(0.2))
    for n in options.runs:
        measure(noisy, n, options.seeds, options.peer_seeds, f"20 % noise and a step, {n}")


def held_out(options: argparse.Namespace) -> None:
    """Functions and spaces that nothing was tuned on, and adaptive sampling."""
    for function in HELD_OUT:
        for n in options.runs:
            measure([function], n, options.seeds, options.peer_seeds, f"{function.name}, {n}")
    score = Score()
    for seed in range(options.seeds):
        compare(score, HELD_OUT[0], adaptive(100, seed), seed < options.peer_seeds)
    score.show("mixed types sampled by TPE, 100")


def noise(options: argparse.Namespace) -> None:
    """How often pure noise is taken for something; at most one in twenty by more than chance."""
    for n in options.runs[:3]:
        claims = sum(rg.importance(NOISE.runs(n, 5000 + seed), "score").conclusive for seed in range(5 * options.seeds))
        print(f"pure noise, {n} runs: {claims} of {5 * options.seeds} verdicts name a parameter", flush=True)


def interaction(options: argparse.Namespace) -> None:
    """The product of two centred parameters at 200 runs: both total shares and the pair's are 1, the first-order shares 0."""
    found = []
    for seed in range(options.seeds):
        points = np.random.default_rng(seed).random((200, 4))
        target = (points[:, 0] - 0.5) * (points[:, 1] - 0.5)
        one = rg.importance(make_runs(target.tolist(), unit_space(4), **plain_config(points)), "score")
        found.append([one["x0"].share, one["x1"].share, one["x0"].total.value, one["x1"].total.value, one.pairs[0].share.value])
    worst = np.abs(np.array(found) - [0, 0, 1, 1, 1]).max(axis=0)
    print("pure interaction, 200 runs, largest error of first, first, total, total, pair:", worst.round(4), flush=True)


def timing(options: argparse.Namespace) -> None:
    """Processor time for 200 runs of 10 parameters beside Optuna's fANOVA; and 5,000 of 30."""
    rng = np.random.default_rng(0)
    ours, theirs = [], []
    for _ in range(3):
        points = rng.random((200, 10))
        target = np.sin(6 * points[:, 0]) + points[:, 1] ** 2 + 2 * points[:, 2] * points[:, 3] + 0.3 * rng.standard_normal(200)
        runs = make_runs(target.tolist(), unit_space(10), **plain_config(points))
        for times, work in ((ours, lambda runs=runs: rg.importance(runs, "score")), (theirs, lambda runs=runs: _fanova(runs))):
            began = time.process_time()
            work()
            times.append(time.process_time() - began)
    print(f"200 x 10: {min(ours):.2f} s, Optuna's fANOVA {min(theirs):.2f} s, {min(theirs) / min(ours):.1f} times as long", flush=True)
    points = rng.random((5000, 30))
    target = np.sin(6 * points[:, 0]) + points[:, 1] ** 2 + 2 * points[:, 2] * points[:, 3] + 0.3 * rng.standard_normal(5000)
    runs = make_runs(target.tolist(), unit_space(30), **plain_config(points))
    began = time.perf_counter()
    rg.importance(runs, "score")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"5,000 x 30: {time.perf_counter() - began:.1f} s (at most 20), memory of this process at its peak {peak:.2f} GiB (at most 2)")


def _fanova(runs: Runs) -> Floats:
    return PEERS["Optuna fANOVA"](runs, [f"x{j}" for j in range(10)])


PARTS = {"time": timing, "noise": noise, "interaction": interaction, "known": known, "held-out": held_out}


if __name__ == "__main__":
    main()
