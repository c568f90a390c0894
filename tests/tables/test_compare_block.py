"""The fence `compare`: from its options to a fragment."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from table_runs import at, draw, html_of, run

from reportgen.blocks import compare
from reportgen.blocks.compare import Options, default_columns
from reportgen.errors import QueryError
from reportgen.model import Runs


@pytest.fixture
def runs() -> Runs:
    return Runs(
        run(
            f"run-{i}",
            {"optimizer.lr": 10.0**-i, "optimizer.name": "adam", "seed": i, "_wandb": "x"},
            {"val/acc": 0.90 + i / 100, "_step": 9, "samples._type": "images", "samples.count": 4, "val/acc.max": 1.0},
            {"val/acc": [0.1, 0.5, 0.9 + i / 100], "train/loss": [2.0, math.nan, 1.0 / (i + 1)], "epoch": [0, 1, 2]},
            **at(i),
        )
        for i in range(4)
    )


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]* data-name="([^"]*)"', html)


def rows(html: str) -> list[str]:
    return re.findall(r'<th [^>]*scope="row"[^>]* data-value="([^"]*)"', html)


def test_default_shows_what_differs_and_what_has_a_goal(runs: Runs) -> None:
    fragment = draw(compare, runs)
    html = html_of(fragment)
    assert names(html) == ["run", "config.optimizer.lr", "config.seed", "val/acc", "train/loss"]
    assert "config.</span><span" not in html.split("<table")[0]
    assert '<span class="leaf">name</span></span> <span class="value">adam</span>' in html
    assert (fragment.kind, fragment.label, fragment.title, fragment.width) == ("compare", "Table", "4 runs compared", "text")
    assert fragment.notes == ("Bold: the best value. One run of each: how much of a difference is chance cannot be said.",)
    assert html.count('class="number best"') == 2


def test_default_columns_leave_out_the_trackers_own_and_media(runs: Runs) -> None:
    assert default_columns(runs) == ["config.optimizer.lr", "config.optimizer.name", "config.seed", "val/acc", "train/loss"]
    without_goal = Runs([run("a", summary={"width": 1, "note": "text", "flag": True})])
    assert default_columns(without_goal) == ["width"]


def test_every_option_at_once(runs: Runs) -> None:
    fragment = draw(
        compare,
        runs,
        runs="top(3, val/acc)",
        columns=["config.optimizer.*", "max(val/acc)"],
        all_keys=True,
        baseline="run-0",
        sparklines=["val/acc", "train/*"],
        sort="val/acc asc",
        limit=2,
        percent="max(val/acc)",
        goals={"max(val/acc)": "none"},
        title="A <title>",
        caption="*Words.*",
        width="full",
        id="best",
    )
    html = html_of(fragment)
    assert rows(html) == ["run-0", "run-1"]
    assert names(html) == ["run", "config.optimizer.lr", "config.optimizer.name", "max(val/acc)"]
    assert html.count("<svg") == 4
    assert '<span class="value">91\u202f%</span>' in html
    assert 'data-name="best"' in html
    assert '<span class="baseline-tag">baseline</span>' in html
    assert (fragment.title, fragment.caption, fragment.width, fragment.id) == ("A <title>", "*Words.*", "full", "best")
    assert fragment.subtitle == "differences to run-0, sorted by val/acc asc, 2 of 4 shown"
    assert 'class="number best"' not in html


def test_differences_say_better_and_worse_without_colour(runs: Runs) -> None:
    html = html_of(draw(compare, runs, columns=["val/acc", "train/loss"], baseline="run-1"))
    worse = '<span aria-hidden="true">▽</span> −0.01<span class="said"> worse</span>'
    assert f'<span class="delta worse" style="--width:7">{worse}</span>' in html
    assert '<span aria-hidden="true">▲</span> +0.01<span class="said"> better</span>' in html
    assert '<span aria-hidden="true">△</span> +0.500<span class="said"> worse</span>' in html
    assert '<span aria-hidden="true">▼</span> −0.167<span class="said"> better</span>' in html
    assert '<span class="delta" style="--width:7"></span>' in html


def test_runs_as_columns(runs: Runs) -> None:
    html = html_of(draw(compare, runs, **{"as": "columns"}, columns=["optimizer.lr", "val/acc"], sparklines=True))
    assert rows(html) == ["config.optimizer.lr", "val/acc", "val/acc"]
    assert names(html) == ["key", "run-0", "run-1", "run-2", "run-3"]
    assert 'class="data transposed"' in html
    assert "data-sortable" not in html


def test_groups(runs: Runs) -> None:
    fragment = draw(compare, runs, group="optimizer.name", sparklines="val/acc")
    html = html_of(fragment)
    assert rows(html) == ["adam"]
    assert names(html) == ["config.optimizer.name", "runs", "val/acc", "train/loss"]
    assert '<span class="value">0.915<span class="spread"> ± 0.021</span></span>' in html
    assert 'data-copy="0.915 ± 0.021"' in html
    assert "standard deviation 0.0129" in html
    assert fragment.subtitle == "mean ± 95 % interval"
    assert "Runs of a group differ in more than the seed (optimizer.lr)" in fragment.notes[0]
    assert html.count("<path") == 4


def test_same_input_same_bytes(runs: Runs) -> None:
    assert html_of(draw(compare, runs, sparklines=True)) == html_of(draw(compare, runs, sparklines=True))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": "val_acc"}, "no column 'val_acc'; did you mean 'val/acc'?"),
        ({"columns": ["config.optimiser.*"]}, "no column fits 'config.optimiser.*'"),
        ({"baseline": "run-9"}, "no run 'run-9'; did you mean 'run-"),
        ({"baseline": "seed < 2"}, "the baseline 'seed < 2' is 2 runs; name one run"),
        ({"sort": "acc"}, "no column 'acc'"),
        ({"sparklines": ["val/los"]}, "no metric 'val/los'"),
        ({"goals": {"los": "min"}}, "no column 'los'"),
        ({"percent": "optimizer.name", "columns": "optimizer.name"}, "'config.optimizer.name' is not a number in every run"),
        ({"group": "kind"}, "no column 'kind'"),
    ],
)
def test_mistakes(runs: Runs, options: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError) as raised:
        draw(compare, runs, **options)
    assert message in str(raised.value)


def test_no_runs_says_so(runs: Runs) -> None:
    fragment = draw(compare, runs, runs="seed > 100")
    assert html_of(fragment) == '<p class="empty">There are no runs to compare: <code>seed &gt; 100</code> fits none.</p>'


def test_one_run_and_no_metrics() -> None:
    html = html_of(draw(compare, Runs([run("alone")])))
    assert rows(html) == ["alone"]


def test_hostile_runs() -> None:
    bad = "<img src=x onerror=alert(1)>"
    configs = [{bad: bad, "n": i, "l": [bad, i]} for i in range(2)]
    metric = f"{bad}acc"
    runs = Runs([run(bad, configs[i], {metric: i}, {metric: [0, i]}, tags=(bad,), id=f"{bad}{i}") for i in range(2)])
    options = {"sparklines": True, "baseline": f"{bad}1", "columns": ["config.*", "*acc", "tags", "state"]}
    for layout in ("rows", "columns"):
        html = html_of(draw(compare, runs, **options, **{"as": layout}))
        assert "<img" not in html
    assert "<img" not in html_of(draw(compare, runs, group=bad))


def test_every_option_is_described() -> None:
    assert all(field.description for field in Options.model_fields.values())


def test_values_stand_in_one_line_when_runs_are_the_columns(runs: Runs) -> None:
    """Every cell beside the baseline keeps the same room for a difference, the baseline none."""
    html = html_of(draw(compare, runs, **{"as": "columns"}, columns=["optimizer.lr", "val/acc"], baseline="run-0", sparklines=True))
    for row in re.findall(r"<tr>(.*?)</tr>", html)[1:]:
        assert re.findall(r'class="delta[^"]*" style="--width:(\d+)"', row) == ["7"] * 3
