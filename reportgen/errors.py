"""Every error that reportgen raises on purpose, in one hierarchy.

A mistake in what the user wrote is a `Mistake`: it names the file and line, says what is wrong, and what
to do. Mistakes are collected while a report is read and raised together as `Mistakes`, so that one build
shows them all.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file (`line` counts from 1; 0 means the file as a whole)."""

    file: Path
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)


class ReportgenError(Exception):
    """Base of all errors that reportgen raises on purpose. The command line prints it and exits with 1."""


class Mistake(ReportgenError):
    """One thing that is wrong in the user's input.

    Args:
        message: What is wrong, in one line, without the place.
        place: Where it is wrong, if that is known yet (`at` adds it later).
        hint: What to do about it; `did_you_mean` makes the usual one.
    """

    def __init__(self, message: str, place: Place | None = None, hint: str | None = None) -> None:
        self.message = message
        self.place = place
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = self.message if self.place is None else f"{self.place}: {self.message}"
        return f"{text}; {self.hint}" if self.hint else text

    def at(self, place: Place) -> Mistake:
        """This mistake with its place filled in, unless it has one already."""
        return self if self.place is not None else type(self)(self.message, place, self.hint)


class Mistakes(ReportgenError):
    """Several mistakes, in the order of their places."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=_by_place))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class SourceError(Mistake):
    """A run log or a folder of them cannot be read at all."""


class QueryError(Mistake):
    """A selection or a name of a column, run or metric does not fit the runs."""


class SiteError(Mistake):
    """The site cannot be written where it was asked for."""


class PublishError(Mistake):
    """The site cannot be handed over, or must not be."""


class ClusterError(ReportgenError):
    """The cluster that should do the work cannot be reached, or the library for it is not installed."""


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The hint `did you mean 'x'?` for the known word nearest to `word`, or None when none is near."""
    known = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in reversed(known)}
    exact = [name for name in known if _letters(name) == _letters(word) and _letters(word)]
    near = exact or difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if not near:
        return None
    return f"did you mean '{folded.get(near[0], near[0])}'?"


def did_you_mean_key(word: str, known: Iterable[str]) -> str | None:
    """As `did_you_mean`, for keys such as `config.optimizer.lr` and `val/acc`: a near last part says more than an equal beginning.

    So `config.lrr` means `config.optimizer.lr`, not `config.seed`.
    """
    known = list(dict.fromkeys(known))
    alike = [name for name in known if _letters(name) == _letters(word)]
    if alike or not known:
        return did_you_mean(word, alike)
    scores = [(_likeness(_last_part(word), _last_part(name)), _likeness(word, name), name) for name in known]
    whole, last = max(scores, key=lambda score: score[1]), max(scores, key=lambda score: score[:2])
    near = whole if whole[1] >= 0.85 else last if last[0] >= 0.75 else whole if whole[1] >= 0.7 else None
    return near and f"did you mean '{near[2]}'?"


def _last_part(key: str) -> str:
    return re.split(r"[./]", key)[-1]


def _likeness(one: str, other: str) -> float:
    """0 for words that have nothing in common to 1 for equal ones."""
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def _by_place(mistake: Mistake) -> tuple[str, int]:
    return (str(mistake.place.file), mistake.place.line) if mistake.place else ("", 0)
