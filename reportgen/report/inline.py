"""Inside paragraphs: values into their places, links and images to where they lead, formulas to MathML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from markdown_it.token import Token
from markupsafe import Markup, escape

from reportgen.blocks.block import Fragment
from reportgen.errors import Mistake, did_you_mean
from reportgen.report.html import rewrite
from reportgen.report.inserts import MARKER, Insert, Inserts
from reportgen.report.links import Links
from reportgen.report.markdown import placed, plain_text
from reportgen.report.maths import in_formula, mathml

_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")


class Inline:
    """What the inline tokens of one report need to become final.

    Args:
        keep: Takes safe HTML and gives the marker that stands for it until the page is clean.
        note: Takes mistakes with the line of the text.
        warn: Takes warnings with the line of the text.
        labels: What `ref('name')` says: the ids of numbered blocks and "Figure 3".
    """

    def __init__(
        self,
        inserts: Inserts,
        links: Links,
        keep: Callable[[str], str],
        note: Callable[[Mistake, int], None],
        warn: Callable[[str, int], None],
        labels: Mapping[str, str],
        footnotes: Sequence[str] = (),
    ) -> None:
        self.inserts, self.links, self.keep, self.note, self.warn, self.labels = inserts, links, keep, note, warn, labels
        self.footnotes = sorted(footnotes)

    def weave(self, tokens: Sequence[Token], line: int) -> list[Token]:
        """The tokens of one paragraph, final. `line` is the line of the text on which it starts."""
        out: list[Token] = []
        for token in tokens:
            newlines = 1 if token.type in ("softbreak", "hardbreak") else token.content.count("\n")
            self._attributes(token)
            match token.type:
                case "text":
                    self._check_footnotes(token.content, line)
                    out += self._text(token, line)
                case "image":
                    out.append(self.image(token, line))
                case "link_open":
                    self._link(token, line)
                    out.append(token)
                case "html_inline":
                    token.content = self.html(token.content, line)
                    out.append(token)
                case "math_inline" | "math_inline_double":
                    out.append(self.formula(token, line, display=token.type != "math_inline"))
                case _:
                    token.content = self.inserts.plain(token.content)
                    out.append(token)
            line += newlines
        return out

    def formula(self, token: Token, line: int, display: bool) -> Token:
        """A formula as a token of safe HTML."""
        if self.inserts.failed(token.content):
            return placed("")
        tex = MARKER.sub(lambda found: in_formula(self.inserts[found[1]]), token.content).strip()
        try:
            made = mathml(tex, display)
        except Mistake as mistake:
            self.note(mistake, line + (1 if display and token.content.startswith("\n") else 0))
            return placed("")
        wrapped = Markup('<div class="math-block">{}</div>').format(made) if token.type == "math_block" else made
        return placed(self.keep(str(wrapped)), tex, block=token.type == "math_block")

    def html(self, source: str, line: int) -> str:
        """A piece of an author's HTML with only what is allowed."""

        def resolve(address: str, use: str) -> str | None:
            return self._resolve(address, "image" if use == "image" else "link", line)

        return rewrite(source, resolve, self.inserts.plain, lambda text: self.warn(text, line))

    def value(self, insert: Insert, line: int) -> Token:
        """A value in prose."""
        if insert.ref:
            return self._reference(insert, line)
        if insert.html is not None:
            return placed(self.keep(str(insert.html)), insert.text)
        return Token("text", "", 0, content=insert.text)

    def _text(self, token: Token, line: int) -> list[Token]:
        pieces = MARKER.split(token.content)
        if len(pieces) == 1:
            return [token]
        made = [
            self.value(self.inserts[piece], line) if i % 2 else Token("text", "", 0, content=piece)
            for i, piece in enumerate(pieces)
        ]
        return [one for one in made if one.type != "text" or one.content]

    def _reference(self, insert: Insert, line: int) -> Token:
        label = self.labels.get(insert.ref)
        if label is None:
            known = ", ".join(self.labels)
            hint = did_you_mean(insert.ref, self.labels) or (f"there are: {known}" if known else "give a fence an `id`")
            self.note(Mistake(f"{{{{ ref('{insert.ref}') }}}}: no block has the id '{insert.ref}'", hint=hint), line)
            return placed("")
        link = Markup('<a class="ref" href="#{}">{}</a>').format(insert.ref, label)
        return placed(self.keep(str(link)), label)

    def _attributes(self, token: Token) -> None:
        for name, value in token.attrs.items():
            if name not in ("href", "src"):
                token.attrs[name] = self.inserts.plain(str(value))
        token.info = self.inserts.plain(token.info)

    def image(self, token: Token, line: int) -> Token:
        """An image whose address is that of the copy in the site; only its text where there can be none."""
        self._attributes(token)
        source = self._resolve(str(token.attrs.get("src", "")), "image", line)
        alternative = self.inserts.plain(plain_text(token.children or ()))
        text = Token("text", "", 0, content=alternative)
        if source is None:
            return text
        token.children = [text]
        token.attrs["src"] = source
        token.attrs.setdefault("loading", "lazy")
        return token

    def _link(self, token: Token, line: int) -> None:
        address = self._resolve(str(token.attrs.get("href", "")), "link", line)
        if address is None:
            token.attrs.pop("href", None)
        else:
            token.attrs["href"] = address

    def _resolve(self, address: str, use: str, line: int) -> str | None:
        if self.inserts.failed(address):
            return None
        own = MARKER.search(address) is not None
        return self.links.resolve(self.inserts.plain(address), "image" if use == "image" else "link", line, own)

    def _check_footnotes(self, text: str, line: int) -> None:
        for name in _FOOTNOTE.findall(text):
            hint = did_you_mean(name, self.footnotes) or f"write it at the end of the section, as [^{name}]: …"
            self.note(Mistake(f"no footnote '[^{self.inserts.plain(name)}]'", hint=hint), line)


def image_figure(tokens: Sequence[Token]) -> Token | None:
    """The image of a paragraph that is nothing but one image with a title: a figure with a caption."""
    if [token.type for token in tokens] == ["image"] and tokens[0].attrs.get("title"):
        return tokens[0]
    return None


def image_fragment(image: Token) -> Fragment:
    """A titled image as a figure of the report."""
    classes = str(image.attrs.get("class", "")).split()
    width = next((name for name in classes if name in ("text", "wide", "full")), "text")
    size = Markup("").join(
        Markup(' {}="{}"').format(name, image.attrs[name]) for name in ("width", "height") if name in image.attrs
    )
    source, alternative = str(image.attrs["src"]), plain_text(image.children or ())
    html = Markup('<img src="{}" alt="{}"{} loading="lazy">').format(source, alternative, size)
    caption = str(image.attrs.get("title", ""))
    return Fragment((html,), "image", "Figure", caption=escape(caption), width=width, id=str(image.attrs.get("id", "")))
