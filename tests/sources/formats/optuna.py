"""Optuna's databases and journals. A trial has one series, whose name nobody chooses."""

from __future__ import annotations

from pathlib import Path

import optuna
from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format
from sources.optuna_studies import storage


def odd(folder: Path) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage=storage(folder, "journal"))
    trial = study.ask()
    for step, value in enumerate(ODD_VALUES):
        trial.report(value, step)


FORMAT = Format("optuna", ROOT / "tests/data/optuna", ("study.db", "journal.log"), odd, refused=ODD_KEYS)
