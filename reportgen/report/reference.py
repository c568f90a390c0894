"""The reference page, made from the models: `python -m reportgen.report.reference > docs/reference.md`."""

from __future__ import annotations

import datetime
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reportgen.blocks import KINDS
from reportgen.blocks.block import Block, BlockOptions
from reportgen.model import AGGREGATES
from reportgen.report.expressions import filters
from reportgen.report.front_matter import FrontMatter
from reportgen.report.markdown import CONTAINERS
from reportgen.report.sandbox import FILTERS
from reportgen.report.views import KeysView, RunsView, RunView, View
from reportgen.settings import FILE_NAME, Settings

_WORDS: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    datetime.date: "date",
    Any: "anything",
    dict: "mapping",
    list: "list",
}
_HEAD = """# The report language

<!-- Made by `python -m reportgen.report.reference > docs/reference.md`; a test compares the two. -->

A report is a Markdown file: front matter between two lines `---`, then text with expressions and fences.
A mistake is named with its file and line, and all mistakes of a build are shown together.
"""
_MARKDOWN = """## Markdown

CommonMark, and with it:

| what | how |
|---|---|
| tables, strikethrough, task lists | as on GitHub |
| footnotes | `text[^name]` and `[^name]: note`, or `text^[note]`; set beside the text on a wide page |
| definition lists | a line with the term, then `: definition` |
| admonitions | `> [!NOTE]`, `!!! note "Title"` or `::: note Title` … `:::`; kinds: {kinds} |
| formulas | `$…$` and `$$…$$` in TeX, made into MathML when the site is built |
| code | fences with a language, coloured when the site is built |
| anchors | every heading has one, made of its words; `## Heading {{#name}}` gives its own |
| figures | `![alternative](file.png "Caption"){{#name .wide}}`: an image with a title that stands alone is numbered |
| HTML | what cannot run or load anything: `<details>`, `<kbd>`, `<sub>`, `<figure>`, `<div class="…">`, …; the rest is left out |

Links and images are relative to the report. Files are copied into the site when they lie in the folder that is built,
a link to another report becomes a link to its page, and an image on another host is a mistake: the site asks no other host.
"""
_COLUMNS = """## Columns

A column is an attribute of a run (`state`, `duration`), a config key (`config.optimizer.lr`, or `optimizer.lr` where no metric has
that name), or a metric: the tracker's own summary, else the last finite value. In every fence, condition and expression a metric
may stand in round brackets behind one of these; values that are not finite do not count:

| written | gives |
|---|---|
"""
_EXPRESSIONS = """## Expressions

`{{ … }}` writes a value, `{% for … %}`, `{% if … %}`, `{% set … %}` and `{% macro … %}` work as in Jinja. Names are `runs`, the
parameters of the report, `params` with all of them, `range` and `ref('name')`, which becomes “Figure 3” with a link to the block
with that `id`. A value is always text: it never becomes Markdown, HTML or YAML. Code is left as it is;
`{% raw %}` … `{% endraw %}` does the same for text. In a fence an expression that stands alone is a value with its type,
so that a list stays a list.
"""


def reference(kinds: Mapping[str, Block] = KINDS) -> str:
    """The page as Markdown."""
    return "\n".join(_lines(kinds)).rstrip() + "\n"


def _lines(kinds: Mapping[str, Block]) -> Iterator[str]:
    yield _HEAD
    yield "## Front matter\n"
    yield from _table(FrontMatter, "key")
    yield "\n## Fences\n"
    yield "A fence is a block of code whose language is one of these kinds; its lines are options in YAML. Every fence takes:\n"
    yield from _table(BlockOptions, "option")
    for kind, block in kinds.items():
        yield f"\n### `{kind}`\n"
        yield _first_paragraph(inspect.getdoc(block) or "")
        yield ""
        yield from _table(block.Options, "option", without=set(BlockOptions.model_fields))
    yield ""
    yield _COLUMNS + "\n".join(f"| `{name}(val/loss)` | {_cell(meaning)} |" for name, meaning in AGGREGATES.items()) + "\n"
    yield _EXPRESSIONS
    for title, view in (("`runs`", RunsView), ("A run", RunView), ("A config or summary", KeysView)):
        yield f"### {title}\n"
        yield f"{_first_paragraph(inspect.getdoc(view) or '')}\n"
        yield from _members(view)
        yield ""
    yield "### Filters\n"
    yield "| filter | gives |"
    yield "|---|---|"
    for name, function in filters().items():
        yield f"| `{name}{_arguments(function, 1)}` | {_cell(_first_paragraph(inspect.getdoc(function) or ''))} |"
    yield "| `join(separator=', ', attribute=None)` | The values with a separator between them; links stay links. |"
    yield f"\nAnd of Jinja's: {', '.join(f'`{name}`' for name in sorted(FILTERS))}.\n"
    yield _MARKDOWN.format(kinds=", ".join(CONTAINERS))
    yield f"## `{FILE_NAME}`\n"
    yield "Settings that all reports of a folder share. The file lies in the folder that is built.\n"
    yield from _table(Settings, "setting")


def _table(model: type[BaseModel], noun: str, without: set[str] | None = None) -> Iterator[str]:
    fields = {name: field for name, field in model.model_fields.items() if name not in (without or ())}
    if not fields:
        yield f"It has no {noun}s of its own."
        return
    yield f"| {noun} | type | default | meaning |"
    yield "|---|---|---|---|"
    nested: dict[str, type[BaseModel]] = {}
    for name, field in fields.items():
        key = field.alias or name
        yield f"| `{key}` | {_cell(words(field.annotation))} | {_cell(_default(field))} | {_cell(field.description or '')} |"
        for inner in _models(field.annotation):
            nested[key] = inner
    for key, inner in nested.items():
        yield f"\nA mapping in `{key}` has:\n"
        yield from _table(inner, noun)


def words(annotation: Any) -> str:
    """A type annotation in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(words(one) for one in arguments if one is not type(None)))
    if origin is Literal:
        return ", ".join(f"`{_written(one)}`" for one in arguments)
    if origin in (list, tuple, set, frozenset):
        inner = words(arguments[0]) if arguments else "anything"
        return "list" if inner == "anything" else f"list of {inner}"
    if origin is dict or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return "mapping"
    if origin is not None and arguments:  # Annotated[…]
        return words(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "mapping"
    return _WORDS.get(annotation, str(getattr(annotation, "__name__", annotation)))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True, validated_data={})
    return "" if value in (None, "", [], {}, ()) else f"`{_written(value)}`"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(one) for one in value)}]"
    return str(value)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _members(view: type[View]) -> Iterator[str]:
    yield "| name | gives |"
    yield "|---|---|"
    members = {name: member for name, member in vars(view).items() if not name.startswith("_")}
    for name, member in members.items():
        call = "" if isinstance(member, property) else _arguments(member, 1)
        yield f"| `{name}{call}` | {_cell(_first_paragraph(inspect.getdoc(member) or ''))} |"


def _arguments(function: Callable[..., Any], skip: int) -> str:
    """The arguments of a method or filter after the first; nothing for a filter without any."""
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    if not parameters and "." not in function.__qualname__:
        return ""
    if not parameters and "<locals>" in function.__qualname__:
        return ""
    return f"({', '.join(one.name if one.default is one.empty else f'{one.name}={one.default!r}' for one in parameters)})"


def _first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    print(reference(), end="")
