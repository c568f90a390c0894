"""What a run is compared with on its page: the run before it, the first and the best one of its project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.analysis.main_metric import main_metric, ranking
from reportgen.blocks.readable import readable
from reportgen.model import Goal, Run, Runs, number
from reportgen.site.contexts import Link
from reportgen.site.pages.facts import key_label, value_html
from reportgen.site.pages.lead import value_text
from reportgen.site.run_contexts import Comparison, Difference
from reportgen.words import _, ngettext

_MOST = 200


@dataclass(frozen=True)
class Baselines:
    """The runs of one project in the order in which they were started, and which of them is the best.

    Attributes:
        metric: What the best run is best at, "" when no metric tells.
    """

    runs: tuple[Run, ...]
    metric: str = ""
    goal: Goal | None = None
    best: Run | None = None

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each run among them, by its id."""
        return {run.id: i for i, run in enumerate(self.runs)}

    def of(self, run: Run) -> Iterator[tuple[str, Run]]:
        """What a run is compared with: name and run, each run once."""
        at = self.places[run.id]
        named = [("previous", self.runs[at - 1] if at else None), ("best", self.best), ("first", self.runs[0])]
        seen = {run.id}
        for name, one in named:
            if one is not None and one.id not in seen:
                seen.add(one.id)
                yield name, one


def baselines(runs: Runs) -> dict[str, Baselines]:
    """For each run, by its id, the runs of its project."""
    projects: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        projects.setdefault((run.project, "" if run.project else run.source.format), []).append(run)
    found: dict[str, Baselines] = {}
    for several in projects.values():
        ordered = tuple(run for _i, run in sorted(enumerate(several), key=lambda one: (_start(one[1]), one[0])))
        found |= dict.fromkeys((run.id for run in ordered), _with_best(ordered))
    return found


def _start(run: Run) -> float:
    return run.started.timestamp() if run.started else float("inf")


def _with_best(ordered: tuple[Run, ...]) -> Baselines:
    runs = Runs(ordered)
    metric = main_metric(runs) if len(ordered) > 1 else ""
    top = ranking(runs, metric) if metric else Runs()
    return Baselines(ordered, metric, runs.goal(metric) if metric else None, top[0] if len(top) else None)


def comparisons(run: Run, among: Baselines, links: Mapping[str, Link]) -> tuple[Comparison, ...]:
    """The differences of a run's config to the runs that it is compared with.

    Args:
        links: The page of each run by its id, as a link from this run's page.
    """
    titles = {"previous": _("the run before"), "best": _("the best run"), "first": _("the first run")}
    made = []
    for name, other in among.of(run):
        differences = _differences(run.config, other.config)
        keys = len(run.config.keys() | other.config.keys())
        said = [_counted(len(differences), keys)]
        if among.metric and (result := _result(run, other, among.metric)):
            said.append(result)
        title = titles[name]
        if other is among.best and name != "best":
            title = _("{run}, which is the best").format(run=title)
        made.append(Comparison(name, title, links[other.id], " ".join(said), tuple(differences[:_MOST]), max(0, len(differences) - _MOST)))
    return tuple(made)


def _counted(differing: int, keys: int) -> str:
    if not keys:
        return _("Neither has a config.")
    if not differing:
        return _("The configs are equal.")
    return ngettext("{n} of {all} keys differs.", "{n} of {all} keys differ.", differing).format(n=differing, all=keys)


def _result(run: Run, other: Run, metric: str) -> str:
    """“val/acc 0.929 here, 0.95 there.”"""
    here, there = number(run.metric(metric)), number(other.metric(metric))
    if here is None or there is None:
        return ""
    values = {"metric": readable(metric), "here": value_text(metric, here), "there": value_text(metric, there)}
    return _("{metric}: {here} here, {there} there.").format(**values)


def _differences(here: Mapping[str, object], there: Mapping[str, object]) -> list[Difference]:
    """The keys with different values, in the order of this run's config; then those that only the other has."""
    keys: Sequence[str] = list(dict.fromkeys([*here, *there]))
    return [
        Difference(
            readable(key), key_label(key), value_html(here[key]) if key in here else None, value_html(there[key]) if key in there else None
        )
        for key in keys
        if not (key in here and key in there and _same(here[key], there[key]))
    ]


def _same(a: object, b: object) -> bool:
    return type(a) is type(b) and (a == b or repr(a) == repr(b))
