"""The page that explains the numbers of the site: what they mean, how far to trust them, and where their formulas come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.blocks.links import HOW_TO_READ_PAGE
from reportgen.site.contexts import PageContext
from reportgen.site.site import ComposedPage, Site
from reportgen.words import _


@dataclass(frozen=True)
class HowToReadContext(PageContext):
    """`how-to-read.html`: what the numbers of the site mean.

    Attributes:
        subjects: What is explained: "importance", "comparison", those that pages link to.
    """

    subjects: tuple[str, ...]


def how_to_read_pages(site: Site) -> Iterator[ComposedPage]:
    """The page, if any page that was composed before links to it."""
    if not site.explained:
        return
    title, said = _("How to read these numbers"), _("What they mean, how far to trust them, and where their formulas come from.")
    base = site.base(HOW_TO_READ_PAGE)
    context = HowToReadContext(**base, title=title, description=said, subjects=tuple(sorted(site.explained)))
    yield site.page(HOW_TO_READ_PAGE, "how-to-read.html", context)
