"""The table of artifacts, the same on the page of all of them and in a report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reportgen.analysis.artifacts import Collection
from reportgen.analysis.column_format import size_text
from reportgen.blocks.links import run_link, version_href
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.style import ChartStyle
from reportgen.model import Run
from reportgen.words import _, count, ngettext


def artifact_table(collections: Sequence[Collection], root: str, style: ChartStyle, *, id_: str = "", with_type: bool = False) -> Markup:
    """One row per artifact: its versions, the latest of them, and which runs made and used it."""
    heads = [
        Head(_("artifact")), *([Head(_("type"))] if with_type else []), Head(_("versions"), number=True), Head(_("latest")),
        Head(_("made by")), Head(_("used by"), number=True), Head(_("files"), number=True), Head(_("size"), number=True),
    ]  # fmt: skip
    rows = tuple(_row(one, root, style, with_type) for one in collections)
    return table_html(TableView(tuple(heads), rows, label=_("Artifacts"), id=id_))


def _row(one: Collection, root: str, style: ChartStyle, with_type: bool) -> tuple[Cell, ...]:
    name, latest = readable(one.name), one.latest
    artifact = latest.artifact
    used = {run.id for version in one.versions for run in version.used_by}
    link = Markup('<a href="{}">{}</a>').format(version_href(artifact, "", root), name)
    return (
        Cell(link, name, title=name if len(name) > 30 else ""),
        *([Cell(readable(one.type))] if with_type else []),
        Cell.of(count(len(one.versions)), str(len(one.versions))),
        MISSING if one.is_folders else _latest(one, root),
        _makers(tuple({run.id: run for version in one.versions for run in version.made_by}.values()), root, style),
        Cell.of(count(len(used)), str(len(used))),
        Cell.of(count(len(artifact.files)), str(len(artifact.files))) if artifact.files else MISSING,
        Cell.of(size_text(artifact.size), str(artifact.size)) if artifact.size is not None else MISSING,
    )


def _latest(one: Collection, root: str) -> Cell:
    version = one.latest
    tags = Markup("").join(Markup(' <span class="tag">{}</span>').format(readable(alias)) for alias in version.aliases)
    shown = Markup('<span class="value"><a href="{}">{}</a>{}</span>')
    name = readable(version.name)
    return Cell(shown.format(version_href(version.artifact, version.name, root), name, tags), name)


def _makers(runs: Sequence[Run], root: str, style: ChartStyle) -> Cell:
    if not runs:
        return MISSING
    if len(runs) == 1:
        return Cell(run_link(runs[0], root, style.colour(runs[0].id)), readable(runs[0].name))
    return Cell.of(ngettext("{n} run", "{n} runs", len(runs)).format(n=count(len(runs))))
