"""The page with the histograms of a run: all layers at a glance, and each over its steps with the counts as they were logged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np
from markupsafe import Markup, escape

from reportgen.analysis.column_format import ColumnFormat, column_format
from reportgen.analysis.distribution import over_steps
from reportgen.analysis.layers import EXPLODING, VANISHING, Layer, Trouble, layers
from reportgen.blocks.links import RUNS_PAGE, run_href
from reportgen.blocks.readable import readable
from reportgen.blocks.sparkline import SparklineFrame, sparkline
from reportgen.blocks.table import Cell, Head, TableView, table_html
from reportgen.charts.distribution import picture_url
from reportgen.model import Histogram, Run, Series
from reportgen.site.contexts import GradientsContext, LayerGroup, Link
from reportgen.site.site import ComposedPage, Site, href, root_of
from reportgen.words import _, ngettext

_STEPS = 240
"""Up to so many logged steps of a layer are on its page, evenly chosen."""
_NAMED = 3
_STRIPS = 8
_EVEN = 1e-9
"""Bins whose widths differ by less than this share are even: their two ends say all."""


def gradients_pages(site: Site) -> Iterator[ComposedPage]:
    """A page for each run that logged histograms."""
    for run in site.runs:
        if run.histograms and (found := layers(run.histograms)):
            yield _page(site, run, found)


def _page(site: Site, run: Run, found: Sequence[Layer]) -> ComposedPage:
    target = f"gradients/{run.slug}.html"
    name = readable(run.name) or run.slug
    crumbs = [Link(_("Runs"), href(RUNS_PAGE, target)), Link(name, run_href(run, root_of(target)))]
    lead = _lead(found)
    context = GradientsContext(
        **site.base(target, crumbs=crumbs),
        title=_("Gradients of {run}").format(run=name) if _is_watched(found) else _("Distributions of {run}").format(run=name),
        description=lead.striptags(),
        lead=lead,
        run=crumbs[-1],
        colour=site.workspace.style.colour(run.id),
        groups=tuple(_groups(site, found)),
        first=_first(found).key,
        notes=tuple(_notes(run, found)),
    )
    return site.page(target, "gradients.html", context)


@dataclass(frozen=True)
class Glance:
    """The histograms of a run in short.

    Attributes:
        strips: The first tensors, each as a small picture over the steps.
        count: How many tensors there are.
    """

    lead: Markup
    strips: Markup
    count: int


def _breakable(key: str) -> Markup:
    """A key that breaks behind its slashes and dots rather than inside a word."""
    return Markup(re.sub(r"(?<=[/.])(?=\D)", "<wbr>", str(escape(readable(key)))))


def at_a_glance(run: Run) -> Glance | None:
    """What the page of a run's histograms says first; None when it has none."""
    found = layers(run.histograms)
    if not found:
        return None
    in_order = sorted(found, key=lambda layer: (layer.trouble is None, layer.kind != "gradients", _natural(layer.name)))
    row = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    strips = Markup("").join(row.format(_breakable(layer.key), _strip(layer)) for layer in in_order[:_STRIPS])
    return Glance(_lead(found), Markup('<dl class="strips">{}</dl>').format(strips), len(found))


def _first(found: Sequence[Layer]) -> Layer:
    """The layer that a reader wants to see first: one in trouble, else the gradients of the most values."""
    return max(found, key=lambda layer: (layer.trouble is not None, layer.kind == "gradients", float(layer.size[-1])))


def _is_watched(found: Sequence[Layer]) -> bool:
    return any(layer.kind for layer in found)


def _lead(found: Sequence[Layer]) -> Markup:
    """“fc.weight vanishes: … 12 tensors, 50 logged steps, 0 to 980.”, or that none does."""
    steps = sorted({step for layer in found for step in layer.steps})
    tensors = ngettext("{n} tensor", "{n} tensors", len(found)).format(n=f"{len(found):,}")
    logged = ngettext("{n} logged step", "{n} logged steps", len(steps)).format(n=f"{len(steps):,}")
    parts = [Markup("{}, {}.").format(tensors, logged)]
    if len(steps) > 1:
        parts = [Markup("{}, {}, {}.").format(tensors, logged, _("{first} to {last}").format(first=f"{steps[0]:,}", last=f"{steps[-1]:,}"))]
    in_trouble = [layer for layer in found if layer.trouble]
    parts += [Markup("<strong>{}</strong> {}.").format(readable(layer.name), _trouble(layer)) for layer in in_trouble[:_NAMED]]
    if more := len(in_trouble[_NAMED:]):
        parts.append(Markup(ngettext("{n} more is marked below.", "{n} more are marked below.", more)).format(n=more))
    if not in_trouble and _is_watched(found):
        parts.append(Markup(_("No layer vanishes or explodes.")))
    return Markup(" ").join([*parts[1:], parts[0]])


def _trouble(layer: Layer) -> str:
    """What is wrong with a layer, as the rest of a sentence that its name begins."""
    factor = f"{layer.factor:.2g}"
    match layer.trouble:
        case "zero":
            return _("has gradients of zero in the last quarter of the steps")
        case "vanishing":
            return _("vanishes: its gradients are {share} of the largest layer’s in the last quarter of the steps").format(share=factor)
        case "exploding":
            times = f"{layer.factor:,.0f}" if layer.factor < 1e6 else f"{layer.factor:.1e}"
            return _("explodes: it grew {times} times from the first to the last quarter of the steps").format(times=times)
    return ""


def _notes(run: Run, found: Sequence[Layer]) -> Iterator[str]:
    if _is_watched(found):
        yield _(
            "A gradient vanishes here when its root mean square is less than {share} of the largest layer’s, and a layer explodes when "
            "it grows more than {times} times (medians over the last and the first quarter of the logged steps)."
        ).format(share=f"{VANISHING:g}", times=f"{EXPLODING:g}")
    yield _(
        "Norm, spread and zeros are computed from the logged bins: a value counts as the centre of its bin, and the share of zeros is "
        "an upper bound, that of the bin around zero."
    )
    if lost := sum(layer.left_out for layer in found):
        yield ngettext(
            "{n} logged histogram holds no finite value and is left out.",
            "{n} logged histograms hold no finite value and are left out.",
            lost,
        ).format(n=f"{lost:,}")
    empty = len(run.histograms) - len(found)
    if empty:
        yield ngettext(
            "{n} tensor without any finite value is left out.", "{n} tensors without any finite value are left out.", empty
        ).format(n=f"{empty:,}")
    if (most := max(len(layer.steps) for layer in found)) > _STEPS:
        yield _("{shown} of up to {logged} logged steps are on this page, evenly chosen.").format(shown=_STEPS, logged=f"{most:,}")


def _groups(site: Site, found: Sequence[Layer]) -> Iterator[LayerGroup]:
    titles = {"gradients": _("Gradients"), "parameters": _("Parameters"), "": _("Distributions")}
    for kind, title in titles.items():
        if several := sorted((layer for layer in found if layer.kind == kind), key=lambda layer: _natural(layer.name)):
            yield LayerGroup(title, _table(site, title, several), len(several))


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts layer10 behind layer2."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _table(site: Site, title: str, several: Sequence[Layer]) -> Markup:
    heads = (
        Head(_("layer")), Head(_("values"), number=True), Head(_("norm, last"), number=True), Head(_("norm"), data=False),
        Head(_("spread, last"), number=True), Head(_("zeros, at most"), number=True), Head(_("over steps"), data=False),
    )  # fmt: skip
    norm, spread = (
        column_format("", [float(values[-1]) for values in columns], metric=True)
        for columns in ([layer.norm for layer in several], [layer.spread for layer in several])
    )
    rows = tuple(_row(site, layer, norm, spread) for layer in several)
    return table_html(TableView(heads, rows, label=title, id=title.lower()))


def _row(site: Site, layer: Layer, norm: ColumnFormat, spread: ColumnFormat) -> tuple[Cell, ...]:
    name = readable(layer.name)
    path = site.script("data/layers", "value", _data(layer))
    marks: Mapping[Trouble, str] = {"vanishing": _("vanishing"), "exploding": _("exploding"), "zero": _("zero")}
    said = Markup(' <span class="trouble" title="{}">{}</span>')
    mark = said.format(_trouble(layer), marks[layer.trouble]) if layer.trouble else Markup()
    link = Markup('<a class="layer" href="?layer={}#layer" data-layer="{}" data-script="{}">{}</a>{}')
    norms = Series(layer.key, np.array(layer.steps, np.int64), np.full(len(layer.steps), np.nan), layer.norm)
    return (
        Cell(link.format(quote(layer.key), layer.key, path, name, mark), layer.name),
        Cell.of(f"{layer.size[-1]:,.0f}", f"{layer.size[-1]:g}"),
        Cell.of(norm.text(float(layer.norm[-1])), repr(float(layer.norm[-1]))),
        Cell(sparkline([(norms, "")], SparklineFrame.around([norms])), classes=("picture",)),
        Cell.of(spread.text(float(layer.spread[-1])), repr(float(layer.spread[-1]))),
        Cell.of(f"{100 * layer.around_zero[-1]:.1f} %", repr(float(layer.around_zero[-1]))),
        Cell(_strip(layer), classes=("picture",)),
    )


def _strip(layer: Layer) -> Markup:
    """The distribution over steps as a small picture."""
    distribution = over_steps(layer.histograms, bins=24)
    if distribution is None:
        return Markup()
    said = _("distribution over {n} steps: the darker, the more values").format(n=len(layer.steps))
    return Markup('<img class="strip" src="{}" alt="{}" width="160" height="28">').format(picture_url(distribution), said)


def _data(layer: Layer) -> dict[str, Any]:
    """What the browser draws a layer from: for each step its bins, their counts, and what the table says of them.

    `bins` holds for each step the two outer edges of even bins, or all edges. Counts are as they were logged.
    """
    chosen = _spread_out(len(layer.histograms))
    return {
        "key": layer.key,
        "name": readable(layer.name),
        "kind": layer.kind,
        "steps": [layer.steps[i] for i in chosen],
        "bins": [_bins(layer.histograms[i]) for i in chosen],
        "counts": [_counts(layer.histograms[i]) for i in chosen],
        **{name: [float(f"{getattr(layer, name)[i]:.6g}") for i in chosen] for name in ("size", "mean", "spread", "norm", "around_zero")},
    }


def _bins(histogram: Histogram) -> list[float]:
    edges = histogram.edges
    even = np.linspace(edges[0], edges[-1], len(edges))
    is_even = bool(np.abs(edges - even).max() <= _EVEN * max(float(edges[-1] - edges[0]), 0.0))
    return [float(edges[0]), float(edges[-1])] if is_even else [float(edge) for edge in edges]


def _counts(histogram: Histogram) -> list[float | int]:
    return [int(count) if float(count).is_integer() else float(count) for count in histogram.counts]


def _spread_out(n: int) -> list[int]:
    """At most `_STEPS` of `n` places, evenly chosen, with the first and the last."""
    return list(range(n)) if n <= _STEPS else sorted({round(i * (n - 1) / (_STEPS - 1)) for i in range(_STEPS)})
