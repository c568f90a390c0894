"""From the forest's main effects to shares of the target's variance.

The share of a forest's *own* variance (`fanova.forest_shares`) says nothing of the target: a forest that fits noise has
variance too, and one that smooths a strong effect has too little. So each main effect is evaluated out of bag, for every
run by the trees that have not seen it, and put on the target by least squares with coefficients that are not
negative (stacked regressions: Breiman, Machine Learning 24, 1996):

    y - mean(y) = Σ_j β_j a_j(x_j) + rest,   β_j ≥ 0,        share_j = β_j Cov(a_j(x_j), y) / Var(y)

which is the covariance decomposition of the variance (Li, Rabitz and others, J. Phys. Chem. A 114, 2010): with
independent parameters the first-order Sobol index, with correlated ones still a division that adds up. The shares
add up to the R² of the additive model; pure noise gives shares around 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.importance.encoding import Axis, Floats
from reportgen.analysis.importance.fanova import marginals, tree_means
from reportgen.analysis.importance.forest import Forest, out_of_bag_prediction


def main_effects(forest: Forest, axes: Sequence[Axis]) -> Floats:
    """The out-of-bag main effect of each parameter for each run, shape (n_runs, n_params); NaN where every tree saw the run."""
    tree, run = np.nonzero(forest.out_of_bag)
    n_runs = forest.out_of_bag.shape[1]
    times = np.bincount(run, minlength=n_runs).astype(float)
    times[times == 0] = np.nan
    means = tree_means(forest)[tree]
    effects = [marginals(forest, j).at(tree, axis.positions[tree, run]) - means for j, axis in enumerate(axes)]
    return np.column_stack([np.bincount(run, effect, minlength=n_runs) / times for effect in effects])


def shares(forest: Forest, axes: Sequence[Axis], target: Floats, weights: Floats) -> Floats:
    """The share of the target's variance that each parameter explains alone, shape (n_params,)."""
    from scipy.optimize import nnls

    effects = main_effects(forest, axes)
    seen = np.isfinite(effects[:, 0])
    effects, target, weights = effects[seen], target[seen], weights[seen]
    if weights.sum() == 0:
        return np.zeros(len(axes))
    weights = weights / weights.sum()
    centred = target - weights @ target
    variance = float(weights @ centred**2)
    if variance <= 0:
        return np.zeros(len(axes))
    effects = effects - weights @ effects
    root = np.sqrt(weights)
    scale = np.sqrt(variance)
    slopes, _ = nnls(effects * root[:, None] / scale, centred * root / scale, maxiter=100 * len(axes))
    explained: Floats = np.maximum(0.0, slopes * ((weights * centred) @ effects) / variance) + 0.0  # and not -0
    return explained


def out_of_bag_r2(forest: Forest, target: Floats) -> float:
    """1 minus the squared error of out-of-bag predictions over the squared deviations of the target."""
    predicted = out_of_bag_prediction(forest)
    seen = np.isfinite(predicted)
    deviation = target[seen] - target[seen].mean()
    total = float((deviation**2).sum())
    return 1 - float(((target - predicted)[seen] ** 2).sum()) / total if total > 0 else 0.0
