"""A template without its prose: while only words change between its tags, what was compiled of it stays good."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportgen.report.inserts import END
from reportgen.report.template import Template

_PROSE = "\ufdd5"
_PLACE = re.compile(f"{_PROSE}(\\d+)\n*{END}")
_SIMPLE = re.compile(r"\{\{|\{#|\{%[-+]?\s*(?:if|elif|else|endif|for|endfor)\b")
"""Tags that write the prose around them, and never look at it (as `{% set %}` and `{% filter %}` with an end may)."""
_TAG = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True)
class Skeleton:
    """A template in which marks stand for prose, with the same tags on the same lines, and the prose of each mark."""

    source: str
    prose: tuple[str, ...]

    def restore(self, output: str) -> str:
        """What a template became, with the prose in its places."""
        return _PLACE.sub(lambda found: self.prose[int(found[1])], output)


def skeleton_of(template: Template) -> Skeleton | None:
    """The skeleton of a template; None where its tags may look at its prose."""
    pieces, prose, at = [], list[str](), 0
    for tag in template.tags:
        start = template.source.find(tag.text, at)
        if start < 0 or not _SIMPLE.match(tag.text):
            return None
        pieces += [_marked(template.source[at:start], prose), tag.text]
        at = start + len(tag.text)
    pieces.append(_marked(template.source[at:], prose))
    if any(_TAG.search(one) for one in prose):
        return None
    return Skeleton("".join(pieces), tuple(prose))


def _marked(text: str, prose: list[str]) -> str:
    """A mark in the place of a text. White space at its ends stays, since tags may take it away."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    prose.append(inner)
    lines = "\n" * inner.count("\n")
    return f"{before}{_PROSE}{len(prose) - 1}{lines}{END}{after}"
