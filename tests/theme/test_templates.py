"""Templates against their contexts: nothing that a context lacks, nothing in it that no template shows."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from theme.theme_runs import BASE, made, page

from reportgen.model import ConsoleLine, LogWarning, Source
from reportgen.report.document import Heading
from reportgen.site.artifact_contexts import ArtifactContext, ArtifactGroup, ArtifactsContext, VersionView
from reportgen.site.contexts import (
    BlockContext,
    Fact,
    GradientsContext,
    IndexContext,
    LayerGroup,
    Link,
    PageContext,
    ReportCard,
    ReportContext,
    RunsContext,
)
from reportgen.site.pages.how_to_read import HowToReadContext
from reportgen.site.pages.not_found import NotFoundContext
from reportgen.site.query_contexts import ExampleQuery, NamedColumn, NamedTable, QueryContext
from reportgen.site.sweep_contexts import BestTrial, SweepContext, SweepPart, SweepsContext
from reportgen.site.table_contexts import TableContext, TablesContext
from reportgen.site.theme import find_theme

HOSTILE = "\"><script>alert(1)</script>'"
COMMON = {**BASE, "title": "Title", "description": "Words"}
CONTEXTS: dict[str, PageContext] = {
    "report.html": ReportContext(
        **COMMON, subtitle="Under it", authors=("Kimin", "이상민"), date=date(2026, 11, 23),
        contents=tuple(Heading(2, f"H{i}", f"h{i}") for i in range(4)), body=Markup("<p>Body</p>"), run_count=24, sources=("wandb",),
        commit="0123456789abcdef", warnings=tuple((Link(f"r{i}", f"../runs/{i}.html"), LogWarning("torn")) for i in range(9)),
    ),
    "run.html": replace(page(
        made({"val/acc": [0.5]}, notes="two\nlines", command="python train.py", config={"lr": 0.1}, summary={"val/acc": 0.5},
             console=(ConsoleLine("x"),), warnings=(LogWarning("The log is torn."), LogWarning("No media.", key="table")), host="box"),
        reports=(Link("A report", "../index.html"),),
    ), place="2 of 3 runs", previous=Link("a", "a.html"), next=Link("b", "b.html")),
    "runs.html": RunsContext(
        **COMMON, lead=Markup("<b>Best</b>"), table=Markup("<table></table>"), table_count=20, run_count=24, data="data/x.js",
        query="query.html",
    ),
    "gradients.html": GradientsContext(
        **COMMON, lead=Markup("<b>Two layers</b>"), run=Link("r", "../runs/r.html"), colour="#4269d0",
        groups=(LayerGroup("Gradients", Markup("<table></table>"), 2),), first="gradients/a", notes=("A note",),
    ),
    "tables.html": TablesContext(**COMMON, lead=Markup("<b>One</b>"), table=Markup("<table></table>"), query="query.html"),
    "table.html": TableContext(
        **COMMON, lead=Markup("<b>Two rows</b>"), data="data/tables/x.js", shown=Markup("The table of r"), still=Markup("<table></table>"),
        charts=(Markup("<svg></svg>"),), notes=("A note",), query="../query.html?sql=x",
    ),
    "artifacts.html": ArtifactsContext(
        **COMMON, lead=Markup("<b>One</b>"), lineage=Markup("<svg></svg>"), groups=(ArtifactGroup("model", Markup("<table></table>"), 2),),
        notes=("A note",),
    ),
    "artifact.html": ArtifactContext(
        **COMMON, type="model", lead=Markup("<b>One</b>"), latest="v1", data="data/artifacts/x.js", lineage=Markup("<svg></svg>"),
        versions=tuple(
            VersionView(name, Markup(name), ("best",), ("latest",), Markup("Made by"), (Fact("size", Markup("5 B")),),
                        (Fact("acc", Markup("0.9")),), Markup("<table></table>"), Markup("<p>1 changed</p>"), "v0")
            for name in ("v1", "v0")
        ),
        notes=("A note",),
    ),
    "sweeps.html": SweepsContext(**COMMON, lead=Markup("<b>One</b>"), table=Markup("<table></table>"), notes=("A note",)),
    "sweep.html": SweepContext(
        **COMMON, lead=Markup("<b>lr explains it</b>"), about="24 trials", data="data/sweeps/x.js", parallel=Markup("<svg></svg>"),
        trials=Markup("<table></table>"), trial_count=24, table_count=20,
        before=(SweepPart("Importance", "importance", Markup("Words"), (Markup("<svg></svg>"),), 2, ("A note",)),),
        next_said="Narrow lr.", next_table=Markup("<table></table>"), downloads=(Link("YAML", "x-next.yaml"),),
        best=(BestTrial(Link("r", "../runs/r.html"), "#4269d0", Markup("0.9"), "lr: 0.1", "--lr=0.1"),),
        after=(SweepPart("Slices", "slices", Markup(), (Markup("<svg></svg>"),)),),
    ),
    "query.html": QueryContext(
        **COMMON, lead="Ask 2 runs", data="data/query/x.js", first="select 1", answer=Markup("<table></table>"), row_count=1,
        examples=(ExampleQuery("One", "select 1"),), tables=(NamedTable("runs", "runs", 2, (NamedColumn("a b", '"a b"', "DOUBLE"),)),),
        library=Link("DuckDB", "assets/duckdb/LICENSE"),
    ),
    "how-to-read.html": HowToReadContext(**COMMON, subjects=("comparison", "importance")),
    "404.html": NotFoundContext(**COMMON, is_alone=False, ways=(Link("Home", "/site/index.html"), Link("Up", "../index.html"))),
    "index.html": IndexContext(
        **COMMON, run_count=24,
        cards=(ReportCard(Link("A report", "a.html"), "About", ("Kimin",), date(2026, 11, 23), 24, Markup("<svg></svg>")),),
    ),
}  # fmt: skip
NOT_SHOWN = {"run.html": {"files"}}
"""What is for the site and not for the page."""


def test_every_page_template_is_among_them() -> None:
    names = {path.name for path in (find_theme().folder / "templates").glob("*.html")} - {"base.html", "block.html", "figure.html"}
    assert names == set(CONTEXTS)


class Watched:
    """A context that notes which of its fields are read."""

    def __init__(self, context: object) -> None:
        self._context, self._read = context, set[str]()

    def __getattr__(self, name: str) -> Any:
        self._read.add(name)
        return getattr(self._context, name)


@pytest.mark.parametrize("template", CONTEXTS)
def test_each_field_is_shown_and_no_other_is_asked_for(template: str) -> None:
    watched = Watched(CONTEXTS[template])
    html = find_theme().environment.get_template(template).render(page=watched)
    assert watched._read == {field.name for field in fields(CONTEXTS[template])} - NOT_SHOWN.get(template, set())
    assert html.lower().startswith("<!doctype html>")
    assert "Content-Security-Policy" in html


@pytest.mark.parametrize("template", CONTEXTS)
def test_the_paper_theme_has_no_chrome(template: str) -> None:
    html = find_theme("paper").environment.get_template(template).render(page=CONTEXTS[template])
    assert "site-header" not in html
    assert "<main" in html


def test_a_block_is_a_figure() -> None:
    block = BlockContext("chart", "loss", "wide", "T", "S", "Figure 3", Markup("<em>c</em>"), ("n<",), Markup("<svg></svg>"))
    watched = Watched(block)
    html = find_theme().environment.get_template("block.html").render(block=watched)
    assert watched._read == {field.name for field in fields(BlockContext)}
    assert '<figure class="block block-chart width-wide" id="loss">' in html
    assert '<figcaption><span class="number">Figure 3.</span> <em>c</em></figcaption>' in html
    assert "n&lt;" in html


def test_what_is_hostile_is_escaped() -> None:
    run = made(
        {HOSTILE: [0.5]}, name=HOSTILE, notes=HOSTILE, command=HOSTILE, host=HOSTILE, user=HOSTILE, group=HOSTILE, job_type=HOSTILE,
        project=HOSTILE, tags=(HOSTILE,), git_remote=HOSTILE, git_commit=HOSTILE, config={HOSTILE: HOSTILE}, summary={HOSTILE: HOSTILE},
        environment={HOSTILE: HOSTILE}, console=(ConsoleLine(HOSTILE),), warnings=(LogWarning(HOSTILE, Path(HOSTILE)),),
    )  # fmt: skip
    html = find_theme().environment.get_template("run.html").render(page=page(run, (Link(HOSTILE, "x.html"),)))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") > 15


def test_names_that_cannot_be_written_are_shown_all_the_same() -> None:
    run = made({"a\x00\ud800": [1.0]}, name="x\x1b[31m\u202ey", config={"\ud800": "\x07"})
    html = find_theme().environment.get_template("run.html").render(page=page(run))
    html.encode("utf-8")
    assert not set(html) & set("\x00\x07\x1b\u202e")


def test_a_run_without_anything_says_what_would_fill_the_page() -> None:
    html = find_theme().environment.get_template("run.html").render(page=page(made(seconds=None, started=None)))
    assert "This run logged no metric over its steps." in html
    assert "<code>run.log({&#34;loss&#34;: loss})</code> in the training loop" in html
    assert "No metric was logged." in html
    trial = made(seconds=None, started=None, source=Source("optuna", Path("study.db")), summary={"value": 0.5})
    html = find_theme().environment.get_template("run.html").render(page=page(trial))
    assert "<code>trial.report(loss, step)</code>" in html
    assert "Reached <strong>value 0.5</strong>" in html
