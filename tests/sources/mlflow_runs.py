"""Logs runs with MLflow's own SDK, of whatever version is installed:

    python tests/sources/mlflow_runs.py TRACKING_URI [ARTIFACT_LOCATION]

What SDKs of today can do and older ones cannot is left out for those. Prints the ids of the runs by their names.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

VALUES = (0.1, float("nan"), float("inf"), float("-inf"), 5e-324, -0.0, 1 / 3)
PARAMS = {
    "lr": 0.0353, "alpha": 1e-05, "layers": 3, "amsgrad": True, "resume": None, "limit": float("inf"), "model.kind": "linear",
    "sizes": [64, 32], "version": "1.10", "nested/key": "a b", "empty": "", "leading": "007", "text": "naïve\n<b>x</b>",
}  # fmt: skip
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def log(uri: str, location: str | None) -> dict[str, str]:
    import mlflow
    from mlflow.tracking import MlflowClient

    mlflow.set_tracking_uri(uri)
    client = MlflowClient(uri)
    experiment = client.create_experiment("digits", artifact_location=location)
    if hasattr(client, "set_experiment_tag"):
        client.set_experiment_tag(experiment, "mlflow.experiment.primaryMetric.name", "val/acc")
        client.set_experiment_tag(experiment, "mlflow.experiment.primaryMetric.greaterIsBetter", "True")
    ids: dict[str, str] = {}
    with mlflow.start_run(run_name="parent", experiment_id=experiment) as run:
        ids["parent"] = run.info.run_id
        log_values(mlflow)
        log_files(mlflow, client, run.info.run_id)
        log_links(mlflow)
        with mlflow.start_run(run_name="child", experiment_id=experiment, nested=True) as child:
            ids["child"] = child.info.run_id
            mlflow.log_metric("system/cpu_utilization_percentage", 12.5, step=0)
            mlflow.log_metric("val/acc", 0.0, step=4)
    for name, status in (("failed", "FAILED"), ("killed", "KILLED"), ("running", None)):
        made = client.create_run(experiment, tags={"mlflow.runName": name})
        ids[name] = made.info.run_id
        client.log_metric(made.info.run_id, "val/acc", 0.25, step=1)
        if status:
            client.set_terminated(made.info.run_id, status)
    deleted = client.create_run(experiment).info.run_id
    client.log_metric(deleted, "val/acc", 1.0)
    client.delete_run(deleted)
    gone = client.create_experiment("gone")
    client.create_run(gone)
    client.delete_experiment(gone)
    return ids


def log_values(mlflow: Any) -> None:
    mlflow.log_params(PARAMS)
    mlflow.set_tags({"kind": "sgd", "naïve 한국어": "<b>&", "mlflow.note.content": "constant *rate*", "mlflow.source.git.branch": "main"})
    for step, value in enumerate(VALUES):
        mlflow.log_metric("odd", value, step=step)
        mlflow.log_metric("train/loss", 1 / (step + 1), step=step * 10)
    for step in (5, 3, 3, 9, -2):
        mlflow.log_metric("val/acc", 0.1 * step, step=step)


def log_files(mlflow: Any, client: Any, run: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plot.png").write_bytes(base64.b64decode(PIXEL))
        Path(folder, "notes.txt").write_text("some text")
        mlflow.log_artifact(str(Path(folder, "plot.png")))
        mlflow.log_artifact(str(Path(folder, "notes.txt")), "docs/deep")
    if not hasattr(client, "log_table"):
        return
    from PIL import Image

    mlflow.log_table({"k": [1, 2, 3], "v": ["a", "b", "<i>c</i>"]}, "table.json")
    mlflow.log_table({"image": [Image.new("L", (4, 4), 90)], "label": ["seven"]}, "tables/images.json")
    for step in (3, 12):
        client.log_image(run, Image.new("RGB", (8, 8), (step, 0, 0)), key="dogs/small ones", step=step)


def log_links(mlflow: Any) -> None:
    if hasattr(mlflow, "log_input"):
        import numpy as np

        dataset = mlflow.data.from_numpy(np.arange(6.0).reshape(2, 3), source="https://example.org/digits.npz", name="digits")
        mlflow.log_input(dataset, context="training")
    if hasattr(mlflow, "initialize_logged_model"):
        model = mlflow.initialize_logged_model("cnn", params={"depth": "3"}, model_type="classifier", tags={"stage": "best"})
        mlflow.finalize_logged_model(model.model_id, "READY")
    else:
        made = {"artifact_path": "docs", "flavors": {"sklearn": {}, "python_function": {}}, "model_uuid": "0123456789abcdef" * 2}
        mlflow.set_tag("mlflow.log-model.history", json.dumps([{**made, "utc_time_created": "2022-10-01 10:00:00.000000"}]))


if __name__ == "__main__":
    os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ALLOW_FILE_STORE="true", GIT_PYTHON_REFRESH="quiet")
    print(json.dumps(log(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)))
