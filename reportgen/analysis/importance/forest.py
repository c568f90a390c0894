"""A random forest as plain arrays: the boxes of its leaves, and which runs each tree has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.encoding import Axis, Floats, Ints


@dataclass(frozen=True, eq=False)
class Forest:
    """Regression trees, their leaves concatenated (n_leaves is over all trees).

    Attributes:
        low, high: Each leaf's box in measure, shape (n_leaves, n_params).
        value: Each leaf's prediction, shape (n_leaves,).
        tree: Each leaf's tree, shape (n_leaves,).
        out_of_bag: Runs that a tree has not seen, shape (n_trees, n_runs).
        predicted: Each tree's prediction of each run, shape (n_trees, n_runs).
    """

    low: Floats
    high: Floats
    value: Floats
    tree: Ints
    out_of_bag: NDArray[np.bool_]
    predicted: Floats

    @property
    def n_trees(self) -> int:
        """The number of trees."""
        return len(self.out_of_bag)


def grow(axes: Sequence[Axis], target: Floats, weights: Floats, rng: np.random.Generator) -> Forest:
    """Grows a random forest (Breiman 2001) of fully grown trees, each on a bootstrap sample of the runs.

    Args:
        target: Shape (n_runs,).
        weights: How often each run occurs, shape (n_runs,); a run that occurs twice is in a tree's bag as a whole
            or not at all, so that no tree is tested on a copy of what it has seen.
    """
    from sklearn import config_context
    from sklearn.tree import DecisionTreeRegressor

    n_trees, n_runs = axes[0].coordinates.shape
    inputs = np.stack([axis.coordinates for axis in axes], axis=2).astype(np.float32)
    bags = rng.multinomial(n_runs, weights / weights.sum(), size=n_trees).astype(np.float64)
    state = np.random.RandomState(int(rng.integers(2**31)))
    predicted = np.empty((n_trees, n_runs))
    trees = []
    with config_context(skip_parameter_validation=True, assume_finite=True):
        for t in range(n_trees):
            model = DecisionTreeRegressor(min_samples_leaf=max(1, n_runs // 300), random_state=state)
            model.fit(inputs[t], target, sample_weight=bags[t], check_input=False)
            trees.append(model.tree_)
            predicted[t] = model.tree_.predict(inputs[t])[:, 0]
    low, high, value, tree = leaf_boxes(trees, axes)
    return Forest(low, high, value, tree, bags == 0, predicted)


def leaf_boxes(trees: Sequence[Any], axes: Sequence[Axis]) -> tuple[Floats, Floats, Floats, Ints]:
    """The leaves of scikit-learn trees as boxes in measure: low, high, value and tree of each (see `Forest`)."""
    sizes = np.array([tree.node_count for tree in trees])
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    owner = np.repeat(np.arange(len(trees)), sizes)

    def all_of(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(tree, name) for tree in trees])

    feature = all_of("feature").astype(np.intp)
    left = all_of("children_left").astype(np.intp) + offsets[owner]
    right = all_of("children_right").astype(np.intp) + offsets[owner]
    threshold = all_of("threshold").astype(np.float64)
    cut = np.zeros(len(feature))
    for j, axis in enumerate(axes):
        nodes = np.flatnonzero(feature == j)
        cut[nodes] = axis.measure(threshold[nodes], owner[nodes])
    low = np.zeros((len(feature), len(axes)))
    high = np.ones((len(feature), len(axes)))
    level = offsets[:-1]
    while len(level):  # all trees at once, one depth after the other
        split = level[feature[level] >= 0]
        for child in (left[split], right[split]):
            low[child], high[child] = low[split], high[split]
        high[left[split], feature[split]] = cut[split]
        low[right[split], feature[split]] = cut[split]
        level = np.concatenate([left[split], right[split]])
    leaf = feature < 0
    return low[leaf], high[leaf], all_of("value").astype(np.float64)[leaf, 0, 0], owner[leaf]


def out_of_bag_prediction(forest: Forest) -> Floats:
    """Each run's prediction by the trees that have not seen it, shape (n_runs,); NaN where all have."""
    times = forest.out_of_bag.sum(axis=0)
    total = (forest.predicted * forest.out_of_bag).sum(axis=0)
    mean: Floats = np.divide(total, times, out=np.full(len(times), np.nan), where=times > 0)
    return mean
