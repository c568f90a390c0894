"""What a run logged beside metrics: distributions, images, tables, artifacts, what it printed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from markupsafe import Markup

from reportgen.analysis.distribution import over_steps
from reportgen.blocks.table import Cell, Head, TableView, table_html
from reportgen.charts.distribution import distribution_over_steps
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Artifact, Media, Run, Table
from reportgen.report.document import LinkedFile
from reportgen.site.contexts import Section

Files = Callable[[Path], str]
"""Takes a file into the site and gives its address relative to the page."""


class ShownFiles:
    """The files that a page shows, each copied once into the site under a name made of its content."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.linked: list[LinkedFile] = []

    def add(self, path: Path) -> str:
        """The address of the file, relative to the page."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        self.linked.append(LinkedFile(path, f"media/{digest}{path.suffix.lower()}"))
        return self.root + self.linked[-1].target


_IMAGES = 48
_ROWS = 50
_LINES = 400
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f]")


def sections(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle, files: Files) -> tuple[Section, ...]:
    """The parts of the page below the charts; what was not logged has none."""
    return tuple(
        section
        for section in (
            _distributions(run, draw, style),
            _images(run, files),
            *(_table(key, tables[-1]) for key, tables in sorted(run.tables.items())),
            _artifacts(run),
            _console(run),
        )
        if section
    )


def _distributions(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle) -> Section | None:
    drawn = []
    for key, logged in sorted(run.histograms.items()):
        if distribution := over_steps(logged):
            drawn.append(draw(distribution_over_steps(distribution, title=key, style=style, height=120)))
    cards = Markup("").join(Markup('<div class="card">{}</div>').format(chart) for chart in drawn)
    return Section("Distributions", Markup('<div class="cards">{}</div>').format(cards), len(drawn)) if drawn else None


def _images(run: Run, files: Files) -> Section | None:
    shown = list(_pictures(run))
    if not shown:
        return None
    items = Markup("").join(
        Markup('<li><img src="{}" alt="{}" loading="lazy">{} <span>step {}</span></li>').format(
            files(one.path), one.caption or one.key, one.caption or one.key, one.step
        )
        for one in shown[:_IMAGES]
        if one.path
    )
    more = _first_of(_IMAGES, len(shown), "images")
    return Section("Images", Markup('<ul class="thumbnails">{}</ul>{}').format(items, more), len(shown))


def _pictures(run: Run) -> Iterator[Media]:
    for several in run.media.values():
        for one in several:
            if one.kind == "image" and one.path and one.path.suffix.lower() in _PICTURES and one.path.is_file():
                yield one


def _table(key: str, table: Table) -> Section:
    heads = (Head("row", number=True), *(Head(str(name), number=_is_numeric(table, i)) for i, name in enumerate(table.columns)))
    rows = tuple((Cell(str(n)), *(Cell(_cell(value)) for value in row)) for n, row in enumerate(table.rows[:_ROWS], 1))
    shown = table_html(TableView(heads=heads, rows=rows, label=key))
    note = _first_of(_ROWS, len(table.rows), "rows")
    return Section(key, Markup("{}{}").format(shown, note), len(table.rows))


def _is_numeric(table: Table, column: int) -> bool:
    values = [row[column] for row in table.rows if column < len(row) and row[column] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _cell(value: object) -> str:
    if isinstance(value, Media):
        return value.caption or value.kind
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)


def _artifacts(run: Run) -> Section | None:
    if not run.artifacts:
        return None
    heads = tuple(Head(name) for name in ("artifact", "type", "role", "version", "files", "size", "digest"))
    rows = tuple(tuple(Cell(text) for text in _artifact(one)) for one in run.artifacts)
    return Section("Artifacts", table_html(TableView(heads=heads, rows=rows, label="Artifacts")), len(run.artifacts))


def _artifact(one: Artifact) -> tuple[str, ...]:
    role = "made" if one.role == "output" else "used"
    version = ", ".join(dict.fromkeys([*([one.version] if one.version else []), *one.aliases]))
    return one.name, one.type, role, version, str(len(one.files)), _size(one.size), one.digest[:12]


def _size(size: int | None) -> str:
    if size is None:
        return ""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000  # type: ignore[assignment]
    return f"{size:.3g} TB"


def _console(run: Run) -> Section | None:
    if not run.console:
        return None
    kept = run.console[-_LINES:]
    text = "\n".join(_ANSI.sub("", line.text) for line in kept)
    more = _first_of(_LINES, len(run.console), "lines", which="last")
    pre = Markup('<pre class="console" tabindex="0">{}</pre>').format(text)
    body = Markup("<details><summary>What it printed</summary>{}{}</details>").format(pre, more)
    return Section("Console", body, len(run.console))


def _first_of(limit: int, count: int, noun: str, which: str = "first") -> Markup:
    if count <= limit:
        return Markup()
    return Markup('<p class="block-note">The {} {} of {:,} {}.</p>').format(which, limit, count, noun)
