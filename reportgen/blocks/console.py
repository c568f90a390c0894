"""The fence `console`: what runs printed, in its colours and with a search."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import Field

from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.console_view import console_html
from reportgen.blocks.links import run_link
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.errors import QueryError
from reportgen.words import _, count, ngettext


class Options(BlockOptions):
    """Options of `console`."""

    lines: int = Field(20, ge=1, le=1000, description="How many of the last lines stand in the page itself; the others are scrolled to.")
    stream: Literal["all", "stdout", "stderr"] = Field("all", description="Only what was printed there.")
    limit: int = Field(3, ge=1, le=20, description="How many runs at the most; a note says how many were left out.")


def render(options: Options, context: Context) -> Fragment:
    """The console of each run that printed something.

    Raises:
        QueryError: None did.
    """
    wanted = [(run, tuple(line for line in run.console if options.stream in ("all", line.stream))) for run in context.runs]
    found = [(run, lines) for run, lines in wanted if lines]
    if not found:
        what = "anything" if options.stream == "all" else f"anything to {options.stream}"
        raise QueryError(f"these runs did not print {what} that was logged")
    files = SiteFiles()
    shown = found[: options.limit]
    more = len(found) - len(shown)
    note = ngettext("{n} more run printed something; `limit` says how many are shown.",
                    "{n} more runs printed something; `limit` says how many are shown.", more)  # fmt: skip
    parts = [
        Markup('<p class="media-head">{}</p>{}').format(
            run_link(run, context.root, context.style.colour(run.id)),
            console_html(run, lines, files, context.root, still=options.lines, key=f"console:{options.id or ''}{run.id}"),
        )
        for run, lines in shown
    ]
    return Fragment(
        parts=tuple(map(str, parts)),
        kind="console",
        title=options.title if options.title is not None else _("Console"),
        caption=options.caption or "",
        width=options.width or "wide",
        id=options.id or "",
        notes=(note.format(n=count(more)),) if more else (),
        files=tuple(files.linked.values()),
    )
