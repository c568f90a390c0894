"""What expressions put into the text, kept beside it until the Markdown is parsed.

A value never becomes Markdown, HTML or YAML source: the text holds a marker in its place, and where the marker ends up
(prose, a formula, an attribute, an option of a fence) decides how the value is written there. The markers are made of
noncharacters of Unicode, which `clean` removes from everything that comes from outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

LINE, CODE, VALUE, PLACED, END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"
MARKER = re.compile(f"{VALUE}(\\d+){END}")
_FORBIDDEN = re.compile("[\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Insert:
    """A value in its place.

    Attributes:
        value: The value itself, for an option of a fence.
        text: The value as plain text.
        html: Safe HTML for prose, where it is more than text.
        ref: The name of the fence that is referred to, for `ref('name')`.
        line: The file's line of the expression.
        failed: The expression had a mistake, which is already noted: what depends on it is not checked.
    """

    value: Any
    text: str
    html: Markup | None = None
    ref: str = ""
    line: int = 0
    failed: bool = False


class Inserts:
    """All values of one report, in the order in which they were computed."""

    def __init__(self) -> None:
        self._all: list[Insert] = []

    def add(self, insert: Insert) -> str:
        """Keeps a value and gives the marker that stands for it."""
        self._all.append(insert)
        return f"{VALUE}{len(self._all) - 1}{END}"

    def __getitem__(self, index: int | str) -> Insert:
        position = int(index)
        return self._all[position] if position < len(self._all) else Insert("", "")

    def plain(self, text: str) -> str:
        """A text with its values written out."""
        return MARKER.sub(lambda found: self[found[1]].text, text)

    def failed(self, text: str) -> bool:
        """Whether a value in the text could not be computed."""
        return any(self[index].failed for index in MARKER.findall(text))

    def fill(self, text: str, quoted: bool) -> Any:
        """A scalar of YAML: the value itself where it stands alone, else text with the values written out."""
        alone = MARKER.fullmatch(text)
        if alone and not quoted:
            return self[alone[1]].value
        return self.plain(text) if MARKER.search(text) else text


def clean(value: Any) -> Any:
    """A value from outside without the characters that mean something here or that cannot be written as UTF-8."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if isinstance(value, Mapping):
        return {clean(key): clean(item) for key, item in value.items()}
    return value
