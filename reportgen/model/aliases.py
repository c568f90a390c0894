"""One name for what different trackers and scripts call differently: `lr` for `optimizer.lr` here and `learning_rate` there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from reportgen.errors import QueryError, did_you_mean
from reportgen.model.run import Run
from reportgen.model.runs import Runs

_T = TypeVar("_T")
_CONFIG, _METRICS = ("config.", "params."), ("summary.", "metrics.")
_KINDS = ("min", "max", "mean", "best", "last", "first")


def aliased(runs: Runs, aliases: Mapping[str, Sequence[str]]) -> Runs:
    """The runs with config keys and metrics renamed, in the order in which they were.

    Args:
        aliases: New name → the names that it stands for: config keys (also written `config.…` or `params.…`) or metrics
            (also `summary.…`, `metrics.…`). In each run, the first that it has is renamed; a run that has
            the new name already is left as it is. A new name that stands for config keys means them also where
            some run has a metric of that name (many log their learning rate).
    """
    if not aliases:
        return runs
    config = {new for new, names in aliases.items() if any(_is_config(run, name) for name in names for run in runs)}
    return runs.in_order(_renamed(run, aliases) for run in runs).with_config_first(config)


def check_aliases(runs: Runs, aliases: Mapping[str, Sequence[str]]) -> None:
    """Complains of a name that no run has.

    Raises:
        QueryError: With the nearest name that there is.
    """
    for names in aliases.values():
        for name in names:
            if not any(_key(run, name) for run in runs):
                known = [*(f"config.{key}" for key in runs.config_keys), *runs.config_keys, *runs.columns]
                raise QueryError(f"no column '{name}'", hint=did_you_mean(name, known))


def _renamed(run: Run, aliases: Mapping[str, Sequence[str]]) -> Run:
    for new, names in aliases.items():
        kinds = [key[0] for name in names if (key := _key(run, name))]
        own = next((key for prefix in (_CONFIG[0], _METRICS[0]) if (key := _key(run, prefix + new)) and key[0] in kinds), None)
        found = own or next((key for name in names if (key := _key(run, name))), None)
        if found is None or found[1] == new:
            continue
        kind, old = found
        if kind == "config":
            run = replace(run, config=_with_key(run.config, old, new), search_space=_with_key(run.search_space, old, new))
        else:
            run = _with_metric(run, old, new)
    return run


def _key(run: Run, name: str) -> tuple[str, str] | None:
    """Whether a name is a config key or a metric of the run, and the key; None when it is neither."""
    for prefix in (*_CONFIG, *_METRICS, ""):
        key = name.removeprefix(prefix)
        if not name.startswith(prefix) or not key:
            continue
        if key in run.config and prefix not in _METRICS:
            return "config", key
        if (key in run.history or key in run.summary) and prefix not in _CONFIG:
            return "metric", key
    return None


def _is_config(run: Run, name: str) -> bool:
    key = _key(run, name)
    return key is not None and key[0] == "config"


def _with_metric(run: Run, old: str, new: str) -> Run:
    summary = _with_key(run.summary, old, new)
    for kind in _KINDS:
        summary = _with_key(summary, f"{old}.{kind}", f"{new}.{kind}")
    history = {new if key == old else key: replace(series, key=new) if key == old else series for key, series in run.history.items()}
    metrics = tuple(replace(one, key=new) if one.key == old else one for one in run.metrics)
    return replace(run, summary=summary, history=history, metrics=metrics)


def _with_key(mapping: Mapping[str, _T], old: str, new: str) -> dict[str, _T]:
    return {new if key == old else key: value for key, value in mapping.items()}
