"""The body of one report: its Markdown parsed, and all of it made into pieces of safe HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from reportgen.errors import Mistake, Place, did_you_mean
from reportgen.report.document import Heading, PlacedBlock
from reportgen.report.figures import Drawn, Figures
from reportgen.report.footnotes import place_footnotes
from reportgen.report.headings import anchor_headings
from reportgen.report.html import sanitise
from reportgen.report.inline import Inline
from reportgen.report.inserts import END, PLACED, VALUE, Inserts
from reportgen.report.links import Links
from reportgen.report.markdown import ADMONITIONS, CONTAINERS, parser, placed, plain_text
from reportgen.words import _

LONGEST_DESCRIPTION = 300
_MARKED = re.compile(f"([{PLACED}{VALUE}])(\\d+){END}")
_ALERT = re.compile(r"^\[!(\w+)\]")
_ID = re.compile(r'\bid="([^"]*)"')


class Body:
    """The body of one report on its way to HTML.

    Args:
        text: Markdown with markers for values.
        place: Gives the place in the file of a line of the text.
        note: Takes mistakes that have their place.
        warn: Takes warnings.

    Attributes:
        title: The first heading of level 1, when it was taken for the title.
        description: The first paragraph, as plain text.
        headings: All headings that are left.
    """

    def __init__(
        self,
        text: str,
        place: Callable[[int], Place],
        inserts: Inserts,
        links: Links,
        figures: Figures,
        note: Callable[[Mistake], None],
        warn: Callable[[str], None],
    ) -> None:
        self.place, self.inserts, self.links, self.figures = place, inserts, links, figures
        self.note: Callable[[Mistake, int], None] = lambda mistake, line: note(mistake.at(place(line)))
        env: dict[str, dict[str, dict[str, int]]] = {}
        self.tokens: list[Token] = parser().parse(text, env)
        self.kept: list[str | Drawn] = []
        self.inline = Inline(
            inserts, links, self._keep, self.note, lambda text, line: warn(f"{place(line)}: {text}"), figures.labels,
            [name.removeprefix(":") for name in env.get("footnotes", {}).get("refs", {})],
        )  # fmt: skip
        self.title = self.description = ""
        self.headings: list[Heading] = []

    def render(self, title: str | None) -> tuple[str | PlacedBlock, ...]:
        """The pieces of the body. `title` is what the front matter says; without it the first heading is the title."""
        self.tokens = self.figures.draw_all(self.tokens, self.inline, self._keep)
        self._weave_all()
        self._take_title(title)
        taken = set(self.figures.ids)
        self.headings = anchor_headings(self.tokens, taken)
        self.description = self._first_paragraph()
        html = self._html(place_footnotes(self.tokens))
        pieces = tuple(self._pieces(html))
        self.links.check_anchors(taken | set(_ID.findall(html)))
        return pieces

    def _weave_all(self) -> None:
        """Makes all tokens final."""
        for i, token in enumerate(self.tokens):
            line = token.map[0] if token.map else 0
            token.info = self.inserts.plain(token.info)
            _aligned(token)
            for name, value in token.attrs.items():
                token.attrs[name] = self.inserts.plain(str(value))
            match token.type:
                case "inline":
                    self._check_alert(i, line)
                    token.children = self.inline.weave(token.children or [], line)
                case "html_block":
                    token.content = self.inline.html(token.content, line)
                case "math_block":
                    self.tokens[i] = self.inline.formula(token, line, display=True)
                case "alert_open" | "admonition_open":
                    name = (token.meta.get("kind") or token.meta.get("tag") or "").lower()
                    self._check_admonition(name, ADMONITIONS, line)
                    token.attrs = {"class": f"admonition {name}", "role": "note"}
                    self._name_admonition(i + 2, name)
                case "alert_title_open":
                    token.attrs["class"] = "admonition-title"
                case "fence" | "code_block":
                    token.content = self.inserts.plain(token.content)
        self.tokens = [made for token in self.tokens for made in self._container(token)]

    def _container(self, token: Token) -> list[Token]:
        """`::: note A title` as an admonition, `::: details A summary` as one that opens."""
        if token.type == "container_container_close":
            return [placed("</details>\n" if token.meta.get("details") else "</div>\n")]
        if token.type != "container_container_open":
            return [token]
        line = token.map[0] if token.map else 0
        name, _space, title = token.info.strip().partition(" ")
        name = name.lower()
        self._check_admonition(name, CONTAINERS, line)
        children = parser().parseInline(title.strip(), {})[0].children if title.strip() else []
        heading = self._html(self.inline.weave(children or [], line), inline=True) or str(escape(_admonition_name(name)))
        if name == "details":
            self._close_of(token).meta["details"] = True
            return [placed(f"<details>\n<summary>{heading}</summary>\n")]
        return [placed(f'<div class="admonition {escape(name)}" role="note">\n<p class="admonition-title">{heading}</p>\n')]

    def _close_of(self, opening: Token) -> Token:
        start = next(i for i, token in enumerate(self.tokens) if token is opening)
        closes = (
            token for token in self.tokens[start:] if token.type == "container_container_close" and token.level == opening.level
        )
        return next(closes)

    def _name_admonition(self, at: int, name: str) -> None:
        """The title of an admonition without one of its own, in the reader's language."""
        children = self.tokens[at].children if at < len(self.tokens) else None
        if children and len(children) == 1 and children[0].content == name.capitalize():
            children[0].content = _admonition_name(name)

    def _check_admonition(self, name: str, known: Sequence[str], line: int) -> None:
        if name not in known:
            self.note(
                Mistake(f"no admonition '{name}'", hint=did_you_mean(name, known) or f"there are: {', '.join(known)}"), line
            )

    def _check_alert(self, i: int, line: int) -> None:
        """`> [!NOET]` stays a quotation in Markdown, but is hardly meant as one."""
        if i >= 2 and self.tokens[i - 2].type == "blockquote_open" and (found := _ALERT.match(self.tokens[i].content)):
            self._check_admonition(found[1].lower(), ADMONITIONS[:5], line)

    def _take_title(self, title: str | None) -> None:
        """Takes the first heading out of the body when it is the title, or only says it again."""
        for i, token in enumerate(self.tokens):
            if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
                text = plain_text(self.tokens[i + 1].children or ()).strip()
                if title is None or text == title.strip():
                    self.title = text
                    del self.tokens[i : i + 3]
                return

    def _first_paragraph(self) -> str:
        for opening, inline in pairwise(self.tokens):
            if opening.type == "paragraph_open" and opening.level == 0:
                text = " ".join(plain_text(inline.children or ()).split())
                if text:
                    return shortened(text)
        return ""

    # From tokens to pieces -------------------------------------------------------------------------------

    def _keep(self, item: str | Drawn) -> str:
        self.kept.append(item)
        return f"{PLACED}{len(self.kept) - 1}{END}"

    def _html(self, tokens: Sequence[Token], inline: bool = False) -> str:
        md = parser()
        renderer = cast(RendererHTML, md.renderer)
        write = renderer.renderInline if inline else renderer.render
        return sanitise(write(tokens, md.options, {}))

    def _pieces(self, html: str) -> Iterator[str | PlacedBlock]:
        """The HTML with all markers replaced, cut at the blocks."""
        text: list[str] = []
        end = 0
        for found in _MARKED.finditer(html):
            text.append(html[end : found.start()])
            end = found.end()
            if found[1] == VALUE:
                insert = self.inserts[found[2]]
                text.append(str(insert.html or escape(insert.text)))
                continue
            item = self.kept[int(found[2])]
            if isinstance(item, str):
                text.append(item)
                continue
            yield "".join(text)
            yield self._captioned(item)
            text = []
        yield "".join([*text, html[end:]])

    def _captioned(self, drawn: Drawn) -> PlacedBlock:
        """The block with its caption as safe HTML."""
        fragment = drawn.block.fragment
        caption = escape(fragment.caption)
        if drawn.caption is not None:
            children = parser().parseInline(drawn.caption, {})[0].children or []
            if any(child.type == "footnote_ref" for child in children):
                self.note(Mistake("a caption cannot have a footnote", hint="say it in the caption, or in the text"), drawn.line)
                children = []
            html = self._html(self.inline.weave(children, drawn.line), inline=True)
            caption = Markup("".join(piece for piece in self._pieces(html) if isinstance(piece, str)))
        return replace(drawn.block, fragment=replace(fragment, caption=caption.strip()))


def shortened(text: str) -> str:
    """A text for previews: at most 300 characters, cut between words."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[: LONGEST_DESCRIPTION - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _aligned(token: Token) -> None:
    """The alignment of a table's column as a class: the page allows no inline styles of authors."""
    if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", None)):
        token.attrs["class"] = f"align-{str(style).removeprefix('text-align:').strip()}"


def _admonition_name(name: str) -> str:
    """What an admonition, or `::: details`, is called that has no title of its own."""
    names = {
        "note": _("Note"), "tip": _("Tip"), "important": _("Important"), "warning": _("Warning"), "caution": _("Caution"),
        "info": _("Info"), "danger": _("Danger"), "details": _("Details"),
    }  # fmt: skip
    return names.get(name, name.capitalize())
