"""What is computed of a sweep against Optuna's own visualizations, on the studies among the test data."""

from __future__ import annotations

import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna._hypervolume import compute_hypervolume
from optuna.exceptions import ExperimentalWarning
from optuna.trial import TrialState
from optuna.visualization._contour import _get_contour_info
from optuna.visualization._edf import _get_edf_info
from optuna.visualization._hypervolume_history import _get_hypervolume_history_info
from optuna.visualization._intermediate_values import _get_intermediate_plot_info
from optuna.visualization._optimization_history import _get_optimization_history_info_list
from optuna.visualization._pareto_front import _get_pareto_front_info
from optuna.visualization._slice import _get_slice_plot_info
from optuna.visualization._timeline import _get_timeline_info

import reportgen as rg
from reportgen.analysis.sweeps import Trials, sweeps_of, trials_of
from reportgen.analysis.sweeps.pareto import front_of, hypervolume, pareto_front
from reportgen.analysis.sweeps.progress import best_so_far, empirical_distribution, timeline
from reportgen.analysis.sweeps.trials import ranks
from reportgen.charts.contour import contour_values
from reportgen.charts.intermediate import reported_metric
from reportgen.charts.slices import slice_values

DATA = Path(__file__).parents[1] / "data" / "optuna"


def number(name: str) -> int:
    return int(name.rsplit("-", 1)[-1])


@pytest.fixture(scope="module")
def trials() -> dict[str, Trials]:
    return {sweep.title: trials_of(sweep.runs) for sweep in sweeps_of(rg.load(DATA))}


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, optuna.Study]:
    import shutil

    from optuna.storages import JournalStorage, RDBStorage
    from optuna.storages.journal import JournalFileBackend

    folder = tmp_path_factory.mktemp("studies")
    shutil.copytree(DATA, folder / "optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    found = {}
    for storage in (RDBStorage(f"sqlite:///{folder}/optuna/study.db"), JournalStorage(JournalFileBackend(f"{folder}/optuna/journal.log"))):
        for summary in optuna.get_all_study_summaries(storage):
            found[summary.study_name] = optuna.load_study(study_name=summary.study_name, storage=storage)
    return found


def test_the_same_trials_count(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    assert set(trials) == set(studies) == {"digits", "digits-size-vs-accuracy"}
    for name, study in studies.items():
        complete = study.get_trials(states=(TrialState.COMPLETE,))
        assert [number(run.name) for run in trials[name].counted_runs] == [trial.number for trial in complete]
        assert trials[name].values[trials[name].counted].tolist() == [trial.values for trial in complete]
        assert len(trials[name]) == len(study.trials)


def test_best_so_far(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    (info,) = _get_optimization_history_info_list(studies["digits"], None, "value", False)
    assert info.best_values_info is not None
    found = best_so_far(trials["digits"])
    theirs = [value for value, own in zip(info.best_values_info.values, info.values_info.values, strict=True) if np.isfinite(own)]
    assert found.best.tolist() == theirs


def test_slices(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    for one in _get_slice_plot_info(studies["digits"], None, None, "value").subplots:
        frame = slice_values(trials["digits"], one.param_name)
        assert frame["y"].tolist() == one.y
        assert [str(x) if one.x_labels else float(x) for x in one.x] == frame["x"].tolist()
        assert [number(run) for run in frame["run"]] == one.trial_numbers


def test_contour_points(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    info = _get_contour_info(studies["digits"], ["max_depth", "max_features"])
    sub = info.sub_plot_infos[0][0]
    theirs = {(sub.xaxis.indices[x], sub.yaxis.indices[y]): value for (x, y), value in sub.z_values.items()}
    frame = contour_values(trials["digits"], "max_depth", "max_features")
    ours: dict[tuple[float, float], float] = {}
    for x, y, value in zip(frame["x"], frame["y"], frame["value"], strict=True):
        ours[x, y] = max(value, ours.get((x, y), -np.inf))
    assert ours == theirs


def test_ranks() -> None:
    from optuna.visualization._rank import _get_order_with_same_order_averaging

    values = np.array([3.0, 1.0, 2.0, 2.0, 5.0, 1.0])
    assert ranks(values) == pytest.approx(_get_order_with_same_order_averaging(values) / (len(values) - 1))


def test_distribution(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    info = _get_edf_info(studies["digits"], None, "value")
    one = trials["digits"]
    at, share = empirical_distribution(one.values[one.counted, 0])
    ours = [share[np.searchsorted(at, x, side="right") - 1] for x in info.x_values]
    assert ours == pytest.approx(info.lines[0].y_values.tolist())


def test_intermediate_values(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    one = trials["digits"]
    key = reported_metric(one)
    ours = {number(run.name): [(int(s), float(v)) for s, v in zip(run.history[key].step, run.history[key].value, strict=True)]
            for run in one.runs if key in run.history}  # fmt: skip
    theirs = {info.trial_number: info.sorted_intermediate_values for info in _get_intermediate_plot_info(studies["digits"]).trial_infos}
    assert ours == theirs


def test_timeline(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    bars = _get_timeline_info(studies["digits"]).bars
    found = timeline(trials["digits"])
    begin = min(bar.start for bar in bars)
    theirs = {bar.number: ((bar.start - begin).total_seconds(), (bar.complete - begin).total_seconds()) for bar in bars}
    names = {run.id: number(run.name) for run in trials["digits"].runs}
    assert {names[bar.run] for bar in found.bars} == set(theirs)
    for bar in found.bars:
        assert (bar.start, bar.end) == pytest.approx(theirs[names[bar.run]])
    for lane in range(found.lanes):
        own = [bar for bar in found.bars if bar.row == lane]
        assert all(one.end <= other.start + 1e-6 for one, other in pairwise(own))


def test_pareto_front_and_hypervolume(trials: dict[str, Trials], studies: dict[str, optuna.Study]) -> None:
    one, study = trials["digits-size-vs-accuracy"], studies["digits-size-vs-accuracy"]
    found = front_of(one)
    front = {number(run.name) for run, is_front in zip(one.counted_runs, found.is_front, strict=True) if is_front}
    assert front == {trial.number for trial, _values in _get_pareto_front_info(study).best_trials_with_values}
    with warnings.catch_warnings(action="ignore", category=ExperimentalWarning):
        theirs = _get_hypervolume_history_info(study, found.reference).values
    assert found.volume == pytest.approx(np.array(theirs) / theirs[-1])


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_hypervolume_of_random_points(objectives: int) -> None:
    rng = np.random.default_rng(objectives)
    losses = rng.random((24, objectives))
    losses[3] = losses[7]
    reference = np.full(objectives, 1.1)
    assert hypervolume(losses, reference) == pytest.approx(compute_hypervolume(losses, reference))
    for i in np.flatnonzero(~pareto_front(losses)):
        assert ((losses <= losses[i]).all(axis=1) & (losses < losses[i]).any(axis=1)).any()
