"""What a W&B sweep draws hyperparameters from, by its config."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.model import Distribution, Scalar
from reportgen.sources.values import json_text
from reportgen.sources.yaml import parse_yaml

_LOG = ("log_uniform", "inv_log_uniform")


def search_space(config: str) -> dict[str, Distribution]:
    """The distributions of a sweep's config (YAML text) by config key; nested parameters have dots in their key.

    Constants are left out, and so are distributions without ends (`normal`, `beta`, …).

    Raises:
        ValueError: It is no config of a sweep.
    """
    content = parse_yaml(config.encode("utf-8", "replace"))
    if not isinstance(content, Mapping):
        raise ValueError("no mapping")
    parameters = content.get("parameters")
    return dict(_distributions(parameters, "")) if isinstance(parameters, Mapping) else {}


def _distributions(parameters: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, Distribution]]:
    for name, about in parameters.items():
        if not isinstance(about, Mapping):
            continue
        if isinstance(about.get("parameters"), Mapping):
            yield from _distributions(about["parameters"], f"{prefix}{name}.")
        elif (made := _distribution(about)) is not None:
            yield f"{prefix}{name}", made


def _distribution(about: Mapping[Any, Any]) -> Distribution | None:
    """A choice, or a range; without `distribution`, ends that are whole numbers mean whole numbers between them."""
    values = about.get("values")
    if isinstance(values, list):
        return Distribution(choices=tuple(_scalar(value) for value in values))
    low, high = _number(about.get("min")), _number(about.get("max"))
    if low is None or high is None:
        return None
    is_whole = isinstance(low, int) and isinstance(high, int)
    kind = str(about.get("distribution") or ("int_uniform" if is_whole else "uniform"))
    is_stepped, kind = kind.startswith("q_"), kind.removeprefix("q_")
    step = _number(about.get("q", 1)) if is_stepped else None
    if kind == "int_uniform":
        return Distribution(low, high, step=1)
    if kind == "uniform":
        return Distribution(low, high, step=step)
    if kind.removesuffix("_values") not in _LOG:
        return None
    if not kind.endswith("_values"):  # the ends are exponents
        low, high = _exp(low), _exp(high)
        if kind.startswith("inv_"):
            low, high = (1 / end if end else math.inf for end in (high, low))
    return Distribution(low, high, log=True, step=step)


def _scalar(value: Any) -> Scalar:
    return value if value is None or isinstance(value, str | bool | int | float) else json_text(value)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf
