"""Which runs belong together as one sweep. No run is in two of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from weakref import WeakKeyDictionary

from reportgen.analysis.column_format import exact
from reportgen.analysis.repeats import is_seed
from reportgen.model import Run, Runs

Reason = Literal["sweep", "group", "project", "folder"]
LEAST = 5
"""So many runs with different configs that no tracker calls a sweep count as one."""
_FOUND: WeakKeyDictionary[Runs, tuple[Sweep, ...]] = WeakKeyDictionary()
"""The sweeps of runs that were asked for: every report and page of a site asks, and runs do not change."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Runs that try out hyperparameters.

    Attributes:
        name: The name of its page, different for each sweep; that of `Run.sweep` for the largest sweep of that name.
        title: What it is called.
        reason: Why these runs are together: a tracker says that they are a sweep or a study, they are one group or one project,
            or they were logged into one folder.
    """

    name: str
    title: str
    reason: Reason
    runs: Runs

    @property
    def trials(self) -> Runs:
        """Its runs as they are called among each other: “trial-7” instead of “digits/trial-7”."""
        prefix = f"{self.title}/"
        if not all(run.name.startswith(prefix) and run.name != prefix for run in self.runs):
            return self.runs
        return self.runs.in_order(replace(run, name=run.name.removeprefix(prefix)) for run in self.runs)

    @property
    def format(self) -> str:
        """The format of its logs."""
        return self.runs[0].source.format


def sweeps_of(runs: Runs) -> tuple[Sweep, ...]:
    """The sweeps among some runs, in the order of their first run.

    First those that a tracker knows (`Run.sweep`; studies of one name in two storages are two). Of all other runs those of one
    group, then what is left of one project, then, for runs without group and project, those in one folder: each at least five with
    a config, not all of which are the same but for the seed.
    """
    if runs not in _FOUND:
        _FOUND[runs] = _sweeps_of(runs)
    return _FOUND[runs]


def _sweeps_of(runs: Runs) -> tuple[Sweep, ...]:
    found = list(_told(runs))
    rest = [run for run in runs if not run.sweep]
    rules: tuple[tuple[Reason, Callable[[Run], Hashable], Callable[[Run], str]], ...] = (
        ("group", lambda run: run.group and (run.source.format, run.project, run.group), _group_title),
        ("project", lambda run: run.project and (run.source.format, run.project), lambda run: run.project),
        ("folder", lambda run: not run.project and (run.source.format, run.source.path.parent), lambda run: run.source.path.parent.name),
    )
    for reason, key, title in rules:
        found += (Sweep("", title(one[0]) or reason, reason, one) for one in _alike(runs, rest, key))
        taken = {run.id for sweep in found for run in sweep.runs}
        rest = [run for run in rest if run.id not in taken]
    place = {run.id: i for i, run in enumerate(runs)}
    return tuple(sorted(_named(found), key=lambda sweep: place[sweep.runs[0].id]))


def _told(runs: Runs) -> Iterator[Sweep]:
    """The sweeps that trackers know. The trials of a study share a storage, while each run of other sweeps has a log of its own."""
    paths = Counter((run.sweep, run.source.path) for run in runs if run.sweep)
    groups: dict[Hashable, list[Run]] = {}
    for run in runs:
        if run.sweep:
            storage = run.source.path if paths[run.sweep, run.source.path] > 1 else None
            groups.setdefault((run.sweep, run.source.format, run.project, storage), []).append(run)
    for several in groups.values():
        yield Sweep(several[0].sweep, several[0].sweep, "sweep", runs.in_order(several))


def _alike(runs: Runs, rest: Iterable[Run], key: Callable[[Run], Hashable]) -> Iterator[Runs]:
    groups: dict[Hashable, list[Run]] = {}
    for run in rest:
        if run.config and (where := key(run)):
            groups.setdefault(where, []).append(run)
    for several in groups.values():
        if len(several) >= LEAST and len({_settings(run) for run in several}) > 1:
            yield runs.in_order(several)


def _group_title(run: Run) -> str:
    return f"{run.project}/{run.group}" if run.project else run.group


def _settings(run: Run) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, exact(value)) for key, value in run.config.items() if not is_seed(key)))


def _named(found: list[Sweep]) -> Iterator[Sweep]:
    """Each with a name of its own: of several, what a tracker calls a sweep and has most runs keeps it, the others are numbered."""
    taken: set[str] = set()
    for sweep in sorted(found, key=lambda sweep: (sweep.reason != "sweep", -len(sweep.runs))):
        name, copy = sweep.name or sweep.title, 2
        while name.casefold() in taken:
            name, copy = f"{sweep.title} {copy}", copy + 1
        taken.add(name.casefold())
        yield replace(sweep, name=name)
