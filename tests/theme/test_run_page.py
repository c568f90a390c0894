"""What the page of a run says: exact values, and honest where there are none."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup
from PIL import Image
from theme.theme_runs import BASE, START, made, page, series

from reportgen.analysis.main_metric import main_metric
from reportgen.blocks.commits import commit_address
from reportgen.charts.style import ChartStyle
from reportgen.model import Artifact, ConsoleLine, LogWarning, Media, MetricDefinition, Run, Runs, Table
from reportgen.site.contexts import Fact
from reportgen.site.pages.facts import facts
from reportgen.site.pages.lead import lead
from reportgen.site.pages.runs import runs_page

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("history", "seconds", "said"),
    [
        ({"val/acc": [0.5, 0.92888, 0.9], "val/loss": [1.0, 0.5, 0.7]}, 10.0, "Best val/acc 0.929 at step 1; 3 steps in 10 s."),
        ({"train/loss": [2.0, 1.0, 1.5]}, None, "Best train/loss 1 at step 1; 3 steps."),
        ({"val/acc": [0.5, 0.75], "epoch": [0, 1]}, 75.0, "Best val/acc 0.75 at epoch 1; 2 steps in 1 min 15 s."),
        ({"speed": [1.0, 3.5, NAN]}, 10.0, "Last speed 3.5 at step 1, but it ends in NaN; 3 steps in 10 s."),
        ({"loss": [1.0, 0.25, INF]}, 10.0, "Best loss 0.25 at step 1, but it ends in infinity; 3 steps in 10 s."),
        ({"loss": [NAN, NAN]}, 10.0, "No value of loss is finite; 2 steps in 10 s."),
        ({"loss": [NAN], "acc": [NAN]}, 10.0, "No metric has a finite value; 1 step in 10 s."),
        ({}, 10.0, "No metric was logged in 10 s."),
        ({}, None, "No metric was logged."),
        ({"interval": [3.0], "step_time": [1.0], "train/loss": [0.5]}, None, "Best train/loss 0.5 at step 0; 1 step."),
    ],
)
def test_the_lead_answers(history: dict[str, list[float]], seconds: float | None, said: str) -> None:
    assert lead(made(history, seconds)).striptags() == said


def test_the_lead_counts_in_the_metric_s_own_axis() -> None:
    history = {"val/loss": series("val/loss", [0.5, 0.25], [10, 20]), "pass": series("pass", [1, 2], [10, 20])}
    run = made(history=None, metrics=(MetricDefinition("val/*", step_metric="pass"),))
    assert lead(replace(run, history=history)).striptags() == "Best val/loss 0.25 at pass 2; 21 steps in 10 s."


def test_a_summary_without_history_is_said_to_be_one() -> None:
    assert lead(made(summary={"val/acc": 0.93125, "note": "x"})).striptags() == "Reached val/acc 0.931 in 10 s."


def test_facts_are_those_that_the_log_has() -> None:
    run = made(host="box", tags=("a", "b<"), group="g", git_remote="git@github.com:k/d.git", git_commit="0123456789abcdef")
    assert {fact.label: Markup(fact.value).striptags() for fact in facts(run)} == {
        "started": "23 Nov 2026, 21:37 UTC", "host": "box", "group": "g", "tags": "a b<", "commit": "0123456789", "id": "r1",
    }  # fmt: skip
    assert [fact.label for fact in facts(made(id="first", seconds=None, started=None))] == []


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:k/d.git", "https://github.com/k/d/commit/0123abc"),
        ("ssh://git@host.org:2222/k/d", "https://host.org/k/d/commit/0123abc"),
        ("https://gitlab.com/a/b/c.git", "https://gitlab.com/a/b/c/commit/0123abc"),
        ("https://user:token@github.com/k/d", ""),
        ("javascript:alert(1)//x", ""),
        ("https://x.org/a\"onclick=alert(1)", ""),
        ("/home/me/repo", ""),
        ("", ""),
    ],
)
def test_only_safe_remotes_become_links(remote: str, address: str) -> None:
    assert commit_address(remote, "0123abc") == address
    assert commit_address(remote, "HEAD") == ""


def test_config_and_summary_keep_their_order_and_exact_values() -> None:
    config = {"optimizer.lr": 0.001, "on": True, "none": None, "name": "<b>", "list": [1, 2]}
    context = page(made(config=config, summary={"acc": 0.9800000190734863}))
    facts = [one for one in context.config.entries if isinstance(one, Fact)]
    assert [fact.label for fact in facts] == ["optimizer.lr", "on", "none", "name", "list"]
    assert [str(fact.value) for fact in facts] == ["0.001", "<code>true</code>", "<code>null</code>", "&lt;b&gt;", "[1, 2]"]
    assert str(context.summary[0].value) == '<span title="0.9800000190734863">0.98</span>'


def titles(chart: Markup) -> str:
    return "".join(re.findall('data-title="([^"]*)"', chart))


def test_few_charts_stand_together_and_many_by_prefix() -> None:
    few = page(made({"lr": [1.0], "val/acc": [0.5], "train/loss": [1.0]})).charts
    assert [(group.name, [titles(chart) for chart in group.charts]) for group in few] == [("Metrics", ["val/acc", "train/loss", "lr"])]
    keys = [f"{prefix}/{i}" for prefix in ("a", "b") for i in range(5)]
    many = page(made({key: [1.0] for key in [*keys, "lr", "c/only"]})).charts
    assert [(group.name, len(group.charts)) for group in many] == [("a", 5), ("b", 5), ("Other metrics", 2)]


def test_what_was_logged_beside_metrics(tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    Image.new("RGB", (8, 8), "white").save(picture)
    run = made(
        media={
            "samples": tuple(Media("samples", step, "image", picture, caption="<i>2</i>") for step in (1, 2)),
            "note": (Media("note", 3, "html", tmp_path / "evil.html"),),
        },
        tables={"wrong": (Table("wrong", 4, ("id", "p"), tuple((i, 0.5) for i in range(160))),)},
        artifacts=(Artifact("model", "model", "output", size=10493, aliases=("best",)),),
        console=(ConsoleLine("\x1b[31mred\x1b[0m <tag>"),),
    )
    context = page(run)
    assert [(one.name, one.count) for one in context.sections] == [
        ("samples", 2), ("note", 1), ("wrong", 160), ("Artifacts", 1), ("Console", 1),
    ]  # fmt: skip
    body = {one.name: str(one.body) for one in context.sections}
    (copied,) = (one for one in context.files if one.content is None)
    assert copied.source == picture
    assert f'src="../{copied.target}"' in body["samples"]
    assert "&lt;i&gt;2&lt;/i&gt;" in body["samples"]
    assert "The first 5 of 160 rows." in body["wrong"]
    assert body["wrong"].count("<tr>") == 6
    assert 'href="../tables/wrong.html?run=r1"' in body["wrong"]
    assert "The file evil.html is missing." in body["note"]
    assert "href" not in body["note"]
    assert "10.5 kB" in body["Artifacts"]
    assert '<span class="ansi-ink-1">red</span> &lt;tag&gt;</div>' in body["Console"]
    assert '<div class="data-table boxed">' in body["wrong"]


def test_a_warning_stands_where_it_belongs() -> None:
    run = made(
        {"loss": [1.0]},
        tables={"wrong": (Table("wrong", 4, ("id",), ((1,),)),)},
        warnings=(
            LogWarning("The log is torn."), LogWarning("No media.", key="wrong"), LogWarning("Guessed.", key="loss"),
            LogWarning("Left out.", key="lost/<table>"),
        ),
    )  # fmt: skip
    context = page(run)
    assert [one.text for one in context.warnings] == ["The log is torn."]
    assert [(one.text, one.href) for one in context.remarks] == [
        ("loss", "#charts"), ("wrong", "#logged-wrong"), ("lost/<table>", "#logged-lost-table"),
    ]  # fmt: skip
    assert [(one.name, one.count, one.remarks) for one in context.sections] == [
        ("wrong", 1, ("No media.",)), ("lost/<table>", 0, ("Left out.",)),
    ]  # fmt: skip
    assert str(context.charts[0].charts[0]).endswith('</div><p class="remark">Guessed.</p></figure>')


def test_no_two_parts_have_one_anchor() -> None:
    tables = {key: (Table(key, 0, ("id",), ((1,),)),) for key in ("a/b", "a b", "a.b")}
    assert [one.anchor for one in page(made(tables=tables)).sections] == ["logged-a-b", "logged-a-b--2", "logged-a-b--3"]


def test_the_environment_is_in_words() -> None:
    run = made(environment={"memory": 25276502016, "cpu_count": 4, "gpu_memory": 42, "own": 1e-12})
    body = str(page(run).sections[0].body)
    assert '<dt>memory</dt><dd><span title="25,276,502,016 bytes">25.3 GB</span></dd>' in body
    assert "<dt>CPU cores</dt><dd>4</dd>" in body
    assert "42 B" in body


def test_the_runs_page_says_which_is_best_and_by_how_much() -> None:
    def run(name: str, value: float, **more: str) -> object:
        return made({"val/acc": [value]}, id=name, name=name, started=START, **more)

    runs = Runs([run("a", 0.9), run("b", 0.95, state="failed"), run("c", NAN)])  # type: ignore[list-item]
    assert main_metric(runs) == "val/acc"
    context = runs_page(runs, base={**BASE, "root": ""}, style=ChartStyle())
    assert context.description == "b is the best of 3 runs: val/acc 0.95, 0.05 ahead of a. 1 has no finite val/acc. 1 failed."
    alone = runs_page(Runs([made({"loss": [NAN]})]), base={**BASE, "root": ""}, style=ChartStyle())
    assert alone.description == "This run has no finite value of a metric."


def test_the_runs_page_answers_whatever_the_runs_are() -> None:
    def said(*runs: Run) -> str:
        return runs_page(Runs(runs), base={**BASE, "root": ""}, style=ChartStyle()).description

    def several(history: dict[str, list[float]] | None, count: int = 3, **more: str) -> list[Run]:
        return [made(history, id=f"{more}{i}", name=f"n{i}", **more) for i in range(count)]

    assert said(*several(None)) == "None of these 3 runs logged any metric."
    assert said(*several({"loss": [NAN]}, state="running")) == "None of these 3 runs has any finite value of a metric. 3 running."
    assert said(made({"speed": [1.0]})) == "One run; of none of its metrics it is known whether more or less is better."
    assert said(*several({"speed": [1.0]})).startswith("3 runs. No metric tells which of them is the best: ")
    assert said(made({"acc": [0.5]}, name="only")) == "only ended at acc 0.5."
    mixed = [*several({"acc": [0.5]}, 4, project="digits"), *several({"other": [1.0]}, 2, project="mnist")]
    assert said(*mixed) == "n0 is the best of 6 runs: acc 0.5, level with n1. 2 have no finite acc. Projects: digits 4, mnist 2."


def test_the_runs_page_has_what_says_most_first() -> None:
    runs = Runs(
        made({"val/acc": [i / 9]}, id=f"r{i}", name=f"n{i}", group=f"g{i}", config={"seed": i, "lr": i, "same": 1}) for i in range(3)
    )
    table = str(runs_page(runs, base={**BASE, "root": ""}, style=ChartStyle()).table)
    assert re.findall(r'data-name="([^"]*)"', table)[1:] == ["run", "val/acc", "group", "config.lr", "config.seed"]
    assert "Equal in all 3 runs" in table
