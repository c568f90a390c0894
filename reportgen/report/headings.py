"""Headings: their anchors, and the table of contents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token
from markupsafe import escape

from reportgen.report.document import Heading
from reportgen.report.markdown import parser, placed, plain_text
from reportgen.words import _

_EXPLICIT = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_LINK = '<a class="anchor" href="#{}" aria-label="{}"></a>'


def slug(text: str) -> str:
    """The anchor of a heading: its letters and digits of any script in lower case, with dashes for spaces."""
    text = unicodedata.normalize("NFC", text).lower()
    text = re.sub(r"[^\w\s-]", "", text).strip()
    return re.sub(r"[\s-]+", "-", text).strip("-") or "section"


def anchor_headings(tokens: Sequence[Token], taken: set[str]) -> list[Heading]:
    """Gives every heading an id that no other element has, and a link to itself.

    Args:
        tokens: Block tokens whose inline tokens are final.
        taken: The ids in use; the new ones are added.
    """
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or inline.children is None:
            continue
        anchor = opening.attrGet("id") or _explicit(inline.children)
        text = plain_text(inline.children).strip()
        if not anchor:
            first = anchor = slug(text)
            number = 1
            while anchor in taken:
                anchor = f"{first}-{number}"
                number += 1
        taken.add(str(anchor))
        opening.attrSet("id", str(anchor))
        inline.children.append(placed(_LINK.format(anchor, escape(_("Link to this section")))))
        headings.append(Heading(int(opening.tag[1:]), text, str(anchor)))
    return headings


def anchors_of(body: str) -> set[str] | None:
    """The anchors of another report's body, or None when its expressions may make more."""
    if re.search(r"^#.*\{\{|^\s*id:.*\{\{|\{%", body, re.MULTILINE):
        return None
    tokens = parser().parse(body, {})
    taken: set[str] = set()
    for token in tokens:
        if token.type == "fence":
            taken.update(re.findall(r"^id:[ \t]*[\"']?([\w.-]+)", token.content, re.MULTILINE))
        taken.update(str(one.attrs["id"]) for one in (token, *(token.children or ())) if "id" in one.attrs)
        taken.update(re.findall(r"""\bid=["']?([^\s"'>]+)""", token.content) if token.type.startswith("html") else ())
    anchor_headings(tokens, taken)
    return taken


def _explicit(children: list[Token]) -> str:
    """The id of `## Heading {#id}`, taken out of the text."""
    last = children[-1] if children else None
    if last is None or last.type != "text" or not (found := _EXPLICIT.search(last.content)):
        return ""
    last.content = last.content[: found.start()]
    return found[1]
