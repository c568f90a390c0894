"""The body of a report page: pieces of HTML, and fences as figures."""

from __future__ import annotations

from jinja2 import Template
from markupsafe import Markup, escape

from reportgen.blocks.readable import unbroken
from reportgen.charts.figure import Figure
from reportgen.report import Document, PlacedBlock
from reportgen.site.contexts import BlockContext
from reportgen.site.site import Site
from reportgen.words import _

_NUMBERED = {"Figure": lambda: _("Figure {n}"), "Table": lambda: _("Table {n}")}


def document_body(document: Document, site: Site, template: Template) -> Markup:
    """The body of a report; its charts are noted and stand in it as places to be filled.

    Args:
        template: The theme's `block.html`.
    """
    pieces = (_block(piece, site, document.target, template) if isinstance(piece, PlacedBlock) else piece for piece in document.pieces)
    return Markup("".join(pieces))


def _block(placed: PlacedBlock, site: Site, target: str, template: Template) -> str:
    fragment = placed.fragment
    titles = [part.title for part in fragment.parts if isinstance(part, Figure)]
    # A block that is one chart has the chart's title; said twice it would be one too many.
    alone = len(titles) == 1 and fragment.title in ("", titles[0])
    title, subtitle, notes = fragment.title, fragment.subtitle, fragment.notes
    body = []
    for part in fragment.parts:
        if not isinstance(part, Figure):
            body.append(part)
            continue
        body.append(str(site.charts.note(part, placed.place, headed=not alone)))
        if alone:
            title, subtitle = part.title, subtitle or part.subtitle
    context = BlockContext(
        kind=fragment.kind,
        id=fragment.id,
        width=fragment.width,
        title=title,
        subtitle=unbroken(subtitle),
        number=_NUMBERED[fragment.label]().format(n=placed.number) if fragment.label and placed.number is not None else "",
        caption=Markup(escape(fragment.caption)),
        notes=tuple(unbroken(note) for note in notes if not any(note in part.notes for part in fragment.parts if isinstance(part, Figure))),
        body=Markup("\n".join(body)),
        how_to_read=site.how_to_read(fragment.explained, target) if fragment.explained else "",
    )
    return template.render(block=context)
