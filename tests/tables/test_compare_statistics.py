"""The statistics of the fence `compare`: groups over seeds and tasks, tests, equal budgets."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from scipy import stats
from table_runs import draw, html_of, run

from reportgen.analysis.compared_values import Repeats
from reportgen.analysis.comparison import compare as compare_runs
from reportgen.analysis.comparison_tests import row_tests
from reportgen.analysis.equal_budget import cut, equal_budget
from reportgen.analysis.equal_result import equal_result
from reportgen.blocks import compare
from reportgen.errors import QueryError
from reportgen.model import Run, Runs

MODELS = {"cnn": 0.95, "mlp": 0.94, "svm": 0.80}


def seeded(n: int = 4, tasks: tuple[str, ...] = ("digits",), spread: float = 0.01) -> Runs:
    """Three models by seeds: the first two near each other, the third far below; tasks lie ten apart."""
    rng = np.random.default_rng(0)
    found: list[Run] = []
    for model, mean in MODELS.items():
        for j, task in enumerate(tasks):
            for seed in range(n):
                value = mean + 10 * j + float(rng.normal(0, spread))
                found.append(run(f"{model}-{task}-{seed}", {"model": model, "dataset": task, "seed": seed}, {"val/acc": value}))
    return Runs(found)


def values(runs: Runs, model: str) -> list[float]:
    return [float(one.summary["val/acc"]) for one in runs if one.config["model"] == model]  # type: ignore[arg-type]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_verdict_says_what_can_be_told() -> None:
    runs = seeded()
    fragment = draw(compare, runs, group="model", columns="val/acc", statistics=True)
    html = html_of(fragment)
    said = re.search(r'<p class="verdict">(.*?)</p>', html)
    assert said is not None
    assert re.fullmatch(
        r"cnn has the highest mean val/acc: 0\.952 ± 0\.005 over 4 runs\. Worse than it by more than chance explains: svm\. "
        r"It cannot be told from mlp\. If the difference to mlp is as large as it seems, about \d+ runs of each would show it\.",
        said[1],
    )
    assert "val/acc against cnn" in html
    assert "Holm’s correction" in fragment.notes[1]


def test_its_numbers_are_those_of_scipy() -> None:
    runs = seeded()
    comparison = compare_runs(runs, ["val/acc"], group=["model"])
    tests = row_tests(comparison, "val/acc")
    p = [stats.ttest_ind(values(runs, name), values(runs, "cnn"), equal_var=False) for name in ("mlp", "svm")]
    assert [one.p for _, one in tests.others] == pytest.approx([one.pvalue for one in p], rel=1e-9)
    ends = p[0].confidence_interval()
    first = tests.others[0][1]
    assert (first.difference.low, first.difference.high) == pytest.approx((ends.low, ends.high))
    assert first.p_holm == pytest.approx(p[0].pvalue)  # The larger of two.
    assert tests.others[1][1].p_holm == pytest.approx(2 * p[1].pvalue)
    u = stats.mannwhitneyu(values(runs, "mlp"), values(runs, "cnn")).statistic
    assert first.improvement.value == pytest.approx(u / 16)


def test_the_baseline_is_the_reference() -> None:
    html = html_of(draw(compare, seeded(), group="model", columns="val/acc", statistics="val/acc", baseline="svm-digits-0"))
    assert "The others are compared with svm: 0.794 ± 0.009 over 4 runs." in html
    assert "Better than it by more than chance explains: cnn, mlp.</p>" in html
    assert "val/acc against svm" in html


def test_what_the_limit_leaves_out_is_not_tested() -> None:
    html = html_of(draw(compare, seeded(), group="model", columns="val/acc", statistics=True, sort="val/acc asc", limit=2))
    assert "The others are compared with mlp: 0." in html
    assert "Worse than it by more than chance explains: svm.</p>" in html


def test_one_seed_each_is_never_a_winner() -> None:
    fragment = draw(compare, seeded(1), group="model", columns="val/acc", statistics=True)
    assert "Of " in html_of(fragment)
    assert "there are too few runs to say." in html_of(fragment)
    assert "more than chance" not in html_of(fragment)
    assert "One run of each: how much of a difference is chance cannot be said." in fragment.notes[0]


def test_pairs_of_seeds() -> None:
    rng = np.random.default_rng(1)
    hard = rng.normal(0, 1, 6)
    runs = Runs(
        run(f"{model}-{i}", {"model": model, "seed": i}, {"val/acc": float(hard[i] + shift + rng.normal(0, 0.01))})
        for model, shift in (("a", 0.0), ("b", 0.1))
        for i in range(6)
    )
    comparison = compare_runs(runs, ["val/acc"], group=["model"])
    assert row_tests(comparison, "val/acc").others[0][1].is_told is False
    [(_, paired)] = row_tests(comparison, "val/acc", paired=True).others
    theirs = stats.ttest_rel(values(runs, "a"), values(runs, "b"))
    assert paired.p == pytest.approx(theirs.pvalue)
    assert (paired.difference.low, paired.difference.high) == pytest.approx(tuple(theirs.confidence_interval()))
    fragment = draw(compare, runs, group="model", columns="val/acc", statistics=True, paired=True)
    assert "Student’s t test of the 6 differences between runs of the same seed" in fragment.notes[1]
    assert "Worse than it by more than chance explains: a." in html_of(fragment)
    assert "≈" not in html_of(fragment)


def test_tasks_count_the_same_and_repeats_are_on_the_same_task() -> None:
    runs = seeded(5, ("digits", "letters", "signs"))
    without = compare_runs(runs, ["val/acc"], group=["model"])
    with_tasks = compare_runs(runs, ["val/acc"], group=["model"], repeated=Repeats(tasks=("dataset",)))
    wide, narrow = (one.columns[0].cells[0].estimate for one in (without, with_tasks))
    assert wide is not None
    assert narrow is not None
    assert wide.value == pytest.approx(narrow.value)
    assert wide.high - wide.low > 50 * (narrow.high - narrow.low)
    assert row_tests(with_tasks, "val/acc").others[-1][1].is_told
    assert with_tasks.varied == ()
    assert without.varied == ("dataset",)


def test_a_task_that_a_group_lacks_counts_nowhere() -> None:
    runs = Runs(one for one in seeded(3, ("digits", "letters")) if (one.config["model"], one.config["dataset"]) != ("svm", "letters"))
    fragment = draw(compare, runs, group="model", columns="val/acc", tasks="dataset")
    assert "Not counted, because not all groups have it: letters." in fragment.notes[0]
    found = compare_runs(runs, ["val/acc"], group=["model"], repeated=Repeats(tasks=("dataset",)))
    assert all(cell.value < 2 for cell in found.columns[0].cells)  # type: ignore[operator]


def test_groups_without_a_common_task_are_a_mistake() -> None:
    runs = Runs([run("a", {"m": 1, "task": "x"}, {"acc": 1.0}), run("b", {"m": 2, "task": "y"}, {"acc": 2.0})])
    with pytest.raises(QueryError, match=r"no config\.task is common to all groups of 'acc'"):
        draw(compare, runs, group="m", columns="acc", tasks="task")


@pytest.mark.parametrize(("statistic", "title"), [("median", "median"), ("iqm", "interquartile mean")])
def test_other_statistics(statistic: Any, title: str) -> None:
    runs = seeded(8)
    fragment = draw(compare, runs, group="model", columns="val/acc", statistic=statistic, statistics=True)
    assert fragment.subtitle == f"{title} with 95 % interval"
    assert f"cnn has the highest {title} val/acc: 0.9" in html_of(fragment)
    assert re.search(r"0\.80\d+<span class=\"spread\"> \(0\.\d+–0\.\d+\)</span>", html_of(fragment))
    assert "a permutation test" in " ".join(fragment.notes)


def test_the_standard_deviation_can_stand_there() -> None:
    runs = seeded()
    fragment = draw(compare, runs, group="model", columns="val/acc", spread="sd")
    assert fragment.subtitle == "mean ± standard deviation"
    sd = float(np.std(values(runs, "svm"), ddof=1))
    assert re.search(rf"0\.\d+ ± {sd:.3f}", plain(html_of(fragment)))


def test_many_rows_of_chance_are_corrected() -> None:
    """Ten groups of the same thing: without correction some of them are told from the luckiest more often than not."""
    marked = uncorrected = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        samples = rng.normal(size=(10, 5))
        runs = Runs(run(f"{g}-{i}", {"g": g, "seed": i}, {"acc": float(samples[g, i])}) for g in range(10) for i in range(5))
        cells = compare_runs(runs, ["acc"], group=["g"]).columns[0].cells
        marked += any(not (cell.is_best or cell.like_best) for cell in cells)
        best = int(samples.mean(axis=1).argmax())
        uncorrected += any(stats.ttest_ind(one, samples[best], equal_var=False).pvalue < 0.05 for one in samples)
    assert uncorrected > 15
    assert marked < uncorrected / 2


def histories() -> Runs:
    return Runs([
        run("long", {"m": 1}, {"val/acc": 0.9, "params": 7}, {"val/acc": [0.1, 0.5, 0.7, 0.9], "val/loss": [4, 1, 2, 3]}),
        run("short", {"m": 2}, {"val/acc": 0.6}, {"val/acc": [0.2, 0.6], "val/loss": [3, 2, math.nan]}),
    ])  # fmt: skip


def test_at_the_same_step_the_longer_run_has_no_advantage() -> None:
    budget = equal_budget(histories(), ["val/acc", "config.m"], "step")
    assert (budget.at, budget.shortest) == (1, "short")
    assert [one["val/acc"] for one in budget.runs] == [0.5, 0.6]
    assert [one["max(val/acc)"] for one in budget.runs] == [0.5, 0.6]
    assert [one["params"] for one in budget.runs] == [7, None]
    fragment = draw(compare, histories(), columns=["val/acc", "min(val/loss)"], at="step")
    assert fragment.subtitle == "at step 1, where short ends"
    assert re.findall(r'<td class="number best"[^>]*>.*?<span class="value">([^<]*)</span>', html_of(fragment)) == ["1", "0.6"]


def test_at_the_same_time() -> None:
    budget = equal_budget(histories(), ["val/loss"], "time")
    assert budget.at == 1.0
    assert [one["min(val/loss)"] for one in budget.runs] == [1.0, 2.0]
    fragment = draw(compare, histories(), columns=["val/acc"], at="time")
    assert fragment.subtitle == "after 1.0 s, where short ends"


def test_what_the_same_result_cost() -> None:
    """All had 0.6 at some time: at step 1 the short run, whose best it is, at step 2 the long one."""
    fragment = draw(compare, histories(), columns=["config.m", "val/acc"], at="result")
    html = html_of(fragment)
    assert fragment.subtitle == "until val/acc was 0.6, the best of short"
    assert re.findall(r'<th scope="col"[^>]* data-name="([^"]*)"', html) == [
        "run", "config.m", "steps to val/acc 0.6", "seconds to val/acc 0.6",
    ]  # fmt: skip
    assert re.findall(r'<span class="value">([^<]*)</span></td>', html) == ["1", "2", "2", "2", "1", "1"]
    assert html.count("best: ") == 2


def test_what_a_loss_cost_and_who_never_had_it() -> None:
    several = Runs([*histories(), run("third", {"m": 3}, {}, {"val/loss": [5.0, 2.0, 1.5]})])
    result = equal_result(several, "val/loss", "min")
    assert (result.level, result.last) == (2.0, "short")
    told = result.told(Runs([*several, run("bad", {}, {}, {"val/loss": [9.0]}), run("none")]))
    assert {one.name: one[result.steps] for one in told} == {"long": 1, "short": 1, "third": 1, "bad": None, "none": None}


def test_the_order_of_a_selection_stays() -> None:
    runs = histories()
    ranked = runs.in_order(reversed(list(runs)))
    assert [one.name for one in equal_budget(ranked, ["val/acc"], "step").runs] == ["short", "long"]
    assert [one.name for one in equal_result(ranked, "val/acc", "max").told(ranked)] == ["short", "long"]


def test_nothing_is_cut_twice() -> None:
    runs = histories()
    assert cut(runs, "step", 99)["long"].history["val/acc"] is runs["long"].history["val/acc"]
    assert runs["long"].summary["val/acc"] == 0.9


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"statistics": True}, "option 'statistics' compares groups of runs; say by what they are grouped"),
        ({"tasks": "dataset"}, "option 'tasks' compares groups of runs"),
        ({"group": "model", "paired": True}, "option 'paired' is for statistics"),
        ({"group": "model", "spread": "sd", "statistic": "iqm"}, "a standard deviation belongs to a mean"),
        ({"group": "model", "columns": "val/acc", "statistics": "val/accc"}, "did you mean 'val/acc'"),
        ({"group": "model", "columns": "val/acc", "statistics": "config.seed"}, "'config.seed' is no metric of the table"),
        ({"group": "model", "columns": "val/acc", "statistics": True, "goals": {"val/acc": "none"}}, "no metric of the table says"),
        ({"group": "dataset", "all_keys": True, "columns": "val/acc", "statistics": True, "paired": True}, "have the same seed"),
        ({"at": "step"}, "no column is a metric over steps"),
    ],
)
def test_mistakes(options: dict[str, Any], message: str) -> None:
    runs = seeded(2, ("digits", "letters"))
    with pytest.raises(QueryError) as raised:
        draw(compare, runs, **options)
    assert message in str(raised.value)


def test_pairs_need_seeds() -> None:
    runs = Runs([run("a", {"m": 1}, {"acc": 1.0}), run("b", {"m": 2}, {"acc": 2.0})])
    with pytest.raises(QueryError, match="the config of 'a' has no seed"):
        draw(compare, runs, group="m", columns="acc", statistics=True, paired=True)


def test_names_are_escaped() -> None:
    runs = Runs([run(f"{name}{i}", {"m": name, "seed": i}, {"acc": i + len(name)}) for name in ("<b>x</b>", "&y") for i in range(3)])
    html = html_of(draw(compare, runs, group="m", columns="acc", statistics=True))
    assert "<b>x" not in html
    assert "&lt;b&gt;x&lt;/b&gt; has the highest mean acc" in html
