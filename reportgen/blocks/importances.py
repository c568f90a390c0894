"""The importance of hyperparameters, kept between builds: it takes seconds, and the same runs give the same result."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from reportgen.analysis.importance import (
    BestRegion,
    Correlation,
    Ignored,
    Importance,
    Marginal,
    Optimum,
    PairImportance,
    PairMap,
    ParameterImportance,
    Share,
    TargetScale,
    importance,
)
from reportgen.analysis.importance.words import FEWEST_RUNS
from reportgen.analysis.sweeps import Trials
from reportgen.errors import QueryError
from reportgen.model import Goal, Runs
from reportgen.store.cache import Cache
from reportgen.store.code import code_version
from reportgen.words import language

_CODE = ("analysis", "model", "words")
"""The rooms that the result depends on: its sentences, too."""


def kept_importance(
    runs: Runs,
    target: str,
    goal: Goal | None = None,
    params: Sequence[str] | None = None,
    *,
    log: Sequence[str] = (),
    linear: Sequence[str] = (),
    scale: TargetScale = "linear",
    among: float | str | None = None,
    maps: int | Sequence[tuple[str, str]] = 0,
    seed: int = 0,
    cache: Cache | None = None,
) -> Importance:
    """As `importance`, but computed only once for the same runs and options.

    Raises:
        QueryError: As `importance`.
    """
    cache = cache or Cache()
    column = runs.column(target)
    others = dict.fromkeys(other for param in params or () for other in runs.columns_like(param))
    told = [
        [run.id, run.state, dict(run.config), repr(run.search_space), repr(run[column]), [repr(run[other]) for other in others]]
        for run in sorted(runs, key=lambda run: run.id)
    ]
    options = [column, goal or runs.goal(column), params, list(log), list(linear), scale, among, maps, seed]
    whole = json.dumps([code_version(*_CODE), language(), options, told], sort_keys=True, default=repr)
    name = hashlib.sha256(whole.encode()).hexdigest()[:16]
    if (kept := cache.get("importance", name)) is not None:
        try:
            return _read(json.loads(kept))
        except (ValueError, KeyError, TypeError):
            pass
    found = importance(runs, target, goal, params, log=log, linear=linear, scale=scale, among=among, maps=maps, seed=seed)
    cache.put("importance", name, json.dumps(dataclasses.asdict(found)).encode())
    return found


def importance_if_any(runs: Runs, target: str, goal: Goal | None) -> Importance | None:
    """The importance, or None where it cannot be computed (too few runs, or nothing varies)."""
    try:
        return kept_importance(runs, target, goal)
    except QueryError:
        return None


def sweep_importance(trials: Trials) -> Importance | None:
    """What explains the first objective, over the trials that count; None where that cannot be computed."""
    if not trials.objectives or trials.n < FEWEST_RUNS:
        return None
    return importance_if_any(trials.counted_runs, trials.objectives[0].column, trials.objectives[0].goal)


def _read(content: dict[str, Any]) -> Importance:
    parameters = tuple(_parameter(one) for one in content.pop("parameters"))
    ignored = tuple(Ignored(**one) for one in content.pop("ignored"))
    pairs = tuple(PairImportance(tuple(one["names"]), Share(**one["share"])) for one in content.pop("pairs"))
    shares: dict[str, Any] = {name: Share(**content.pop(name)) for name in ("interactions", "noise")}
    local, optimum, maps = content.pop("local_noise"), content.pop("optimum"), tuple(map(_map, content.pop("maps")))
    return Importance(
        **_frozen(content), **shares, parameters=parameters, ignored=ignored, pairs=pairs, maps=maps,
        optimum=None if optimum is None else Optimum(**optimum), local_noise=None if local is None else Share(**local),
    )  # fmt: skip


def _parameter(content: dict[str, Any]) -> ParameterImportance:
    correlation, marginal, total = content.pop("correlation"), content.pop("marginal"), Share(**content.pop("total"))
    local, best = content.pop("local"), content.pop("best")
    return ParameterImportance(
        **_frozen(content),
        total=total,
        correlation=None if correlation is None else Correlation(**correlation),
        marginal=None if marginal is None else Marginal(**_frozen(marginal)),
        local=None if local is None else Share(**local),
        best=None if best is None else BestRegion(**_frozen(best)),
    )


def _map(content: dict[str, Any]) -> PairMap:
    share = Share(**content.pop("share"))
    tables: dict[str, Any] = {name: tuple(map(tuple, content.pop(name))) for name in ("mean", "low", "high")}
    return PairMap(**_frozen(content), **tables, share=share)


def _frozen(content: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
