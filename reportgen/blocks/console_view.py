"""What a run printed as a part of a page: the last lines, and all of them for the browser code, which finds words in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from markupsafe import Markup, escape

from reportgen.analysis.ansi import Look, ShownLine, shown_lines
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.readable import readable
from reportgen.model import ConsoleLine, Run
from reportgen.words import _, count

_STILL = 200
"""So many last lines are in the page itself."""
_PER_SCRIPT = 4_000
"""Lines of one data script: so many are read by a browser without a stutter."""


def console_html(
    run: Run, lines: Sequence[ConsoleLine], files: SiteFiles, root: str, *, still: int = _STILL, key: str = "console"
) -> Markup:
    """The console of a run; the scripts with all its lines are noted.

    Args:
        lines: What it printed, or a part of that.
        still: How many of the last lines are in the page itself.
        key: By what the address of the page knows it.
    """
    shown = list(shown_lines(lines))
    scripts = [files.script("data/console", [_packed(line) for line in part]) for part in _parts(shown)]
    last = shown[-still:]
    rows = Markup("").join(line_html(line, len(shown) - len(last) + i + 1) for i, line in enumerate(last))
    label = _("Console of {run}").format(run=readable(run.name))
    note = Markup()
    if len(shown) > len(last):
        said = _("The last {n} of {all} lines.").format(n=count(len(last)), all=count(len(shown)))
        note = Markup('<p class="section-note" data-console-note>{}</p>').format(said)
    return Markup(
        '<div class="console-box" data-console="{}" data-lines="{}" data-part="{}" data-root="{}" data-key="{}">{}'
        '<div class="console" tabindex="0" role="region" aria-label="{}" data-console-lines>{}</div></div>'
    ).format(" ".join(scripts), len(shown), _PER_SCRIPT, root, key, note, label, rows)


def _parts(shown: Sequence[ShownLine]) -> Iterator[list[ShownLine]]:
    lines = iter(shown)
    while part := list(islice(lines, _PER_SCRIPT)):
        yield part


def line_html(line: ShownLine, number: int) -> Markup:
    """A line in the page itself, with its number."""
    inner = Markup("").join(_piece(readable(text), look) for text, look in line.pieces)
    kind = " is-err" if line.stream == "stderr" else ""
    return Markup('<div class="console-line{}" data-n="{}">{}</div>').format(kind, number, inner)


def _piece(text: str, look: Look) -> Markup:
    classes, style = look_css(look)
    if not classes:
        return escape(text)
    styled = Markup(' style="{}"').format(style) if style else Markup()
    return Markup('<span class="{}"{}>{}</span>').format(classes, styled, text)


def look_css(look: Look) -> tuple[str, str]:
    """The classes and the style of a look; the terminal's own colours are the theme's."""
    classes = [f"ansi-{flag}" for flag in look.flags]
    style = []
    for name, colour in (("ink", look.ink), ("paper", look.paper)):
        if colour.startswith("#"):
            classes.append(f"ansi-{name}")
            style.append(f"--ansi-{name}:{colour}")
        elif colour:
            classes.append(f"ansi-{name}-{colour}")
    return " ".join(classes), ";".join(style)


def _packed(line: ShownLine) -> Any:
    """A line for the browser code: its text, or the text, 1 for stderr, and length, classes and style of each piece."""
    is_err = 1 if line.stream == "stderr" else 0
    pieces: list[Any] = []
    texts = [readable(text) for text, _look in line.pieces]
    if any(look != Look() for _text, look in line.pieces):
        for text, (_text, look) in zip(texts, line.pieces, strict=True):
            pieces += [len(text.encode("utf-16-le", "surrogatepass")) // 2, *look_css(look)]
    text = "".join(texts)
    return [text, is_err, pieces] if pieces else [text, is_err] if is_err else text
