"""The fence `artifacts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from artifact_runs import offline_runs, run

from reportgen.blocks.artifacts import Options, render
from reportgen.blocks.block import Context, Fragment
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place, QueryError
from reportgen.model import Artifact, Runs


def drawn(runs: Runs | None = None, site: Runs | None = None, **options: Any) -> Fragment:
    chosen = offline_runs() if runs is None else runs
    context = Context(chosen, chosen, "", Place(Path("report.md"), 1), ChartStyle(), lambda _: None, site)
    return render(Options(**options), context)


def test_a_table_of_what_the_runs_made_and_used() -> None:
    fragment = drawn()
    (table,) = fragment.parts
    assert (fragment.label, fragment.title, fragment.kind) == ("Table", "2 artifacts", "artifacts")
    assert 'href="artifacts/dataset-digits-' in str(table)
    assert ">v2</a>" in str(table)


def test_the_lineage_stands_above_the_table() -> None:
    fragment = drawn(lineage=True, type="model")
    drawing, table = map(str, fragment.parts)
    assert fragment.label == "Figure"
    assert drawing.count('class="lineage-node') == 7
    assert "digits" not in drawing + table


def test_versions_have_the_numbers_of_the_site() -> None:
    every = offline_runs()
    only_last = every.where("name = 'train-2'")
    table = str(drawn(only_last, every).parts[0])
    assert ">v2</a>" in table
    assert ">v1</a>" in table
    assert "3 runs" not in table


def test_tables_and_folders_of_runs_are_asked_for_by_name_or_type() -> None:
    own = [Artifact("run-1-t", "run_table", "output"), Artifact("files", "files", "output"), Artifact("m", "model", "output")]
    runs = Runs([run("a", 0, own)])
    assert drawn(runs).title == "1 artifact"
    assert drawn(runs, type="run_table").title == "1 artifact"
    assert drawn(runs, name="*s").title == "1 artifact"
    assert drawn(runs, type="*").title == "3 artifacts"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "digit"}, "no artifact 'digit'; did you mean 'digits'?"),
        ({"type": "modle"}, "no artifact of type 'modle'; did you mean 'model'?"),
        ({"type": "x"}, "no artifact of type 'x'; there are: dataset, model"),
    ],
)
def test_what_is_not_there_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError) as error:
        drawn(**options)
    assert str(error.value) == message


def test_runs_without_artifacts() -> None:
    with pytest.raises(QueryError, match="neither made nor used"):
        drawn(Runs([run("a", 0)]))
