"""Which versions of artifacts led through which runs to which others, as a graph; a large one with what is alike taken together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from collections.abc import Collection as Several
from dataclasses import dataclass
from functools import cached_property

from reportgen.analysis.artifacts import Catalogue, Collection, Version
from reportgen.analysis.lineage import Graph
from reportgen.model import Run


@dataclass(frozen=True, eq=False)
class LineageNode:
    """A node: a version of an artifact or a run, or several that are alike.

    Attributes:
        key: What the graph knows it by.
        collection: Of the versions; None for runs.
        versions, runs: One or several of one kind; the other is empty.
    """

    key: str
    collection: Collection | None = None
    versions: tuple[Version, ...] = ()
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, eq=False)
class Lineage:
    """A lineage: the graph of keys, and what they stand for.

    An edge leads from what was used to the run that used it, and from a run to what it made.
    """

    graph: Graph[str]
    nodes: Mapping[str, LineageNode]

    def __len__(self) -> int:
        return len(self.graph.nodes)

    def around(self, keys: Iterable[str]) -> Lineage:
        """What leads to some nodes, and what they lead to."""
        graph = self.graph.reachable(key for key in keys if key in self.nodes)
        return Lineage(graph, {key: self.nodes[key] for key in graph.nodes})

    def of_runs(self, ids: Several[str]) -> Lineage:
        """What some runs made and used."""
        chosen = {key for key, node in self.nodes.items() if any(run.id in ids for run in node.runs)}
        near = {key for edge in self.graph.edges if chosen & set(edge) for key in edge}
        graph = self.graph.of(key for key in chosen | near if not self.nodes[key].runs or key in chosen)
        return Lineage(graph, {key: self.nodes[key] for key in graph.nodes})

    @cached_property
    def condensed(self) -> Lineage:
        """The same with one node for all runs that used the same versions and made versions of the same artifacts, and one for all
        versions of an artifact that such runs made and used."""
        used, made = _sides(self.graph)

        def of_run(key: str) -> Hashable:
            return frozenset(used.get(key, ())), frozenset(_name(self.nodes[one]) for one in made.get(key, ()))

        together = _together((key for key in self.graph.nodes if self.nodes[key].runs), of_run)

        def of_version(key: str) -> Hashable:
            sides = (frozenset(together[one] for one in side.get(key, ())) for side in (used, made))
            return (_name(self.nodes[key]), *sides)

        together |= _together((key for key in self.graph.nodes if not self.nodes[key].runs), of_version)
        nodes: dict[str, LineageNode] = {}
        for key in self.graph.nodes:
            node, into = self.nodes[key], together[key]
            first = nodes.get(into, LineageNode(into, node.collection))
            nodes[into] = LineageNode(into, node.collection, first.versions + node.versions, first.runs + node.runs)
        edges = dict.fromkeys((together[a], together[b]) for a, b in self.graph.edges)
        return Lineage(Graph(tuple(nodes), tuple(edges)), nodes)


def lineage(catalogue: Catalogue, which: Callable[[Collection], bool]) -> Lineage:
    """The lineage of the artifacts for which `which` holds, with all runs that made or used them."""
    nodes: dict[str, LineageNode] = {}
    edges: dict[tuple[str, str], None] = {}
    for collection in catalogue.collections.values():
        for version in collection.versions if which(collection) else ():
            key = version_key(collection, version)
            nodes[key] = LineageNode(key, collection, (version,))
            for run in version.runs:
                nodes.setdefault(_run_key(run), LineageNode(_run_key(run), runs=(run,)))
            edges |= {(_run_key(run), key): None for run in version.made_by}
            edges |= {(key, _run_key(run)): None for run in version.used_by}
    return Lineage(Graph(tuple(nodes), tuple(edges)), nodes)


def version_key(collection: Collection, version: Version) -> str:
    """What the graph knows a version by."""
    return f"version:{collection.type}/{collection.name}:{version.name}"


def _run_key(run: Run) -> str:
    return f"run:{run.id}"


def _name(node: LineageNode) -> tuple[str, str] | None:
    return node.collection.key if node.collection else None


def _sides(graph: Graph[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What leads to each node, and what it leads to."""
    before: dict[str, list[str]] = {}
    behind: dict[str, list[str]] = {}
    for a, b in graph.edges:
        before.setdefault(b, []).append(a)
        behind.setdefault(a, []).append(b)
    return before, behind


def _together(keys: Iterable[str], signature: Callable[[str], Hashable]) -> dict[str, str]:
    """Key → the first key with the same signature."""
    first: dict[Hashable, str] = {}
    return {key: first.setdefault(signature(key), key) for key in keys}
