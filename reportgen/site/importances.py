"""The importance of hyperparameters, kept between builds: it takes seconds, and the same runs give the same result."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from reportgen.analysis.importance import Correlation, Ignored, Importance, Marginal, ParameterImportance, importance
from reportgen.errors import QueryError
from reportgen.model import Goal, Runs
from reportgen.site.data import digest
from reportgen.store.cache import Cache
from reportgen.store.code import code_version

_CODE = ("analysis", "model")
"""The rooms that the result depends on."""


def kept_importance(runs: Runs, target: str, goal: Goal | None, cache: Cache | None = None) -> Importance | None:
    """As `importance`, or None where it cannot be computed (too few runs, or nothing varies)."""
    cache = cache or Cache()
    told = [[run.id, run.state, dict(run.config), repr(run[target])] for run in sorted(runs, key=lambda run: run.id)]
    name = digest(json.dumps([code_version(*_CODE), target, goal, told], sort_keys=True, default=repr))
    if (kept := cache.get("importance", name)) is not None:
        try:
            return _read(json.loads(kept))
        except (ValueError, KeyError, TypeError):
            pass
    try:
        found = importance(runs, target, goal)
    except QueryError:
        return None
    cache.put("importance", name, json.dumps(dataclasses.asdict(found)).encode())
    return found


def _read(content: dict[str, Any]) -> Importance:
    parameters = tuple(_parameter(one) for one in content.pop("parameters"))
    ignored = tuple(Ignored(**one) for one in content.pop("ignored"))
    return Importance(**_frozen(content), parameters=parameters, ignored=ignored)


def _parameter(content: dict[str, Any]) -> ParameterImportance:
    correlation, marginal = content.pop("correlation"), content.pop("marginal")
    return ParameterImportance(
        **_frozen(content),
        correlation=None if correlation is None else Correlation(**correlation),
        marginal=None if marginal is None else Marginal(**_frozen(marginal)),
    )


def _frozen(content: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
