"""Hand-made runs with artifacts: two versions of a dataset, three models made from them, and what trackers do around them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, ArtifactFile, Run, Runs, Source

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def run(name: str, minute: int, artifacts: Sequence[Artifact] = (), **more: Any) -> Run:
    source = Source("wandb", Path(f"wandb/{name}.wandb"))
    started = START + timedelta(minutes=minute)
    given = {"id": name, "name": name, "source": source, "started": started, "state": "finished", "artifacts": tuple(artifacts)}
    return Run(**{**given, **more})


def dataset(digest: str, role: Any = "output", **more: Any) -> Artifact:
    files = (ArtifactFile("train.npz", 1000, f"t{digest}"), ArtifactFile("labels.csv", 10, "same"))
    return Artifact(**{"name": "digits", "type": "dataset", "role": role, "digest": digest, "size": 1010, "files": files, **more})


def model(digest: str, role: Any = "output", **more: Any) -> Artifact:
    given = {"name": "cnn", "type": "model", "role": role, "digest": digest, "size": 5, "files": (ArtifactFile("model.pt", 5, digest),)}
    return Artifact(**{**given, **more})


def offline_runs() -> Runs:
    """As W&B writes them offline: contents and aliases, no names of versions."""
    changed = (ArtifactFile("train.npz", 2000, "new"), ArtifactFile("more.csv", 3, "n"))
    return Runs(
        [
            run("prepare", 0, [dataset("d0", aliases=("latest",))]),
            run("train-0", 1, [dataset("d0", "input"), model("m0", aliases=("latest", "best"), metadata={"acc": 0.9, "deep": {"a": 1}})]),
            run("train-1", 2, [dataset("d0", "input"), model("m1", aliases=("latest",), metadata={"acc": 0.8, "deep": {"a": 1}})]),
            run("again", 3, [dataset("d1", aliases=("latest",), files=changed)]),
            run("train-2", 4, [dataset("d1", "input"), model("m2", aliases=("latest", "best"))]),
            run("test", 5, [model("m2", "input")]),
        ]
    )  # fmt: skip
