"""MLflow's SQLite database."""

from __future__ import annotations

import math
import shutil
import sqlite3
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format

SAMPLE = ROOT / "tests/data/mlflow-sqlite"


def odd(folder: Path) -> None:
    """The sample's database with a single run, whose values stand there as the SDK writes them."""
    shutil.copyfile(SAMPLE / "mlflow.db", folder / "mlflow.db")
    connection = sqlite3.connect(folder / "mlflow.db")
    (run,) = connection.execute("select run_uuid from runs where name = 'failed'").fetchone()
    connection.execute("delete from runs where run_uuid <> ?", (run,))
    rows = [
        (key, 0 if math.isnan(value) else max(-1.7976931348623157e308, min(value, 1.7976931348623157e308)), step, run, math.isnan(value))
        for key in ODD_KEYS for step, value in enumerate(ODD_VALUES)
    ]  # fmt: skip
    statement = "insert into metrics (key, value, timestamp, step, run_uuid, is_nan) values (?, ?, 1700000000000, ?, ?, ?)"
    connection.executemany(statement, rows)
    connection.commit()
    connection.close()


FORMAT = Format("mlflow", SAMPLE, ("mlflow.db",), odd, clamped=True)
