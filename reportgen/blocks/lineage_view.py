"""A lineage as a drawing whose nodes are links, and in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from markupsafe import Markup

from reportgen.analysis.artifact_lineage import Lineage, LineageNode
from reportgen.analysis.lineage import Layout, layered
from reportgen.analysis.states import state_name
from reportgen.blocks.links import run_href, version_href
from reportgen.blocks.readable import readable
from reportgen.charts.style import ChartStyle
from reportgen.words import _, ngettext

LARGEST = 60
"""Up to so many nodes can be read as a drawing."""
_WIDTH, _HEIGHT, _DOWN = 190, 46, 62
"""A node's size, and how far nodes of a layer stand from each other, in pixels."""
_WIDE, _ACROSS = 952, (232, 262)
"""Layers stand so far from each other that four fit into a wide figure."""
_LETTERS = 22
_Point = tuple[float, float]


def readable_lineage(lineage: Lineage) -> Lineage | None:
    """The lineage as it can be drawn: whole, or with what is alike taken together; None when there is too much or nothing of it."""
    if len(lineage) > LARGEST:
        lineage = lineage.condensed
    return lineage if lineage.graph.edges and len(lineage) <= LARGEST else None


def lineage_html(lineage: Lineage, root: str, style: ChartStyle, current: Collection[str] = ()) -> Markup:
    """The drawing, in a box that scrolls sideways, and the same in words.

    Args:
        lineage: One that can be read (see `readable_lineage`).
        root: The way from the page to the site's root.
        current: Keys of the nodes that the page is about.
    """
    layout = layered(lineage.graph)
    names = {key: f"n{i}" for i, key in enumerate(lineage.graph.nodes)}
    across = _ACROSS[1] if _ACROSS[1] * (layout.layers - 1) + _WIDTH <= _WIDE else _ACROSS[0]
    place = _Place(layout, across)
    width, height = across * (layout.layers - 1) + _WIDTH + 8, _DOWN * (layout.rows - 1) + _HEIGHT + 8
    edges = Markup("").join(
        Markup('<path class="lineage-edge" data-from="{}" data-to="{}" d="{}"/>\n').format(names[a], names[b], place.way(a, b))
        for a, b in lineage.graph.edges
    )
    nodes = Markup("").join(
        _node_html(node, names[key], place.corner(key), root, style, key in current) for key, node in lineage.nodes.items()
    )
    label = _("Lineage: what each run used on its left, what it made on its right")
    drawing = Markup(
        '<svg class="lineage" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" role="group" aria-label="{label}">\n'
        "{edges}{nodes}</svg>"
    ).format(w=width, h=height, label=label, edges=edges, nodes=nodes)
    return Markup(
        '<div class="lineage-box" data-lineage><div class="lineage-scroll" role="region" tabindex="0" aria-label="{}">{}</div>\n'
        '<details class="lineage-words"><summary>{}</summary><ul>{}</ul></details></div>'
    ).format(_("Lineage"), drawing, _("The lineage in words"), _in_words(lineage))


def node_text(node: LineageNode) -> tuple[str, str]:
    """What stands in a node: its name, and what it is."""
    if node.collection is None:
        if len(node.runs) == 1:
            return readable(node.runs[0].name), _("run, {state}").format(state=state_name(node.runs[0].state))
        return ngettext("{n} run", "{n} runs", len(node.runs)).format(n=f"{len(node.runs):,}"), _("of the same inputs")
    name, kind = readable(node.collection.name), readable(node.collection.type)
    if len(node.versions) > 1:
        return name, _("{type}, {n} versions").format(type=kind, n=f"{len(node.versions):,}")
    version = node.versions[0]
    if node.collection.is_folders:
        return name, kind
    return name, " ".join((kind, readable(version.name), *(f"· {readable(alias)}" for alias in version.aliases[:2])))


def node_href(node: LineageNode, root: str) -> str:
    """Where a node leads: to the run or the version; several runs to the page of all."""
    if node.collection is None:
        return run_href(node.runs[0], root) if len(node.runs) == 1 else f"{root}runs.html"
    return version_href(node.versions[-1].artifact, node.versions[-1].name if len(node.versions) == 1 else "", root)


@dataclass(frozen=True)
class _Place:
    """Where things stand in pixels; `across` is how far layers stand from each other."""

    layout: Layout[str]
    across: int

    def corner(self, key: str) -> _Point:
        """The upper left corner of a node."""
        layer, row = self.layout.place[key]
        return 4 + self.across * layer, 4 + _DOWN * row

    def way(self, a: str, b: str) -> str:
        """The path of an edge, with its arrow head; one that closes a circle leads back."""
        from_layer, to_layer = self.layout.place[a][0], self.layout.place[b][0]
        (ax, ay), (bx, by) = self.corner(a), self.corner(b)
        middle = _HEIGHT / 2
        if from_layer >= to_layer:
            points = [(ax, ay + middle + 8), (bx + _WIDTH, by + middle + 8)]
            return _curve(points) + _head(points[-1], -1)
        points = [(ax + _WIDTH, ay + middle)]
        for i, row in enumerate(self.layout.ways[a, b], from_layer + 1):
            y = 4 + _DOWN * row + middle
            points += [(4 + self.across * i, y), (4 + self.across * i + _WIDTH, y)]
        points.append((bx, by + middle))
        return _curve(points) + _head(points[-1], 1)


def _curve(points: Sequence[_Point]) -> str:
    parts = [f"M{points[0][0]:.0f} {points[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (x + to_x) / 2
        parts.append(f"C{half:.0f} {y:.1f} {half:.0f} {to_y:.1f} {to_x:.0f} {to_y:.1f}")
    return "".join(parts)


def _head(tip: _Point, direction: int) -> str:
    x, y = tip
    return f"M{x - 6 * direction:.0f} {y - 4:.1f}L{x - direction:.0f} {y:.1f}L{x - 6 * direction:.0f} {y + 4:.1f}"


def _node_html(node: LineageNode, name: str, corner: _Point, root: str, style: ChartStyle, is_current: bool) -> Markup:
    text, about = node_text(node)
    is_run = node.collection is None
    classes = f"lineage-node {'is-run' if is_run else 'is-artifact'}{' is-several' if len(node.runs) + len(node.versions) > 1 else ''}"
    shown = _short(text, _LETTERS), _short(about, _LETTERS + 4)
    dot = Markup()
    if len(node.runs) == 1:
        dot = Markup('<circle cx="16" cy="17" r="4.5" fill="{}"/>').format(style.colour(node.runs[0].id))
    return Markup(
        '<a class="{classes}" href="{href}" data-node="{name}"{run}{current} aria-label="{label}" transform="translate({x:.0f} {y:.1f})">'
        '{title}<rect width="{width}" height="{height}" rx="{round}"/>{dot}'
        '<text class="lineage-name" x="{left}" y="21"{hidden}>{text}</text> '
        '<text class="lineage-about" x="{left}" y="37"{hidden}>{about}</text></a>\n'
    ).format(
        classes=classes, href=node_href(node, root), name=name, label=f"{text} {about}", x=corner[0], y=corner[1],
        run=Markup(' data-run="{}"').format(node.runs[0].id) if len(node.runs) == 1 else "",
        current=Markup(' aria-current="true"') if is_current else "", width=_WIDTH, height=_HEIGHT, round=_HEIGHT // 2 if is_run else 6,
        dot=dot, left=26 if dot else 14, text=shown[0], about=shown[1],
        title=Markup("<title>{} {}</title>").format(text, about) if shown != (text, about) else "",
        # What is seen must be part of what is said: where it is shortened, only the whole is said.
        hidden=Markup(' aria-hidden="true"') if shown != (text, about) else "",
    )  # fmt: skip


def _short(text: str, letters: int) -> str:
    """As much of a text as fits, the middle left out: names often differ at their end."""
    widths = [2 if east_asian_width(letter) in "WF" else 1 for letter in text]
    if sum(widths) <= letters:
        return text
    half = (letters - 1) // (4 if max(widths) == 2 else 2)
    return f"{text[:half]}…{text[-half:]}"


def _in_words(lineage: Lineage) -> Markup:
    return Markup("").join(Markup("<li>{}</li>\n").format(sentence) for sentence in _sentences(lineage))


def _sentences(lineage: Lineage) -> Iterator[str]:
    """One sentence for each run (or runs that are alike)."""
    for key, node in lineage.nodes.items():
        if node.collection is not None:
            continue
        used = [_called(lineage.nodes[a]) for a, b in lineage.graph.edges if b == key]
        made = [_called(lineage.nodes[b]) for a, b in lineage.graph.edges if a == key]
        name = node_text(node)[0]
        if used and made:
            yield _("{run} used {used} and made {made}.").format(run=name, used=", ".join(used), made=", ".join(made))
        elif used:
            yield _("{run} used {used}.").format(run=name, used=", ".join(used))
        else:
            yield _("{run} made {made}.").format(run=name, made=", ".join(made))


def _called(node: LineageNode) -> str:
    text, about = node_text(node)
    if len(node.versions) == 1:
        return f"{text} {readable(node.versions[0].name)}"
    return f"{text} ({about})"
