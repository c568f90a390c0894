"""Footnotes, set beside the block that refers to them, so that a wide page can show them as side notes."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token
from markupsafe import Markup

from reportgen.report.markdown import placed
from reportgen.words import _

_BACK = Markup('<a class="footnote-back" href="#fnref-{}" role="doc-backlink" aria-label="{}">↩</a>')


def place_footnotes(tokens: Sequence[Token]) -> list[Token]:
    """Moves each footnote from the end of the document to the block that refers to it first.

    The block and its notes become `<div class="noted">` with the block, then `<aside class="sidenotes">`.
    """
    body, notes = _separate(tokens)
    if not notes:
        return list(body)
    out: list[Token] = []
    waiting = set(notes)
    block: list[Token] = []
    depth = 0
    for token in body:
        block.append(token)
        depth += token.nesting
        if depth:
            continue
        called = _called(block, notes, waiting)
        if called:
            aside = [inner for number in called for inner in _note(number, notes[number])]
            out += [placed('<div class="noted">\n'), *block, placed('<aside class="sidenotes" role="note">\n'), *aside]
            out.append(placed("</aside>\n</div>\n"))
        else:
            out += block
        block = []
    return out + block


def _separate(tokens: Sequence[Token]) -> tuple[Sequence[Token], dict[int, list[Token]]]:
    """The body, and the content of each footnote by its number (from 0)."""
    start = next((i for i, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    notes: dict[int, list[Token]] = {}
    current: list[Token] = []
    for token in tokens[start:]:
        if token.type == "footnote_open":
            current = notes.setdefault(token.meta["id"], [])
        elif not token.type.startswith("footnote_"):
            current.append(token)
    return tokens[:start], notes


def _called(block: Sequence[Token], notes: dict[int, list[Token]], waiting: set[int]) -> list[int]:
    """The footnotes to which a block refers before any other does, and those to which these refer."""
    found: list[int] = []
    for token in block:
        for child in token.children or ():
            number = child.meta.get("id") if child.type == "footnote_ref" else None
            if number in waiting:
                waiting.discard(number)
                found += [number, *_called(notes[number], notes, waiting)]
    return found


def _note(number: int, content: list[Token]) -> list[Token]:
    opening = placed(f'<div class="sidenote" id="fn-{number + 1}"><span class="sidenote-number">{number + 1}</span>\n')
    back = placed(str(_BACK.format(number + 1, _("Back to the text"))))
    last = next((token for token in reversed(content) if token.type == "inline" and token.children is not None), None)
    if last is not None and last.children is not None:
        last.children += [placed(" "), back]
        return [opening, *content, placed("</div>\n")]
    return [opening, *content, back, placed("</div>\n")]
