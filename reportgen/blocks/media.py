"""The fence `media`: images, sound, film, point clouds and more that the runs logged, with a slider over their steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from markupsafe import Markup
from pydantic import Field

from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.links import run_link
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.logged_media.view import media_panel
from reportgen.blocks.readable import readable
from reportgen.errors import QueryError, did_you_mean
from reportgen.model import Media, Run
from reportgen.words import _, count, ngettext


class Options(BlockOptions):
    """Options of `media`."""

    key: str | list[str] = Field("*", description="Which logged media: a key, a list or a glob (`samples/*`).")
    step: int | None = Field(None, description="Only what was logged at this step; by default all steps, by a slider.")
    limit: int = Field(6, ge=1, le=60, description="How many keys of runs at the most; a note says how many were left out.")


@dataclass(frozen=True)
class _Found:
    run: Run
    key: str
    logged: tuple[Media, ...]


def render(options: Options, context: Context) -> Fragment:
    """One panel for each key of each run.

    Raises:
        QueryError: No run has media that fit.
    """
    patterns = [options.key] if isinstance(options.key, str) else options.key
    keyed = [_Found(run, key, logged) for run in context.runs for key, logged in run.media.items() if logged and _fits(key, patterns)]
    if not keyed:
        known = list(dict.fromkeys(key for run in context.runs for key in run.media))
        hint = did_you_mean(patterns[0], known) or (f"there are: {', '.join(known[:8])}" if known else "wandb.Image and others log some")
        raise QueryError(f"no media '{', '.join(patterns)}'", hint=hint)
    found = [_Found(one.run, one.key, at) for one in keyed if (at := _at_step(one.logged, options.step))]
    if not found:
        steps = sorted({media.step for one in keyed for media in one.logged})
        raise QueryError(f"no media at step {options.step}", hint=f"there are: {', '.join(map(str, steps[:12]))}")
    found.sort(key=lambda one: one.key)
    files = SiteFiles()
    shown = found[: options.limit]
    more = len(found) - len(shown)
    note = ngettext("{n} more fits; `limit` says how many are shown.", "{n} more fit; `limit` says how many are shown.", more)
    return Fragment(
        parts=tuple(_panel(one, options, context, files) for one in shown),
        kind="media",
        title=options.title if options.title is not None else _title(found),
        caption=options.caption or "",
        width=options.width or "wide",
        id=options.id or "",
        notes=(note.format(n=count(more)),) if more else (),
        files=tuple(files.linked.values()),
    )


def _fits(key: str, patterns: Sequence[str]) -> bool:
    return any(key == pattern or fnmatchcase(key, pattern) for pattern in patterns)


def _at_step(logged: Sequence[Media], step: int | None) -> tuple[Media, ...]:
    return tuple(one for one in logged if step is None or one.step == step)


def _title(found: Sequence[_Found]) -> str:
    keys = list(dict.fromkeys(readable(one.key) for one in found))
    return keys[0] if len(keys) == 1 else _("Media")


def _panel(one: _Found, options: Options, context: Context, files: SiteFiles) -> str:
    """A panel under the run's name and the key; the address knows it by both, since several runs have the same keys."""
    head = Markup('<p class="media-head">{}<span>{}</span></p>').format(
        run_link(one.run, context.root, context.style.colour(one.run.id)), readable(one.key)
    )
    name = f"{options.id or ''}{one.run.id}/{one.key}"
    label = _("{key} of {run}").format(key=one.key, run=one.run.name)
    return str(head + media_panel(name, one.logged, files, context.root, label))
