"""Studies with everything that a trial can be, written by Optuna itself."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

FLOATS = (0.1, float("nan"), float("inf"), float("-inf"), 5e-324, 1.7976931348623157e308)


def storage(folder: Path, kind: str) -> BaseStorage:
    """A new or existing storage in a folder: "database" or "journal"."""
    return (
        JournalStorage(JournalFileBackend(str(folder / "studies.log")))
        if kind == "journal"
        else RDBStorage(f"sqlite:///{folder / 'studies.db'}")
    )


def file_of(folder: Path, kind: str) -> Path:
    return folder / ("studies.log" if kind == "journal" else "studies.db")


def write(into: BaseStorage) -> None:
    """Two studies: one objective with trials in all states, and two named objectives with constraints."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage=into, study_name="Größe/α", direction="minimize", sampler=optuna.samplers.RandomSampler(seed=1))
    study.set_user_attr("data set", {"name": "digits", "classes": [0, 1]})
    study.optimize(_objective, n_trials=6, catch=ValueError)
    study.add_trial(_added())
    running = study.ask({"lr": FloatDistribution(1e-5, 1.0, log=True)})
    running.report(3.5, 2)
    study.enqueue_trial({"lr": 0.5})
    study.enqueue_trial({"lr": 0.25}, user_attrs={"why": "a guess"})
    pair = optuna.create_study(
        storage=into, study_name="pair", directions=["minimize", "maximize"], sampler=optuna.samplers.RandomSampler(seed=1)
    )
    with warnings.catch_warnings(action="ignore", category=ExperimentalWarning):
        pair.set_metric_names(["size", "val/acc"])
        pair.optimize(_pair, n_trials=3)
    optuna.delete_study(study_name=optuna.create_study(storage=into, study_name="gone").study_name, storage=into)
    into.remove_session() if isinstance(into, RDBStorage) else None


def _objective(trial: optuna.Trial) -> float:
    kind = trial.suggest_categorical("kind", ["linear", None, True, 3, 2.5])
    trial.suggest_float("lr", 1e-5, 1.0, log=True)
    trial.suggest_float("dropout", 0.0, 0.5, step=0.1)
    trial.suggest_int("width", 2, 1024, log=True)
    if trial.number % 2:
        trial.suggest_int("depth.of.net", 1, 9, step=4)
    trial.set_user_attr("note", f"<b>{kind}</b>")
    trial.set_user_attr("nested", {"a": {"b": [1, 2]}, "nan": float("nan")})
    for step in (10, 0, 5):
        trial.report(FLOATS[(trial.number + step) % 6], step)
    if trial.number == 2:
        raise optuna.TrialPruned
    if trial.number == 3:
        raise ValueError("diverged")
    return float("-inf") if trial.number == 4 else 1 / 3 + trial.number


def _pair(trial: optuna.Trial) -> tuple[float, float]:
    trial.set_constraint("memory", 0.5 - trial.number)
    return trial.suggest_int("width", 1, 9), FLOATS[5] if trial.number else 0.75


def _added() -> Any:
    """A trial that ran elsewhere."""
    distributions = {"lr": FloatDistribution(1e-5, 1.0, log=True), "width": IntDistribution(2, 1024, log=True), "kind": _KINDS}
    return optuna.create_trial(
        params={"lr": 1e-5, "width": 2, "kind": None},
        distributions=distributions,
        value=0.125,
        intermediate_values={1: float("nan"), 0: 2.0},
        user_attrs={"from": "elsewhere"},
        system_attrs={"constraints": [-1.0, 2.0]},
    )


_KINDS = CategoricalDistribution(["linear", None, True, 3, 2.5])
