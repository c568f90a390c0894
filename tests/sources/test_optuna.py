"""Optuna's storages: every value as Optuna itself reads it, all states, old schemas, damaged journals."""

from __future__ import annotations

import json
import math
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState
from sources.optuna_studies import storage, write

import reportgen as rg
from reportgen.model import Distribution, Run
from reportgen.sources.values import flatten

DATA = Path(__file__).parents[1] / "data" / "optuna"
KINDS = ("database", "journal")
STATES = {TrialState.COMPLETE: "finished", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed", TrialState.RUNNING: "running"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each kind of storage, with the same studies in it."""
    made = {kind: tmp_path_factory.mktemp(kind) for kind in KINDS}
    for kind, folder in made.items():
        write(storage(folder, kind))
    return made


def distribution(one: BaseDistribution) -> Distribution:
    if isinstance(one, CategoricalDistribution):
        return Distribution(choices=tuple(one.choices))
    return Distribution(one.low, one.high, one.log, one.step)  # type: ignore[attr-defined]


def aware(moment: datetime | None) -> datetime | None:
    """Optuna's readers say local time."""
    return moment.astimezone(UTC) if moment else None


def assert_equal(run: Run, trial: FrozenTrial, study: optuna.Study) -> None:
    """The run is the trial, in every value and to the last bit."""
    names = study.metric_names or (["value"] if len(study.directions) == 1 else [f"value_{i}" for i in range(len(study.directions))])
    assert (run.name.rpartition("/")[2], run.sweep, run.project, run.state) == (
        f"trial-{trial.number}", study.study_name, study.study_name, STATES[trial.state],
    )  # fmt: skip
    assert (run.started, run.ended) == (aware(trial.datetime_start), aware(trial.datetime_complete))
    assert [(key, type(value), value) for key, value in run.config.items()] == [(k, type(v), v) for k, v in trial.params.items()]
    assert dict(run.search_space) == {key: distribution(one) for key, one in trial.distributions.items()}
    expected: dict[str, Any] = dict(zip(names, trial.values or [], strict=False))
    expected |= dict(flatten({"user_attrs": trial.user_attrs, "constraints": trial.constraints}))
    assert repr(sorted(run.summary.items())) == repr(sorted(expected.items()))
    steps = sorted(trial.intermediate_values)
    assert list(run.history) == (["intermediate_value"] if steps else [])
    for series in run.history.values():
        assert series.step.tolist() == steps
        assert repr(series.value.tolist()) == repr([trial.intermediate_values[step] for step in steps])
    goals = {defined.key: defined.goal for defined in run.metrics}
    assert [goals[name] for name in names] == ["min" if way.name == "MINIMIZE" else "max" for way in study.directions]
    hidden = {key: value for key, value in trial.system_attrs.items() if not key.startswith("constraints")}
    about = dict(flatten({"study": {"user_attrs": study.user_attrs}, "system_attrs": hidden}))
    assert {key: value for key, value in run.environment.items() if key != "optuna"} == about


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_that_of_optuna(folders: dict[str, Path], kind: str) -> None:
    runs = rg.load(folders[kind])
    theirs = storage(folders[kind], kind)
    studies = [optuna.load_study(study_name=name, storage=theirs) for name in ("Größe/α", "pair")]
    trials = [(study, trial) for study in studies for trial in study.trials if trial.state in STATES]
    assert len(runs) == len(trials) == 11
    for run, (study, trial) in zip(runs, trials, strict=True):
        assert_equal(run, trial, study)
    assert {run.state for run in runs} == set(STATES.values())
    assert [run.name for run in runs][-4:] == ["Größe/α/trial-7", "pair/trial-0", "pair/trial-1", "pair/trial-2"]
    assert [warning.text for warning in runs[0].warnings] == ["2 trials wait to be run in the study 'Größe/α' and are left out."]
    assert not any(run.warnings for run in list(runs)[1:])


@pytest.mark.parametrize("name", ["study.db", "journal.log"])
def test_the_samples(name: str) -> None:
    runs = rg.load(DATA / name)
    theirs = _official(DATA / name)
    (summary,) = optuna.get_all_study_summaries(theirs)
    study = optuna.load_study(study_name=summary.study_name, storage=theirs)
    assert len(runs) == len(study.trials) > 30
    for run, trial in zip(runs, study.trials, strict=True):
        assert_equal(run, trial, study)
    assert not runs[0].warnings


def _official(path: Path) -> optuna.storages.BaseStorage:
    if path.suffix == ".db":
        return optuna.storages.RDBStorage(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true")
    return optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(path)))


def test_both_storages_say_the_same(folders: dict[str, Path]) -> None:
    ours = [rg.load(folders[kind]) for kind in KINDS]
    for a, b in zip(*ours, strict=True):
        assert (a.name, a.state, dict(a.config), repr(a.summary), a.search_space) == (
            b.name,
            b.state,
            dict(b.config),
            repr(b.summary),
            b.search_space,
        )


def test_the_id_is_made_when_the_trial_starts(tmp_path: Path) -> None:
    study = optuna.create_study(storage=storage(tmp_path, "database"), study_name="s")
    trial = study.ask()
    (before,) = rg.load(tmp_path)
    study.tell(trial, 1.0)
    (after,) = rg.load(tmp_path)
    assert before.id == after.id
    assert before.id.startswith("s-0-")
    assert (before.state, after.state) == ("running", "finished")


def test_studies_of_one_name_stay_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        study = optuna.create_study(storage=storage(tmp_path / name, "journal"), study_name="s")
        study.optimize(lambda trial: trial.report(1, 0) or 1.0, n_trials=2)
    runs = rg.load(tmp_path)
    assert len({run.id for run in runs}) == len(runs) == 4


OLD_SCHEMA = """
create table studies (study_id integer, study_name text, direction text);
create table version_info (version_info_id integer, schema_version integer, library_version text);
create table trials (trial_id integer, study_id integer, state text, value float, datetime_start datetime, datetime_complete datetime);
create table trial_params (param_id integer, trial_id integer, param_name text, param_value float, distribution_json text);
create table trial_values (trial_value_id integer, trial_id integer, step integer, value float);
create table trial_system_attributes (trial_system_attribute_id integer, trial_id integer, key text, value_json text);
insert into studies values (1, 'old', 'MAXIMIZE');
insert into version_info values (1, 12, '1.2.0');
insert into trials values (7, 1, 'COMPLETE', 0.5, '2019-05-01 10:00:00.250000', '2019-05-01 10:00:02');
insert into trials values (8, 1, 'RUNNING', null, '2019-05-01 10:00:03', null);
insert into trial_system_attributes values (1, 7, '_number', '1'), (2, 8, '_number', '0');
insert into trial_values values (1, 7, 3, 0.25), (2, 7, 1, null);
insert into trial_params values
 (1, 7, 'a', 0.5, '{"name": "UniformDistribution", "attributes": {"low": 0, "high": 5}}'),
 (2, 7, 'b', 3.0, '{"name": "IntUniformDistribution", "attributes": {"low": 0, "high": 10}}'),
 (3, 7, 'c', 2.0, '{"name": "CategoricalDistribution", "attributes": {"choices": [-5, "x", null]}}'),
 (4, 7, 'd', 0.01, '{"name": "LogUniformDistribution", "attributes": {"low": 0.001, "high": 1}}'),
 (5, 7, 'e', 0.5, '{"name": "DiscreteUniformDistribution", "attributes": {"low": 0, "high": 1.1, "q": 0.25}}'),
 (6, 7, 'f', 4.0, '{"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 8, "step": 1}}'),
 (7, 7, 'g', 1.0, '{"type": "int", "low": 0, "high": 7, "step": 3}'),
 (8, 7, 'broken', 1.0, '{"name": "FutureDistribution", "attributes": {}}');
"""


def test_the_schema_of_0_9_to_1_2(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.executescript(OLD_SCHEMA)
    connection.close()
    run, running = rg.load(tmp_path)  # in the order of their starts
    assert (run.name, run.state, dict(run.summary), running.name, running.state) == (
        "trial-1",
        "finished",
        {"value": 0.5},
        "trial-0",
        "running",
    )
    assert run.started == datetime(2019, 5, 1, 10, 0, 0, 250000, tzinfo=UTC)
    assert dict(run.config) == {"a": 0.5, "b": 3, "c": None, "d": 0.01, "e": 0.5, "f": 4, "g": 1}
    assert dict(run.search_space) == {
        "a": Distribution(0.0, 5.0), "b": Distribution(0, 10, step=1), "c": Distribution(choices=(-5, "x", None)),
        "d": Distribution(0.001, 1.0, log=True), "e": Distribution(0.0, 1.0, step=0.25), "f": Distribution(1, 8, log=True, step=1),
        "g": Distribution(0, 6, step=3),
    }  # fmt: skip
    assert run.history["intermediate_value"].step.tolist() == [1, 3]
    assert repr(run.history["intermediate_value"].value.tolist()) == "[nan, 0.25]"
    assert [(one.key, one.goal) for one in run.metrics] == [("value", "max"), ("intermediate_value", "max")]
    assert [warning.text for warning in running.warnings] == [
        "The parameter 'broken' of trial 1 cannot be read.",
        "Optuna before version 5 writes local times without their zone: starts and ends are shown as if they were UTC.",
    ]


@pytest.mark.parametrize("old", ["optuna-0.19.db", "optuna-1.5.db", "optuna-2.10.db", "optuna-3.6.db", "optuna-3.6.log"])
def test_old_versions(old: str) -> None:
    """Each was written by the same program, whose sampler and objective count with the trial's number."""
    runs = rg.load(DATA.parent / "optuna-old" / old)
    assert [run.state for run in runs] == ["finished", "finished", "finished", "pruned", "failed", "finished"]
    assert len(runs[0].warnings) == 1
    for n, run in enumerate(runs):
        lr, kind = 10.0 ** -(n % 3 + 1), ["sgd", None, 3][n % 3]
        expected = {"kind": kind, "lr": lr, "momentum": 0.1 * (n % 5), "width": 4 * (n % 4) + 1}
        assert (run.name, dict(run.config)) == (f"trial-{n}", expected | ({"q": 0.25 * (n % 4)} if kind == 3 else {}))
        assert run.search_space["lr"] == Distribution(1e-5, 1.0, log=True)
        assert run.search_space["width"] == Distribution(1, 16, step=1)
        assert run.search_space["kind"] == Distribution(choices=("sgd", None, 3))
        assert kind != 3 or run.search_space["q"] == Distribution(0.0, 1.0, step=0.25)
        assert run.history["intermediate_value"].value.tolist() == [lr, lr * 2, lr * 3]
        assert run.summary["user_attrs.n"] == n
        assert run.environment["study.user_attrs.dataset"] == "digits"
        if run.state != "failed":  # until 1.x a failed trial had its last intermediate value
            assert run.summary["value"] == (lr * 3 if run.state == "pruned" else lr + n)


def journal(folder: Path, *lines: object) -> Path:
    text = "".join(line if isinstance(line, str) else json.dumps({"worker_id": "w", **line}) + "\n" for line in lines)  # type: ignore[dict-item]
    (folder / "journal.log").write_text(text)
    return folder


STUDY = {"op_code": 0, "study_name": "s", "directions": [1]}
FLOAT = '{"name": "FloatDistribution", "attributes": {"low": 0.0, "high": 1.0, "log": false, "step": null}}'


def created(study: int = 0) -> dict[str, Any]:
    return {"op_code": 4, "study_id": study, "datetime_start": "2026-01-01T00:00:00+02:00"}


def told(trial: int, value: float) -> dict[str, Any]:
    return {"op_code": 6, "trial_id": trial, "state": 1, "values": [value], "datetime_complete": "2026-01-01T00:00:01+02:00"}


LOST = "1 line is damaged; what it said is missing."
JOURNALS: dict[str, tuple[list[object], list[float | None], list[str]]] = {
    "the last line is cut": (
        [STUDY, created(), told(0, 1.5), '{"op_code":4,"wor'],
        [1.5],
        ["The last line (line 4) is cut off and left out: the study was killed while it wrote."],
    ),
    "a trial's creation is lost": ([STUDY, '{"op_code":4,"study_id":0,"datetime_st\x00\n', created(), told(1, 1.5)], [1.5, None], [LOST]),
    "nothing tells what was lost": (
        [STUDY, created(), '{"op_code": 9, "trial_id": 0, \n', "nonsense\n", told(0, 1.5)],
        [None],
        [
            "Line 4 is damaged so that nothing tells what it did; it and all after it are left out.",
            "2 lines are damaged; what they said is missing.",
        ],
    ),
    "something of a trial is lost": ([STUDY, created(), '{"op_cod!": 9, "trial_id": 0, \n', told(0, 1.5)], [1.5], [LOST]),
    "a study's creation is lost": (
        ['{"op_code": 0, "study_na\n', created(), told(0, 1.5), {**STUDY, "study_name": "t"}, created(1), told(1, 2.5)],
        [1.5, 2.5],
        [LOST],
    ),
    "operations that are none": (
        [STUDY, created(), {"op_code": 6, "trial_id": 0, "state": 1, "values": "x"}, {"op_code": 99}, told(7, 2)],
        [None],
        [LOST],
    ),
    "operations without effect": ([STUDY, created(), told(0, 1.5), told(0, 2.5), STUDY, {"op_code": 10}], [1.5], []),
    "a deleted study": (
        [STUDY, {**STUDY, "study_name": "t"}, created(1), created(0), {"op_code": 1, "study_id": 1}, told(1, 3.5)],
        [3.5],
        [],
    ),
    "a trial that was added": ([STUDY, {**created(), "state": 1, "value": math.inf}], [math.inf], []),
}


@pytest.mark.parametrize(("lines", "values", "warnings"), JOURNALS.values(), ids=JOURNALS)
def test_journals(tmp_path: Path, lines: list[object], values: list[float | None], warnings: list[str]) -> None:
    runs = rg.load(journal(tmp_path, *lines))
    assert [run.summary.get("value") for run in runs] == values
    assert [warning.text for run in runs for warning in run.warnings] == warnings


def test_the_first_kind_of_distribution_holds(tmp_path: Path) -> None:
    """Two processes may set different ones; Optuna's replay keeps the first."""
    other = '{"name": "IntDistribution", "attributes": {"low": 0, "high": 3, "log": false, "step": 1}}'
    parameters = [
        {"op_code": 5, "trial_id": i, "param_name": "x", "param_value_internal": 1, "distribution": text}
        for i, text in enumerate((FLOAT, other))
    ]
    journal(tmp_path, STUDY, created(), created(), *parameters, told(0, 1), told(1, 1))
    assert [dict(run.config) for run in rg.load(tmp_path)] == [{"x": 1.0}, {}]


def test_a_database_that_cannot_be_opened_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "study.db").write_bytes((DATA / "study.db").read_bytes()[:20_000])
    (run,) = rg.load(tmp_path)
    assert run.state == "unknown"
    assert run.warnings[0].text.startswith("The log cannot be read: ")


def test_it_is_read_while_it_is_written(tmp_path: Path) -> None:
    theirs = optuna.storages.RDBStorage(f"sqlite:///{tmp_path / 'study.db'}")
    study = optuna.create_study(storage=theirs, study_name="s")
    with sqlite3.connect(tmp_path / "study.db") as other:
        other.execute("pragma journal_mode = wal")
    other.close()
    for count in (1, 2):
        study.optimize(lambda trial: 1.0, n_trials=1)
        assert len(rg.load(tmp_path)) == count
