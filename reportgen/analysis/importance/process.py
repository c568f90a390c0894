"""A Gaussian process whose kernel is a polynomial chaos: prior, evidence, and its gradient.

The target is a constant, plus a sum over parameters, pairs and triples of products of basis functions, plus noise. The
coefficient of a product has a normal prior with mean 0, and a variance that is itself a product: of `e^scale · e^(-decay · degree)`
of each parameter, and of `e^order` for pairs and for triples. So each parameter has two unknowns, one for how much it
matters (automatic relevance determination) and one for how smoothly, and the kernel is that of orthogonal additive processes
(Durrande and others 2013; Lu, Boukouvalas and Hensman 2022), whose components are the terms of the functional analysis of variance.

The unknowns are one vector: `scale` of each parameter, `decay` of each, `order` of pairs and of triples, and the logarithm of the
variance of the noise. All of it is about a target with mean 0 and variance 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dpotrf, dpotri

from reportgen.analysis.importance.basis import Basis

Floats = NDArray[np.float64]

MOST_FOR_TRIPLES = 12
"""With more parameters there are no triples."""
_SCALE, _DECAY, _PAIRS, _TRIPLES, _NOISE = (-3.5, 2.5), (0.9, 0.7), (-1.5, 1.5), (-3.0, 1.5), (-2.0, 2.0)
"""The normal priors of the unknowns, mean and standard deviation; `tests/bench/importance_shares.py` measures what comes of them."""
_CONSTANT = 1.0
"""The prior variance of the constant."""
_IMPOSSIBLE = -1e10
"""The evidence of unknowns that leave no covariance."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The kernels of the parameters at some unknowns, each of shape (n, n), and their symmetric sums."""

    variances: list[Floats]
    kernels: list[Floats]
    ones: Floats
    twos: Floats
    threes: Floats | None


@dataclass(frozen=True, eq=False)
class Process:
    """The process over some runs.

    Attributes:
        bases: Of each parameter.
        target: With mean 0 and variance 1, shape (n_runs,).
        apart: Pairs of parameters of which one decides whether the other is set: they have no term of their own.
    """

    bases: tuple[Basis, ...]
    target: Floats
    apart: tuple[tuple[int, int], ...] = ()
    mean: Floats = field(init=False)
    deviation: Floats = field(init=False)

    def __post_init__(self) -> None:
        priors = np.array([*[_SCALE] * self.p, *[_DECAY] * self.p, _PAIRS, _TRIPLES, _NOISE])
        object.__setattr__(self, "mean", priors[:, 0])
        object.__setattr__(self, "deviation", priors[:, 1])

    @property
    def p(self) -> int:
        """The number of parameters."""
        return len(self.bases)

    @property
    def has_triples(self) -> bool:
        """Whether terms of three parameters are looked at."""
        return 3 <= self.p <= MOST_FOR_TRIPLES and not self.apart

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """The range of each unknown."""
        return [*[(-12.0, 4.0)] * self.p, *[(0.02, 4.0)] * self.p, (-8.0, 4.0), (-8.0, 4.0), (np.log(1e-7), np.log(1.5))]

    def of(self, rows: NDArray[np.intp]) -> Process:
        """The process over some of the runs, their target scaled anew."""
        target = self.target[rows]
        spread = target.std() or 1.0
        bases = tuple(Basis(one.values[rows], one.degrees, one.at) for one in self.bases)
        return Process(bases, (target - target.mean()) / spread, self.apart)

    def _apart_from(self, k: int) -> list[int]:
        """The parameters that have no term together with one."""
        return [sum(pair) - k for pair in self.apart if k in pair]

    def variances(self, unknowns: Floats) -> list[Floats]:
        """The prior variance of each function of each parameter, without the factor of its order."""
        p = self.p
        return [np.exp(unknowns[k] - unknowns[p + k] * one.degrees) for k, one in enumerate(self.bases)]

    def parts(self, unknowns: Floats, others: Sequence[Floats] | None = None) -> Parts:
        """The kernels between the runs, or between the runs and others that are given by their basis functions."""
        variances = self.variances(unknowns)
        right = [one.values for one in self.bases] if others is None else others
        kernels = [(one.values * variance) @ there.T for one, variance, there in zip(self.bases, variances, right, strict=True)]
        ones, squares, cubes = np.zeros_like(kernels[0]), np.zeros_like(kernels[0]), np.zeros_like(kernels[0])
        for kernel in kernels:
            ones += kernel
            square = kernel * kernel
            squares += square
            if self.has_triples:
                cubes += square * kernel
        # Newton's identities give the sums over pairs and triples.
        square = ones * ones
        twos = (square - squares) / 2
        for j, k in self.apart:
            twos -= kernels[j] * kernels[k]
        threes = (square * ones - 3 * ones * squares + 2 * cubes) / 6 if self.has_triples else None
        return Parts(variances, kernels, ones, twos, threes)

    def kernel(self, unknowns: Floats, parts: Parts) -> Floats:
        """The prior covariance of the target without its noise."""
        pairs, triples = np.exp(unknowns[-3:-1])
        found: Floats = _CONSTANT + parts.ones + pairs * parts.twos
        return found if parts.threes is None else found + triples * parts.threes

    def loss(self, unknowns: Floats) -> tuple[float, Floats]:
        """Minus the logarithm of evidence times prior, and its gradient."""
        value, gradient = self._evidence(unknowns)
        away = (unknowns - self.mean) / self.deviation
        return -value + float(away @ away) / 2, -gradient + away / self.deviation

    def evidence(self, unknowns: Floats) -> float:
        """The logarithm of the marginal likelihood."""
        lower, failed = dpotrf(self.covariance(unknowns, self.parts(unknowns)), lower=1, overwrite_a=1)
        if failed:
            return _IMPOSSIBLE
        weights = solve_triangular(lower, self.target, lower=True)
        return float(-weights @ weights / 2 - np.log(np.diag(lower)).sum())

    def information(self, unknowns: Floats) -> Floats:
        """The expected second derivatives of minus the logarithm of evidence times prior (Fisher's information), shape (q, q)."""
        parts = self.parts(unknowns)
        inverse = np.linalg.inv(self.covariance(unknowns, parts))
        changes = np.stack([inverse @ change for change in self._changes(unknowns, parts)])
        found = np.tensordot(changes, changes, axes=([1, 2], [2, 1])) / 2
        return np.asarray(found + np.diag(self.deviation**-2.0))

    def _changes(self, unknowns: Floats, parts: Parts) -> Iterator[Floats]:
        """The derivatives of the covariance of the target by each of the unknowns."""
        pairs, triples, noise = np.exp(unknowns[-3:])
        factors = []
        for k, kernel in enumerate(parts.kernels):
            rest = parts.ones - kernel
            factor = 1 + pairs * rest
            for other in self._apart_from(k):
                factor -= pairs * parts.kernels[other]
            if parts.threes is not None:
                factor += triples * (parts.twos - kernel * rest)
            factors.append(factor)
            yield factor * kernel
        for one, variance, factor in zip(self.bases, parts.variances, factors, strict=True):
            yield factor * ((one.values * (-one.degrees * variance)) @ one.values.T)
        yield pairs * parts.twos
        yield triples * parts.threes if parts.threes is not None else np.zeros_like(parts.ones)
        yield noise * np.eye(len(self.target))

    def residuals(self, unknowns: Floats) -> Floats:
        """The error of the prediction of each run by the others, the unknowns as they are (Dubrule 1983), shape (n_runs,)."""
        precision = np.linalg.inv(self.covariance(unknowns, self.parts(unknowns)))
        return np.asarray(precision @ self.target / np.diag(precision))

    def covariance(self, unknowns: Floats, parts: Parts) -> Floats:
        """The prior covariance of the target, noise included."""
        covariance = self.kernel(unknowns, parts)
        covariance[np.diag_indices_from(covariance)] += np.exp(unknowns[-1])
        return covariance

    def _evidence(self, unknowns: Floats) -> tuple[float, Floats]:
        """The logarithm of the marginal likelihood, and its gradient."""
        parts = self.parts(unknowns)
        lower, failed = dpotrf(self.covariance(unknowns, parts), lower=1, overwrite_a=1)
        if failed:
            return _IMPOSSIBLE, np.zeros(len(unknowns))
        halves = np.log(np.diag(lower)).sum()
        inverse, _ = dpotri(lower, lower=1)
        precision = np.tril(inverse) + np.tril(inverse, -1).T
        weights = precision @ self.target
        return float(-self.target @ weights / 2 - halves), self._gradient(unknowns, parts, weights, precision)

    def _gradient(self, unknowns: Floats, parts: Parts, weights: Floats, precision: Floats) -> Floats:
        p = self.p
        pairs, triples, noise = np.exp(unknowns[-3:])
        outer = (np.outer(weights, weights) - precision) / 2
        gradient = np.zeros(len(unknowns))
        # The derivative by the kernel K of one parameter is outer · (1 + pairs · (ones − K) + triples · (twos − K · (ones − K))).
        triples = triples if parts.threes is not None else 0.0
        plain = outer * (1 + pairs * parts.ones + triples * parts.twos)
        once = outer * (pairs + triples * parts.ones)
        twice = triples * outer
        for k, (one, variance) in enumerate(zip(self.bases, parts.variances, strict=True)):
            kernel = parts.kernels[k]
            slope = twice * kernel
            slope -= once
            slope *= kernel
            slope += plain
            for other in self._apart_from(k):
                slope -= pairs * outer * parts.kernels[other]
            slopes = variance * np.einsum("na,na->a", slope @ one.values, one.values)
            gradient[k], gradient[p + k] = slopes.sum(), -(slopes * one.degrees).sum()
        gradient[-3] = pairs * np.vdot(outer, parts.twos)
        gradient[-2] = triples * np.vdot(outer, parts.threes) if parts.threes is not None else 0.0
        gradient[-1] = noise * np.trace(outer)
        return gradient

