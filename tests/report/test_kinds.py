"""The real fences: their mistakes have the line of the option that is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from report.samples import make_run

from reportgen.blocks import KINDS
from reportgen.model import Runs, Table

CASES = [
    ("chart", "y: val/acc\nx: val/epoch", "report.md:3: chart: no "),
    ("chart", "y: val_acc", "report.md:2: chart: no metric 'val_acc'; did you mean 'val/acc'?"),
    ("compare", "columns:\n  - config.optimizer.nam", "report.md:3: compare: no column 'config.optimizer.nam'; did you mean "),
    ("runs", "columns: [val_acc]", "report.md:2: runs: no column 'val_acc'; did you mean 'val/acc'?"),
    ("sql", "select val_acc\nfrom runs", "report.md:2: sql: no column 'val_acc'; did you mean 'val/acc'?"),
    ("sql", "width: wide\nquery: |\n  select *\n  from rns", "report.md:3: sql: no table 'rns' (line 2 of the query); did you "),
    ("table", "table: guesess", "report.md:2: table: no table 'guesess'; did you mean 'guesses'?"),
    ("table", "table: guesses\nwhere: labl = 'cat'", "report.md:3: table: no column 'labl'; did you mean 'label'?"),
    ("diff", "runs: [first_run]", "report.md:2: diff: two runs are compared, and option 'runs' names 1; name two as in runs: "),
    ("diff", "from: first_run", "report.md:2: diff: option 'from' needs the option to beside it; name the other side as to: …"),
    ("diff", "from: r0\nto: frist_run", "report.md:3: diff: no run 'frist_run'; did you mean 'first_run'?"),
    ("diff", "runs: [r0, r1]\ntarget: val_acc", "report.md:3: diff: no column 'val_acc'; did you mean 'val/acc'?"),
    ("diff", "parts: [cofig]", "report.md:2: diff: option 'parts' expects config, code, environment or data, got 'cofig'; did you mean "),
    ("importance", "target: val_acc", "report.md:2: importance: no column 'val_acc'; did you mean 'val/acc'?"),
]


def with_table() -> Runs:
    """The sample runs, one of them with a table."""
    table = Table("guesses", 2, ("id", "label"), ((1, "cat"), (2, "dog")))
    return Runs([make_run(0, "first_run", tables={"guesses": (table,)}), make_run(1, "second *run*")])


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_option(mistakes: Callable[..., list[str]], kind: str) -> None:
    found = mistakes(f"Text\n\n```{kind}\nwidht: wide\n```", kinds=KINDS)
    assert f"report.md:4: {kind}: no option 'widht'; did you mean 'width'?" in found


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_run(mistakes: Callable[..., list[str]], kind: str) -> None:
    needed = {"chart": "y: val/acc", "importance": "target: val/acc", "vega-lite": "spec: {mark: point}", "table": "table: guesses"}
    needed |= dict.fromkeys(("marginal", "interaction"), "target: val/acc")
    needed |= {"sql": "query: select name from runs", "profile": "target: val/acc\ngroup: name"}
    options = needed.get(kind, "width: wide")
    found = mistakes(f"```{kind}\n{options}\nruns: frist_run\n```", kinds=KINDS, runs=with_table())
    assert found == [f"report.md:{3 + options.count(chr(10))}: {kind}: no run 'frist_run'; did you mean 'first_run'?"]


@pytest.mark.parametrize(("kind", "options", "message"), [case for case in CASES if case[0] in KINDS])
def test_mistakes_of_the_fences(mistakes: Callable[..., list[str]], kind: str, options: str, message: str) -> None:
    found = mistakes(f"```{kind}\n{options}\n```", kinds=KINDS, runs=with_table())
    assert len(found) == 1
    assert found[0].startswith(message)


SEVERAL = [
    (
        "chart",
        "y: val_acc\ncolor: config.optimizer.nam\ngroup: [config.optimizer.lrr, sed]\nfacet: config.layer\nx: val/epoch",
        [
            "2: chart: no metric 'val_acc'; did you mean 'val/acc'?",
            "3: chart: no column 'config.optimizer.nam'; did you mean 'config.optimizer.name'?",
            "4: chart: no column 'config.optimizer.lrr'; did you mean 'config.optimizer.lr'?",
            "4: chart: no column 'sed'",
            "5: chart: no column 'config.layer'; did you mean 'config.layers'?",
            "6: chart: no metric 'val/epoch' to draw over; did you mean 'val/acc'?",
        ],
    ),
    (
        "compare",
        "columns:\n  - config.optimizer.nam\n  - val_acc\nbaseline: frist_run\nsort: vall/acc\nsparklines: [va/acc]",
        [
            "3: compare: no column 'config.optimizer.nam'; did you mean 'config.optimizer.name'?",
            "4: compare: no column 'val_acc'; did you mean 'val/acc'?",
            "5: compare: no run 'frist_run'; did you mean 'first_run'?",
            "6: compare: no column 'vall/acc'; did you mean 'val/acc'?",
            "7: compare: no metric 'va/acc'; did you mean 'val/acc'?",
        ],
    ),
    (
        "vega-lite",
        "spec:\n  mark: point\n  encoding:\n    x: {field: config_lr}\n    y: {field: val_acc}\n    color:\n      field: config_nam",
        [
            "5: vega-lite: no field 'config_lr' in the data 'runs'; did you mean 'config_optimizer_lr'?",
            "6: vega-lite: no field 'val_acc' in the data 'runs'; did you mean 'val/acc'?",
            "8: vega-lite: no field 'config_nam' in the data 'runs'; did you mean 'config_optimizer_name'?",
        ],
    ),
    ("vega-lite", "spec:\n  data: {name: runs}\n  mark: poit", ["4: vega-lite: spec.mark: there is no 'poit'; did you mean 'point'?"]),
    ("chart", "title: x", ["1: chart: kind: line needs the option 'y'; "]),
    ("chart", "y: val/acc\nkind: bar\nsmooth: 0.5", ["4: chart: option 'smooth' belongs to kind: line, not to bar"]),
]


@pytest.mark.parametrize(("kind", "options", "expected"), SEVERAL)
def test_all_mistakes_of_a_fence_are_named(
    mistakes: Callable[..., list[str]], kind: str, options: str, expected: list[str]
) -> None:
    found = mistakes(f"```{kind}\n{options}\n```", kinds=KINDS)
    assert [line[: len(want) + 10] for line, want in zip(found, expected, strict=True)] == [f"report.md:{want}" for want in expected]
