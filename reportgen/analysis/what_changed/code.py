"""Which code two sides ran: commits, command lines, uncommitted changes and logged sources, line by line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.column_format import exact
from reportgen.analysis.what_changed.settings import Setting
from reportgen.analysis.what_changed.sides import Side, Values, distinct, same
from reportgen.model import Run
from reportgen.sources.git_remotes import without_credentials

Texts = Mapping[str, str]
"""Name → content of the texts that a run left beside its log."""
_CONTEXT = 3
_MOST_LINES = 5_000
"""Longer texts are compared as a whole: finding their common lines would take seconds."""


@dataclass(frozen=True)
class Fact:
    """Something that is known of the runs of each side and differs; () where none of a side's runs says it."""

    name: str
    before: Values
    after: Values

    @property
    def is_known(self) -> bool:
        """Whether both sides say it: else nothing tells that it changed."""
        return bool(self.before and self.after)


@dataclass(frozen=True)
class TextChange:
    """A source or a patch that is not the same.

    Attributes:
        kind: "added" and "removed" for one that only one side has.
        lines: The unified diff without its head; of a text that only one side has, the text itself.
    """

    name: str
    kind: Literal["added", "removed", "changed"]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CodeChanges:
    """What differs of the code.

    Attributes:
        facts: Of "commit", "repository", "branch", "script" and "command" those that differ.
        commits: The one commit of each side, if it has just one, with its repository.
        texts: Sources and patches that differ.
        equal: How many are the same.
        mixed: Those of which the runs of one side have several versions: no line can be compared.
        is_logged: Whether the logs of both sides name a commit or hold a source.
        unexplained: The command lines differ in more than the values of settings that differ.
    """

    facts: tuple[Fact, ...] = ()
    commits: tuple[tuple[str, str] | None, tuple[str, str] | None] = (None, None)
    texts: tuple[TextChange, ...] = ()
    equal: int = 0
    mixed: tuple[str, ...] = ()
    is_logged: bool = False
    unexplained: bool = False

    @property
    def differs(self) -> bool:
        """Whether anything differs but arguments that say what the config says; what one side did not log is no difference."""
        return bool(self.n_texts or self.unexplained or any(fact.is_known and fact.name != "command" for fact in self.facts))

    @property
    def n_texts(self) -> int:
        """How many sources and patches surely differ."""
        return len(self.texts) + len(self.mixed) if self.is_logged else 0


def code_changes(before: Side, after: Side, texts: Callable[[Run], Texts], settings: Sequence[Setting]) -> CodeChanges:
    """What differs of the code.

    Args:
        texts: Gives the patches and sources of a run.
        settings: The settings that differ: arguments that name them are no other change.
    """
    asked = {
        "commit": lambda run: run.git_commit,
        "repository": lambda run: without_credentials(run.git_remote),
        "branch": lambda run: str(run.environment.get("source.git.branch", "")),
        "script": lambda run: run.command.split(" ", 1)[0],
        "command": lambda run: run.command,
    }
    facts = facts_of(before, after, asked)
    logged = [[texts(run) for run in side.runs] for side in (before, after)]
    changed, mixed, equal = [], [], 0
    for name in sorted({name for side in logged for one in side for name in one}, key=lambda name: (not name.endswith(".patch"), name)):
        a, b = (tuple(dict.fromkeys(one[name] for one in side if name in one)) for side in logged)
        if set(a) == set(b):
            equal += 1
        elif len(a) > 1 or len(b) > 1:
            mixed.append(name)
        else:
            changed.append(_change(name, a[0] if a else None, b[0] if b else None))
    said = [any(run.git_commit for run in side.runs) or any(own) for side, own in zip((before, after), logged, strict=True)]
    commands = any(fact.name == "command" and fact.is_known for fact in facts)
    return CodeChanges(
        facts, (_commit(before), _commit(after)), tuple(changed), equal, tuple(mixed), all(said),
        commands and not _are_explained(before, after, settings),
    )  # fmt: skip


def facts_of(before: Side, after: Side, asked: Mapping[str, Callable[[Run], object]]) -> tuple[Fact, ...]:
    """Those of some facts that differ, where at least one side says them."""
    found = []
    for name, ask in asked.items():
        a, b = (distinct(value for run in side.runs if (value := ask(run)) not in (None, "", [])) for side in (before, after))
        if not same(a, b):
            found.append(Fact(name, a, b))
    return tuple(found)


def _commit(side: Side) -> tuple[str, str] | None:
    """The commit and the repository of all runs of a side, None when they have several."""
    found = {(run.git_commit, without_credentials(run.git_remote)) for run in side.runs}
    return found.pop() if len(found) == 1 else None


def _change(name: str, before: str | None, after: str | None) -> TextChange:
    if before is None or after is None:
        return TextChange(name, "added" if before is None else "removed", tuple((before or after or "").splitlines()))
    a, b = before.splitlines(), after.splitlines()
    if max(len(a), len(b)) > _MOST_LINES:
        return TextChange(name, "changed", (*(f"-{line}" for line in a), *(f"+{line}" for line in b)))
    return TextChange(name, "changed", tuple(difflib.unified_diff(a, b, lineterm="", n=_CONTEXT))[2:])


def _are_explained(before: Side, after: Side, settings: Sequence[Setting]) -> bool:
    """Whether all words in which the command lines differ are names or values of settings that differ."""
    words = [{word for run in side.runs for word in _words(run.command.split())} for side in (before, after)]
    known = {name for one in settings for name in (*_words([one.key]), one.key.rsplit(".", 1)[-1])}
    known |= {word for one in settings for value in (*one.before, *one.after) for word in (exact(value), *_words([exact(value)]))}
    numbers = {float(word) for word in known if _is_number(word)}
    return all(word in known or (_is_number(word) and float(word) in numbers) for word in words[0] ^ words[1])


def _words(arguments: Iterable[str]) -> list[str]:
    """The parts of arguments such as `--optimizer.learning-rate=0.1`."""
    found = []
    for argument in arguments:
        name, sign, value = argument.strip("'\"").lstrip("-+").partition("=")
        found += [name if _is_number(name) else name.replace("-", "_"), *([value] if sign else [])]
    return found


def _is_number(word: str) -> bool:
    return bool(re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", word))
