"""What a run logged beside metrics: distributions, images, tables, artifacts, what it printed, where it ran."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup, escape

from reportgen.analysis.column_format import column_format, exact
from reportgen.analysis.distribution import over_steps
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.distribution import distribution_over_steps
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Artifact, Media, Run, Table
from reportgen.report.document import LinkedFile
from reportgen.site.contexts import Section
from reportgen.site.pages.facts import key_facts, readable

Files = Callable[[Path], str]
"""Takes a file into the site and gives its address relative to the page."""
_T = TypeVar("_T")

_STEPS, _PER_STEP, _OTHERS, _ROWS, _LINES = 6, 16, 50, 50, 400
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
"""Formats that are pictures and nothing else: an SVG may hold a script."""
_TINY = 96
"""Images up to so many pixels wide are magnified with their pixels kept sharp."""
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")


class ShownFiles:
    """The files that a page shows, each copied once into the site under a name made of its content."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.linked: list[LinkedFile] = []

    def add(self, path: Path) -> str:
        """The address of the file, relative to the page."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        file = LinkedFile(path, f"media/{digest}{path.suffix.lower()}")
        if all(one.target != file.target for one in self.linked):
            self.linked.append(file)
        return self.root + file.target


def sections(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle, files: Files) -> tuple[Section, ...]:
    """The parts of the page below the charts; what was not logged has none."""
    found = (
        *_distributions(run, draw, style),
        *_images(run, files),
        *(_table(key, tables[-1]) for key, tables in sorted(run.tables.items()) if tables),
        *_other_media(run),
        *_artifacts(run),
        *_console(run),
        *_environment(run),
    )
    return tuple(found)


def _section(name: str, body: Markup, count: int) -> Section:
    anchor = re.sub(r"\W+", "-", name.lower()).strip("-") or "part"
    return Section(readable(name), body, count, f"logged-{anchor}")


def _distributions(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle) -> Iterator[Section]:
    drawn = [
        draw(distribution_over_steps(distribution, title=readable(key), style=style, height=120))
        for key, logged in sorted(run.histograms.items())
        if (distribution := over_steps(logged))
    ]
    if drawn:
        cards = Markup("").join(Markup('<div class="card">{}</div>\n').format(chart) for chart in drawn)
        how = Markup('<p class="section-note">Over the steps of the run: the darker, the more values; the line is the mean.</p>')
        yield _section("Distributions", Markup('{}<div class="cards">{}</div>').format(how, cards), len(drawn))


def _images(run: Run, files: Files) -> Iterator[Section]:
    for key, several in sorted(run.media.items()):
        logged = [one for one in several if one.kind == "image" and _is_picture(one)]
        by_step = [(step, list(images)) for step, images in groupby(sorted(logged, key=lambda one: one.step), key=lambda one: one.step)]
        if not by_step:
            continue
        rows = Markup("").join(_images_of(step, images, files) for step, images in _spread(by_step, _STEPS))
        more = _of_all(_STEPS, len(by_step), "steps, evenly chosen")
        yield _section(key, Markup("{}{}").format(rows, more), len(logged))


def _images_of(step: int, images: Sequence[Media], files: Files) -> Markup:
    items = Markup("").join(
        Markup('<li><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"{2}></a><span class="caption">{3}</span></li>\n').format(
            files(one.path), readable(one.caption or f"{one.key}, step {step}"), _tiny(one), readable(one.caption)
        )
        for one in images[:_PER_STEP]
        if one.path
    )
    more = f" · {_PER_STEP} of {len(images)}" if len(images) > _PER_STEP else ""
    return Markup('<div class="thumbnails"><p>step {}{}</p><ul>{}</ul></div>\n').format(f"{step:,}", more, items)


def _tiny(image: Media) -> Markup:
    width = image.about.get("width")
    return Markup(' class="tiny"') if isinstance(width, int | float) and width <= _TINY else Markup("")


def _is_picture(one: Media) -> bool:
    return one.path is not None and one.path.suffix.lower() in _PICTURES and one.path.is_file()


def _table(key: str, table: Table) -> Section:
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
    shown = table_html(TableView(heads=heads, rows=rows, label=readable(key)))
    first = Markup('<p class="section-note">The first {} of {} rows.</p>').format(_ROWS, f"{len(table.rows):,}")
    return _section(key, Markup("{}{}").format(shown, first if len(table.rows) > _ROWS else ""), len(table.rows))


def _other_media(run: Run) -> Iterator[Section]:
    """Media that are named but not shown: HTML and models could run code, and sound and film are for a later page."""
    others = [one for several in run.media.values() for one in several if not (one.kind == "image" and _is_picture(one))]
    if not others:
        return
    heads = tuple(Head(name, number=name == "step") for name in ("key", "step", "kind", "caption", "file"))
    rows = tuple(
        tuple(Cell(readable(text)) for text in (
            one.key, str(one.step), one.kind, one.caption or (one.text or "")[:200], one.path.name if one.path else "",
        ))
        for one in others[:_OTHERS]
    )  # fmt: skip
    table = table_html(TableView(heads=heads, rows=rows, label="Other media"))
    yield _section("Other media", Markup("{}{}").format(table, _of_all(_OTHERS, len(others), "media")), len(others))


def _artifacts(run: Run) -> Iterator[Section]:
    if run.artifacts:
        names = ("artifact", "type", "role", "version", "files", "size", "digest")
        heads = tuple(Head(name, number=name in ("files", "size")) for name in names)
        rows = tuple(_artifact(one) for one in run.artifacts)
        yield _section("Artifacts", table_html(TableView(heads=heads, rows=rows, label="Artifacts")), len(run.artifacts))


def _artifact(one: Artifact) -> tuple[Cell, ...]:
    role = "made" if one.role == "output" else "used"
    version = ", ".join(dict.fromkeys(word for word in (one.version, *one.aliases) if word))
    texts = [Cell(readable(text)) for text in (one.name, one.type, role, version)]
    digest = readable(one.digest)
    return (*texts, Cell(str(len(one.files))), Cell(_size(one.size), str(one.size or "")), Cell(digest[:12], digest))


def _size(size: int | None) -> str:
    if size is None:
        return "—"
    amount, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 999.5 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.3g} {units[0]}"


def _console(run: Run) -> Iterator[Section]:
    if run.console:
        text = "\n".join(readable(_ANSI.sub("", line.text.rstrip("\r\n"))) for line in run.console[-_LINES:])
        pre = Markup('<pre class="console" tabindex="0">{}</pre>').format(text)
        count = f"{len(run.console):,} line{'' if len(run.console) == 1 else 's'}"
        shown = f"The last {_LINES} of {count}" if len(run.console) > _LINES else count
        body = Markup("<details><summary>{}</summary>{}</details>").format(shown, pre)
        yield _section("Console", body, len(run.console))


def _environment(run: Run) -> Iterator[Section]:
    if run.environment:
        row = Markup("<div><dt>{}</dt><dd>{}</dd></div>\n")
        rows = Markup("").join(row.format(escape(fact.label), fact.value) for fact in key_facts(run.environment))
        yield _section("Environment", Markup('<div class="keys"><dl>{}</dl></div>').format(rows), len(run.environment))


def _spread(several: Sequence[_T], limit: int) -> list[_T]:
    """At most `limit` of them, evenly chosen, with the first and the last."""
    if len(several) <= limit:
        return list(several)
    return [several[round(i * (len(several) - 1) / (limit - 1))] for i in range(limit)]


def _of_all(limit: int, count: int, noun: str) -> Markup:
    return Markup('<p class="section-note">{} of {} {}.</p>').format(limit, f"{count:,}", noun) if count > limit else Markup()
