"""What a run logged beside metrics: distributions, media, tables, artifacts, what it printed, its code, where it ran."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from reportgen.analysis.column_format import column_format, exact, size_text
from reportgen.blocks.console_view import console_html
from reportgen.blocks.links import artifact_href, gradients_href, table_href
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.logged_media.view import media_panel
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Artifact, Media, Run, Table
from reportgen.site.contexts import Section
from reportgen.site.pages.facts import environment_facts
from reportgen.site.pages.gradients import at_a_glance
from reportgen.site.pages.panels import panel_html, run_panels
from reportgen.site.pages.run.code import code_html
from reportgen.words import _, count

_ROWS = 5
_ROOT = "../"
"""From the page of a run to the site's root."""


def sections(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle, files: SiteFiles) -> tuple[Section, ...]:
    """The parts of the page below the charts; what was not logged has none, but where it could not be read, that is said."""
    found = [
        *_panels(run, draw, style),
        *_media(run, files),
        *(_table(run, key, tables[-1]) for key, tables in sorted(run.tables.items()) if tables),
        *_distributions(run),
        *_artifacts(run),
        *_console(run, files),
        *_code(run, files),
        *_environment(run),
    ]
    return _own_anchors(_with_remarks(found, run))


def _section(name: str, body: Markup, count: int, keys: Iterable[str] = ()) -> Section:
    anchor = re.sub(r"\W+", "-", name.lower()).strip("-") or "part"
    return Section(readable(name), body, count, f"logged-{anchor}", keys=tuple(keys))


def _with_remarks(found: Sequence[Section], run: Run) -> list[Section]:
    """The sections with the warnings about what they show; what is not shown at all for a warning has a section that says so."""
    told: dict[str, list[str]] = {}
    for warning in run.warnings:
        if warning.key and warning.key not in run.history:
            told.setdefault(warning.key, []).append(readable(warning.text))
    shown = {key for section in found for key in section.keys}
    nothing = [_section(key, Markup(), 0, [key]) for key in told if key not in shown]
    said = [replace(one, remarks=tuple(text for key in one.keys for text in told.pop(key, ()))) for one in [*nothing, *found]]
    return [*said[len(nothing) :], *said[: len(nothing)]]


def _own_anchors(found: Sequence[Section]) -> tuple[Section, ...]:
    """Names that differ in signs only would share an anchor: the later ones get a number."""
    seen = Counter[str]()
    made = []
    for section in found:
        seen[section.anchor] += 1
        number = seen[section.anchor]
        made.append(section if number == 1 else replace(section, anchor=f"{section.anchor}--{number}"))
    return tuple(made)


def _distributions(run: Run) -> Iterator[Section]:
    """What the page of the histograms says first, with a strip for each of the first tensors, and the way there."""
    glance = at_a_glance(run) if run.histograms else None
    if glance:
        link = Markup('<p><a href="{}">{}</a></p>').format(gradients_href(run, _ROOT), _("All histograms with the counts of each step"))
        yield _section(_("Distributions"), Markup("<p>{}</p>{}{}").format(glance.lead, glance.strips, link), glance.count, run.histograms)


def _media(run: Run, files: SiteFiles) -> Iterator[Section]:
    """Each key of media: what is seen before what is heard and read."""
    kinds = ("image", "video", "audio", "plotly", "html", "object3d", "molecule", "text", "json", "file")
    for key, logged in sorted(run.media.items(), key=lambda one: (min(kinds.index(each.kind) for each in one[1]) if one[1] else 0, one[0])):
        if logged:
            yield _section(key, media_panel(key, logged, files, _ROOT), len(logged), [key])


def _panels(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle) -> Iterator[Section]:
    """The charts that the run asked to be drawn from its tables."""
    drawn = [panel_html(panel, table, draw, style, root=_ROOT, run=run) for panel, table in run_panels(run)]
    if drawn:
        cards = Markup("").join(Markup('<div class="card">{}</div>\n').format(chart) for chart in drawn)
        yield _section(_("Plots"), Markup('<div class="cards">{}</div>').format(cards), len(drawn))


def _table(run: Run, key: str, table: Table) -> Section:
    columns = [[row[i] if i < len(row) else None for row in table.rows[:_ROWS]] for i in range(len(table.columns))]
    formats = [column_format(str(name), [one for one in values if one is not None], metric=True)
               for name, values in zip(table.columns, columns, strict=True)]  # fmt: skip
    own = (Head(str(name), number=one.is_number) for name, one in zip(table.columns, formats, strict=True))
    heads = (Head(_("row"), number=True), *own)

    def cell(value: object, column: int) -> Cell:
        if value is None:
            return MISSING
        if isinstance(value, Media):
            return Cell(readable(value.caption or value.kind))
        return Cell.of(readable(formats[column].text(value)), readable(exact(value)))

    rows = tuple((Cell(str(n + 1)), *(cell(values[n], i) for i, values in enumerate(columns))) for n in range(min(_ROWS, len(table.rows))))
    shown = table_html(TableView(heads=heads, rows=rows, label=readable(key), boxed=True))
    first = _("The first {n} of {all} rows.").format(n=_ROWS, all=count(len(table.rows))) if len(table.rows) > _ROWS else ""
    link = Markup('<a href="{}">{}</a>').format(table_href(key, _ROOT, run), _("Sort, filter and compare this table"))
    below = Markup('<p class="section-note">{} {}</p>').format(first, link)
    return _section(key, shown + below, len(table.rows), [key])


def _artifacts(run: Run) -> Iterator[Section]:
    if run.artifacts:
        texts = (_("artifact"), _("type"), _("role"), _("version"))
        heads = (*map(Head, texts), Head(_("files"), number=True), Head(_("size"), number=True), Head(_("digest")))
        rows = tuple(_artifact(one) for one in run.artifacts)
        table = table_html(TableView(heads=heads, rows=rows, label=_("Artifacts"), boxed=True))
        yield _section(_("Artifacts"), table, len(run.artifacts), dict.fromkeys(one.name for one in run.artifacts))


def _artifact(one: Artifact) -> tuple[Cell, ...]:
    role = _("made") if one.role == "output" else _("used")
    version = ", ".join(dict.fromkeys(word for word in (one.version, *one.aliases) if word))
    name = Markup('<span class="value"><a href="{}">{}</a></span>').format(artifact_href(one, _ROOT), readable(one.name))
    texts = [Cell(name, readable(one.name)), *(Cell(readable(text)) for text in (one.type, role, version))]
    digest = readable(one.digest)
    size = MISSING if one.size is None else Cell(size_text(one.size), str(one.size))
    return (*texts, Cell(str(len(one.files))), size, Cell(digest[:12], digest))


def _console(run: Run, files: SiteFiles) -> Iterator[Section]:
    if run.console:
        yield _section(_("Console"), console_html(run, run.console, files, _ROOT), len(run.console))


def _code(run: Run, files: SiteFiles) -> Iterator[Section]:
    if body := code_html(run, files, _ROOT):
        yield _section(_("Code and files"), body, len(run.files))


def _environment(run: Run) -> Iterator[Section]:
    if run.environment:
        row = Markup("<div><dt>{}</dt><dd>{}</dd></div>\n")
        rows = Markup("").join(row.format(escape(fact.label), fact.value) for fact in environment_facts(run.environment))
        yield _section(_("Environment"), Markup('<div class="keys"><dl>{}</dl></div>').format(rows), len(run.environment))
