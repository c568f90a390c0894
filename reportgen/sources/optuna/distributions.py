"""Optuna's distributions, of all its versions, from their JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reportgen.model import Distribution, Scalar, Value
from reportgen.sources.values import json_text, parse_json, plain_leaf

_FLOATS = frozenset({"FloatDistribution", "UniformDistribution", "LogUniformDistribution", "DiscreteUniformDistribution", "float"})
_INTEGERS = frozenset({"IntDistribution", "IntUniformDistribution", "IntLogUniformDistribution", "int"})
_CATEGORICAL = frozenset({"CategoricalDistribution", "categorical"})


@dataclass(frozen=True)
class Drawn:
    """What a parameter is drawn from, and how its stored number becomes the value that the objective function saw.

    Attributes:
        kind: Two distributions of one parameter of a study have the same.
    """

    distribution: Distribution
    value: Callable[[float], Value]
    kind: tuple[object, ...]


def drawn(text: str) -> Drawn:
    """The distribution of a JSON text.

    Raises:
        ValueError: It is none that is known.
    """
    content = parse_json(text)
    if not isinstance(content, dict):
        raise ValueError("no distribution")
    name, about = content.get("name", content.get("type")), content.get("attributes", content)
    if not isinstance(name, str) or not isinstance(about, dict):
        raise ValueError("no distribution")
    if name in _CATEGORICAL:
        return _choice(about.get("choices"))
    if name not in _FLOATS | _INTEGERS:
        raise ValueError(f"unknown distribution '{name}'")
    is_integer = name in _INTEGERS
    log = bool(about.get("log", "Log" in name))
    step = about.get("step", about.get("q"))
    if is_integer:
        step = 1 if step is None or log else step
    low, high = _number(about.get("low"), is_integer), _number(about.get("high"), is_integer)
    if step is not None:
        step = _number(step, is_integer)
        high = _last_step(low, high, step)
    return Drawn(Distribution(low, high, log, step), int if is_integer else float, (is_integer, log))


def _choice(choices: Any) -> Drawn:
    """Choices by value; a stored number is the place of one."""
    if not isinstance(choices, list):
        raise ValueError("no choices")
    values = [plain_leaf(choice) for choice in choices]
    scalars: tuple[Scalar, ...] = tuple(json_text(value) if isinstance(value, list) else value for value in values)

    def chosen(place: float) -> Value:
        if not 0 <= int(place) < len(values):
            raise ValueError(f"no choice number {place}")
        return values[int(place)]

    return Drawn(Distribution(choices=scalars), chosen, ("choice", json_text(choices)))


def _number(value: Any, is_integer: bool) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"'{value}' is no end of a range")
    return int(value) if is_integer else float(value)


def _last_step(low: float, high: float, step: float) -> float:
    """The highest value that can be drawn, as Optuna computes it: in decimal numbers."""
    first, last, by = (Decimal(str(one)) for one in (low, high, step))
    if not by.is_finite() or not first.is_finite() or not last.is_finite() or by <= 0 or (last - first) / by > 10**20:
        return high
    reached = (last - first) // by * by + first
    return high if reached == last else type(high)(reached)
