"""`wandb.define_metric` as the config of a run on a server holds it: protobuf records written as JSON, fields by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.model import MetricDefinition
from reportgen.sources.wandb.definitions import Definitions
from reportgen.sources.wandb.schema import message_class

_TEXTS = {"1": "name", "2": "glob_name", "4": "step_metric"}
_NUMBERS = {"5": "step_metric_index", "8": "goal"}
_FLAGS = {
    "6": ("options", {1: "step_sync", 2: "hidden", 3: "defined"}),
    "7": ("summary", {1: "min", 2: "max", 3: "mean", 4: "best", 5: "last", 6: "none", 7: "copy", 8: "first"}),
}


def definitions_of(config: Mapping[str, Any]) -> tuple[MetricDefinition, ...]:
    """The definitions in a config's `_wandb.value.m`, as `{"1": "val/acc", "5": 1, "7": [2]}`: of a set of flags, those that are set."""
    internal = config.get("_wandb")
    content = internal.get("value", internal) if isinstance(internal, dict) else {}
    listed = content.get("m") if isinstance(content, dict) else None
    definitions = Definitions()
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            definitions.add(_record(one))
    return definitions.all()


def _record(fields: Mapping[str, Any]) -> Any:
    """The protobuf record that these fields were."""
    record = message_class("Metric")()
    for number, value in fields.items():
        if number in _TEXTS and isinstance(value, str):
            setattr(record, _TEXTS[number], value)
        elif number in _NUMBERS and isinstance(value, int) and 0 <= value < 2**31:
            setattr(record, _NUMBERS[number], value)
        elif number in _FLAGS and isinstance(value, list):
            name, flags = _FLAGS[number]
            for flag in value:
                if isinstance(flag, int) and flag in flags:
                    setattr(getattr(record, name), flags[flag], True)
    return record
