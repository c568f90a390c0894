"""MLflow's store of files: `mlruns/<experiment>/<run>`, each run a directory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.sources.mlflow.lines import read_metric
from reportgen.sources.mlflow.locations import add_files
from reportgen.sources.mlflow.meta import Damaged, read_meta
from reportgen.sources.mlflow.record import MODEL_STATUS, STATUS, Dataset, Experiment, LoggedModel, Record, milliseconds, text_of

META = "meta.yaml"
_PARTS = ("metrics", "params", "tags", "artifacts")
_ID = re.compile(r"[0-9a-f]{32}")
_RUN_ID = re.compile(rb"^run_(?:uu)?id:", re.MULTILINE)
_SAFE = re.compile(r"[\w.-]+")
_MAX_TEXT = 4 * 1024 * 1024


def is_run(path: Path) -> bool:
    """Whether a directory is one of the file store's runs: a `meta.yaml` of a run, or a damaged one beside two of a run's four folders."""
    if path.parent.name == "models":
        return False
    try:
        with (path / META).open("rb") as file:
            named = _RUN_ID.search(file.read(_MAX_TEXT)) is not None
    except OSError:
        return False
    return named or sum((path / part).is_dir() for part in _PARTS) >= 2


def is_beside_runs(path: Path) -> bool:
    """Whether a directory holds no run but belongs to some: a model's, or the artifacts of a run whose record is elsewhere."""
    if path.parent.name == "models" and (path / META).is_file():
        return path.name.startswith("m-")
    return bool(_ID.fullmatch(path.name)) and (path / "artifacts").is_dir() and not (path / META).exists()


def parts_of(run: Path) -> Iterator[Path]:
    """What a run's record is made of outside of its directory."""
    yield from (run.parent / META, run.parent / "tags", run.parent / "datasets", run.parent / "models")
    if parent := _parent(run):
        yield from (parent / META, parent / "tags" / "mlflow.runName")


def read_run(path: Path) -> Record | None:
    """The record of a run's directory, None for one that was deleted.

    Raises:
        OSError: The directory cannot be read.
    """
    damage: list[str] = []
    meta, experiment = _meta(path / META, damage), _meta(path.parent / META, [])
    if "deleted" in (meta.get("lifecycle_stage"), experiment.get("lifecycle_stage")):
        return None
    status = meta.get("status")
    record = Record(
        id=text_of(meta.get("run_id") or meta.get("run_uuid")) or path.name,
        experiment=Experiment(path.parent.name, text_of(experiment.get("name")) or path.parent.name, _texts(path.parent / "tags")),
        name=text_of(meta.get("run_name") or meta.get("name")),
        status=STATUS.get(status, "") if isinstance(status, int) else text_of(status),
        user=text_of(meta.get("user_id")),
        source_name=text_of(meta.get("source_name")),
        source_version=text_of(meta.get("source_version")),
        entry_point=text_of(meta.get("entry_point_name")),
        started=milliseconds(meta.get("start_time")),
        ended=milliseconds(meta.get("end_time")),
        location=text_of(meta.get("artifact_uri")),
        params=_texts(path / "params"),
        tags=_texts(path / "tags"),
    )
    for text in damage:
        record.lost(text)
    for key, file in _files(path / "metrics"):
        if (series := read_metric(key, file, record)) is not None:
            record.metrics[key] = series
    if parent := _parent(path):
        record.parent_name = _name(parent)
    record.datasets = list(_datasets(path, record))
    record.models = list(_models(path, record))
    add_files(record, path.parent.parent, path / "artifacts")
    return record


def _meta(path: Path, damage: list[str]) -> dict[str, Any]:
    try:
        return read_meta(path)
    except OSError:
        damage.append(f"{path.name} is missing: the run's name, state and times are not known.")
    except Damaged as error:
        damage.append(f"{path.name} is damaged: some of the run's name, state and times are not known.")
        return error.found
    return {}


def _parent(run: Path) -> Path | None:
    """The directory of the run that this one is nested in."""
    try:
        name = (run / "tags" / "mlflow.parentRunId").read_text("utf-8", "replace").strip()
    except OSError:
        return None
    return run.parent / name if _SAFE.fullmatch(name) and name not in (".", "..") else None


def _name(run: Path) -> str:
    meta = _meta(run / META, [])
    if name := text_of(meta.get("run_name")):
        return name
    try:
        return (run / "tags" / "mlflow.runName").read_text("utf-8", "replace")
    except OSError:
        return run.name


def _datasets(run: Path, record: Record) -> Iterator[Dataset]:
    for meta in _inputs(run / "inputs"):
        if meta.get("source_type") != "DATASET":
            continue
        name = text_of(meta.get("source_id"))
        found = _meta(run.parent / "datasets" / name / META, []) if _SAFE.fullmatch(name) else {}
        if not found:
            record.lost("A dataset that this run used is missing from the store.")
            continue
        tags = meta.get("tags")
        yield Dataset(
            **{key: text_of(found.get(key)) for key in ("name", "digest", "source_type", "source", "schema", "profile")},
            tags={str(key): text_of(value) for key, value in tags.items()} if isinstance(tags, dict) else {},
        )


def _models(run: Path, record: Record) -> Iterator[LoggedModel]:
    """The models that the run links, and those that name it as their source."""
    made = [text_of(meta.get("source_id")) for meta in _inputs(run / "outputs") if meta.get("destination_type") == "MODEL_OUTPUT"]
    used = [text_of(meta.get("source_id")) for meta in _inputs(run / "inputs") if meta.get("source_type") == "MODEL"]
    folder = run.parent / "models"
    made += [name for name, meta in _all_models(folder, _changed(folder)).items() if text_of(meta.get("source_run_id")) == record.id]
    for name, is_input in dict.fromkeys([*((one, False) for one in made), *((one, True) for one in used)]):
        meta = _meta(folder / name / META, []) if _SAFE.fullmatch(name) else {}
        if not meta:
            record.lost("A model that this run logged or used is missing from the store.")
        elif meta.get("lifecycle_stage") != "deleted":
            status = meta.get("status")
            yield LoggedModel(
                id=name,
                name=text_of(meta.get("name")) or name,
                type=text_of(meta.get("model_type")),
                status=MODEL_STATUS.get(status, "") if isinstance(status, int) else text_of(status),
                location=(folder / name / "artifacts").as_posix(),
                created=milliseconds(meta.get("creation_timestamp")),
                params=_texts(folder / name / "params"),
                tags=_texts(folder / name / "tags"),
                is_input=is_input,
            )


@lru_cache(maxsize=64)
def _all_models(folder: Path, changed: int) -> dict[str, dict[str, Any]]:
    """What an experiment's models say of themselves, by their folders' names; looked up for each of its runs."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return {}
    return {name: _meta(folder / name / META, []) for name in names}


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _inputs(folder: Path) -> Iterator[dict[str, Any]]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    yield from (_meta(folder / name / META, []) for name in names)


def _texts(folder: Path) -> dict[str, str]:
    """The files of a folder and its folders as keys, and their content."""
    found = {}
    for key, file in _files(folder):
        try:
            with file.open("rb") as opened:
                found[key] = opened.read(_MAX_TEXT).decode("utf-8", "replace")
        except OSError:
            continue
    return found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Key and file of what lies in a folder and the folders in it, by key."""
    found = []
    for here, _, names in os.walk(folder):
        for name in names:
            file = Path(here, name)
            if not file.is_symlink():
                key = file.relative_to(folder).as_posix()
                found.append((key.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), file))
    yield from sorted(found)
