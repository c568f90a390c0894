"""The target as a function of the parameters: draws of it from the posterior, evaluated anywhere in the search space."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Term:
    """Products of basis functions of the same parameters.

    Attributes:
        parameters: One, two or three of them.
        functions: Of each parameter the function that it gives to a product, each of shape (n_products,).
        where: The places of the products among all coefficients, shape (n_products,).
    """

    parameters: tuple[int, ...]
    functions: tuple[NDArray[np.intp], ...]
    where: NDArray[np.intp]

    def at(self, points: Mapping[int, Floats]) -> Floats:
        """The products, shape (n_products, n_points).

        Args:
            points: Of each parameter its basis functions, shape (n_points, n_functions).
        """
        found = points[self.parameters[0]].T[self.functions[0]]
        for k, which in zip(self.parameters[1:], self.functions[1:], strict=True):
            found = found * points[k].T[which]
        return found


@dataclass(frozen=True, eq=False)
class Setting:
    """Several draws of the coefficients for one draw of the unknowns.

    Attributes:
        constant: Shape (n_draws,).
        coefficients: Shape (n_draws, n_products).
        noise: The variance of the noise.
    """

    terms: tuple[Term, ...]
    constant: Floats
    coefficients: Floats
    noise: float

    def at(self, points: Mapping[int, Floats], touching: Collection[int] = ()) -> Floats:
        """As `Surrogate.at`, for these draws."""
        n = max(map(len, points.values()))
        found = np.repeat(self.constant[:, None], n, axis=1)
        for term in self.terms:
            if all(k in points for k in term.parameters) and (not touching or any(k in touching for k in term.parameters)):
                found += self.coefficients[:, term.where] @ term.at(points)
        return found


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Draws of the target's function over the search space, in standard deviations of the target from its mean."""

    settings: tuple[Setting, ...]

    def at(self, points: Mapping[int, Floats], touching: Collection[int] = ()) -> Floats:
        """Each draw at each point, averaged over the parameters that are not given, shape (n_draws, n_points).

        The average is exact, since no basis function has a mean over the search space.

        Args:
            points: Of some parameters, by their numbers, the basis functions there, shape (n_points, n_functions); one row where
                a parameter has the same value at all points.
            touching: Only the terms that one of these parameters has a part in: enough to say which point is higher where only they differ.
        """
        return np.concatenate([one.at(points, touching) for one in self.settings])

    def some(self, least: int) -> Surrogate:
        """At least so many draws, of draws of the unknowns that are evenly chosen: for what has to be evaluated at many points."""
        most = -(-least // len(self.settings[0].constant))
        if len(self.settings) <= max(most, 2):
            return self
        return Surrogate(tuple(self.settings[i] for i in np.linspace(0, len(self.settings) - 1, max(most, 2)).round().astype(int)))

    def mean(self) -> Setting:
        """The mean of all draws as one: as quick to evaluate as a single draw of the unknowns."""
        places: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
        constant, count = 0.0, 0
        for one in self.settings:
            constant += float(one.constant.sum())
            count += len(one.constant)
            sums = one.coefficients.sum(axis=0)
            for term in one.terms:
                for which, value in zip(zip(*map(np.ndarray.tolist, term.functions), strict=True), sums[term.where].tolist(), strict=True):
                    key = term.parameters, which
                    places[key] = places.get(key, 0.0) + value
        names = sorted(places)
        coefficients = np.array([[places[name] for name in names]]) / count
        noise = float(np.mean([one.noise for one in self.settings]))
        return Setting(terms_of([(name, which) for name, which in names]), np.array([constant / count]), coefficients, noise)


def terms_of(products: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> tuple[Term, ...]:
    """Products, each by its parameters and the function of each of these, put together by parameters."""
    places: dict[tuple[int, ...], list[int]] = {}
    for i, (parameters, _) in enumerate(products):
        places.setdefault(parameters, []).append(i)
    found = []
    for parameters, where in places.items():
        functions = np.array([products[i][1] for i in where], dtype=np.intp)
        found.append(Term(parameters, tuple(functions.T), np.array(where, dtype=np.intp)))
    return tuple(found)
