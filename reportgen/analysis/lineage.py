"""Lineage as a graph: from datasets through runs to models, and where each node stands when it is drawn in layers.

The layout is that of Sugiyama, Tagawa and Toda (1981): layers by the longest path, long edges led through every layer between, and
each layer ordered by the mean place of its neighbours (barycenter) in a few sweeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import floor
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)
_SWEEPS = 8


@dataclass(frozen=True)
class Graph(Generic[Node]):
    """A directed graph: nodes in a fixed order, and edges between them, each once."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]

    def reachable(self, start: Iterable[Node]) -> Graph[Node]:
        """What leads to some nodes, and what they lead to (not: what else those lead to)."""
        start = tuple(start)
        return self.of(_closure(start, self._forward) | _closure(start, self._backward))

    @cached_property
    def _forward(self) -> dict[Node, list[Node]]:
        return _neighbours(self.edges)

    @cached_property
    def _backward(self) -> dict[Node, list[Node]]:
        return _neighbours((b, a) for a, b in self.edges)

    def of(self, nodes: Iterable[Node]) -> Graph[Node]:
        """The part of the graph between some nodes."""
        chosen = set(nodes)
        return Graph(
            tuple(node for node in self.nodes if node in chosen), tuple((a, b) for a, b in self.edges if a in chosen and b in chosen)
        )  # fmt: skip


@dataclass(frozen=True)
class Layout(Generic[Node]):
    """Where nodes stand.

    Attributes:
        place: Node → its layer and its row in the layer, from 0; rows may be fractions, and those of a layer are at least 1 apart.
        ways: Edge → the rows of the layers between its ends, in the direction of the layers.
        layers: How many layers there are.
        rows: How many rows the highest layer spans.
    """

    place: Mapping[Node, tuple[int, float]]
    ways: Mapping[tuple[Node, Node], tuple[float, ...]] = field(default_factory=dict)
    layers: int = 0
    rows: float = 0


def layered(graph: Graph[Node]) -> Layout[Node]:
    """A layout of a graph; edges that close a circle are drawn, but do not decide the layers."""
    edges = _without_circles(graph)
    layer = _layers(graph.nodes, edges)
    rows, chains = _with_way_points(graph, layer)
    _order(rows, chains)
    at = _places(rows, chains)
    place = {node: (layer[node], at[node]) for node in graph.nodes}
    ways = {edge: tuple(at[point] for point in chain[1:-1]) for edge, chain in chains.items()}
    return Layout(place, ways, len(rows), max(at.values(), default=-1.0) + 1)


def _neighbours(edges: Iterable[tuple[Node, Node]]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = defaultdict(list)
    for a, b in edges:
        found[a].append(b)
    return found


def _closure(start: Iterable[Node], next_: Mapping[Node, Sequence[Node]]) -> set[Node]:
    seen, waiting = set(start), list(start)
    while waiting:
        for node in next_.get(waiting.pop(), ()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def _without_circles(graph: Graph[Node]) -> list[tuple[Node, Node]]:
    """The edges that a walk in depth does not find to lead back to where it came from."""
    next_ = _neighbours(graph.edges)
    done: set[Node] = set()
    kept: list[tuple[Node, Node]] = []
    for root in graph.nodes:
        if root in done:
            continue
        on_way = {root}
        stack = [(root, iter(next_.get(root, ())))]
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                on_way.discard(node)
                done.add(node)
            elif following not in on_way:
                kept.append((node, following))
                if following not in done:
                    on_way.add(following)
                    stack.append((following, iter(next_.get(following, ()))))
    return kept


def _layers(nodes: Sequence[Node], edges: Sequence[tuple[Node, Node]]) -> dict[Node, int]:
    """The layer of each node: behind all that lead to it, and those that nothing leads to just before what they lead to."""
    next_, before = _neighbours(edges), _neighbours((b, a) for a, b in edges)
    missing = {node: len(before.get(node, ())) for node in nodes}
    ready = [node for node in nodes if not missing[node]]
    layer = dict.fromkeys(nodes, 0)
    order = []
    while ready:
        node = ready.pop(0)
        order.append(node)
        for following in next_.get(node, ()):
            layer[following] = max(layer[following], layer[node] + 1)
            missing[following] -= 1
            if not missing[following]:
                ready.append(following)
    for node in order:
        if not before.get(node) and next_.get(node):
            layer[node] = min(layer[following] for following in next_[node]) - 1
    return layer


def _with_way_points(graph: Graph[Node], layer: Mapping[Node, int]) -> tuple[list[list[object]], dict[tuple[Node, Node], list[object]]]:
    """The layers with a point in each layer that an edge passes, and for each edge its ends and points from left to right."""
    rows: list[list[object]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in graph.nodes:
        rows[layer[node]].append(node)
    chains: dict[tuple[Node, Node], list[object]] = {}
    for a, b in graph.edges:
        left, right = (a, b) if layer[a] <= layer[b] else (b, a)
        points: list[object] = [(a, b, i) for i in range(layer[left] + 1, layer[right])]
        for i, point in enumerate(points, layer[left] + 1):
            rows[i].append(point)
        chains[a, b] = [left, *points, right]
    return rows, chains


def _order(rows: list[list[object]], chains: Mapping[tuple[Node, Node], Sequence[object]]) -> None:
    """Sorts each layer by the mean place of the neighbours in the layer before it, then in the one behind it, and so on."""
    before, behind = _between(chains)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for i in range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1):
            place = {node: k for k, node in enumerate(rows[i - 1 if forward else i + 1])}
            neighbours = before if forward else behind
            own = {node: k for k, node in enumerate(rows[i])}
            rows[i].sort(key=lambda node: _mean([place[one] for one in neighbours.get(node, ()) if one in place], own[node]))


def _between(chains: Mapping[tuple[Node, Node], Sequence[object]]) -> tuple[dict[object, list[object]], dict[object, list[object]]]:
    steps = [(a, b) for chain in chains.values() for a, b in pairwise(chain)]
    return _neighbours((b, a) for a, b in steps), _neighbours(steps)


def _places(rows: Sequence[Sequence[object]], chains: Mapping[tuple[Node, Node], Sequence[object]]) -> dict[object, float]:
    """The row of each node and point: as near to its neighbours as the order allows, at least 1 behind the one before it."""
    before, behind = _between(chains)
    at = {node: float(k) for row in rows for k, node in enumerate(row)}
    for sweep in range(3 * _SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([at[one] for one in (*before.get(node, ()), *behind.get(node, ()))], at[node]) for node in row]
            at |= zip(row, _apart(wanted), strict=True)
    closer = _closed_up(at.values())
    # Quarters keep the distances of at least 1, and make nearly straight edges straight.
    return {node: floor(4 * closer[row] + 0.5) / 4 for node, row in at.items()}


def _closed_up(rows: Iterable[float]) -> dict[float, float]:
    """Where rows go when no gap across all layers is wider than 1; the first goes to 0."""
    ordered = sorted(set(rows))
    moved = {ordered[0]: 0.0} if ordered else {}
    for a, b in pairwise(ordered):
        moved[b] = moved[a] + min(b - a, 1.0)
    return moved


def _apart(wanted: Sequence[float]) -> list[float]:
    """Places in the given order, at least 1 apart, whose squared distances to the wanted ones are least.

    Places minus their index must not descend: that is isotonic regression, solved by pooling adjacent violators.
    """
    pools: list[tuple[float, int]] = []
    for i, place in enumerate(wanted):
        pools.append((place - i, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2:]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
    flat = [mean for mean, count in pools for _ in range(count)]
    return [mean + i for i, mean in enumerate(flat)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
