"""What MLflow's own client says of all runs of stores, as JSON by their addresses:

    python tests/sources/mlflow_second_reader.py TRACKING_URI …

A database of an older version is upgraded, so give a copy. Floats are written by `float.hex`, so that every bit counts.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def second_reading(uri: str) -> dict[str, Any]:
    from mlflow.entities import ViewType
    from mlflow.tracking import MlflowClient

    if uri.startswith("sqlite:"):
        from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine

        _upgrade_db(create_sqlalchemy_engine(uri))
    client = MlflowClient(uri)
    found = {}
    for experiment in client.search_experiments(view_type=ViewType.ACTIVE_ONLY):
        for run in client.search_runs([experiment.experiment_id]):
            found[run.info.run_id] = {"project": experiment.name, "artifacts": files(client, run.info.run_id, None), **told(run, client)}
    return found


def told(run: Any, client: Any) -> dict[str, Any]:
    info, inputs, outputs = run.info, getattr(run, "inputs", None), getattr(run, "outputs", None)
    return {
        "name": info.run_name,
        "status": info.status,
        "started": info.start_time,
        "ended": info.end_time,
        "user": info.user_id,
        "params": run.data.params,
        "tags": run.data.tags,
        "latest": {key: value.hex() for key, value in run.data.metrics.items()},
        "history": {
            key: [(one.step, one.timestamp, one.value.hex()) for one in client.get_metric_history(info.run_id, key)]
            for key in run.data.metrics
        },
        "datasets": [(one.dataset.name, one.dataset.digest, one.dataset.source_type) for one in (inputs.dataset_inputs if inputs else [])],
        "models": [one.model_id for one in (outputs.model_outputs if outputs else [])],
    }


def files(client: Any, run: str, folder: str | None) -> list[tuple[str, int]]:
    found = []
    for one in client.list_artifacts(run, folder):
        found += files(client, run, one.path) if one.is_dir else [(one.path, one.file_size)]
    return sorted(found)


if __name__ == "__main__":
    os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ALLOW_FILE_STORE="true", GIT_PYTHON_REFRESH="quiet")
    print(json.dumps({uri: second_reading(uri) for uri in sys.argv[1:]}))
