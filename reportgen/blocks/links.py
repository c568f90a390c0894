"""Links to the pages of the site, the same from every block."""

from __future__ import annotations

from unicodedata import east_asian_width

from markupsafe import Markup

from reportgen.model import Run

_UNBROKEN = 30
"""Up to so many letters of a name stay together in a line of text; a longer one may break."""


def run_href(run: Run, root: str) -> str:
    """The relative address of a run's page."""
    return f"{root}runs/{run.slug}.html"


def run_link(run: Run, root: str, colour: str = "") -> Markup:
    """A link to a run's page with the run's colour before its name."""
    dot = Markup('<i class="run-dot" style="--run:{}"></i>').format(colour) if colour else Markup("")
    kind = "run long" if _width(run.name) > _UNBROKEN else "run"
    return Markup('<a class="{}" href="{}">{}{}</a>').format(kind, run_href(run, root), dot, run.name)


def _width(text: str) -> int:
    """How wide a text is, in Latin letters: those of Chinese, Japanese and Korean are twice as wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
