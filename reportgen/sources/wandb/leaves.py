"""Config and summary of a W&B run as the flat mappings of a `Run`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.model import Value
from reportgen.sources.values import NON_FINITE, flatten, plain_leaf
from reportgen.sources.wandb.history import Logged
from reportgen.sources.wandb.objects import Objects

_INTERNAL = ("_wandb", "wandb_version")


def config_of(values: Mapping[str, Any]) -> dict[str, Value]:
    """The config without what W&B keeps in it for itself."""
    values = {key: _unwrapped(value) for key, value in values.items() if key not in _INTERNAL}
    return {key: plain_leaf(value) for key, value in flatten(values)}


def summary_of(values: Mapping[str, Any], objects: Objects, last_step: int) -> dict[str, Value]:
    """The summary without what W&B keeps in it for itself; objects that only the summary has go to `objects`, at the last step."""
    summary: dict[str, Value] = {}
    for key, value in flatten(values):
        if key in ("_step", "_runtime", "_timestamp") or key.startswith("_wandb."):
            continue
        if isinstance(value, dict):
            if key not in objects:
                objects.add(Logged(key, last_step, float("nan"), value))
        else:
            summary[key] = NON_FINITE.get(value, value) if isinstance(value, str) else plain_leaf(value)
    return summary


def _unwrapped(value: Any) -> Any:
    """A value without the wrapping of old logs, `{"value": …, "desc": null}`."""
    return value["value"] if isinstance(value, dict) and value.keys() == {"value", "desc"} and value["desc"] is None else value
