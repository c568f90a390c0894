"""What expressions see of runs: views that give values away and nothing else."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from markupsafe import Markup

from reportgen.blocks.links import gradients_href, run_href, run_link
from reportgen.charts.style import ChartStyle
from reportgen.errors import QueryError, did_you_mean, did_you_mean_key
from reportgen.model import Goal, Run, Runs, number
from reportgen.report.inserts import Insert, Inserts, clean
from reportgen.words import _, ngettext


@dataclass(frozen=True)
class Desk:
    """What all views of one report share."""

    runs: Runs
    root: str
    style: ChartStyle
    inserts: Inserts
    need_runs: Callable[[], None]
    """Complains when the report names no runs."""

    def insert(self, html: Markup, text: str, value: Any) -> Markup:
        """Safe HTML as something that an expression can print, join and pass on."""
        return Markup(self.inserts.add(Insert(value, text, html)))


class View:
    """Base of the views: their public attributes are what expressions may use."""

    @classmethod
    @cache
    def names(cls) -> tuple[str, ...]:
        """The attributes that expressions may use."""
        return tuple(name for name in dir(cls) if not name.startswith("_") and name != "names")


class RunView(View):
    """One run. `run["val/acc"]` and `run["config.lr"]` are columns of the runs table."""

    def __init__(self, run: Run, desk: Desk) -> None:
        self._run, self._desk = run, desk

    def __getitem__(self, column: str) -> Any:
        try:
            return clean(self._run[self._desk.runs.column(str(column))])
        except QueryError as error:
            if str(column).isidentifier():
                raise QueryError(error.message, hint=did_you_mean(str(column), self.names()) or error.hint) from None
            raise

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunView) and other._run.id == self._run.id

    def __hash__(self) -> int:
        return hash(self._run.id)

    def __str__(self) -> str:
        return self.name

    @property
    def link(self) -> Markup:
        """The run's name as a link to its page."""
        html = run_link(_cleaned_name(self._run), self._desk.root, self._desk.style.colour(self._run.id))
        return self._desk.insert(html, self.name, self.name)

    @property
    def gradients(self) -> Markup:
        """“gradients of …” as a link to the page of the run's histograms."""
        if not self._run.histograms:
            raise QueryError(f"the run '{self.name}' logged no histogram", hint="wandb.watch and wandb.Histogram log some")
        text = _("gradients of {run}").format(run=self.name)
        return self._desk.insert(Markup('<a href="{}">{}</a>').format(gradients_href(self._run, self._desk.root), text), text, text)

    @property
    def url(self) -> str:
        """The address of the run's page, relative to this page."""
        return run_href(self._run, self._desk.root)

    @property
    def config(self) -> KeysView:
        """The run's config: `run.config.optimizer.lr`, or `run.config["optimizer.lr"]`."""
        return KeysView(self._run.config, self._desk.runs.config_keys, "config key")

    @property
    def summary(self) -> KeysView:
        """The tracker's own summary: `run.summary["val/acc"]`."""
        known = tuple(dict.fromkeys(key for run in self._desk.runs for key in run.summary))
        return KeysView(self._run.summary, known, "summary key")

    @property
    def id(self) -> str:
        """The run's id."""
        return str(clean(self._run.id))

    @property
    def name(self) -> str:
        """The run's name, without a link."""
        return str(clean(self._run.name))

    @property
    def project(self) -> str:
        """The tracker's project."""
        return str(clean(self._run.project))

    @property
    def group(self) -> str:
        """The tracker's group."""
        return str(clean(self._run.group))

    @property
    def state(self) -> str:
        """finished, failed, crashed, killed, running, pruned or unknown."""
        return self._run.state

    @property
    def started(self) -> datetime | None:
        """When it started, in UTC."""
        return self._run.started

    @property
    def ended(self) -> datetime | None:
        """When it ended, in UTC."""
        return self._run.ended

    @property
    def duration(self) -> float | None:
        """Seconds from start to end."""
        return self._run.duration

    @property
    def tags(self) -> list[str]:
        """The run's tags."""
        return [str(clean(tag)) for tag in self._run.tags]

    @property
    def notes(self) -> str:
        """The run's notes."""
        return str(clean(self._run.notes))


class RunsView(View):
    """Runs in their order: `runs | length`, `{% for run in runs %}`, `runs["name"]`, `runs[0]`."""

    def __init__(self, runs: Runs, desk: Desk) -> None:
        self._runs, self._desk = runs, desk

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[RunView]:
        return (RunView(run, self._desk) for run in self._runs)

    def __getitem__(self, which: int | str | slice) -> RunView | RunsView:
        self._desk.need_runs()
        if isinstance(which, slice):
            return RunsView(self._runs[which], self._desk)
        if isinstance(which, int) and not -len(self) <= which < len(self):
            raise QueryError(f"no run number {which}", hint=f"there are {len(self)} runs, and the first is 0")
        found = self._runs[which] if isinstance(which, int) else self._runs.named(str(which))
        return RunView(found, self._desk)

    def __str__(self) -> str:
        return ngettext("{n} run", "{n} runs", len(self)).format(n=len(self))

    @property
    def whole(self) -> bool:
        """Whether these are all runs of the report."""
        return len(self) == len(self._desk.runs)

    @property
    def link(self) -> Markup:
        """“24 runs” as a link to the page of all runs."""
        return self._desk.insert(Markup('<a href="{}runs.html">{}</a>').format(self._desk.root, str(self)), str(self), str(self))

    def best(self, metric: str, goal: Goal | None = None) -> RunView:
        """The best run by a metric; `goal` is "min" or "max" where its name does not tell."""
        self._desk.need_runs()
        return RunView(self._runs.best(metric, _goal(goal)), self._desk)

    def top(self, n: int, metric: str, goal: Goal | None = None) -> RunsView:
        """The `n` best runs by a metric, best first."""
        self._desk.need_runs()
        return RunsView(self._runs.top(_count(n), metric, _goal(goal)), self._desk)

    def where(self, condition: str) -> RunsView:
        """The runs for which a SQL condition is true."""
        self._desk.need_runs()
        return RunsView(self._runs.where(condition), self._desk)

    def select(self, selection: str) -> RunsView:
        """The runs that a selection names, as the option `runs` of a fence."""
        self._desk.need_runs()
        return RunsView(self._runs.select(selection), self._desk)

    def values(self, column: str) -> list[Any]:
        """The values of a column, one per run that has one."""
        self._desk.need_runs()
        name = self._runs.column(column)
        return [clean(value) for run in self._runs if (value := run[name]) is not None]

    def min(self, column: str) -> float:
        """The smallest finite value of a column."""
        return min(self._numbers(column))

    def max(self, column: str) -> float:
        """The largest finite value of a column."""
        return max(self._numbers(column))

    def mean(self, column: str) -> float:
        """The mean of the finite values of a column."""
        return statistics.fmean(self._numbers(column))

    def median(self, column: str) -> float:
        """The median of the finite values of a column."""
        return statistics.median(self._numbers(column))

    def std(self, column: str) -> float:
        """The sample standard deviation of the finite values of a column (NaN for fewer than two)."""
        values = self._numbers(column)
        return statistics.stdev(values) if len(values) > 1 else math.nan

    @property
    def metrics(self) -> list[str]:
        """The names of all metrics."""
        return [str(clean(name)) for name in self._runs.metrics]

    @property
    def columns(self) -> list[str]:
        """The columns of the runs table."""
        return [str(clean(name)) for name in self._runs.columns]

    def _numbers(self, column: str) -> list[float]:
        found = [value for one in self.values(column) if (value := number(one)) is not None and math.isfinite(value)]
        if not found:
            raise QueryError(f"no run has a finite value of '{column}'")
        return found


class KeysView(View):
    """A config or summary: flat keys with dots, which may also be followed one by one."""

    def __init__(self, values: Mapping[str, Any], known: tuple[str, ...], noun: str, prefix: str = "") -> None:
        self._values, self._known, self._noun, self._prefix = values, known, noun, prefix

    def __getitem__(self, key: str) -> Any:
        full = f"{self._prefix}{key}"
        if full in self._values:
            return clean(self._values[full])
        if any(name.startswith(f"{full}.") for name in self._known):
            return KeysView(self._values, self._known, self._noun, f"{full}.")
        if full in self._known:
            return None
        raise QueryError(f"no {self._noun} '{full}'", hint=did_you_mean_key(full, self._known))

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __str__(self) -> str:
        return ", ".join(f"{key}: {value}" for key, value in self.items())

    def keys(self) -> list[str]:
        """The keys that this run has."""
        return [str(clean(key.removeprefix(self._prefix))) for key in self._values if key.startswith(self._prefix)]

    def items(self) -> list[tuple[str, Any]]:
        """The keys with their values."""
        return [
            (str(clean(key.removeprefix(self._prefix))), clean(value))
            for key, value in self._values.items()
            if key.startswith(self._prefix)
        ]


def _cleaned_name(run: Run) -> Run:
    name = clean(run.name) or run.id
    return run if name == run.name else replace(run, name=name)


def _goal(goal: Any) -> Goal | None:
    if goal not in (None, "min", "max"):
        raise QueryError(f"the goal is min or max, got '{goal}'")
    return goal  # type: ignore[no-any-return]


def _count(n: Any) -> int:
    if not isinstance(n, int) or n < 0:
        raise QueryError(f"top expects a number of runs, got '{n}'")
    return n
