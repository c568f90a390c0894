"""The Markdown of reports: CommonMark with tables, footnotes, task and definition lists, admonitions, attributes, formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reportgen.report.highlight import highlight
from reportgen.words import _

ADMONITIONS = ("note", "tip", "important", "warning", "caution", "info", "danger")
CONTAINERS = (*ADMONITIONS, "details")
_ATTRIBUTES = ("id", "class", "width", "height")


@cache
def parser() -> MarkdownIt:
    """The parser. Links are checked later, by `reportgen.report.links`, so that they can be named as mistakes."""
    md = MarkdownIt("commonmark", {"html": True, "tasklists": True, "alerts": True})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin)
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    md.use(admon_plugin)
    md.use(container_plugin, "container", validate=lambda params, *_: bool(params.strip()))
    md.use(attrs_plugin, after=("image", "link_close", "code_inline"), allowed=_ATTRIBUTES)
    md.use(attrs_block_plugin, allowed=_ATTRIBUTES)
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]
    md.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    for name, rule in (
        ("placed", _placed), ("fence", _code), ("code_block", _code), ("footnote_ref", _footnote_ref),
        ("list_item_open", _list_item_open), ("table_open", _table_open), ("table_close", _table_close),
        ("container_container_open", _plain_open), ("container_container_close", _plain_close),
    ):  # fmt: skip
        md.add_render_rule(name, rule)
    return md


def walk(tokens: Sequence[Token], line: int = 0) -> Iterator[tuple[Token, int]]:
    """All tokens, inline ones included, with the line of the text on which each starts (from 0)."""
    for token in tokens:
        line = token.map[0] if token.map else line
        yield token, line
        at = line
        for child in token.children or ():
            yield child, at
            if child.type == "image":
                yield from ((inner, at) for inner in child.children or ())
            at += 1 if child.type in ("softbreak", "hardbreak") else child.content.count("\n")


def plain_text(tokens: Sequence[Token]) -> str:
    """What inline tokens say, without any markup."""
    out = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            out.append(" ")
        elif token.type == "image":
            out.append(plain_text(token.children or ()))
        elif token.type not in ("html_inline", "footnote_ref"):
            out.append(str(token.meta.get("plain", token.content)))
    return "".join(out)


def placed(content: str, plain: str = "", block: bool = False) -> Token:
    """A token that is written as it is: a marker for safe HTML, or safe HTML itself."""
    return Token("placed", "", 0, content=content, block=block, meta={"plain": plain})


def _placed(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return tokens[index].content + ("\n" if tokens[index].block else "")


def _code(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    language = token.info.split()[0] if token.info.split() else ""
    named = Markup(' class="language-{}"').format(language) if language else Markup("")
    code = Markup('<pre class="highlight" tabindex="0"><code{}>{}</code></pre>\n')
    return str(code.format(named, highlight(token.content, language)))


def _footnote_ref(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    number, again = tokens[index].meta["id"] + 1, tokens[index].meta.get("subId", 0)
    name = f"fnref-{number}" if not again else f"fnref-{number}-{again + 1}"
    return f'<sup class="footnote-ref"><a href="#fn-{number}" id="{name}" role="doc-noteref">{number}</a></sup>'


def _list_item_open(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    """The box of a task has a name for those who do not see it."""
    opened, checked = self.renderToken(tokens, idx, options, env), (tokens[idx].meta or {}).get("checked")
    if checked is None:
        return opened
    state = ' checked=""' if checked else ""
    label = escape(_("done") if checked else _("to do"))
    return f'{opened}<input class="task-list-item-checkbox" disabled="" type="checkbox"{state} aria-label="{label}"> '


def _table_open(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return f'<div class="table-scroll" tabindex="0"><table{_attributes(tokens[index])}>\n'


def _table_close(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return "</table></div>\n"


def _plain_open(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return f"<{tokens[index].tag}{_attributes(tokens[index])}>\n"


def _plain_close(self: object, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return f"</{tokens[index].tag}>\n"


def _attributes(token: Token) -> str:
    return "".join(f' {name}="{escape(str(value))}"' for name, value in token.attrs.items())
