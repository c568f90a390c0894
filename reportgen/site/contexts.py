"""The typed context of each page template: all that a template can see, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from reportgen.model import LogWarning
from reportgen.report.document import Heading


@dataclass(frozen=True)
class Link:
    """A link of the navigation (`href` is relative to the page)."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class PageContext:
    """What every page has.

    Attributes:
        root: The way to the site's root, "" or "../".
        title: The page's own title.
        site_title: The title of the site, or of its first page.
        language: BCP 47, for example "en" or "ko".
        description: For search results and previews.
        styles, scripts: Relative addresses of the site's style sheets and classic scripts, in their order.
        navigation: The reports, then what there is of the workspace; without the page that the site's title names.
        crumbs: The pages above this one, between the site's first page and itself.
        generator: "reportgen 0.1.0".
        search: The script with what the search of the site finds, a path below the site's root; "" when there is nothing to find.
    """

    root: str
    title: str
    site_title: str
    language: str
    description: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    navigation: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    generator: str
    search: str


@dataclass(frozen=True)
class ReportContext(PageContext):
    """`report.html`: a written report."""

    subtitle: str
    authors: tuple[str, ...]
    date: date | None
    contents: tuple[Heading, ...]
    body: Markup
    run_count: int
    sources: tuple[str, ...]
    commit: str
    warnings: tuple[tuple[Link, LogWarning], ...]


@dataclass(frozen=True)
class Fact:
    """A labelled value of a run ("host", "started"): a label that is plain text or `Markup`, a value of safe HTML.

    Attributes:
        key: The whole key, where the label is the end of it; "" where the label says all.
    """

    label: str
    value: Markup
    key: str = ""


@dataclass(frozen=True)
class ChartGroup:
    """The charts of the metrics with one prefix (`train/`), already drawn."""

    name: str
    charts: tuple[Markup, ...]


@dataclass(frozen=True)
class Section:
    """A part of a run's page below its charts.

    Attributes:
        body: Safe HTML.
        count: How many things it shows.
        anchor: Its id.
        keys: The logged keys that it shows.
        remarks: What could not be read of them.
    """

    name: str
    body: Markup
    count: int
    anchor: str
    keys: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerGroup:
    """The layers of one kind on a page of histograms.

    Attributes:
        name: "Gradients", "Parameters", or "Distributions" for histograms of other names.
        table: One row per layer: size, spread, zeros, its distribution over steps.
    """

    name: str
    table: Markup
    count: int


@dataclass(frozen=True)
class GradientsContext(PageContext):
    """`gradients.html`: the histograms that a run logged, over its steps.

    Attributes:
        lead: What vanishes or explodes, or that nothing does.
        run: The run's page and name.
        groups: The layers, by their kind.
        first: The key of the layer that is open at first.
        notes: What was left out.
    """

    lead: Markup
    run: Link
    colour: str
    groups: tuple[LayerGroup, ...]
    first: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RunsContext(PageContext):
    """`runs.html`: the dashboard of all runs of the site.

    Attributes:
        table: The first runs as a table, for readers without the script and for paper.
        table_count: How many these are.
        data: The script that the dashboard is made of, a path below the site's root; "" leaves it out.
        query: A link to where readers ask in SQL; "" where there is no such page.
    """

    lead: Markup
    table: Markup
    table_count: int
    run_count: int
    data: str
    query: str = ""


@dataclass(frozen=True)
class ReportCard:
    """A report in the list of reports.

    Attributes:
        picture: Its first chart as a small drawing without words; empty when it has none.
    """

    link: Link
    description: str
    authors: tuple[str, ...]
    date: date | None
    run_count: int
    picture: Markup = Markup()  # noqa: RUF009 - immutable


@dataclass(frozen=True)
class IndexContext(PageContext):
    """`index.html`: the list of the reports, on the first page, or on `reports.html` where a report is that (`index.md`)."""

    cards: tuple[ReportCard, ...]
    run_count: int


@dataclass(frozen=True)
class FigureContext:
    """`figure.html`: one chart, wherever it stands (its variable is `figure`).

    Attributes:
        id: Unique in the page.
        svg: The chart as it was drawn for readers without JavaScript and before it comes alive.
        width, height: Of that drawing, in pixels.
        headed: Whether its title and subtitle stand above it; not when they are those of the block around it.
        legend: Label and colour of each series; empty when the lines are labelled or need no names.
        root: The way to the site's root.
        script, vega: The chart's script and Vega, paths below the site's root.
        font: The script with the theme's font, for pictures that are saved; "" when it has none.
    """

    id: str
    title: str
    subtitle: str
    description: str
    notes: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    svg: Markup
    width: int
    height: int
    headed: bool
    root: str
    script: str
    vega: str
    font: str = ""


@dataclass(frozen=True)
class BlockContext:
    """`block.html`: one fence of a report (its variable is `block`).

    Attributes:
        number: "Figure 3", or "" when it is not counted.
        caption: Safe HTML.
        body: The charts and tables in it, drawn.
        how_to_read: The link to what its numbers mean, "" where they explain themselves.
    """

    kind: str
    id: str
    width: str
    title: str
    subtitle: str
    number: str
    caption: Markup
    notes: tuple[str, ...]
    body: Markup
    how_to_read: str = ""
