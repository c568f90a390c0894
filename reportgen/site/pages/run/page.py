"""The page of one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from reportgen.analysis.column_format import duration_text
from reportgen.analysis.sweeps import Sweep
from reportgen.blocks.links import RUNS_PAGE
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.readable import readable
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Run, Runs
from reportgen.site.contexts import Link, Section
from reportgen.site.curves import step_axes
from reportgen.site.pages.facts import facts, key_facts
from reportgen.site.pages.lead import lead
from reportgen.site.pages.logged import sections
from reportgen.site.pages.run.code import command_of
from reportgen.site.pages.run.compared import Baselines, baselines, comparisons
from reportgen.site.pages.run.config import config_tree
from reportgen.site.pages.run.metric_data import metric_script
from reportgen.site.pages.run.metrics import MetricCard, metric_cards, metric_groups
from reportgen.site.pages.run.system import system_charts
from reportgen.site.run_contexts import RunContext
from reportgen.site.site import ComposedPage, Site, href
from reportgen.words import _, count


@dataclass(frozen=True)
class Around:
    """What the page of a run says of other pages.

    Attributes:
        reports: The reports that were made from this run.
        among: The runs of its project.
        links: The pages of these by their ids.
        sweep: The sweep that it is one of, also where no tracker calls it one; None when there is none.
    """

    reports: tuple[Link, ...] = ()
    among: Baselines | None = None
    links: Mapping[str, Link] | None = None
    sweep: Sweep | None = None


def run_pages(site: Site) -> Iterator[ComposedPage]:
    """A page for each run."""
    among = baselines(site.runs)
    for i, run in enumerate(site.runs):
        site.tell("Composing pages", i, len(site.runs))
        target = f"runs/{run.slug}.html"
        base = site.base(target, crumbs=[Link(_("Runs"), href(RUNS_PAGE, target))])
        style = site.workspace.style
        around = Around(site.reports_of(run, target), among[run.id], _Links(site, target, among[run.id]), site.sweep_of.get(run.id))
        metrics = _metrics(site, run)
        context = run_page(run, base=base, colour=style.colour(run.id), draw=site.draw, style=style, around=around, metrics=metrics)
        yield site.page(target, "run.html", context, context.files)


@dataclass(frozen=True)
class Metrics:
    """The charts of a run's metrics.

    Attributes:
        axes: What x may be; see `analysis.axes.trace`.
        script: The script with their values, a path below the site's root; "" leaves the charts still.
        left_out: What it lacks, in words; "" for nothing.
    """

    cards: tuple[MetricCard, ...]
    axes: tuple[str, ...] = ()
    script: str = ""
    left_out: str = ""


def _metrics(site: Site, run: Run) -> Metrics:
    cards, axes = metric_cards(run), step_axes(Runs([run]))
    return Metrics(cards, tuple(axes), *metric_script(site, run, cards, axes)) if cards else Metrics(())


class _Links(dict[str, Link]):
    """The pages of some runs as links from a page, made when they are asked for."""

    def __init__(self, site: Site, target: str, among: Baselines) -> None:
        super().__init__()
        self._site, self._target, self._among = site, target, among

    def __missing__(self, id_: str) -> Link:
        run = self._among.runs[self._among.places[id_]]
        link = self._site.run_link(run, self._target)
        return Link(readable(link.text) or run.slug, link.href)


def run_page(
    run: Run,
    *,
    base: Mapping[str, Any],
    colour: str,
    draw: Callable[[Figure], Markup],
    style: ChartStyle,
    around: Around | None = None,
    metrics: Metrics | None = None,
) -> RunContext:
    """All that the template of a run's page shows.

    Args:
        base: The fields of `PageContext`, but title and description.
        draw: Takes note of a chart and gives what stands in the page for it.
        metrics: Its charts, when they are live.
    """
    around = around or Around()
    metrics = metrics or Metrics(metric_cards(run))
    files = SiteFiles()
    said = lead(run)
    parts = sections(run, draw, style, files)
    return RunContext(
        **base,
        title=readable(run.name) or run.slug,
        description=said.striptags(),
        run=run,
        colour=colour,
        duration=duration_text(run.duration) if run.duration is not None else "",
        lead=said,
        facts=facts(run, around.sweep, base["root"]),
        command=command_of(run),
        notes=escape(readable(run.notes.strip())),
        charts=metric_groups(metrics.cards, colour),
        curves=metrics.script,
        thinned=metrics.left_out,
        axes=metrics.axes,
        config=config_tree(run.config),
        comparisons=comparisons(run, around.among, around.links) if around.among and around.links is not None else (),
        summary=key_facts(run.summary),
        system=system_charts(run, colour),
        sections=parts,
        files=tuple(files.linked.values()),
        reports=around.reports,
        warnings=tuple(one for one in run.warnings if not one.key),
        remarks=_remarks(run, parts),
        **_neighbours(run, around),
    )


def _neighbours(run: Run, around: Around) -> dict[str, Any]:
    """The runs before and behind this one, and its place among those of its project."""
    if around.among is None or around.links is None or len(around.among.runs) < 2:
        return {}
    runs, at = around.among.runs, around.among.places[run.id]
    of = _("{at} of {n} runs of {project}") if run.project else _("{at} of {n} runs")
    return {
        "previous": around.links[runs[at - 1].id] if at else None,
        "next": around.links[runs[at + 1].id] if at + 1 < len(runs) else None,
        "place": of.format(at=count(at + 1), n=count(len(runs)), project=readable(run.project)),
    }


def _remarks(run: Run, parts: Sequence[Section]) -> tuple[Link, ...]:
    """Where the warnings stand that concern one metric, table or image."""
    charts = [Link(readable(one.key), "#charts") for one in run.warnings if one.key in run.history]
    return tuple(dict.fromkeys([*charts, *(Link(part.name, f"#{part.anchor}") for part in parts if part.remarks)]))
