"""What the runs say of each part of the target's variance: draws of it from the posterior of the process.

A draw takes the unknowns from around a mode, and the coefficients of the products of basis functions from their normal posterior;
since the functions are orthonormal over the search space, squares of coefficients are parts of the variance (Sudret 2008).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from reportgen.analysis.importance.modes import Mode
from reportgen.analysis.importance.process import Process
from reportgen.analysis.importance.surrogate import Setting, Surrogate, Term, terms_of

Floats = NDArray[np.float64]

_DRAWS = 400
_SETTINGS = 40
"""So many draws, and of so many draws of the unknowns; fewer with many runs, which leave them less in doubt."""
_FEW = 60
"""From so many runs on there are fewer draws of the unknowns."""
_MOST_PRODUCTS = 1200
_NEGLIGIBLE = 1e-6
"""A product whose prior variance is so small a part of the whole is left out."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws from the posterior, as shares of the target's variance over the search space, noise included.

    Attributes:
        first: What each parameter explains alone, shape (n_draws, p).
        total: With all interactions that it has a part in, shape (n_draws, p).
        pairs: What two parameters explain together beyond each alone, of shape (n_draws,).
        noise: What none explains, shape (n_draws,).
        curves: Of each parameter the mean over the others at the points that were asked for, in standard deviations of the
            target from its mean, shape (n_draws, n_points).
        surrogate: The draws as functions of the parameters.
    """

    first: Floats
    total: Floats
    pairs: dict[tuple[int, int], Floats]
    noise: Floats
    curves: tuple[Floats, ...]
    surrogate: Surrogate

    @property
    def together(self) -> Floats:
        """What interactions explain, shape (n_draws,)."""
        return np.asarray(np.clip(1 - self.noise - self.first.sum(axis=1), 0, 1))


def draws(process: Process, found: Sequence[Mode], points: Sequence[Floats], rng: np.random.Generator) -> Draws:
    """Draws from the posterior.

    Args:
        found: The modes, made from these runs or from some of them.
        points: Of each parameter its basis functions where its curve is wanted, shape (n_points, n_functions).
    """
    n = len(process.target)
    settings = max(2, _SETTINGS * _FEW // max(n, _FEW))
    per_setting = _DRAWS // settings
    surrogate = Surrogate(tuple(_drawn(process, unknowns, per_setting, rng) for unknowns in _unknowns(process, found, settings, rng)))
    several = [_parts(one, process.p) for one in surrogate.settings]
    names = sorted(set().union(*(one.pairs for one in several)))
    nothing = np.zeros(per_setting)
    return Draws(
        np.concatenate([one.first for one in several]),
        np.concatenate([one.total for one in several]),
        {name: np.concatenate([one.pairs.get(name, nothing) for one in several]) for name in names},
        np.concatenate([one.noise for one in several]),
        tuple(surrogate.at({k: at}) for k, at in enumerate(points)),
        surrogate,
    )


def _unknowns(process: Process, found: Sequence[Mode], count: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Draws from the mixture of the modes, each mode as often as its weight says (systematic sampling)."""
    low, high = np.array(process.bounds).T
    ends = np.cumsum([one.weight for one in found])
    for place in (np.arange(count) + rng.random()) / count:
        mode = found[min(int(np.searchsorted(ends, place)), len(found) - 1)]
        yield np.clip(mode.unknowns + mode.spread @ rng.standard_normal(len(mode.unknowns)), low, high)


@dataclass(frozen=True, eq=False)
class _Products:
    """Products of basis functions: values at the runs, prior variances, and which they are."""

    values: Floats
    variances: Floats
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class _Parts:
    """Parts of the variance, as `Draws` has them."""

    first: Floats
    total: Floats
    pairs: dict[tuple[int, int], Floats]
    noise: Floats


def _drawn(process: Process, unknowns: Floats, count: int, rng: np.random.Generator) -> Setting:
    products = _products(process, unknowns)
    noise = float(np.exp(unknowns[-1]))
    constant, coefficients = _coefficients(products, process.target, noise, count, rng)
    return Setting(products.terms, constant, coefficients, noise)


def _parts(setting: Setting, p: int) -> _Parts:
    squares = setting.coefficients**2
    whole = squares.sum(axis=1) + setting.noise
    parts = {term.parameters: squares[:, term.where].sum(axis=1) / whole for term in setting.terms}
    nothing = np.zeros(len(whole))
    first = np.stack([parts.get((k,), nothing) for k in range(p)], axis=1)
    total = np.stack([sum((part for name, part in parts.items() if k in name), nothing) for k in range(p)], axis=1)
    pairs = {(name[0], name[1]): part for name, part in parts.items() if len(name) == 2}
    return _Parts(first, total, pairs, setting.noise / whole)


def _products(process: Process, unknowns: Floats) -> _Products:
    """The products that matter: the largest prior variances."""
    blocks: list[Floats] = []
    variances: list[Floats] = []
    each: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    least = _NEGLIGIBLE * sum(float(one.sum()) for one in process.variances(unknowns))
    for name, chosen, variance in _chosen(process, unknowns, least):
        block = process.bases[name[0]].values[:, chosen[0]]
        for k, which in zip(name[1:], chosen[1:], strict=True):
            block = block * process.bases[k].values[:, which]
        blocks.append(block)
        variances.append(variance)
        each += [(name, which) for which in zip(*map(np.ndarray.tolist, chosen), strict=True)]
    prior = np.concatenate(variances)
    kept = np.sort(np.argsort(-prior, kind="stable")[:_MOST_PRODUCTS])
    return _Products(np.hstack(blocks)[:, kept], prior[kept], terms_of([each[i] for i in kept]))


def _chosen(process: Process, unknowns: Floats, least: float) -> Iterator[tuple[tuple[int, ...], tuple[NDArray[np.intp], ...], Floats]]:
    """Parameters, their functions, and the prior variances of the products of these that exceed the least."""
    single = process.variances(unknowns)
    pairs, triples = np.exp(unknowns[-3:-1])
    largest = [float(one.max()) for one in single]
    for k, one in enumerate(single):
        yield (k,), (np.arange(len(one)),), one
    for j, k in itertools.combinations(range(process.p), 2):
        if pairs * largest[j] * largest[k] > least and (j, k) not in process.apart:
            both = pairs * np.outer(single[j], single[k])
            where = np.nonzero(both > least)
            yield (j, k), where, both[where]
    if process.has_triples:
        for three in itertools.combinations(range(process.p), 3):
            if triples * math.prod(largest[k] for k in three) > least:
                all_three = triples * np.einsum("a,b,c->abc", *(single[k] for k in three))
                where = np.nonzero(all_three > least)
                yield three, where, all_three[where]


def _coefficients(products: _Products, target: Floats, noise: float, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of the constant, shape (count,), and of the coefficients, shape (count, n_products)."""
    values = np.column_stack([np.ones(len(target)), products.values])
    roots = np.sqrt(np.append(1.0, products.variances))
    n, p = values.shape
    if n <= p:
        # A draw from the prior is corrected by what the runs say against it (Matheron's rule).
        scaled = values * roots
        covariance = scaled @ scaled.T
        covariance[np.diag_indices(n)] += noise
        prior = rng.standard_normal((count, p))
        against = target - prior @ scaled.T - np.sqrt(noise) * rng.standard_normal((count, n))
        found = prior + cho_solve(cho_factor(covariance, lower=True), against.T).T @ scaled
    else:
        precision = (values.T @ values) * np.outer(roots, roots) / noise
        precision[np.diag_indices(p)] += 1
        lower, _ = cho_factor(precision, lower=True)
        mean = cho_solve((lower, True), roots * (values.T @ target) / noise)
        found = mean + solve_triangular(lower, rng.standard_normal((p, count)), lower=True, trans=1).T
    found = found * roots
    return found[:, 0], found[:, 1:]
