"""`wandb.define_metric`: how the tracker was told to treat metrics."""

from __future__ import annotations

from typing import Any

from reportgen.model import Goal, MetricDefinition

_GOALS: dict[int, Goal] = {1: "min", 2: "max"}
_SUMMARIES = ("min", "max", "mean", "best", "last", "none", "copy", "first")


class Definitions:
    """Collects the metric records of a log; a later record for the same name replaces the earlier one."""

    def __init__(self) -> None:
        self._named: dict[str, MetricDefinition] = {}
        self._names: list[str] = []

    def add(self, record: Any) -> None:
        """Take in one record. A step metric is given by name or by its number, counted from 1, among the records."""
        key = record.glob_name or record.name
        step_metric = record.step_metric
        if not step_metric and 0 < record.step_metric_index <= len(self._names):
            step_metric = self._names[record.step_metric_index - 1]
        self._names.append(key)
        self._named[key] = MetricDefinition(
            key=key,
            step_metric=step_metric or None,
            summary=tuple(kind for kind in _SUMMARIES if getattr(record.summary, kind)),
            goal=_GOALS.get(record.goal),
            hidden=record.options.hidden,
        )

    def all(self) -> tuple[MetricDefinition, ...]:
        """The definitions in the order of their first record."""
        return tuple(self._named.values())
