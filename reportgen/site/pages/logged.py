"""What a run logged beside metrics: distributions, images, tables, artifacts, what it printed, where it ran."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup, escape

from reportgen.analysis.column_format import column_format, exact, size_text
from reportgen.analysis.distribution import over_steps
from reportgen.blocks.links import artifact_href, gradients_href, table_href
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.distribution import distribution_over_steps
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Artifact, Media, Run, Table
from reportgen.report.document import LinkedFile
from reportgen.site.contexts import Section
from reportgen.site.media import bytes_of, ending
from reportgen.site.pages.facts import environment_facts
from reportgen.site.pages.images import Files, images_html, images_of, is_image
from reportgen.site.pages.panels import panel_html, run_panels
from reportgen.words import _, count

_OTHERS, _ROWS, _LINES = 100, 100, 400
_ROOT = "../"
"""From the page of a run to the site's root."""
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")


class ShownFiles:
    """The files that a page shows, each copied once into the site under a name made of its content."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.linked: list[LinkedFile] = []

    def add(self, path: Path, one: Media) -> str:
        """The address of the file with a medium, relative to the page."""
        digest = hashlib.sha256(bytes_of(path, one.span)).hexdigest()[:16]
        file = LinkedFile(path, f"media/{digest}{ending(one)}", one.span)
        if all(one.target != file.target for one in self.linked):
            self.linked.append(file)
        return self.root + file.target


def sections(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle, files: Files) -> tuple[Section, ...]:
    """The parts of the page below the charts; what was not logged has none, but where it could not be read, that is said."""
    found = [
        *_distributions(run, draw, style),
        *_panels(run, draw, style),
        *_images(run, files),
        *(_table(run, key, tables[-1]) for key, tables in sorted(run.tables.items()) if tables),
        *_other_media(run),
        *_artifacts(run),
        *_console(run),
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


def _distributions(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle) -> Iterator[Section]:
    drawn = [
        draw(distribution_over_steps(distribution, title=readable(key), style=style, height=120))
        for key, logged in sorted(run.histograms.items())
        if (distribution := over_steps(logged))
    ]
    if drawn:
        cards = Markup("").join(Markup('<div class="card">{}</div>\n').format(chart) for chart in drawn)
        how = Markup('<p class="section-note">{} <a href="{}">{}</a></p>').format(
            _("Over the steps of the run: the darker, the more values; the line is the mean."),
            gradients_href(run, _ROOT),
            _("All of them with the counts of each step"),
        )
        yield _section("Distributions", Markup('{}<div class="cards">{}</div>').format(how, cards), len(drawn), run.histograms)


def _images(run: Run, files: Files) -> Iterator[Section]:
    for key, logged in images_of(run):
        yield _section(key, images_html(logged, files), len(logged), [key])


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
    heads = (Head("row", number=True), *(Head(str(name), number=one.is_number) for name, one in zip(table.columns, formats, strict=True)))

    def cell(value: object, column: int) -> Cell:
        if value is None:
            return MISSING
        if isinstance(value, Media):
            return Cell(readable(value.caption or value.kind))
        return Cell.of(readable(formats[column].text(value)), readable(exact(value)))

    rows = tuple(
        (Cell(str(n + 1)), *(cell(values[n], i) for i, values in enumerate(columns))) for n in range(min(_ROWS, len(table.rows)))
    )
    shown = table_html(TableView(heads=heads, rows=rows, label=readable(key), boxed=True))
    first = _("The first {n} of {all} rows.").format(n=_ROWS, all=count(len(table.rows))) if len(table.rows) > _ROWS else ""
    link = Markup('<a href="{}">{}</a>').format(table_href(key, _ROOT, run), _("Sort, filter and compare this table"))
    below = Markup('<p class="section-note">{} {}</p>').format(first, link)
    return _section(key, shown + below, len(table.rows), [key])


def _other_media(run: Run) -> Iterator[Section]:
    """Media that are named but not shown: HTML and models could run code, and sound and film are for a later page."""
    others = [one for several in run.media.values() for one in several if not is_image(one)]
    if not others:
        return
    heads = tuple(Head(name, number=name == "step") for name in ("key", "step", "kind", "caption", "file"))
    rows = tuple(
        tuple(Cell(readable(text)) for text in (
            one.key, str(one.step), one.kind, one.caption or (one.text or "")[:200], one.path.name if one.path else "",
        ))
        for one in others[:_OTHERS]
    )  # fmt: skip
    keys = dict.fromkeys(one.key for one in others)
    table = table_html(TableView(heads=heads, rows=rows, label="Other media", boxed=True))
    yield _section("Other media", Markup("{}{}").format(table, _of_all(_OTHERS, len(others), "media")), len(others), keys)


def _artifacts(run: Run) -> Iterator[Section]:
    if run.artifacts:
        names = ("artifact", "type", "role", "version", "files", "size", "digest")
        heads = tuple(Head(name, number=name in ("files", "size")) for name in names)
        rows = tuple(_artifact(one) for one in run.artifacts)
        table = table_html(TableView(heads=heads, rows=rows, label="Artifacts", boxed=True))
        yield _section("Artifacts", table, len(run.artifacts), dict.fromkeys(one.name for one in run.artifacts))


def _artifact(one: Artifact) -> tuple[Cell, ...]:
    role = "made" if one.role == "output" else "used"
    version = ", ".join(dict.fromkeys(word for word in (one.version, *one.aliases) if word))
    name = Markup('<span class="value"><a href="{}">{}</a></span>').format(artifact_href(one, _ROOT), readable(one.name))
    texts = [Cell(name, readable(one.name)), *(Cell(readable(text)) for text in (one.type, role, version))]
    digest = readable(one.digest)
    size = MISSING if one.size is None else Cell(size_text(one.size), str(one.size))
    return (*texts, Cell(str(len(one.files))), size, Cell(digest[:12], digest))


def _console(run: Run) -> Iterator[Section]:
    if run.console:
        text = "\n".join(readable(_ANSI.sub("", line.text.rstrip("\r\n"))) for line in run.console[-_LINES:])
        pre = Markup('<pre class="console" tabindex="0" role="region" aria-label="Console">{}</pre>').format(text)
        lines = f"The last {_LINES} of {len(run.console):,} lines."
        first = Markup('<p class="section-note">{}</p>').format(lines) if len(run.console) > _LINES else Markup()
        yield _section("Console", first + pre, len(run.console))


def _environment(run: Run) -> Iterator[Section]:
    if run.environment:
        row = Markup("<div><dt>{}</dt><dd>{}</dd></div>\n")
        rows = Markup("").join(row.format(escape(fact.label), fact.value) for fact in environment_facts(run.environment))
        yield _section("Environment", Markup('<div class="keys"><dl>{}</dl></div>').format(rows), len(run.environment))


def _of_all(limit: int, count: int, noun: str) -> Markup:
    return Markup('<p class="section-note">{} of {} {}.</p>').format(limit, f"{count:,}", noun) if count > limit else Markup()
