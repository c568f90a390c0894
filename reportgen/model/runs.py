"""The runs of a report or a folder: a sequence that can be named, filtered, ranked and turned into frames."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, overload

import numpy as np

from reportgen.errors import QueryError, did_you_mean, did_you_mean_key
from reportgen.model.aggregates import AGGREGATE
from reportgen.model.goal import goal_of
from reportgen.model.records import MetricDefinition
from reportgen.model.run import ATTRIBUTES, Goal, Run, best_of

if TYPE_CHECKING:
    import pandas as pd


class Runs(Sequence[Run]):
    """Runs in a fixed order (by start, then id), with unique ids. Immutable.

    `runs["sweep-03"]` finds by id or name; `runs.where(...)` and its like return new `Runs`.
    """

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        ordered = sorted(runs, key=lambda run: (run.started.timestamp() if run.started else math.inf, run.id))
        self._runs = tuple(_with_unique_ids(ordered))
        self._config_first: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def __repr__(self) -> str:
        return f"Runs({len(self)}: {', '.join(run.name for run in self[:3])}{', …' if len(self) > 3 else ''})"

    @overload
    def __getitem__(self, which: int | str) -> Run: ...
    @overload
    def __getitem__(self, which: slice) -> Runs: ...
    def __getitem__(self, which: int | str | slice) -> Run | Runs:
        if isinstance(which, slice):
            return self.in_order(self._runs[which])
        if isinstance(which, int):
            return self._runs[which]
        return self.named(which)

    def in_order(self, runs: Iterable[Run]) -> Runs:
        """Some of these runs in the order given, without sorting: for selections and rankings."""
        made = Runs()
        made._runs = tuple(runs)
        made._config_first = self._config_first
        return made

    def with_config_first(self, names: Iterable[str]) -> Runs:
        """The same runs, where these names mean config keys also if there are metrics of the same name."""
        made = self.in_order(self)
        made._config_first = self._config_first | set(names)
        return made

    def named(self, name: str) -> Run:
        """The one run with this id or name.

        Raises:
            QueryError: No run or several runs have this name.
        """
        found = [run for run in self if run.id == name] or [run for run in self if run.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(run.id for run in found)
            raise QueryError(f"{len(found)} runs are named '{name}'", hint=f"name one by its id: {ids}")
        known = [name for run in self for name in (run.name, run.id)]
        raise QueryError(f"no run '{name}'", hint=did_you_mean(name, known))

    # What there is to see in the runs ------------------------------------------------------------------

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The keys of all histories, in the order of their first appearance."""
        return tuple(dict.fromkeys(chain.from_iterable(run.history for run in self._runs)))

    @cached_property
    def config_keys(self) -> tuple[str, ...]:
        """The keys of all configs, without the prefix `config.`, in the order of their first appearance."""
        return tuple(dict.fromkeys(chain.from_iterable(run.config for run in self._runs)))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the runs table: attributes, `config.…`, then summary keys and metrics."""
        values = dict.fromkeys(chain(chain.from_iterable(run.summary for run in self._runs), self.metrics))
        metrics = [f"summary.{key}" if key in ATTRIBUTES else key for key in values]
        return (*ATTRIBUTES, *(f"config.{key}" for key in self.config_keys), *dict.fromkeys(metrics))

    @cached_property
    def _known_columns(self) -> frozenset[str]:
        return frozenset(self.columns)

    def column(self, name: str) -> str:
        """The full name of a column: itself, or with the prefix `config.` or `summary.` left out by the writer.

        `best(val/acc)` is `max(val/acc)`, or `min` where less is better.

        Raises:
            QueryError: There is no such column; the message names the nearest one. Or nothing says what is best.
        """
        if found := AGGREGATE.match(name):
            key = self.metric(found[2])
            how = best_of(key, self.goal(key)) if found[1] == "best" else found[1]
            return f"{how}({key})"
        prefixes = ("config.", "", "summary.") if name in self._config_first else ("", "config.", "summary.")
        for full in (prefix + name for prefix in prefixes):
            if full in self._known_columns:
                return full
        raise QueryError(f"no column '{name}'", hint=did_you_mean_key(name, [*self.columns, *self.config_keys]))

    def columns_like(self, pattern: str) -> tuple[str, ...]:
        """The columns that fit a name or a glob such as `config.optimizer.*`.

        Raises:
            QueryError: None does.
        """
        if pattern in self._known_columns or not any(sign in pattern for sign in "*?["):
            return (self.column(pattern),)
        fitting = tuple(name for name in self.columns if fnmatchcase(name, pattern))
        if not fitting:
            raise QueryError(f"no column fits '{pattern}'", hint=did_you_mean_key(pattern, self.columns))
        return fitting

    def metric(self, name: str) -> str:
        """The name of a metric that at least one run has a history of.

        Raises:
            QueryError: There is none; the message names the nearest one.
        """
        if name in self.metrics:
            return name
        raise QueryError(f"no metric '{name}'", hint=did_you_mean_key(name, self.metrics))

    def metrics_like(self, patterns: str | Sequence[str]) -> tuple[str, ...]:
        """The metrics that fit a name or a glob such as `train/*`, or any of several.

        Raises:
            QueryError: One of them fits no metric.
        """
        found: dict[str, None] = {}
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            fitting = [key for key in self.metrics if fnmatchcase(key, pattern)]
            found.update(dict.fromkeys([pattern] if pattern in self.metrics else fitting or [self.metric(pattern)]))
        return tuple(found)

    def goal(self, metric: str) -> Goal | None:
        """Whether more ("max") or less ("min") of a metric is better, or None when nothing tells."""
        found = AGGREGATE.match(metric)
        return goal_of(found[2] if found else metric, self._differently_defined)

    @cached_property
    def _differently_defined(self) -> tuple[Run, ...]:
        """The first run with each set of definitions of metrics, which nearly all runs share."""
        first: dict[tuple[MetricDefinition, ...], Run] = {}
        for run in self._runs:
            first.setdefault(run.metrics, run)
        return tuple(first.values())

    def values(self, column: str) -> list[object]:
        """The value of a column (its full name) for each run, None where a run has none; `run[column]` for all of them at once."""
        if column in ATTRIBUTES:
            return [run[column] for run in self._runs]
        if column.startswith("config."):
            key = column.removeprefix("config.")
            return [run.config.get(key) for run in self._runs]
        key = column.removeprefix("summary.")
        if AGGREGATE.match(key):
            return [run.metric(key) for run in self._runs]
        return [run.summary[key] if key in run.summary else run.metric(key) for run in self._runs]

    # Choosing runs -------------------------------------------------------------------------------------

    def where(self, expression: str) -> Runs:
        """The runs for which a SQL boolean expression over the runs table is true.

        Column names may be written plainly: `config.optimizer.lr < 0.01 and val/acc > 0.9`.

        Raises:
            QueryError: The expression is not valid SQL or names an unknown column.
        """
        from reportgen.model.query import matching

        kept = matching(self, expression)
        return self.in_order(run for run, keep in zip(self, kept, strict=True) if keep)

    def top(self, n: int, metric: str, goal: Goal | None = None) -> Runs:
        """The `n` best runs by a metric, best first; runs without a finite value are left out.

        Args:
            goal: "min" or "max"; by default what `goal(metric)` says.

        Raises:
            QueryError: Unknown metric, or nothing says which direction is better.
        """
        metric = self.column(metric)
        goal = goal or self.goal(metric)
        if goal is None:
            raise QueryError(f"nothing says whether more or less of '{metric}' is better", hint="give the goal: min or max")
        sign = 1.0 if goal == "min" else -1.0
        valued = [(sign * value, run) for run in self if (value := number(run[metric])) is not None and math.isfinite(value)]
        return self.in_order(run for _, run in sorted(valued, key=lambda pair: pair[0])[:n])

    def best(self, metric: str, goal: Goal | None = None) -> Run:
        """The best run by a metric (see `top`).

        Raises:
            QueryError: As `top`, or no run has a finite value.
        """
        top = self.top(1, metric, goal)
        if not top:
            raise QueryError(f"no run has a finite value of '{metric}'")
        return top[0]

    def select(self, selection: str | Sequence[str]) -> Runs:
        """The runs that a report's `runs:` option names; see `reportgen.model.query.select`."""
        from reportgen.model.query import select

        return select(self, selection)

    # Frames --------------------------------------------------------------------------------------------

    def frame(self) -> pd.DataFrame:
        """One row per run, one column for each of `columns`; missing values are None or NaN."""
        import pandas as pd

        data = {name: pd.Series([run[name] for run in self], dtype=object) for name in self.columns}
        return pd.DataFrame(data).infer_objects()

    def history(self, metrics: str | Sequence[str] = "*") -> pd.DataFrame:
        """The history in long form: columns `run` (id), `key`, `step`, `time` (epoch seconds) and `value`."""
        import pandas as pd

        keys = self.metrics if metrics == "*" else self.metrics_like(metrics)
        series = [(run.id, run.history[key]) for run in self for key in keys if key in run.history]
        empty = np.empty(0)
        sizes = [len(one) for _, one in series]
        return pd.DataFrame(
            {
                "run": np.repeat(np.array([run for run, _ in series], dtype=object), sizes),
                "key": np.repeat(np.array([one.key for _, one in series], dtype=object), sizes),
                "step": np.concatenate([one.step for _, one in series] or [empty.astype(np.int64)]),
                "time": np.concatenate([one.time for _, one in series] or [empty]),
                "value": np.concatenate([one.value for _, one in series] or [empty]),
            }
        )


def number(value: object) -> float | None:
    """A config or summary value as a float, or None when it is not a number (a bool is one: 0 or 1)."""
    if isinstance(value, bool | int | float | np.number):
        return float(value)
    return None


def _with_unique_ids(runs: Iterable[Run]) -> Iterator[Run]:
    taken: set[str] = set()
    for run in runs:
        fresh, copy = run.id, 2
        while fresh in taken:
            fresh, copy = f"{run.id}-{copy}", copy + 1
        taken.add(fresh)
        yield run if fresh == run.id else replace(run, id=fresh)
