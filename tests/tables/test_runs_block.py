"""The fence `runs` and the table of all runs."""

from __future__ import annotations

import re

import pytest
from table_runs import at, draw, html_of, run

from reportgen.blocks import runs as runs_block
from reportgen.blocks.runs import Options, runs_table
from reportgen.charts.style import ChartStyle
from reportgen.errors import QueryError
from reportgen.model import Runs


@pytest.fixture
def some() -> Runs:
    return Runs(
        run(
            f"run-{i}",
            {"lr": 10.0**-i},
            {"val/acc": 0.9 + i / 100},
            {"val/acc": [0.1, 0.9]},
            state="crashed" if i == 2 else "finished",
            tags=("a", "b") if i else (),
            **at(i, 63 * (i + 1)),
        )
        for i in range(3)
    )


def test_list_of_runs(some: Runs) -> None:
    fragment = draw(runs_block, some, columns=["lr", "val/acc"], sort="started desc", sparklines="val/acc", limit=2)
    html = html_of(fragment)
    assert re.findall(r'<th [^>]*scope="row" data-value="([^"]*)"', html) == ["run-2", "run-1"]
    heads = re.findall(r'<th scope="col"[^>]* data-name="([^"]*)"', html)
    assert heads == ["run", "state", "started", "duration", "tags", "config.lr", "val/acc"]
    assert '<a class="run" href="runs/run-2.html"><i class="run-dot" style="--run:#ff725c"></i>run-2</a>' in html
    assert '<span class="state state-crashed">crashed</span>' in html
    assert '<span class="tag">a</span> <span class="tag">b</span>' in html
    assert 'data-value="1795469700.0" data-copy="2026-11-23T21:35:00+00:00" title="2026-11-23 21:35:00 UTC"' in html
    assert '<span class="value">3 min 9 s</span>' in html
    assert (fragment.kind, fragment.label, fragment.title) == ("runs", "Table", "3 runs")
    assert fragment.subtitle == "sorted by started desc, 2 of 3 shown"


def test_attributes_that_no_run_has_are_left_out() -> None:
    html = html_of(draw(runs_block, Runs([run("a", state="unknown"), run("b", state="unknown")])))
    assert re.findall(r'data-name="([^"]*)"', html) == ["run"]


def test_table_for_a_page_of_its_own(some: Runs) -> None:
    html = runs_table(some, ["val/acc"], root="../", style=ChartStyle(), sparklines=["val/acc"])
    assert 'href="../runs/run-0.html"' in html
    assert '<table class="data" data-sortable="" data-name="runs">' in html
    assert html.count("<svg") == 3
    assert runs_table(Runs(), root="", style=ChartStyle()) == '<p class="empty">There are no runs here.</p>'


def test_mistakes(some: Runs) -> None:
    with pytest.raises(QueryError, match="did you mean 'val/acc'"):
        draw(runs_block, some, columns="val_acc")
    with pytest.raises(QueryError, match="no metric"):
        draw(runs_block, some, sparklines="val_acc")


def test_a_thousand_runs() -> None:
    many = Runs(run(f"run-{i:04}", {f"k{j}": i * j for j in range(10)}, {"val/acc": i / 1000}, **at(i)) for i in range(1000))
    html = runs_table(many, ["config.*", "val/acc"], root="", style=ChartStyle())
    assert html.count("<tr>") == 1002
    assert len(html) < 1_500_000


def test_every_option_is_described() -> None:
    assert all(field.description for field in Options.model_fields.values())
