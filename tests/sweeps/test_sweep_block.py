"""The fence `sweep`, and the kinds of `chart` that draw runs as trials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import reportgen as rg
from reportgen.blocks import KINDS
from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.sweep import Part
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Place, QueryError
from reportgen.model import Runs

DATA = Path(__file__).parents[1] / "data" / "optuna"


@pytest.fixture(scope="module")
def runs() -> Runs:
    return rg.load(DATA)


def drawn(runs: Runs, fence: str, /, **options: Any) -> Fragment:
    context = Context(runs, runs, "", Place(Path("report.md"), 1), ChartStyle(), lambda _text: None)
    return KINDS[fence].render(KINDS[fence].Options(**options), context)


def kinds(fragment: Fragment) -> list[str]:
    return [part.spec["usermeta"]["reportgen"]["kind"] for part in fragment.parts if isinstance(part, Figure) and "usermeta" in part.spec]


def test_the_fence_says_its_verdict_and_the_next_space(runs: Runs) -> None:
    fragment = drawn(runs, "sweep", sweep="digits")
    text = "".join(part for part in fragment.parts if isinstance(part, str))
    assert "max_depth explains" in text
    assert "digits/trial-51</a> is the best of 51" in text
    assert "Narrow max_depth" in text
    assert fragment.title == "digits, 60 trials"
    assert "51 finished, 9 pruned" in fragment.notes[0]
    assert kinds(fragment) == ["parallel", "best-so-far", "best-so-far"]


@pytest.mark.parametrize(
    ("sweep", "part", "found"),
    [
        ("digits", "slices", ["slice"] * 3), ("digits", "contours", ["contour"]), ("digits", "ranks", ["contour"]),
        ("digits", "distribution", ["edf"]), ("digits", "intermediate", ["intermediate"]), ("digits", "timeline", ["timeline"]),
        ("digits-size-vs-accuracy", "pareto", ["pareto", "hypervolume"]),
    ],
)  # fmt: skip
def test_each_part_can_be_shown_alone(runs: Runs, sweep: str, part: Part, found: list[str]) -> None:
    assert kinds(drawn(runs, "sweep", sweep=sweep, show=[part])) == found


def test_mistakes_of_the_fence(runs: Runs) -> None:
    with pytest.raises(QueryError, match="no sweep 'digts'"):
        drawn(runs, "sweep", sweep="digts")
    with pytest.raises(Mistake, match="nothing to show for 'pareto'"):
        drawn(runs, "sweep", sweep="digits", show=["pareto"])


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"kind": "slice", "x": ["max_depth", "max_features"], "y": "value"}, ["slice", "slice"]),
        ({"kind": "contour", "x": "max_depth", "y": "max_features", "color": "value"}, ["contour"]),
    ],
)
def test_kinds_of_charts(runs: Runs, options: dict[str, Any], found: list[str]) -> None:
    digits = runs.in_order(run for run in runs if run.sweep == "digits")
    fragment = drawn(digits, "chart", **options)
    assert kinds(fragment) == found
    notes = [note for part in fragment.parts if isinstance(part, Figure) for note in part.notes]
    assert any("9 of 60 runs did not come to the end" in note for note in notes)


def test_a_pareto_front_is_a_chart(runs: Runs) -> None:
    pair = runs.in_order(run for run in runs if run.sweep == "digits-size-vs-accuracy")
    assert kinds(drawn(pair, "chart", kind="pareto", x="value_1", y="value_0")) == ["pareto"]


def test_what_does_not_vary_is_a_mistake(runs: Runs) -> None:
    digits = runs.in_order(run for run in runs if run.sweep == "digits" and run.config["classifier"] == "forest")
    with pytest.raises(Mistake, match="'classifier' does not vary"):
        drawn(digits, "chart", kind="slice", x="classifier", y="value")
