"""The page of one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from reportgen.analysis.column_format import duration_text
from reportgen.blocks.links import RUNS_PAGE
from reportgen.blocks.readable import readable
from reportgen.charts.figure import Figure
from reportgen.charts.lines import metric_card
from reportgen.charts.style import ChartStyle
from reportgen.model import Run
from reportgen.site.contexts import ChartGroup, Link, RunContext, Section
from reportgen.site.pages.facts import facts, key_facts
from reportgen.site.pages.lead import interest, lead
from reportgen.site.pages.logged import ShownFiles, sections
from reportgen.site.site import ComposedPage, Site, href

_IN_ONE_GROUP = 9
"""Up to so many charts stand in one grid: three rows of three can be taken in without headings."""


def run_pages(site: Site) -> Iterator[ComposedPage]:
    """A page for each run."""
    for i, run in enumerate(site.runs):
        site.tell("Composing pages", i, len(site.runs))
        target = f"runs/{run.slug}.html"
        base = site.base(target, crumbs=[Link("Runs", href(RUNS_PAGE, target))])
        style = site.workspace.style
        context = run_page(run, base=base, colour=style.colour(run.id), draw=site.draw, style=style, reports=site.reports_of(run, target))
        yield site.page(target, "run.html", context, context.files)


def run_page(
    run: Run,
    *,
    base: Mapping[str, Any],
    colour: str,
    draw: Callable[[Figure], Markup],
    style: ChartStyle,
    reports: tuple[Link, ...] = (),
) -> RunContext:
    """All that the template of a run's page shows.

    Args:
        base: The fields of `PageContext`, but title and description.
        draw: Takes note of a chart and gives what stands in the page for it.
        reports: The reports that were made from this run.
    """
    files = ShownFiles(base["root"])
    said = lead(run)
    parts = sections(run, draw, style, files.add)
    return RunContext(
        **base,
        title=readable(run.name) or run.slug,
        description=said.striptags(),
        run=run,
        colour=colour,
        duration=duration_text(run.duration) if run.duration is not None else "",
        lead=said,
        facts=facts(run),
        command=readable(run.command),
        notes=escape(readable(run.notes.strip())),
        charts=_charts(run, draw, style),
        config=key_facts(run.config),
        summary=key_facts(run.summary),
        sections=parts,
        files=tuple(files.linked),
        reports=reports,
        warnings=tuple(one for one in run.warnings if not one.key),
        remarks=_remarks(run, parts),
    )


def _remarks(run: Run, parts: Sequence[Section]) -> tuple[Link, ...]:
    """Where the warnings stand that concern one metric, table or image."""
    charts = [Link(readable(one.key), "#charts") for one in run.warnings if one.key in run.history]
    return tuple(dict.fromkeys([*charts, *(Link(part.name, f"#{part.anchor}") for part in parts if part.remarks)]))


def _charts(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle) -> tuple[ChartGroup, ...]:
    """A small chart for each metric, what says most first; many are grouped by the prefix of their names."""
    keys = [key for key in sorted(run.history, key=lambda key: interest(key, run)) if not _is_hidden(run, key)]
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault("" if len(keys) <= _IN_ONE_GROUP else _prefix(key), []).append(key)
    alone = [group[0] for prefix, group in groups.items() if prefix and len(group) == 1]
    named = {prefix: group for prefix, group in groups.items() if prefix and len(group) > 1}
    if rest := [*groups.get("", ()), *alone]:
        named["Other metrics" if named else "Metrics"] = rest


    def card(key: str) -> Markup:
        said = (readable(one.text) for one in run.warnings if one.key == key)
        return draw(metric_card(run, key, style)) + Markup("").join(Markup('<p class="remark">{}</p>').format(text) for text in said)

    return tuple(ChartGroup(readable(name), tuple(card(key) for key in group)) for name, group in named.items())


def _prefix(key: str) -> str:
    return key.rsplit("/", 1)[0] if "/" in key else ""


def _is_hidden(run: Run, key: str) -> bool:
    defined = run.definition(key)
    return defined is not None and defined.hidden
