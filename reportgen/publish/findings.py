"""What a scan found, as values that messages are made from: never with the text of a secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_PLACES = 4
"""Places that a message names; more are counted."""


@dataclass(frozen=True)
class Finding:
    """A secret and where it stands.

    Attributes:
        kind: What people call it.
        length: How many characters it has.
        places: Runs with their keys, then files of the site.
        text: Itself; no message and no representation shows it.
    """

    kind: str
    length: int
    places: tuple[str, ...]
    text: str = field(repr=False)

    def __str__(self) -> str:
        named = "; ".join(self.places[:_PLACES])
        more = f"; and {len(self.places) - _PLACES} more places" if len(self.places) > _PLACES else ""
        return f"{self.kind}, {self.length} characters: {named}{more}"


class Found:
    """Collects secrets: each text once, with all its places."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._places: dict[str, dict[str, None]] = {}

    def add(self, kind: str, text: str, place: str) -> None:
        """Takes note of a secret at a place."""
        self._kinds.setdefault(text, kind)
        self._places.setdefault(text, {})[place] = None

    def findings(self) -> list[Finding]:
        """All of them, in the order in which they were found."""
        return [Finding(kind, len(text), tuple(self._places[text]), text) for text, kind in self._kinds.items()]


def message(findings: Sequence[Finding]) -> str:
    """Why nothing was published."""
    what = "1 secret would have left" if len(findings) == 1 else f"{len(findings)} secrets would have left"
    return "\n".join([f"nothing was published: {what} this machine", *(f"  {finding}" for finding in findings)])


HINT = (
    "take them out of the logs and files, and have them replaced where they are valid, or say in reportgen.toml that a place is none: "
    'publish.allow = ["config.name"]'
)


def several(count: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"1 {one}" if count == 1 else f"{count} {more}"


def listed(words: Iterable[str], most: int = 5) -> str:
    """The first few of some words, and how many more there are."""
    every = list(words)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")
