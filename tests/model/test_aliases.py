"""Names for what different trackers call differently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import QueryError
from reportgen.model import Goal, MetricDefinition, Run, Runs, Series, Source
from reportgen.model.aliases import aliased, check_aliases


def run(name: str, config: dict[str, float], metric: str, goal: Goal | None = None) -> Run:
    series = Series(metric, np.arange(2), np.full(2, np.nan), np.array([1.0, 2.0]))
    return Run(
        name, name, Source("plain", Path("/logs")), config=config, summary={f"{metric}.max": 2.0},
        history={metric: series}, metrics=(MetricDefinition(metric, goal=goal),),
    )  # fmt: skip


RUNS = Runs([run("a", {"optimizer.lr": 0.1, "n": 1}, "val/acc", "max"), run("b", {"learning_rate": 0.2, "lr": 0.3}, "val_acc")])


def test_equal_settings_and_metrics_line_up() -> None:
    found = aliased(RUNS, {"rate": ["config.optimizer.lr", "params.learning_rate"], "acc": ["val/acc", "metrics.val_acc"]})
    assert [one["config.rate"] for one in found] == [0.1, 0.2]
    assert found.config_keys == ("rate", "n", "lr")
    assert found.metrics == ("acc",)
    assert [one.history["acc"].key for one in found] == ["acc", "acc"]
    assert [one["acc"] for one in found] == [2.0, 2.0]
    assert found[0].summary == {"acc.max": 2.0}
    assert found.goal("acc") == "max"


def test_the_first_that_is_there_is_renamed_and_the_name_itself_stays() -> None:
    found = aliased(RUNS, {"lr": ["optimizer.lr", "learning_rate"]})
    assert [dict(one.config) for one in found] == [{"lr": 0.1, "n": 1}, {"learning_rate": 0.2, "lr": 0.3}]


def test_a_prefix_says_which_kind_is_meant() -> None:
    both = Runs([run("a", {"loss": 3}, "loss")])
    assert aliased(both, {"x": ["loss"]}).config_keys == ("x",)
    assert aliased(both, {"x": ["metrics.loss"]}).metrics == ("x",)


def test_a_name_for_config_keys_means_them_beside_a_metric_of_the_same_name() -> None:
    runs = Runs([run("a", {"optim.rate": 0.1}, "lr"), run("b", {"optimizer.lr": 0.2}, "loss")])
    found = aliased(runs, {"lr": ["optim.rate", "optimizer.lr"]})
    assert found.column("lr") == found.top(2, "lr", "max").column("lr") == "config.lr"
    assert [one[found.column("lr")] for one in found] == [0.1, 0.2]
    assert len(found.where("lr > 0.15")) == 1
    assert found.metrics == ("lr", "loss")


def test_a_name_that_no_run_has() -> None:
    check_aliases(RUNS, {"rate": ["config.optimizer.lr", "learning_rate"]})
    with pytest.raises(QueryError, match=r"no column 'optimiser.lr'; did you mean 'optimizer.lr'\?"):
        check_aliases(RUNS, {"rate": ["optimiser.lr"]})
