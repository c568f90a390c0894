"""The fence `profile` and its chart: what the lines are, which words stand above them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from table_runs import draw, run

from reportgen.blocks import profile
from reportgen.blocks.block import Fragment
from reportgen.charts.figure import Figure
from reportgen.errors import QueryError
from reportgen.model import Runs

ACCURACY = {"adam": (0.7, 0.9, 0.95, 0.99), "sgd": (0.6, 0.8, 0.85, 0.9)}


def runs(**accuracy: tuple[float, ...]) -> Runs:
    values = accuracy or ACCURACY
    return Runs(run(f"{name}-{i}", {"o": name, "seed": i}, {"val/acc": one}) for name, own in values.items() for i, one in enumerate(own))


def figure(fragment: Fragment) -> Figure:
    return next(part for part in fragment.parts if isinstance(part, Figure))


def test_the_lines_are_the_shares_of_better_runs() -> None:
    found = figure(draw(profile, runs(), target="val/acc", group="o"))
    lines = found.data["lines"]
    for name, values in ACCURACY.items():
        own = lines[lines["series"] == name]
        steps = own.groupby("x")["y"].last()
        expected = [float(np.mean(np.array(values) > x)) for x in steps.index]
        assert steps.tolist() == pytest.approx(expected)
        assert (own["lower"] <= own["y"]).all()
        assert (own["y"] <= own["upper"]).all()
    assert [label for label, _ in found.legend] == ["adam", "sgd"]


def test_the_words_say_who_is_ahead() -> None:
    fragment = draw(profile, runs(), target="val/acc", group="o")
    assert fragment.parts[0] == '<p class="verdict">Half of the runs reach: adam 0.95, sgd 0.85. At no score is adam behind.</p>'
    crossing = draw(profile, runs(a=(0.1, 0.9), b=(0.5, 0.6)), target="val/acc", group="o")
    assert "The profiles cross: which group is ahead depends on the score." in str(crossing.parts[0])


def test_less_can_be_better() -> None:
    fragment = draw(profile, runs(), target="val/acc", group="o", goal="min")
    assert "Half of the runs reach: sgd 0.8, adam 0.9. At no score is sgd behind." in str(fragment.parts[0])
    assert "the share of runs below each score" in figure(fragment).description


def test_one_run_has_no_band_and_missing_values_are_counted() -> None:
    several = Runs([*runs(a=(0.5,), b=(0.1, 0.2)), run("broken", {"o": "b", "seed": 9}, {"val/acc": float("nan")})])
    fragment = draw(profile, several, target="val/acc", group="o")
    [note] = fragment.notes
    assert note == "Runs: a 1, b 2. Without band: one run alone, or a task with one run. 1 run without a finite value is left out."
    lines = figure(fragment).data["lines"]
    assert lines[lines["series"] == "a"]["lower"].isna().all()


def test_names_are_escaped() -> None:
    fragment = draw(profile, runs(**{"<b>x</b>": (0.1, 0.2)}), target="val/acc", group="o")
    assert "<b>" not in str(fragment.parts[0])


def test_many_scores_are_thinned() -> None:
    rng = np.random.default_rng(0)
    many = runs(a=tuple(rng.random(900)), b=tuple(rng.random(900)))
    lines = figure(draw(profile, many, target="val/acc", group="o")).data["lines"]
    assert len(lines) < 2_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "val_acc", "group": "o"}, "did you mean 'val/acc'"),
        ({"target": "val/acc", "group": "oo"}, "no column 'oo'"),
        ({"target": "config.seed", "group": "o"}, "nothing says whether more or less of 'config.seed' is better"),
    ],
)
def test_mistakes(options: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        draw(profile, runs(), **options)


def test_nothing_finite_is_a_mistake() -> None:
    with pytest.raises(QueryError, match="no run has a finite value"):
        draw(profile, runs(a=(float("nan"), float("inf"))), target="val/acc", group="o")
