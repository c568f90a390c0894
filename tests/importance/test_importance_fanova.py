"""Exact marginals and variances against Optuna's own trees and against brute force over the cells."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from importance.known_functions import TRAINING, make_runs

from reportgen.analysis.importance.encoding import Axis, codes, place
from reportgen.analysis.importance.fanova import first_order_variances, forest_shares, marginals, tree_means, tree_variances
from reportgen.analysis.importance.forest import Forest, grow, leaf_boxes
from reportgen.analysis.importance.parameters import Parameter, read_parameter
from reportgen.analysis.importance.shares import main_effects


def _forest(n_trees: int = 4, n: int = 40, *, unset: bool = False) -> tuple[Forest, list[Axis], list[Parameter]]:
    points, values = TRAINING.points(n, 3)
    config = {key: list(column) for key, column in TRAINING.config(points).items()}
    if unset:
        for key, every in (("dropout", 3), ("optimizer", 4), ("width", 5)):
            config[key][::every] = [...] * len(config[key][::every])
    runs = make_runs(values.tolist(), **config)
    found = [read_parameter(f"config.{key}", list(runs)) for key in config]
    parameters = [one for one in found if isinstance(one, Parameter)]
    assert len(parameters) == 4
    rng = np.random.default_rng(1)
    axes = [place(one, codes(one), n_trees, rng) for one in parameters]
    return grow(axes, values, np.ones(n), rng), axes, parameters


def test_equal_to_optuna_on_the_same_trees() -> None:
    from optuna.importance._fanova._tree import _FanovaTree
    from sklearn.ensemble import RandomForestRegressor

    rng = np.random.default_rng(0)
    points = rng.random((60, 3)).astype(np.float32).astype(float)
    points = (points - points.min(axis=0)) / np.ptp(points, axis=0)
    values = np.sin(6 * points[:, 0]) + points[:, 1] * points[:, 2]
    runs = make_runs(values.tolist(), **{f"x{j}": points[:, j].tolist() for j in range(3)})
    parameters = [read_parameter(f"config.x{j}", list(runs)) for j in range(3)]
    model = RandomForestRegressor(8, random_state=0).fit(points, values)
    trees = [one.tree_ for one in model.estimators_]
    axes = [place(one, codes(one), 8, rng) for one in parameters if isinstance(one, Parameter)]
    low, high, value, tree = leaf_boxes(trees, axes)
    forest = Forest(low, high, value, tree, np.zeros((8, 60), dtype=bool), np.zeros((8, 60)))
    theirs = [_FanovaTree(one, np.array([[0.0, 1.0]] * 3)) for one in trees]
    np.testing.assert_allclose(tree_variances(forest), [one.variance for one in theirs], rtol=1e-10)
    for j in range(3):
        wanted = [one.get_marginal_variance(np.array([j])) for one in theirs]
        np.testing.assert_allclose(first_order_variances(forest, j), wanted, rtol=1e-10)


@pytest.mark.parametrize("unset", [False, True])
def test_equal_to_brute_force_over_all_cells(unset: bool) -> None:
    forest, _, _ = _forest(unset=unset)
    for t in range(forest.n_trees):
        mine = forest.tree == t
        low, high, value = forest.low[mine], forest.high[mine], forest.value[mine]
        cuts = [np.unique(np.concatenate([low[:, j], high[:, j]])) for j in range(4)]
        middles = [(c[1:] + c[:-1]) / 2 for c in cuts]
        weights = np.ones([len(c) - 1 for c in cuts])
        for j, c in enumerate(cuts):
            weights = weights * np.diff(c).reshape([-1 if k == j else 1 for k in range(4)])
        grid = np.array(list(itertools.product(*middles)))
        inside = ((grid[:, None, :] > low) & (grid[:, None, :] <= high)).all(axis=2)
        assert (inside.sum(axis=1) == 1).all()
        predicted = (inside @ value).reshape(weights.shape)
        mean = (predicted * weights).sum()
        assert weights.sum() == pytest.approx(1)
        assert tree_means(forest)[t] == pytest.approx(mean, rel=1e-10)
        assert tree_variances(forest)[t] == pytest.approx((weights * (predicted - mean) ** 2).sum(), rel=1e-10)
        for j in range(4):
            others = tuple(k for k in range(4) if k != j)
            marginal = (predicted * weights).sum(axis=others) / np.diff(cuts[j])
            got = marginals(forest, j).at(np.full(len(middles[j]), t), middles[j])
            np.testing.assert_allclose(got, marginal, rtol=1e-9)
            wanted = (np.diff(cuts[j]) * (marginal - mean) ** 2).sum()
            assert first_order_variances(forest, j)[t] == pytest.approx(wanted, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("unset", [False, True])
def test_each_run_lies_in_the_box_of_the_leaf_that_predicts_it(unset: bool) -> None:
    forest, axes, _ = _forest(unset=unset)
    for t, i in itertools.product(range(forest.n_trees), range(forest.predicted.shape[1])):
        position = np.array([axis.positions[t, i] for axis in axes])
        covering = (forest.tree == t) & (forest.low < position).all(axis=1) & (position <= forest.high).all(axis=1)
        assert forest.value[covering] == pytest.approx([forest.predicted[t, i]])


def test_main_effects_use_only_trees_that_have_not_seen_the_run() -> None:
    forest, axes, _ = _forest(n_trees=12)
    effects = main_effects(forest, axes)
    run = int(np.flatnonzero(forest.out_of_bag.sum(axis=0) >= 2)[0])
    trees = np.flatnonzero(forest.out_of_bag[:, run])
    for j, axis in enumerate(axes):
        single = [float(marginals(forest, j).at(np.array([t]), axis.positions[[t], run])[0] - tree_means(forest)[t]) for t in trees]
        assert effects[run, j] == pytest.approx(np.mean(single))
    seen_by_all = ~forest.out_of_bag.any(axis=0)
    assert np.isnan(effects[seen_by_all]).all()


def test_a_category_of_many_levels_is_one_parameter() -> None:
    levels = [f"level {k}" for k in range(8)]
    values = [float(k % 2) for k in range(8)] * 5
    runs = make_runs(values, name=levels * 5)
    parameter = read_parameter("config.name", list(runs))
    assert isinstance(parameter, Parameter)
    rng = np.random.default_rng(0)
    axis = place(parameter, codes(parameter), 6, rng)
    forest = grow([axis], np.array(values), np.ones(40), rng)
    assert forest_shares(forest) == pytest.approx([1.0])
    assert tree_means(forest) == pytest.approx([0.5] * 6)
    assert tree_variances(forest) == pytest.approx([0.25] * 6)
