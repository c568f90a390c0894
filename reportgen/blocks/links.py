"""Links to the pages of the site, the same from every block."""

from __future__ import annotations

from markupsafe import Markup

from reportgen.model import Run


def run_href(run: Run, root: str) -> str:
    """The relative address of a run's page."""
    return f"{root}runs/{run.slug}.html"


def run_link(run: Run, root: str, colour: str = "") -> Markup:
    """A link to a run's page with the run's colour before its name."""
    dot = Markup('<i class="run-dot" style="--run:{}"></i>').format(colour) if colour else Markup("")
    return Markup('<a class="run" href="{}">{}{}</a>').format(run_href(run, root), dot, run.name)
