"""How long reading an MLflow database takes, beside `MlflowClient.get_metric_history`, and how much memory.

    python tests/bench/read_mlflow.py [--runs 10] [--metrics 20] [--steps 10000] [--all] [DATABASE]

Processor seconds. Without a database one is made: the schema and the runs by MLflow itself, the values by the statement that it
uses. MLflow's client is asked for the histories of the first run only and its time multiplied, unless with --all. Asked of this
reader: 20 times faster, and less than 100 bytes a value at the peak.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", GIT_PYTHON_REFRESH="quiet")


def written(path: Path, runs: int, metrics: int, steps: int) -> Path:
    from mlflow.tracking import MlflowClient

    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("bench", artifact_location=str(path.parent / "artifacts"))
    ids = [client.create_run(experiment, run_name=f"run-{i}").info.run_id for i in range(runs)]
    numbers = random.Random(0)
    keys = [f"train/metric_{i}" for i in range(metrics)]
    connection = sqlite3.connect(path)
    for run in ids:
        rows = ((key, numbers.random(), 1_700_000_000_000 + 250 * step, step, run) for step in range(steps) for key in keys)
        connection.executemany("insert into metrics (key, value, timestamp, step, is_nan, run_uuid) values (?, ?, ?, ?, 0, ?)", rows)
        rows = ((key, 0.5, 1_700_000_000_000 + 250 * steps, steps - 1, run) for key in keys)
        connection.executemany("insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) values (?, ?, ?, ?, 0, ?)", rows)
        connection.commit()
    connection.close()
    return path


def theirs(path: Path, is_all: bool) -> tuple[float, int]:
    """Seconds that MLflow's client takes for the histories of one run or of all, and how many values these are."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(f"sqlite:///{path}")
    runs = client.search_runs([one.experiment_id for one in client.search_experiments()])
    start, values = time.process_time(), 0
    for run in runs if is_all else runs[:1]:
        for key in run.data.metrics:
            values += len(client.get_metric_history(run.info.run_id, key))
    return time.process_time() - start, values


def ours(path: Path) -> tuple[float, int, int]:
    """Seconds of this reader, the number of values, and the bytes by which the process grew at most."""
    import reportgen as rg

    rg.load(Path(__file__).parents[1] / "data" / "mlflow-sqlite", cache=False)  # imports are not what is measured
    before = peak()
    start = time.process_time()
    runs = rg.load(path, cache=False)
    seconds = time.process_time() - start
    return seconds, sum(len(series) for run in runs for series in run.history.values()), peak() - before


def peak() -> int:
    """The most memory that this program has had, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", type=Path)
    for name, default in (("--runs", 10), ("--metrics", 20), ("--steps", 10_000)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        print(*ours(options.database))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.database or written(Path(folder) / "mlflow.db", options.runs, options.metrics, options.steps)
        alone = [subprocess.check_output([sys.executable, __file__, "--ours", str(path)], text=True).split() for _ in range(3)]
        seconds, values, grown = min(float(one[0]) for one in alone), int(alone[0][1]), int(alone[0][2])
        their_seconds, their_values = theirs(path, options.all)
    ratio = (their_seconds / their_values) / (seconds / values)
    print(f"MLflow SQLite, {values:,} values: reportgen {seconds:.2f} s, client {their_seconds / their_values * values:.1f} s", end="; ")
    print(f"{ratio:.1f} times faster (asked: 20), {grown / values:.0f} bytes a value (asked: < 100)")


if __name__ == "__main__":
    main()
