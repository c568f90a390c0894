"""The model itself: orthonormal functions, evidence, gradient, draws and tests against what they are by definition."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from importance.known_functions import make_runs
from scipy.stats import multivariate_normal

from reportgen.analysis.importance.basis import Basis, basis
from reportgen.analysis.importance.modes import Mode, modes
from reportgen.analysis.importance.parameters import Parameter, read_parameter
from reportgen.analysis.importance.permutation import chance
from reportgen.analysis.importance.posterior import draws
from reportgen.analysis.importance.process import Process
from reportgen.analysis.importance.validation import cross_validated_r2

N = 30
RNG = np.random.default_rng(4)


def parameter(values: list[object], log: bool | None = None) -> Parameter:
    found = read_parameter("config.x", list(make_runs([float(i) for i in range(len(values))], x=values)), log)
    assert isinstance(found, Parameter)
    return found


def process(n: int = N, p: int = 3, apart: tuple[tuple[int, int], ...] = ()) -> Process:
    rng = np.random.default_rng(n + p)
    bases = tuple(basis(parameter(rng.random(n).tolist()), 4) for _ in range(p))
    target = rng.standard_normal(n)
    return Process(bases, (target - target.mean()) / target.std(), apart)


def unknowns(of: Process) -> np.ndarray:
    return of.mean + 0.5 * np.random.default_rng(0).standard_normal(len(of.mean))


@pytest.mark.parametrize(
    ("values", "log"),
    [
        ((10.0 ** RNG.uniform(-5, 0, 40)).tolist(), True), (RNG.uniform(2, 3, 40).tolist(), False), ([16, 32, 64, 128] * 10, None),
        ([1, 2, 7] * 10, False), (["a", "b", "c", "d", "e"] * 8, None), ([True, False] * 20, None),
    ],
)  # fmt: skip
def test_functions_are_orthonormal_over_the_search_space(values: list[object], log: bool | None) -> None:
    one = parameter(values, log)
    found = basis(one, 6)
    if one.range is None:
        table = found.at(one.levels)
    else:
        middles = (np.arange(20_000) + 0.5) / 20_000
        low, high = one.range
        table = found.at((low * (high / low) ** middles if one.log else low + (high - low) * middles).tolist())
    np.testing.assert_allclose(table.T @ table / len(table), np.eye(table.shape[1]), atol=2e-4)
    np.testing.assert_allclose(table.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(found.values, found.at(one.values))


def test_what_is_not_set_everywhere_has_a_function_for_being_set() -> None:
    half = parameter([*RNG.random(20).tolist(), *[...] * 20])
    found = basis(half, 3)
    assert found.values.shape == (40, 4)
    np.testing.assert_allclose(found.values[20:], [[0, 0, 0, -1]] * 20)
    optimizer = parameter(["adam"] * 20 + ["sgd"] * 10 + ["lion"] * 10)
    decided = basis(half, 3, optimizer)
    assert decided.values.shape == (40, 3)
    np.testing.assert_allclose(decided.values[:20], found.values[:20, :3] * np.sqrt(3 / 2))


def test_the_kernel_is_the_sum_over_all_products() -> None:
    for apart in ((), ((0, 2),)):
        one = process(apart=apart)
        at = unknowns(one)
        expected = np.ones((N, N))
        single = one.variances(at)
        for size in (1, 2, 3):
            order = (1.0, *np.exp(at[-3:-1]))[size - 1]
            for names in itertools.combinations(range(3), size):
                if names in apart or (apart and size == 3):
                    continue
                for functions in itertools.product(range(4), repeat=size):
                    chosen = list(zip(names, functions, strict=True))
                    column = np.prod([one.bases[k].values[:, a] for k, a in chosen], axis=0)
                    expected += order * np.prod([single[k][a] for k, a in chosen]) * np.outer(column, column)
        np.testing.assert_allclose(one.kernel(at, one.parts(at)), expected, rtol=1e-9)


@pytest.mark.parametrize(("p", "apart"), [(1, ()), (2, ()), (4, ()), (4, ((0, 1), (0, 2)))])
def test_evidence_and_gradient(p: int, apart: tuple[tuple[int, int], ...]) -> None:
    one = process(p=p, apart=apart)
    at = unknowns(one)
    covariance = one.kernel(at, one.parts(at)) + np.exp(at[-1]) * np.eye(N)
    expected = multivariate_normal(np.zeros(N), covariance).logpdf(one.target) + N / 2 * np.log(2 * np.pi)
    assert one.evidence(at) == pytest.approx(expected)
    loss, gradient = one.loss(at)
    assert loss == pytest.approx(-expected + (((at - one.mean) / one.deviation) ** 2).sum() / 2)
    for i in range(len(at)):
        step = np.eye(len(at))[i] * 1e-5
        assert (one.loss(at + step)[0] - one.loss(at - step)[0]) / 2e-5 == pytest.approx(gradient[i], rel=1e-4, abs=1e-6)


def test_residuals_are_those_of_leaving_each_run_out() -> None:
    one = process()
    at = unknowns(one)
    covariance = one.kernel(at, one.parts(at)) + np.exp(at[-1]) * np.eye(N)
    found = one.residuals(at)
    for i in range(0, N, 7):
        rest = np.arange(N) != i
        predicted = covariance[i, rest] @ np.linalg.solve(covariance[np.ix_(rest, rest)], one.target[rest])
        assert found[i] == pytest.approx(one.target[i] - predicted)


@pytest.mark.parametrize("n", [12, 300])
def test_draws_have_the_mean_and_the_spread_of_the_posterior(n: int) -> None:
    """With one function and known unknowns the posterior of its coefficient is a normal distribution that is easily said."""
    values = np.random.default_rng(n).random(n)
    line = basis(parameter(values.tolist()), 1)
    target = line.values[:, 0] + 0.5 * np.random.default_rng(n + 1).standard_normal(n)
    one = Process((line,), (target - target.mean()) / target.std())
    at = np.array([0.0, 0.9, -1.5, -3.0, np.log(0.2)])
    design = np.column_stack([np.ones(n), line.values])
    covariance = np.linalg.inv(design.T @ design / 0.2 + np.eye(2))
    mean = covariance @ design.T @ one.target / 0.2
    found = draws(one, [Mode(at, np.zeros((5, 5)), 1.0)], [np.ones((1, 1))], np.random.default_rng(0))
    curve = found.curves[0][:, 0]
    assert curve.mean() == pytest.approx(mean.sum(), abs=4 * np.sqrt(covariance.sum() / len(curve)))
    assert curve.std() == pytest.approx(np.sqrt(covariance.sum()), rel=0.2)
    squares = mean[1] ** 2 + covariance[1, 1]
    assert found.first.mean() == pytest.approx(squares / (squares + 0.2), abs=0.05)
    np.testing.assert_allclose(found.first[:, 0] + found.noise, 1)
    np.testing.assert_allclose(found.total, found.first)


def test_parts_of_the_variance_add_up() -> None:
    one = process(40, 4)
    found = draws(one, modes(one), [np.zeros((1, 4))] * 4, np.random.default_rng(1))
    pairs = sum(found.pairs.values())
    assert ((found.first.sum(axis=1) + pairs + found.noise) <= 1 + 1e-9).all()
    assert (found.total >= found.first - 1e-12).all()
    np.testing.assert_allclose(found.together, 1 - found.noise - found.first.sum(axis=1), atol=1e-9)


def test_of_shuffled_targets_one_in_twenty_is_taken_for_something() -> None:
    rng = np.random.default_rng(11)
    bases = [basis(parameter(rng.random(20).tolist()), 10) for _ in range(5)]
    found = [chance(bases, rng.standard_normal(20), np.random.default_rng(i)) for i in range(200)]
    assert np.mean(np.array(found) <= 0.05) < 0.1
    assert 0.4 < np.mean(found) < 0.6
    product = bases[0].values[:, 0] * bases[1].values[:, 0]
    assert chance(bases, (product - product.mean()) / product.std(), np.random.default_rng(0)) < 0.05


def test_predictions_of_runs_that_were_not_seen() -> None:
    rng = np.random.default_rng(2)
    values = rng.random((60, 2))
    bases = tuple(basis(parameter(column.tolist()), 6) for column in values.T)
    for target, low, high in ((np.sin(5 * values[:, 0]), 0.99, 1.0), (rng.standard_normal(60), -0.7, 0.15)):
        one = Process(bases, (target - target.mean()) / target.std())
        assert low < cross_validated_r2(one, modes(one)[0].unknowns) <= high


def test_a_part_of_the_runs_is_a_process_of_its_own() -> None:
    part = process().of(np.arange(10))
    assert part.target.mean() == pytest.approx(0)
    assert part.target.std() == pytest.approx(1)
    assert all(isinstance(one, Basis) and len(one.values) == 10 for one in part.bases)


def test_the_information_is_that_of_its_definition() -> None:
    """Half the trace of products of the covariance's inverse and derivatives, these by finite differences."""
    one = process(12, 3, ((0, 1),))
    at = unknowns(one)

    def covariance(where: np.ndarray) -> np.ndarray:
        return np.asarray(one.kernel(where, one.parts(where)) + np.exp(where[-1]) * np.eye(12))

    inverse = np.linalg.inv(covariance(at))
    steps = np.eye(len(at)) * 1e-5
    changes = [inverse @ (covariance(at + step) - covariance(at - step)) / 2e-5 for step in steps]
    expected = np.array([[np.trace(a @ b) / 2 for b in changes] for a in changes]) + np.diag(one.deviation**-2.0)
    np.testing.assert_allclose(one.information(at), expected, rtol=1e-4, atol=1e-6)
