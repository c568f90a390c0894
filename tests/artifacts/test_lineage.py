"""The lineage as a graph, where its nodes stand, and how it is drawn and said."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from artifact_runs import dataset, model, offline_runs, run

from reportgen.analysis.artifact_lineage import Lineage, lineage
from reportgen.analysis.artifacts import Catalogue
from reportgen.analysis.lineage import Graph, layered
from reportgen.blocks.lineage_view import lineage_html, readable_lineage
from reportgen.charts.style import ChartStyle
from reportgen.model import Run


def whole(*runs: Run) -> Lineage:
    return lineage(Catalogue(runs or offline_runs()), lambda _: True)


def test_edges_lead_from_what_was_used_through_the_run_to_what_it_made() -> None:
    found = whole()
    assert len(found) == 11
    assert set(found.graph.edges) == {
        ("run:prepare", "version:dataset/digits:v0"), ("version:dataset/digits:v0", "run:train-0"),
        ("version:dataset/digits:v0", "run:train-1"),
        ("run:again", "version:dataset/digits:v1"), ("version:dataset/digits:v1", "run:train-2"), ("run:train-0", "version:model/cnn:v0"),
        ("run:train-1", "version:model/cnn:v1"), ("run:train-2", "version:model/cnn:v2"), ("version:model/cnn:v2", "run:test"),
    }  # fmt: skip


def test_layers_follow_the_edges() -> None:
    found = whole()
    layout = layered(found.graph)
    assert all(layout.place[a][0] < layout.place[b][0] for a, b in found.graph.edges)
    assert layout.layers == 5
    for layer in range(layout.layers):
        rows = sorted(row for at, row in layout.place.values() if at == layer)
        assert all(b - a >= 1 - 1e-9 for a, b in pairwise(rows))


def test_no_edges_cross_where_they_need_not() -> None:
    graph = Graph(("a", "b", "c", "x", "y", "z"), (("a", "z"), ("b", "y"), ("c", "x")))
    place = layered(graph).place
    assert [place[a][1] - place[b][1] for a, b in graph.edges] == [0, 0, 0]


def test_a_long_edge_passes_between_nodes() -> None:
    graph = Graph(("a", "b", "c"), (("a", "b"), ("b", "c"), ("a", "c")))
    layout = layered(graph)
    (row,) = layout.ways["a", "c"]
    assert abs(row - layout.place["b"][1]) >= 1 - 1e-9


def test_what_hangs_together_stands_together() -> None:
    edges = [(f"a{i}", "x") for i in range(5)] + [("b", "y"), ("y", "z"), ("c", "u")]
    graph = Graph(tuple(dict.fromkeys(node for edge in edges for node in edge)), tuple(edges))
    layout = layered(graph)
    rows = sorted({row for _layer, row in layout.place.values()})
    assert rows[0] == 0
    assert all(b - a <= 1 for a, b in pairwise(rows))
    assert layout.place["b"][1] == layout.place["y"][1] == layout.place["z"][1]


def test_a_circle_is_drawn_all_the_same() -> None:
    both = [model("m0"), model("m0", "input")]
    found = whole(run("a", 0, both), run("b", 1, [model("m0", "input")]))
    layout = layered(found.graph)
    assert len(layout.place) == 3
    assert "<svg" in lineage_html(found, "", ChartStyle())


def test_the_way_around_a_node_is_what_leads_to_it_and_on_from_it() -> None:
    around = whole().around(["version:model/cnn:v2"])
    assert set(around.nodes) == {"run:again", "version:dataset/digits:v1", "run:train-2", "version:model/cnn:v2", "run:test"}
    assert len(whole().of_runs({"test"})) == 2


def test_what_is_alike_stands_together() -> None:
    trainings = [run(f"t{i}", i + 1, [dataset("d0", "input"), model(f"m{i}")]) for i in range(200)]
    found = whole(run("prepare", 0, [dataset("d0")]), *trainings)
    assert len(found) == 402
    condensed = readable_lineage(found)
    assert condensed is not None
    assert sorted((len(node.runs), len(node.versions)) for node in condensed.nodes.values()) == [(0, 1), (0, 200), (1, 0), (200, 0)]
    assert "200 runs" in lineage_html(condensed, "", ChartStyle())
    different = [run(f"r{i}", i, [model(f"m{i}", name=f"cnn-{i}")]) for i in range(200)]
    assert readable_lineage(whole(*different)) is None
    assert readable_lineage(whole(run("alone", 0))) is None


def test_the_drawing_is_links_and_words() -> None:
    html = lineage_html(whole(), "../", ChartStyle(), ["version:model/cnn:v2"])
    drawing = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    links = drawing.findall("a")
    assert len(links) == 11
    assert {link.get("href", "")[:5] for link in links} == {"../ru", "../ar"}
    assert [link.get("aria-label") for link in links if link.get("aria-current")] == ["cnn model v2 · latest · best"]
    assert len(drawing.findall("path")) == 9
    assert "<li>train-0 used digits v0 and made cnn v0.</li>" in html
    assert "<li>test used cnn v2.</li>" in html


def test_names_are_escaped_and_shortened_in_the_middle() -> None:
    hostile = "<script>alert(1)</script>" * 5
    html = lineage_html(whole(run(hostile, 0, [model("m", name=hostile, type=hostile)])), "", ChartStyle())
    assert "<script" not in html
    (name,) = set(re.findall(r'<text class="lineage-name"[^>]*>([^<]*)<', html))
    assert len(name.replace("&lt;", "<").replace("&gt;", ">")) <= 22
    assert "…" in name
