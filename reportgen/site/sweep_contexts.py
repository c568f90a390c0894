"""The typed contexts of the pages of sweeps."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reportgen.site.contexts import Link, PageContext


@dataclass(frozen=True)
class SweepsContext(PageContext):
    """`sweeps.html`: all sweeps of the site.

    Attributes:
        lead: How many there are, and how many trials they have.
        table: One row for each.
        notes: What counts as a sweep.
    """

    lead: Markup
    table: Markup
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SweepPart:
    """A part of the page of a sweep.

    Attributes:
        anchor: Its id.
        said: Sentences above its charts, safe HTML.
        body: Charts, drawn, and tables.
        columns: How many charts stand beside each other; 0 for a body that is no row of charts.
        notes: What is to be known of it.
        how_to_read: The link to what its numbers mean, "" where they explain themselves.
    """

    title: str
    anchor: str
    said: Markup
    body: tuple[Markup, ...]
    columns: int = 0
    notes: tuple[str, ...] = ()
    how_to_read: str = ""


@dataclass(frozen=True)
class BestTrial:
    """One of the best trials with its config.

    Attributes:
        link: Its page and name.
        result: What it reached, safe HTML.
        yaml, flags: Its config, to be copied.
    """

    link: Link
    colour: str
    result: Markup
    yaml: str
    flags: str


@dataclass(frozen=True)
class SweepContext(PageContext):
    """`sweep.html`: the page of a sweep.

    Attributes:
        lead: What explains the objective, and which trial is the best.
        about: Why the runs are together, and how the trials ended.
        data: The script with the trials, for parallel coordinates and the table; "" when there is no objective or nothing varies.
        parallel: Parallel coordinates for readers without the script; empty when there are none.
        trials: The best trials as a table, for readers without the script and for paper.
        trial_count: How many trials there are.
        table_count: How many of them are in that table.
        before, after: The parts above and below the next search space.
        next_said: What to search next, or why nothing can be said.
        next_table: The next search space; empty when nothing was varied.
        downloads: It as files.
        best: The best trials with their configs.
    """

    lead: Markup
    about: str
    data: str
    parallel: Markup
    trials: Markup
    trial_count: int
    table_count: int
    before: tuple[SweepPart, ...]
    next_said: str
    next_table: Markup
    downloads: tuple[Link, ...]
    best: tuple[BestTrial, ...]
    after: tuple[SweepPart, ...]
