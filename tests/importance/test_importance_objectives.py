"""Several objectives over the same parameters: what moves both, and in which direction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import vl_convert
from importance.known_functions import make_runs

from reportgen.analysis.importance import importance
from reportgen.analysis.importance.objectives import trade_off_sentences, trade_offs
from reportgen.blocks import importance as block
from reportgen.blocks.block import Context, Fragment
from reportgen.charts.figure import Figure
from reportgen.charts.notebook import notebook_chart
from reportgen.charts.objectives import objective_values
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place, QueryError
from reportgen.model import Distribution, Runs


def _runs(n: int = 60) -> Runs:
    """width makes both val/acc and latency larger; lr moves only val/acc; dropout both, over a peak and along a line."""
    rng = np.random.default_rng(6)
    width, lr, dropout = rng.random((3, n))
    acc = 0.3 * width - 0.5 * (lr - 0.5) ** 2 - 0.8 * (dropout - 0.5) ** 2
    latency = 2 * width + 0.8 * dropout
    unit = Distribution(0.0, 1.0)
    values = {"width": width.tolist(), "lr": lr.tolist(), "dropout": dropout.tolist()}
    runs = make_runs(acc.tolist(), dict.fromkeys(values, unit), **values)
    return runs.in_order(
        replace(run, summary={"val/acc": float(a), "latency": float(late)}) for run, a, late in zip(runs, acc, latency, strict=True)
    )


RUNS = _runs()


def _render(**options: object) -> Fragment:
    context = Context(RUNS, RUNS, "", Place(Path("report.md"), 3), ChartStyle(), [].append)
    return block.render(block.Options(**options), context)  # type: ignore[arg-type]


def test_what_is_better_for_one_is_worse_for_the_other() -> None:
    found = [importance(RUNS, "val/acc"), importance(RUNS, "latency")]
    assert [one.goal for one in found] == ["max", "min"]
    made = {one.name: one for one in trade_offs(found)}
    assert set(made) == {"width", "dropout"}
    assert made["width"].way == "opposite"
    assert made["width"].agreement == pytest.approx(-1, abs=0.02)
    assert made["dropout"].way == "own"
    assert trade_off_sentences(found) == (
        "width moves both val/acc and latency, in opposite directions; what is better for one is worse for the other.",
        "dropout moves both val/acc and latency, each in its own way.",
    )


def test_the_same_objective_the_other_way_round_agrees_with_itself() -> None:
    found = [importance(RUNS, "val/acc", "max"), replace(importance(RUNS, "val/acc", "max"), target="again")]
    assert {one.way for one in trade_offs(found)} == {"same"}
    turned = [found[0], replace(found[1], goal="min")]
    assert {one.way for one in trade_offs(turned)} == {"opposite"}


def test_objectives_that_share_no_parameter() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 60))
    runs = make_runs(a.tolist(), {"a": Distribution(0.0, 1.0), "b": Distribution(0.0, 1.0)}, a=a.tolist(), b=b.tolist())
    both = runs.in_order(replace(run, summary={"one": float(x), "two": float(y)}) for run, x, y in zip(runs, a, b, strict=True))
    found = [importance(both, "one", "max"), importance(both, "two", "max")]
    assert trade_off_sentences(found) == ("No parameter is told to move both one and two.",)


def test_levels_are_compared_by_name() -> None:
    names = ["a", "b", "c"] * 20
    rng = np.random.default_rng(1)
    runs = make_runs([1.0] * 60, kind=names, x=rng.random(60).tolist())
    worth = {"a": 0.0, "b": 1.0, "c": 3.0}
    both = runs.in_order(
        replace(run, summary={"acc": worth[name], "loss": worth[name] + 0.01 * float(e)})
        for run, name, e in zip(runs, names, rng.random(60), strict=True)
    )
    (made,) = trade_offs([importance(both, "acc"), importance(both, "loss")])
    assert (made.name, made.way) == ("kind", "opposite")


def test_the_fence_has_a_bar_for_each_objective() -> None:
    fragment = _render(targets=["val/acc", "latency"], marginals=False)
    first = str(fragment.parts[0])
    assert first.startswith('<p class="verdict">width moves both val/acc and latency, in opposite directions')
    (figure,) = [part for part in fragment.parts if isinstance(part, Figure)]
    frame = figure.data["shares"]
    assert list(frame["target"]) == ["val/acc", "latency"] * (len(frame) // 2)
    assert set(frame["parameter"]) == {"width", "lr", "dropout", "what no parameter explains"}
    assert [label for label, _ in figure.legend] == ["val/acc", "latency"]
    assert "latency" in figure.description
    assert "width" in vl_convert.vegalite_to_svg(notebook_chart(figure).to_dict())
    html = "".join(part for part in fragment.parts if isinstance(part, str))
    assert "acc: share" in html
    assert "latency: direction" in html
    assert any(note.startswith("latency: By a Gaussian process over 60 runs") for note in fragment.notes)


def test_values_of_the_bars() -> None:
    found = [importance(RUNS, "val/acc"), importance(RUNS, "latency")]
    frame = objective_values(found, 1)
    assert list(frame["parameter"]) == ["width"] * 2 + ["what no parameter explains"] * 2
    assert list(frame["share"])[:2] == [found[0]["width"].share, found[1]["width"].share]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "the option 'target' is missing; or give several"),
        ({"target": "val/acc", "targets": ["val/acc", "latency"]}, "target and goal are for one objective"),
        ({"targets": ["val/acc", "latency"], "goal": "max"}, "target and goal are for one objective"),
        ({"targets": ["val/acc", "val/acc"]}, "'val/acc' is one objective, not several"),
        ({"targets": ["val/acc", "latency"], "goals": {"width": "min"}}, "'config.width' in goals is none of the targets"),
        ({"targets": ["val/acc", "latencyy"]}, "no column 'latencyy'; did you mean 'latency'"),
        ({"target": "val/acc", "goals": {"val/acc": "max"}}, "goals are for several targets"),
    ],
)
def test_mistakes(options: dict[str, object], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        _render(**options)
