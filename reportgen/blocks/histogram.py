"""The fence `histogram`: how a tensor's values were distributed over the run's steps (gradients, parameters)."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pydantic import Field

from reportgen.analysis.distribution import over_steps
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.charts.distribution import distribution_over_steps
from reportgen.charts.figure import PIXELS, Figure
from reportgen.errors import QueryError, did_you_mean
from reportgen.model import Histogram, Run
from reportgen.words import _

_LEAST, _GAP = 280, 32
"""The least width of a small picture and the space between two, in pixels, as the theme's `.small-multiples` has them."""


class Options(BlockOptions):
    """Options of `histogram`."""

    key: str | list[str] = Field("*", description="Which logged histograms: a key, a list or a glob (`gradients/*`).")
    bins: int = Field(64, ge=4, le=256, description="How many bins from the lowest to the highest value drawn.")
    keep: float = Field(0.99, gt=0, le=1, description="The central share of the values that the vertical axis spans.")
    limit: int = Field(12, ge=1, description="How many pictures at the most; a note says how many were left out.")
    height: int = Field(150, ge=60, le=800, description="Height of each picture in pixels.")


def render(options: Options, context: Context) -> Fragment:
    """Draws one heatmap over steps per key and run.

    Raises:
        QueryError: No run has a histogram that fits.
    """
    patterns = [options.key] if isinstance(options.key, str) else options.key
    found = [(run, key, logged) for run in context.runs for key, logged in run.histograms.items() if _fits(key, patterns)]
    if not found:
        known = list(dict.fromkeys(key for run in context.runs for key in run.histograms))
        hint = did_you_mean(patterns[0], known) or "wandb.watch and wandb.Histogram log some"
        raise QueryError(f"no histogram '{', '.join(patterns)}'", hint=hint)
    found.sort(key=lambda one: one[1])
    several = len({run.id for run, _, _ in found}) > 1
    parts = tuple(_draw(run, key, logged, several, options, context) for run, key, logged in found[: options.limit])
    figures = tuple(part for part in parts if part is not None)
    notes = []
    if len(found) > options.limit:
        notes.append(_("{n} more histograms fit; `limit` says how many are drawn.").format(n=len(found) - options.limit))
    if len(figures) < len(parts):
        notes.append(_("{n} histograms hold no finite value and are left out.").format(n=len(parts) - len(figures)))
    return Fragment(
        parts=("<div class='small-multiples'>", *figures, "</div>"),
        kind="histogram",
        title=options.title or "",
        subtitle=_("the darker, the more values; the line is the mean; the axis spans the central {share}").format(
            share=f"{options.keep:.0%}"
        ),
        caption=options.caption or "",
        width=options.width or "wide",
        id=options.id or "",
        notes=tuple(notes),
    )


def _fits(key: str, patterns: list[str]) -> bool:
    return any(key == pattern or fnmatchcase(key, pattern) for pattern in patterns)


def _draw(run: Run, key: str, logged: tuple[Histogram, ...], several: bool, options: Options, context: Context) -> Figure | None:
    distribution = over_steps(logged, options.bins, options.keep)
    if distribution is None:
        return None
    named = {"run": run.name, "colour": context.style.colour(run.id)} if several else {}
    pixels = PIXELS[options.width or "wide"]
    columns = (pixels + _GAP) // (_LEAST + _GAP)
    place = (pixels - _GAP * (columns - 1)) // columns
    return distribution_over_steps(distribution, title=key, style=context.style, height=options.height, place=place, **named)
