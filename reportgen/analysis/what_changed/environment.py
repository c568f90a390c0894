"""On what machine and with what software two sides ran: facts that differ, and packages added, removed and of another version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reportgen.analysis.what_changed.code import Fact, Texts, facts_of
from reportgen.analysis.what_changed.sides import Side
from reportgen.model import Run

REQUIREMENTS = "requirements.txt"
"""The file in which trackers list the packages that were installed."""
_PACKAGES = "packages"
_ELSEWHERE = frozenset({_PACKAGES, "sweep", "source.git.branch"})
"""What of the environment is told in another place."""
_PINNED = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:(?:===?|@)\s*(.*?))?\s*(?:[;#].*)?")
_EGG = re.compile(r"#egg=([A-Za-z0-9][\w.-]*)")


@dataclass(frozen=True)
class Package:
    """A package that differs: its versions on each side, () where it was not installed."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class EnvironmentChanges:
    """What differs of the environment.

    Attributes:
        facts: By the readers' names (`python`, `os`, `gpu`, …) and "host".
        packages: By name; none where one of the sides did not log any.
        equal: How many facts and packages are the same.
        with_packages: Whether each side logged its packages.
    """

    facts: tuple[Fact, ...] = ()
    packages: tuple[Package, ...] = ()
    equal: int = 0
    with_packages: tuple[bool, bool] = (False, False)

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self.facts or self.packages)


def environment_changes(before: Side, after: Side, texts: Callable[[Run], Texts]) -> EnvironmentChanges:
    """What differs of the environment.

    Args:
        texts: Gives the texts of a run, its `requirements.txt` among them.
    """
    names = [name for run in (*before.runs, *after.runs) for name in run.environment if name not in _ELSEWHERE]
    asked: dict[str, Callable[[Run], object]] = {"host": lambda run: run.host}
    asked |= {name: _asks(name) for name in names}
    facts = facts_of(before, after, asked)
    # A machine without a GPU says nothing of one; a log without any environment says nothing at all.
    told = all(any(run.environment for run in side.runs) for side in (before, after))
    facts = tuple(fact for fact in facts if fact.is_known or (told and fact.name != "host"))
    known = sum(any(ask(run) for run in (*before.runs, *after.runs)) for ask in asked.values())
    old, new = (_installed(side, texts) for side in (before, after))
    if not old or not new:
        return EnvironmentChanges(facts, (), known - len(facts), (bool(old), bool(new)))
    pairs = [(name, tuple(sorted(old.get(name, ()))), tuple(sorted(new.get(name, ())))) for name in sorted(old.keys() | new.keys())]
    packages = tuple(Package(name, a, b) for name, a, b in pairs if a != b)
    return EnvironmentChanges(facts, packages, known - len(facts) + len(pairs) - len(packages), (True, True))


def packages(lines: Iterable[str]) -> dict[str, str]:
    """Name, as package indexes spell it, → version of what `pip freeze` lists; where it was installed from when that is no version."""
    found = {}
    for line in lines:
        if egg := _EGG.search(line):
            found[_normal(egg[1])] = line.strip().removeprefix("-e ").strip()
        elif (pinned := _PINNED.fullmatch(line)) and not line.lstrip().startswith(("#", "-")):
            found[_normal(pinned[1])] = pinned[2] or ""
    return found


def _asks(name: str) -> Callable[[Run], object]:
    return lambda run: run.environment.get(name)


def _installed(side: Side, texts: Callable[[Run], Texts]) -> Mapping[str, set[str]]:
    """The packages of all runs of a side, each with its versions."""
    found: dict[str, set[str]] = {}
    for run in side.runs:
        listed = run.environment.get(_PACKAGES)
        lines = [str(one) for one in listed] if isinstance(listed, list) else texts(run).get(REQUIREMENTS, "").splitlines()
        for name, version in packages(lines).items():
            found.setdefault(name, set()).add(version)
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
