"""What a theme can change, as Markdown: written to docs/themes.md by `make reference`, compared with it by a test."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from pydantic import BaseModel

from reportgen.report.reference import words
from reportgen.site.artifact_contexts import ArtifactContext, ArtifactsContext
from reportgen.site.contexts import (
    BlockContext,
    FigureContext,
    GradientsContext,
    IndexContext,
    PageContext,
    ReportContext,
    RunsContext,
)
from reportgen.site.css import kind_of
from reportgen.site.pages.how_to_read import HowToReadContext
from reportgen.site.pages.not_found import NotFoundContext
from reportgen.site.query_contexts import QueryContext
from reportgen.site.run_contexts import RunContext
from reportgen.site.sweep_contexts import SweepContext, SweepsContext
from reportgen.site.table_contexts import TableContext, TablesContext
from reportgen.site.template_check import template_blocks
from reportgen.site.theme import find_theme
from reportgen.site.theme_options import ChartOptions, ThemeOptions

TEMPLATES: dict[str, tuple[str, type[Any]]] = {
    "base.html": ("page", PageContext),
    "report.html": ("page", ReportContext),
    "index.html": ("page", IndexContext),
    "runs.html": ("page", RunsContext),
    "run.html": ("page", RunContext),
    "gradients.html": ("page", GradientsContext),
    "tables.html": ("page", TablesContext),
    "table.html": ("page", TableContext),
    "sweeps.html": ("page", SweepsContext),
    "sweep.html": ("page", SweepContext),
    "artifacts.html": ("page", ArtifactsContext),
    "artifact.html": ("page", ArtifactContext),
    "query.html": ("page", QueryContext),
    "how-to-read.html": ("page", HowToReadContext),
    "404.html": ("page", NotFoundContext),
    "block.html": ("block", BlockContext),
    "figure.html": ("figure", FigureContext),
}
"""Each template, its one variable and what that is."""

_HEAD = """\
# Themes

<!-- Made by `make reference` from reportgen/site/theme_reference.py and the default theme. -->

A theme is a folder with at least one of `theme.toml`, `templates/`, `styles/` and `browser/`. What it leaves out comes from the theme
that it inherits from. A report names it in its front matter, a folder in its `reportgen.toml`, the command line with `--theme`: by name,
or by path.

    mine/
      theme.toml               colours, fonts, charts
      templates/report.html    replaces the template of that name
      styles/80-mine.css       joins the style sheets, in the order of the names; one of the same name replaces the inherited one
      browser/mine.js          joins the scripts in the same way

`reportgen check` names every mistake in it with file and line.
"""
_TEMPLATES = """
## Templates

They are Jinja templates with one variable each. A theme that wants to change a part of a page extends the template that it replaces, and
writes the block anew:

    {% extends "default/report.html" %}
    {% block footer %}{{ super() }}<span>Our laboratory</span>{% endblock %}

Whatever is not named here does not exist: asking for it is a mistake with file, line and the nearest name. All text is escaped, unless
it is safe HTML (`Markup`).
"""


def theme_reference() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## `theme.toml`\n"
    yield from _settings(ThemeOptions)
    yield "\n### `[charts]`\n"
    yield from _settings(ChartOptions)
    theme = find_theme()
    yield "\n### Variables for `[light]` and `[dark]`\n"
    yield "| variable | is | in the default theme, light |"
    yield "|---|---|---|"
    for name, value in theme.variables().items():
        yield f"| `{name}` | {kind_of(value)} | `{value}` |"
    yield _TEMPLATES
    for name, (variable, context) in TEMPLATES.items():
        yield f"### `{name}`: {_summary(context, variable)}\n"
        blocks = template_blocks(theme.environment, name)
        if blocks:
            yield f"Blocks: {', '.join(f'`{block}`' for block in blocks)}.\n"
        known = {field.name for field in fields(PageContext)} if context is not PageContext and variable == "page" else set()
        if known:
            yield "Beside what every page has:\n"
        about = _attributes(context)
        for field in fields(context):
            if field.name not in known:
                yield f"- `{variable}.{field.name}`" + (f": {about[field.name]}" if field.name in about else "")
        yield ""


def _settings(model: type[BaseModel]) -> Iterator[str]:
    yield "| setting | type | meaning |"
    yield "|---|---|---|"
    for name, field in model.model_fields.items():
        yield f"| `{name}` | {words(field.annotation)} | {field.description} |"


def _summary(context: type[Any], variable: str) -> str:
    first = (inspect.getdoc(context) or "").split("\n\n")[0]
    text = re.sub(r"^`[\w.]+`(?:: | of )", "", " ".join(first.split())).rstrip(".")
    text = re.sub(r" \(its variable is `\w+`\)", "", text)
    return f"{text[:1].lower()}{text[1:]}; its variable is `{variable}`"


def _attributes(context: type[Any]) -> dict[str, str]:
    """What the docstring says of each attribute."""
    section = (inspect.getdoc(context) or "").partition("Attributes:\n")[2]
    found: dict[str, str] = {}
    for names, text in re.findall(r"^    (\w[\w, ]*): (.*(?:\n {8}.*)*)", section, re.MULTILINE):
        for name in names.split(", "):
            found[name] = " ".join(text.split())
    return found


if __name__ == "__main__":
    print(theme_reference(), end="")
