"""Functional ANOVA of a forest: exact marginals of its trees from their leaves.

Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014, section 3. A tree
is Σ_l c_l 1[x ∈ B_l], over leaves l with value c_l and box B_l = B_l1 × … × B_lp. Its marginal along parameter j is

    a_j(x_j) = Σ_l c_l 1[x_j ∈ B_lj] Π_{k≠j} |B_lk|,

exact and a step function. The share of parameter j in the forest is Var(a_j) / Var(tree), averaged over the trees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.importance.encoding import Floats, Ints
from reportgen.analysis.importance.forest import Forest


@dataclass(frozen=True, eq=False)
class Marginals:
    """The marginal of each tree along one parameter: a step function per tree, all in one sorted array.

    A tree's cuts are shifted by twice its number, so that one sorted search finds a point of any tree.

    Attributes:
        cut: Where cells begin, shape (2 * n_leaves,).
        value: The marginal in the cell from this cut to the next, shape (2 * n_leaves,).
    """

    cut: Floats
    value: Floats

    def at(self, tree: Ints, position: Floats) -> Floats:
        """The marginals of trees at positions in measure, both shape (n,)."""
        found: Floats = self.value[np.searchsorted(self.cut, 2.0 * tree + np.maximum(position, 1e-12), side="left") - 1]
        return found


def box_measures(forest: Forest) -> Floats:
    """The measure of each leaf's box, shape (n_leaves,)."""
    measures: Floats = (forest.high - forest.low).prod(axis=1)
    return measures


def tree_means(forest: Forest) -> Floats:
    """The mean prediction of each tree over the whole space, shape (n_trees,)."""
    return _sums(forest.tree, box_measures(forest) * forest.value, forest.n_trees)


def tree_variances(forest: Forest) -> Floats:
    """The variance of each tree over the whole space, shape (n_trees,)."""
    spread = (forest.value - tree_means(forest)[forest.tree]) ** 2
    return _sums(forest.tree, box_measures(forest) * spread, forest.n_trees)


def marginals(forest: Forest, parameter: int) -> Marginals:
    """The exact marginal of each tree along one parameter."""
    low, high = forest.low[:, parameter], forest.high[:, parameter]
    size = high - low
    weight = np.divide(forest.value * box_measures(forest), size, out=np.zeros(len(size)), where=size > 0)
    cuts = np.concatenate([low, high]) + 2.0 * np.tile(forest.tree, 2)
    order = np.argsort(cuts, kind="stable")
    return Marginals(cuts[order], np.cumsum(np.concatenate([weight, -weight])[order]))


def first_order_variances(forest: Forest, parameter: int) -> Floats:
    """The variance of each tree's marginal along one parameter, shape (n_trees,)."""
    steps = marginals(forest, parameter)
    tree = np.floor(steps.cut[:-1] / 2).astype(np.intp)
    width = np.diff(steps.cut)
    inside = (width > 0) & (steps.cut[1:] <= 2.0 * tree + 1)
    spread = (steps.value[:-1] - tree_means(forest)[tree]) ** 2
    return _sums(tree[inside], (width * spread)[inside], forest.n_trees)


def forest_shares(forest: Forest) -> Floats:
    """The share of the forest's variance that each parameter explains alone, shape (n_params,).

    Trees without variance (a single leaf) are left out of the average; all shares are 0 when no tree has any.
    """
    total = tree_variances(forest)
    varied = total > 1e-300
    n_params = forest.low.shape[1]
    if not varied.any():
        return np.zeros(n_params)
    return np.array([(first_order_variances(forest, j)[varied] / total[varied]).mean() for j in range(n_params)])


def _sums(tree: Ints, parts: Floats, n_trees: int) -> Floats:
    """The sum of the parts of each tree, shape (n_trees,)."""
    return np.bincount(tree, parts, minlength=n_trees).astype(np.float64)
