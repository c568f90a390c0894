"""The pages of sweeps: all of them, and one page for each."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.analysis.sweeps import trials_of
from reportgen.site.pages.sweeps.overview import overview
from reportgen.site.pages.sweeps.page import sweep_page
from reportgen.site.site import ComposedPage, Site


def sweep_pages(site: Site) -> Iterator[ComposedPage]:
    """The pages of the sweeps among the runs; none when there are no sweeps."""
    if not site.sweeps:
        return
    trials = [trials_of(sweep.trials) for sweep in site.sweeps]
    yield overview(site, trials)
    for i, (sweep, one) in enumerate(zip(site.sweeps, trials, strict=True)):
        site.tell("Composing pages of sweeps", i, len(trials))
        yield sweep_page(site, sweep, one)
