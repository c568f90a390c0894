"""What is said of wrong selections and conditions."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import QueryError, did_you_mean_key
from reportgen.model import Run, Runs, Source

RUNS = Runs(
    Run(
        id=f"r{i}", name=f"run-{i}", source=Source("hand", Path(f"r{i}")), state="finished",
        config={"optimizer.lr": 0.1**i, "seed": i, "optimizer.name": "adam"}, summary={"val/acc": i / 10},
    )
    for i in range(3)
)  # fmt: skip
OPERATORS = "there are: =, <>, <, <=, >, >=, and, or, not, in, like, between, is null"


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("top(5)", "'top(5)' is not complete; write it as in top(5, val/acc)"),
        ("bottom(", "'bottom(' is not complete; write it as in bottom(5, val/acc)"),
        ("best()", "'best()' is not complete; write it as in best(val/acc)"),
        ("topp(5, val/acc)", "'topp(5, val/acc)' is not a condition: no function 'topp'; did you mean 'top'?"),
        ("  ", "the selection of runs is empty; leave it out for all runs"),
        ("seed <", "'seed <' is not a condition: something is missing at its end"),
        ("seed < 3 and", "'seed < 3 and' is not a condition: something is missing at its end"),
        ("seed < 3)", "'seed < 3)' is not a condition: a ) without its ("),
        ("(seed < 3", "'(seed < 3' is not a condition: a ( without its )"),
        ("seed < < 3", "'seed < < 3' is not a condition: it cannot be read at '<'"),
        ("seed >< 3", f"'seed >< 3' is not a condition: no operator '><'; {OPERATORS}"),
        ("state = 'x", "'state = 'x' is not a condition: a quote that is never closed"),
        ('state = "done"', "no column 'done'; text stands in single quotes: 'done'"),
        ("config.lrr < 3", "no column 'config.lrr'; did you mean 'config.optimizer.lr'?"),
        ("val_acc > 1", "no column 'val_acc'; did you mean 'val/acc'?"),
        ("state > 3", "'state > 3' is not a condition: it compares a text with a number; "
         "put the number in single quotes, or name a column of numbers"),
        ("sum(val/acc) > 1", "'sum(val/acc) > 1' is not a condition: it would put several runs together; "
         "a condition is about one run; max(metric) is of its history"),
        ("seed = ?", "'seed = ?' is not a condition: it has a place for a value and no value; text stands in single quotes"),
    ],
)  # fmt: skip
def test_messages(selection: str, expected: str) -> None:
    with pytest.raises(QueryError) as error:
        RUNS.select(selection)
    assert str(error.value) == expected


def test_an_empty_condition() -> None:
    with pytest.raises(QueryError, match="the condition is empty"):
        RUNS.where(" ")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("config.lrr", "config.optimizer.lr"),
        ("config.optmizer.lr", "config.optimizer.lr"),
        ("config.sed", "config.seed"),
        ("val/los", "train/loss"),
        ("Val/Acc", "val/acc"),
        ("config.dropout", None),
        ("x", None),
    ],
)
def test_a_near_last_part_counts_more_than_an_equal_beginning(word: str, near: str | None) -> None:
    hint = did_you_mean_key(word, ["config.seed", "config.optimizer.lr", "val/acc", "train/loss"])
    assert hint == (near and f"did you mean '{near}'?")
    assert did_you_mean_key(word, []) is None
