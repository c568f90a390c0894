"""Links to the pages of the site, the same from every block."""

from __future__ import annotations

from unicodedata import east_asian_width
from urllib.parse import quote

from markupsafe import Markup

from reportgen.analysis.sweeps import Sweep, sweeps_of
from reportgen.blocks.readable import readable
from reportgen.model import Artifact, Run, Runs
from reportgen.model.run import file_slug
from reportgen.words import count, ngettext

RUNS_PAGE, SWEEPS_PAGE, TABLES_PAGE, ARTIFACTS_PAGE = "runs.html", "sweeps.html", "tables.html", "artifacts.html"
"""The first pages of the workspace, below the site's root."""
QUERY_PAGE = "query.html"
"""Where readers ask in SQL, if the settings want such a page."""
HOW_TO_READ_PAGE = "how-to-read.html"
"""What the numbers of the site mean, where a page links to it."""
REPORTS_PAGE = "reports.html"
"""The list of the reports, where one of them is the first page of the site."""

_UNBROKEN = 30
"""Up to so many letters of a name stay together in a line of text; a longer one may break."""


def workspace_pages(runs: Runs) -> list[str]:
    """The first pages of the workspace that a site with these runs has."""
    there = [
        (RUNS_PAGE, len(runs) > 0),
        (SWEEPS_PAGE, bool(sweeps_of(runs))),
        (TABLES_PAGE, any(run.tables for run in runs)),
        (ARTIFACTS_PAGE, any(run.artifacts for run in runs)),
    ]
    return [page for page, is_there in there if is_there]


def run_href(run: Run, root: str) -> str:
    """The relative address of a run's page."""
    return f"{root}runs/{run.slug}.html"


def gradients_href(run: Run, root: str) -> str:
    """The relative address of the page with a run's histograms."""
    return f"{root}gradients/{run.slug}.html"


def sweep_href(sweep: str, root: str) -> str:
    """The relative address of a sweep's page (`sweep` is `Sweep.name`)."""
    return f"{root}sweeps/{file_slug(sweep)}.html"


def sweep_link(sweep: Sweep, root: str) -> Markup:
    """A link to a sweep's page, and how many trials it has."""
    trials = ngettext("{n} trial", "{n} trials", len(sweep.runs)).format(n=count(len(sweep.runs)))
    return Markup('<a href="{}">{}</a>, {}').format(sweep_href(sweep.name, root), readable(sweep.title), trials)


def table_href(key: str, root: str, run: Run | None = None) -> str:
    """The relative address of the page of all tables logged under a key, showing a run's if one is given."""
    chosen = f"?run={quote(run.id)}" if run else ""
    return f"{root}tables/{file_slug(key)}.html{chosen}"


def artifact_href(artifact: Artifact, root: str) -> str:
    """The relative address of the page of an artifact, at its version if it has one."""
    return version_href(artifact, artifact.version, root)


def version_href(artifact: Artifact, version: str, root: str) -> str:
    """The relative address of the page of an artifact, at a version (`analysis.artifacts.Version.name`) unless that is ""."""
    at = f"#{quote(version)}" if version else ""
    return f"{root}artifacts/{file_slug(f'{artifact.type}/{artifact.name}')}.html{at}"


def run_link(run: Run, root: str, colour: str = "") -> Markup:
    """A link to a run's page with the run's colour before its name."""
    dot = Markup('<i class="run-dot" style="--run:{}"></i>').format(colour) if colour else Markup("")
    kind = "run long" if _width(run.name) > _UNBROKEN else "run"
    return Markup('<a class="{}" href="{}">{}{}</a>').format(kind, run_href(run, root), dot, run.name)


def _width(text: str) -> int:
    """How wide a text is, in Latin letters: those of Chinese, Japanese and Korean are twice as wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
