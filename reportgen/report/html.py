"""HTML that authors write in their Markdown: a list of what is allowed, and all else left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import nh3
from markupsafe import escape

TAGS = frozenset(
    [
        "a",
        "abbr",
        "aside",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
EVERYWHERE = frozenset({"class", "id", "title", "lang", "dir", "role", "tabindex"})
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
_FROM_TASK_LISTS = {"input": {"type", "disabled", "checked"}}
_SILENT = frozenset({"script", "style", "title", "textarea", "template", "noscript", "iframe", "svg", "math", "object"})
_EXTERNAL = re.compile(r'\bhref="(?:https?:|//)', re.IGNORECASE)

Resolve = Callable[[str, str], str | None]
"""Takes an address and "link" or "image", gives the address in the page or None."""


class _Rewriter(HTMLParser):
    """Writes a piece of HTML again with only what is allowed, and with its addresses resolved."""

    def __init__(self, resolve: Resolve, plain: Callable[[str], str], warn: Callable[[str], None]) -> None:
        super().__init__(convert_charrefs=False)
        self.resolve, self.plain, self.warn = resolve, plain, warn
        self.out: list[str] = []
        self.silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or tag == "input":
            self.warn(f"the HTML tag <{tag}> was left out")
            self.silent = tag if tag in _SILENT else self.silent
            return
        if self.silent:
            return
        kept = []
        for name, raw in attrs:
            value: str | None = self.plain(raw or "")
            if name in ("href", "src") and name in ATTRIBUTES.get(tag, ()):
                value = self.resolve(raw or "", "image" if name == "src" else "link")
            elif name not in EVERYWHERE and name not in ATTRIBUTES.get(tag, ()) and not name.startswith("aria-"):
                self.warn(f"the attribute '{name}' of the HTML tag <{tag}> was left out")
                continue
            if value is not None:
                kept.append(f' {name}="{escape(value)}"')
        self.out.append(f"<{tag}{''.join(kept)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.silent = ""

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            self.silent = "" if tag == self.silent else self.silent
        elif tag in TAGS:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(data.replace("<", "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def rewrite(html: str, resolve: Resolve, plain: Callable[[str], str], warn: Callable[[str], None]) -> str:
    """A piece of an author's HTML (a block, or one tag of it) without what is not allowed.

    Args:
        plain: Writes out the values of expressions in attributes; elsewhere their markers stay.
        warn: Told what was left out.
    """
    writer = _Rewriter(resolve, plain, warn)
    writer.feed(html)
    writer.close()
    return "".join(writer.out)


def sanitise(html: str) -> str:
    """A whole body, well-formed and with nothing that runs: the second lock behind `rewrite` and the renderer."""
    attributes = {tag: set(ATTRIBUTES.get(tag, ())) | _FROM_TASK_LISTS.get(tag, set()) for tag in TAGS}
    attributes["*"] = set(EVERYWHERE)
    clean = nh3.clean(
        html,
        tags=set(TAGS),
        attributes=attributes,
        generic_attribute_prefixes={"aria-"},
        attribute_filter=_safe_address,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel="noopener noreferrer",
    )
    return re.sub(r"<a [^>]*>", _rel_only_outwards, clean)


def _safe_address(tag: str, attribute: str, value: str) -> str | None:
    if value.strip().lower().startswith("data:") and (tag, attribute) != ("img", "src"):
        return None
    return value


def _rel_only_outwards(tag: re.Match[str]) -> str:
    return tag[0] if _EXTERNAL.search(tag[0]) else tag[0].replace(' rel="noopener noreferrer"', "")
