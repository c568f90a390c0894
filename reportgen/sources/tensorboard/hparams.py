"""What TensorBoard's HParams plugin knows of a run: hyperparameters, the metrics to look at, and what a sweep draws from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import DecodeError

from reportgen.model import Distribution, MetricDefinition, State, Value
from reportgen.sources.tensorboard.schema import message_class
from reportgen.sources.values import flatten, plain_leaf

PLUGIN = "hparams"
_STATES: dict[int, State] = {1: "finished", 2: "failed", 3: "running"}


@dataclass
class HParams:
    """Collects the plugin's records; a later one adds to an earlier one.

    Attributes:
        config: The hyperparameters of the run. TensorBoard keeps all numbers as float64.
        search_space: What each hyperparameter may be, as far as the experiment says.
        metrics: The metrics that the experiment names.
        group: What the run shares with its repetitions.
        has_experiment: Whether the experiment was described at all.
        started, ended: Epoch seconds, None when not said.
    """

    config: dict[str, Value] = field(default_factory=dict)
    search_space: dict[str, Distribution] = field(default_factory=dict)
    metrics: dict[str, MetricDefinition] = field(default_factory=dict)
    group: str = ""
    state: State = "unknown"
    has_experiment: bool = False
    started: float | None = None
    ended: float | None = None

    def add(self, content: bytes) -> bool:
        """Take in the plugin's content of one summary; whether it could be read."""
        try:
            data = message_class("HParamsPluginData").FromString(content)
        except DecodeError:
            return False
        match data.WhichOneof("record_type"):
            case "experiment":
                self._add_experiment(data.experiment)
            case "session_start_info":
                start = data.session_start_info
                self.config |= {key: plain_leaf(one) for key, one in flatten({one.key: _value(one.value) for one in start.hparams})}
                self.group = start.group_name or self.group
                self.started = start.start_time_secs or self.started
            case "session_end_info":
                self.state = _STATES.get(data.session_end_info.status, self.state)
                self.ended = data.session_end_info.end_time_secs or self.ended
            case _:
                return False
        return True

    def _add_experiment(self, experiment: Any) -> None:
        self.has_experiment = True
        for info in experiment.hparam_infos:
            kind = info.WhichOneof("record_type")
            if kind == "domain_discrete":
                choices = tuple(_scalar(one) for one in info.domain_discrete.values)
                self.search_space[info.name] = Distribution(choices=choices)
            elif kind == "domain_interval":
                self.search_space[info.name] = Distribution(info.domain_interval.min_value, info.domain_interval.max_value)
        for metric in experiment.metric_infos:
            # The group is the folder below the run's own that logs the metric (`validation`).
            group = metric.name.group.strip("./")
            key = f"{group}/{metric.name.tag}" if group else metric.name.tag
            self.metrics[key] = MetricDefinition(key)


def _scalar(value: Any) -> str | int | float | bool | None:
    plain = _value(value)
    return plain if plain is None or isinstance(plain, str | int | float | bool) else str(plain)


def _value(value: Any) -> Any:
    """Protobuf's `Value` as Python's."""
    match value.WhichOneof("record_type"):
        case "number_value":
            return float(value.number_value)
        case "string_value":
            return str(value.string_value)
        case "bool_value":
            return bool(value.bool_value)
        case "list_value":
            return [_value(one) for one in value.list_value.values]
        case "struct_value":
            found: Mapping[str, Any] = {one.key: _value(one.value) for one in value.struct_value.fields}
            return found
    return None
