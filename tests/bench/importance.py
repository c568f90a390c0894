"""How near the shares are to exact Sobol indices, beside Optuna's fANOVA on the same runs. A script, not a test.

    python tests/bench/importance.py [--repeats 10] [--runs 20 50 200]

For each function and number of runs it prints the mean absolute error of the first-order shares divided by their sum (all
that Optuna gives is relative), of ours and of Optuna's, both in this process; the same error of our shares as they are; how
often our 95 % interval holds the index (of parameters that matter, and of those that do not); the mean processor time of each and their
ratio. Last, how often pure noise is taken for something, which must not exceed one in twenty by more than chance.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "importance"))

from known_functions import CHOICES, FUNCTIONS, NOISE, TRAINING, Floats, KnownFunction

import reportgen as rg


def ours(function: KnownFunction, n: int, seed: int) -> tuple[Floats, Floats, Floats, float]:
    """Shares, the ends of their intervals, and the seconds that it took."""
    runs = function.runs(n, seed)
    start = time.process_time()
    found = rg.importance(runs, "score")
    seconds = time.process_time() - start
    names = list(function.config(np.zeros((1, len(function.indices)))))
    picked = [found[name] for name in names]
    shares, low, high = (np.array([getattr(one, end) for one in picked]) for end in ("share", "low", "high"))
    return shares, low, high, seconds


def optunas(function: KnownFunction, n: int, seed: int) -> tuple[Floats, float]:
    """Optuna's fANOVA with its defaults, told the true search space; and the seconds that it took."""
    import optuna
    from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

    points, values = function.points(n, seed)
    config = function.config(points)
    space: dict[str, BaseDistribution] = {name: FloatDistribution(0, 1) for name in config}
    if function is TRAINING:
        space = {
            "lr": FloatDistribution(1e-5, 1, log=True),
            "optimizer": CategoricalDistribution(CHOICES),
            "dropout": FloatDistribution(0, 0.5),
            "width": IntDistribution(16, 128, log=True),
        }
    study = optuna.create_study()
    for i, value in enumerate(values):
        params = {name: column[i] for name, column in config.items()}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=float(value)))
    start = time.process_time()
    found = optuna.importance.FanovaImportanceEvaluator(seed=seed).evaluate(study)
    return np.array([found[name] for name in config]), time.process_time() - start


def relative(shares: Floats) -> Floats:
    """Shares divided by their sum; all equal when none is positive."""
    total = shares.sum()
    return shares / total if total > 0 else np.full(len(shares), 1 / len(shares))


def compare(function: KnownFunction, n: int, repeats: int) -> None:
    """Prints one line."""
    truth = np.array(function.indices)
    matters = truth > 0.01
    errors, theirs, plain, held, times = [], [], [], [], []
    for seed in range(repeats):
        shares, low, high, seconds = ours(function, n, 1000 + seed)
        other, other_seconds = optunas(function, n, 1000 + seed)
        if truth.any():
            errors.append(np.abs(relative(shares) - relative(truth)).mean())
            theirs.append(np.abs(relative(other) - relative(truth)).mean())
        plain.append(np.abs(shares - truth).mean())
        held.append((low - 1e-9 <= truth) & (truth <= high + 1e-9))
        times.append((seconds, other_seconds))
    inside = np.array(held)
    mine, optuna_time = np.mean(times, axis=0)
    relative_errors = f"{np.mean(errors):8.3f} {np.mean(theirs):8.3f}" if errors else f"{'–':>8} {'–':>8}"
    of_those = f"{100 * inside[:, matters].mean():7.0f} %" if matters.any() else f"{'–':>9}"
    rest = f"{100 * inside[:, ~matters].mean():7.0f} %" if (~matters).any() else f"{'–':>9}"
    print(
        f"{function.name:28} {n:4} {relative_errors} {np.mean(plain):9.3f} {of_those} {rest} "
        f"{mine:7.2f} s {optuna_time:7.2f} s {mine / optuna_time:6.1f}",
        flush=True,
    )


def false_claims(n: int, repeats: int) -> None:
    """Prints how often a verdict names a parameter of pure noise."""
    claims = sum(rg.importance(NOISE.runs(n, 5000 + seed), "score").conclusive for seed in range(repeats))
    print(f"pure noise, {n} runs: {claims} of {repeats} verdicts name a parameter", flush=True)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--runs", type=int, nargs="+", default=[20, 50, 200])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    print(f"{'':28} {'':4} {'relative error':^17} {'absolute':>9} {'95 % holds an index':^19}")
    heads = ("ours", "> 0.01", "others", "ours", "Optuna")
    print(f"{'function':28} {'runs':>4} {'ours':>8} {'Optuna':>8} " + " ".join(f"{head:>9}" for head in heads) + "  ratio")
    for n in options.runs:
        for function in FUNCTIONS:
            compare(function, n, options.repeats)
    for n in options.runs:
        false_claims(n, 5 * options.repeats)


if __name__ == "__main__":
    main()
