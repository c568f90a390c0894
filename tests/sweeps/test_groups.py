"""Which runs are one sweep, what they optimise, and which of them count."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.analysis.main_metric import main_metric
from reportgen.analysis.sweeps import Objective, objectives_of, sweeps_of, trials_of
from reportgen.analysis.sweeps.groups import LEAST
from reportgen.analysis.sweeps.progress import timeline
from reportgen.analysis.sweeps.trials import duplicates, varied_keys
from reportgen.blocks.links import sweep_link
from reportgen.blocks.sweep_words import about_said, best_said
from reportgen.charts.style import ChartStyle
from reportgen.model import MetricDefinition, Run, Runs, Series, Source
from reportgen.site.build import build

BEGIN = datetime(2026, 11, 20, tzinfo=UTC)


def run(i: int, path: str = "", **about: Any) -> Run:
    where = Path(path or f"/logs/run-{i}/log")
    history = {"val/acc": Series("val/acc", np.array([0, 1]), np.array([0.0, 1.0]), np.array([0.1, 0.1 * i]))}
    given = {
        "name": f"run {i}",
        "state": "finished",
        "config": {"lr": 0.1 * i, "seed": i},
        "history": history,
        "started": BEGIN + timedelta(minutes=i),
    }
    return Run(id=f"r{i}", source=Source("wandb", where), **{**given, **about})


def names(runs: list[Run]) -> list[tuple[str, str, int]]:
    return [(sweep.name, sweep.reason, len(sweep.runs)) for sweep in sweeps_of(Runs(runs))]


def test_what_a_tracker_calls_a_sweep_is_one_however_small() -> None:
    assert names([run(1, sweep="s"), run(2, sweep="s"), run(3)]) == [("s", "sweep", 2)]


def test_groups_come_before_projects_and_no_run_is_in_two() -> None:
    runs = [run(i, project="p", group="g" if i < 6 else "") for i in range(14)] + [run(20, project="p", sweep="s")]
    assert names(runs) == [("p/g", "group", 6), ("p", "project", 8), ("s", "sweep", 1)]
    ids = [one.id for sweep in sweeps_of(Runs(runs)) for one in sweep.runs]
    assert len(ids) == len(set(ids)) == 15


def test_runs_without_group_and_project_are_together_by_their_folder() -> None:
    assert names([run(i, path=f"/logs/a/run-{i}") for i in range(5)]) == [("a", "folder", 5)]


def test_few_runs_and_repeats_of_one_config_are_no_sweep() -> None:
    assert names([run(i, project="p") for i in range(4)]) == []
    assert names([run(i, project="p", config={"lr": 0.1, "seed": i}) for i in range(9)]) == []


def test_two_studies_of_one_name_are_two() -> None:
    runs = [run(i, path=f"/{'a' if i % 2 else 'b'}/study.db", sweep="s") for i in range(6)]
    assert sorted(names(runs)) == [("s", "sweep", 3), ("s 2", "sweep", 3)]


def test_the_objectives_of_a_study_come_before_the_main_metric() -> None:
    goals = (MetricDefinition("size", goal="min"), MetricDefinition("score", goal="max"), MetricDefinition("val/acc", goal="max"))
    study = Runs(run(i, summary={"size": i, "score": 1 - i}, metrics=goals) for i in range(3))
    assert objectives_of(study) == (Objective("size", "min"), Objective("score", "max"))
    plain = Runs(run(i) for i in range(3))
    assert (main_metric(plain), objectives_of(plain)) == ("val/acc", (Objective("val/acc", "max"),))
    assert objectives_of(Runs([run(1, history={}), run(2, history={})])) == ()


def test_what_did_not_come_to_its_end_or_broke_a_constraint_does_not_count() -> None:
    goal = (Objective("score", "max"),)
    given: list[dict[str, Any]] = [
        {"summary": {"score": 1.0}}, {"summary": {"score": 2.0}}, {"summary": {"score": 9.0}, "state": "pruned"}, {"state": "failed"},
        {"summary": {"score": float("nan")}}, {"summary": {"score": 8.0, "constraints.memory": 0.5}},
        {"summary": {"score": 3.0, "constraints.memory": 0}},
    ]  # fmt: skip
    trials = trials_of(Runs(run(i, **about) for i, about in enumerate(given)), goal)
    assert trials.counted.tolist() == [True, True, False, False, False, False, True]
    assert [one.id for one in trials.ranked] == ["r6", "r1", "r0"]
    assert not trials.has_undone


def test_where_no_run_came_to_its_end_those_with_a_result_count_and_that_is_told() -> None:
    trials = trials_of(Runs(run(i, state="crashed") for i in range(4)))
    assert (trials.n, trials.has_undone) == (4, True)


def test_trials_are_in_the_order_of_their_numbers() -> None:
    runs = Runs(run(i, name=f"trial-{i}", started=BEGIN) for i in (10, 2, 1))
    assert [one.name for one in trials_of(runs).runs] == ["trial-1", "trial-2", "trial-10"]


def test_duplicates_and_varied_keys() -> None:
    configs = [{"lr": 0.1, "on": True, "_wandb": i} for i in range(2)] + [{"lr": 0.2, "on": True}, {"lr": 0.2, "on": True}]
    runs = Runs(run(i, config=config) for i, config in enumerate(configs))
    assert varied_keys(runs) == ("lr",)
    assert [[one.id for one in several] for several in duplicates(trials_of(runs))] == [["r2", "r3"]]


def test_no_times_are_no_timeline() -> None:
    found = timeline(trials_of(Runs(run(i, started=None) for i in range(3))))
    assert (found.bars, found.without, found.seconds) == ((), 3, 0.0)


def test_runs_lead_to_their_sweep_also_where_only_a_group_makes_it(tmp_path: Path) -> None:
    for i in range(LEAST):
        folder = tmp_path / "logs" / "study" / f"run{i}"
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps({"lr": 0.1 * (i + 1)}))
        (folder / "metrics.csv").write_text(f"step,val_acc\n0,0.5\n1,{0.5 + 0.05 * i}\n")
    build(tmp_path / "logs", out=tmp_path / "site")
    pages = [path.read_text() for path in (tmp_path / "site" / "runs").glob("*.html")]
    assert len(pages) == LEAST
    assert all('<a href="../sweeps/study.html">study</a>, 5 trials' in page for page in pages)
    assert (tmp_path / "site" / "sweeps" / "study.html").exists()


def test_runs_of_two_studies_of_one_name_lead_to_their_own() -> None:
    runs = Runs(
        Run(f"{path}{i}", f"{path}{i}", Source("optuna", Path(path)), sweep="digits", config={"x": i})
        for path, n in (("a.db", 6), ("b.db", 5))
        for i in range(n)
    )
    one, other = sorted(sweeps_of(runs), key=lambda sweep: -len(sweep.runs))
    assert sweeps_of(runs) is sweeps_of(runs)
    assert str(sweep_link(one, "../")) == '<a href="../sweeps/digits.html">digits</a>, 6 trials'
    assert str(sweep_link(other, "")).startswith('<a href="sweeps/digits-2-')


def test_what_is_said_of_a_sweep_is_said_once() -> None:
    group = sweeps_of(Runs(run(i, group="wide", project="p") for i in range(1, 7)))[0]
    assert about_said(group, trials_of(group.trials)) == "6 runs of one group whose configs differ, taken as a sweep: all finished."
    states = ("finished", "finished", "pruned", "finished", "failed", "finished")
    study = Runs(
        Run(f"t{i}", f"digits/trial-{i}", Source("optuna", Path("a.db")), sweep="digits", state=state, config={"x": i // 2},
            summary={"value": 0.1 * i}, metrics=(MetricDefinition("value", goal="max"),))
        for i, state in enumerate(states)
    )  # fmt: skip
    sweep = sweeps_of(study)[0]
    trials = trials_of(sweep.trials)
    assert about_said(sweep, trials) == (
        "6 trials of an Optuna study: 4 finished, 1 pruned, 1 failed. Rankings and charts are about the 4 that came to their end with a "
        "result. 3 trials repeat the config of another."
    )
    assert [run.name for run in trials.runs[:2]] == ["trial-0", "trial-1"]
    assert [run.name for run in group.trials] == [run.name for run in group.runs]
    assert best_said(trials, "", ChartStyle()).striptags() == "trial-5 is the best of 4: value 0.500, 0.200 ahead of trial-3."
