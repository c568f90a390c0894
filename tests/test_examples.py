"""What the examples say in words and do not compute, checked against their runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import reportgen as rg
from reportgen.analysis.compared_values import Repeats
from reportgen.analysis.comparison import compare
from reportgen.analysis.comparison_tests import row_tests
from reportgen.analysis.equal_budget import equal_budget
from reportgen.analysis.equal_result import equal_result
from reportgen.analysis.statistics import Versus
from reportgen.blocks.changes import changes_between, two_sides
from reportgen.model import Histogram, Run, Runs
from reportgen.site.build import build

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def sweep() -> Runs:
    return rg.load(EXAMPLES / "digits" / "wandb")


@pytest.fixture(scope="module")
def three() -> Runs:
    return rg.load(EXAMPLES / "three-runs" / "wandb")


@pytest.fixture(scope="module")
def seeds() -> Runs:
    return rg.load(EXAMPLES / "seeds" / "runs")


def named(runs: Runs, name: str) -> Run:
    return next(run for run in runs if run.name == name)


def test_the_sweep_still_climbs_where_the_report_says_so(sweep: Runs) -> None:
    gains = {run.name: 100 * float(np.diff(run.history["val/acc"].value)[-1]) for run in sweep}
    most = sorted(gains, key=lambda name: -gains[name])[:2]
    assert [(name, round(gains[name], 1)) for name in most] == [("sweep-06", 10.7), ("sweep-10", 7.8)]


def test_one_run_of_the_sweep_falls_back(sweep: Runs) -> None:
    fall = {run.name: float(run.history["val/acc"].value.max() - run.history["val/acc"].value[-1]) for run in sweep}
    assert max(fall, key=lambda name: fall[name]) == "sweep-03"
    assert sorted(fall.values())[-2] < 0.05
    assert named(sweep, "sweep-03").config["optimizer.lr"] == max(run.config["optimizer.lr"] for run in sweep)


def test_the_two_best_of_the_sweep(sweep: Runs) -> None:
    seven, other = named(sweep, "sweep-07"), named(sweep, "sweep-22")
    accuracy = seven.history["val/acc"].value
    assert accuracy[-1] == other.history["val/acc"].value[-1]
    assert accuracy[-2] == accuracy.max()
    assert seven.config["channels"] == 16
    assert other.config["channels"] == 32
    assert seven.duration is not None
    assert other.duration is not None
    assert seven.duration < other.duration


def test_only_the_rate_should_have_set_the_two_best_apart(sweep: Runs) -> None:
    found = changes_between(*two_sides(sweep, "sweep-22", "sweep-07"), sweep)
    assert found.results[0].difference.value == 0
    assert {one.key: told.verdict for one, told in found.settings if told} == {
        "optimizer.lr": "clear", "channels": "noise", "dropout": "noise", "optimizer.weight_decay": "noise",
    }  # fmt: skip
    rate = found.settings[0][1]
    assert rate is not None
    assert rate.before is not None
    assert rate.after is not None
    assert 0.15 < rate.after.mean - rate.before.mean < 0.25
    assert found.before.runs[0].config["optimizer.name"] == found.after.runs[0].config["optimizer.name"] == "adam"
    near = sweep.where("config.optimizer.lr between 0.0004 and 0.001")
    assert sorted(str(run.config["optimizer.name"]) for run in near) == ["adam", "adam", "sgd", "sgd", "sgd"]


def test_below_0_0004_there_is_no_adam(sweep: Runs) -> None:
    assert {run.config["optimizer.name"] for run in sweep if run.config["optimizer.lr"] < 0.0004} == {"sgd"}
    slow = sweep.where("config.optimizer.name = 'sgd' and config.optimizer.lr >= 0.000473")
    learnt = [run.history["val/acc"].value[-1] > 0.5 for run in slow]
    assert sum(learnt) > len(learnt) / 2


def test_the_larger_rate_is_ahead_from_the_first_epoch_on(three: Runs) -> None:
    fast, slow = (named(three, name).history["val/acc"].value for name in ("cnn-16ch-lr0.01", "cnn-16ch-lr0.001"))
    assert (fast > slow).all()


def test_validation_losses(three: Runs) -> None:
    rises = {run.name: int((np.diff(run.history["val/loss"].value) > 0).sum()) for run in three}
    assert rises == {"cnn-8ch-lr0.001": 0, "cnn-16ch-lr0.001": 0, "cnn-16ch-lr0.01": 2}


def test_gradients_of_the_last_layer(three: Runs) -> None:
    def spread(logged: Histogram) -> float:
        middle, weight = (logged.edges[1:] + logged.edges[:-1]) / 2, logged.counts / logged.counts.sum()
        return float(np.sqrt(np.sum(weight * (middle - np.sum(weight * middle)) ** 2)))

    ratios = {}
    for run in three:
        logged = next(found for key, found in run.histograms.items() if key.startswith("gradients/") and key.endswith("fc.weight"))
        spreads = [spread(one) for one in logged]
        ratios[run.name] = spreads[-1] / spreads[0]
        if run.name != "cnn-16ch-lr0.01":
            assert np.mean(spreads[: len(spreads) // 2]) < 1.3 * np.mean(spreads[len(spreads) // 2 :])
    assert ratios["cnn-16ch-lr0.01"] < 1 / 5
    assert min(ratios["cnn-8ch-lr0.001"], ratios["cnn-16ch-lr0.001"]) > 3


def test_what_the_best_run_took_for_what(three: Runs) -> None:
    table = named(three, "cnn-16ch-lr0.01").tables["confusion_table"][-1]
    wrong = [(actual, int(count)) for actual, predicted, count in table.rows if actual != predicted and count]
    assert sum(count for _, count in wrong) == 9
    assert max(count for _, count in wrong) == 2
    assert sum(count for actual, count in wrong if actual == "8") == 4


def test_the_walkthrough_holds_what_it_tells_of(three: Runs, sweep: Runs) -> None:
    assert (len(three), len(sweep)) == (3, 24)
    for run in three:
        assert {"predictions", "confusion_table"} <= run.tables.keys()
        assert any(key.startswith("gradients/") for key in run.histograms)
        assert {(one.type, one.role) for one in run.artifacts} >= {("dataset", "output"), ("model", "output")}


def test_the_walkthrough_builds_with_a_page_for_all_that_it_links_to(tmp_path: Path) -> None:
    built = build(EXAMPLES / "walkthrough" / "report.md", out=tmp_path / "site")
    assert built.pages > 27
    text = (tmp_path / "site" / "index.html").read_text()
    for page in ("runs.html", "tables.html", "artifacts.html"):
        assert f'href="{page}"' in text
        assert (tmp_path / "site" / page).is_file()
    assert 'href="gradients/' in text


def against_momentum(runs: Runs, metric: str, *, paired: bool = False) -> dict[str, Versus]:
    comparison = compare(runs, [metric], group=["config.optimizer"], repeated=Repeats(tasks=("config.dataset",)))
    tests = row_tests(comparison, metric, paired=paired)
    assert comparison.rows[tests.reference].name == "momentum"
    return {comparison.rows[i].name: one for i, one in tests.others}


def test_momentum_is_better_than_adam_and_than_sgd_only_in_pairs(seeds: Runs) -> None:
    alone, pairs = against_momentum(seeds, "val/acc"), against_momentum(seeds, "val/acc", paired=True)
    assert {name: one.is_told for name, one in alone.items()} == {"sgd": False, "adam": True}
    assert {name: one.is_told for name, one in pairs.items()} == {"sgd": True, "adam": True}
    assert pairs["sgd"].difference.high < 0
    assert pairs["sgd"].difference.high - pairs["sgd"].difference.low < alone["sgd"].difference.high - alone["sgd"].difference.low


def test_one_seed_names_another_winner_in_two_of_ten_cases(seeds: Runs) -> None:
    def mean(optimizer: str, seed: int) -> float:
        return float(np.mean([run["val/acc"] for run in seeds if (run.config["optimizer"], run.config["seed"]) == (optimizer, seed)]))

    behind = [seed for seed in range(10) if mean("momentum", seed) < max(mean("sgd", seed), mean("adam", seed))]
    assert len(behind) == 2


def test_at_equal_steps_adam_is_behind_by_less(seeds: Runs) -> None:
    cut = equal_budget(seeds, ["val/acc"], "step")
    assert cut.at == 12
    whole, equal = against_momentum(seeds, "val/acc")["adam"], against_momentum(cut.runs, "val/acc")["adam"]
    assert whole.difference.value < equal.difference.value < 0
    assert 0.04 < equal.p_holm < 0.05  # type: ignore[operator]


def test_momentum_takes_less_than_half_of_the_epochs_of_sgd(seeds: Runs) -> None:
    digits = seeds.where("config.dataset = 'digits'")
    result = equal_result(digits, "val/acc", "max")
    told = result.told(digits)
    taken = {name: np.mean([run[result.steps] for run in told if run.config["optimizer"] == name]) for name in ("momentum", "sgd")}
    assert 2 * taken["momentum"] < taken["sgd"]


def test_adam_is_behind_at_both_ends(seeds: Runs) -> None:
    values = {name: [run["val/acc"] for run in seeds if run.config["optimizer"] == name] for name in ("sgd", "momentum", "adam")}
    assert {name: sum(value < 0.93 for value in own) for name, own in values.items()} == {"sgd": 3, "momentum": 0, "adam": 5}  # type: ignore[operator]
    assert {name: sum(value == 1 for value in own) for name, own in values.items()} == {"sgd": 1, "momentum": 3, "adam": 0}
