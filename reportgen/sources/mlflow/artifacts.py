"""Datasets, models and files of a run as artifacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reportgen.model import Artifact, ArtifactFile
from reportgen.sources.mlflow.params import param_value
from reportgen.sources.mlflow.record import Dataset, LoggedModel, Record, StoredFile
from reportgen.sources.values import parse_json, utc

_HISTORY = "mlflow.log-model.history"


def artifacts_of(record: Record) -> tuple[Artifact, ...]:
    """The datasets that the run used, its models, and one artifact of type "files" with all files that it logged.

    Models of MLflow 3 come from its list of logged models, those of MLflow 1 and 2 from the tag `mlflow.log-model.history`; one that
    stands in both comes once.
    """
    datasets = [_dataset(one) for one in record.datasets]
    models = [_model(one, record.model_files.get(one.id, [])) for one in record.models]
    known = {one.id for one in record.models}
    tagged = [one for one in _tagged_models(record) if one.id not in known]
    files = [Artifact("files", "files", "output", size=_size(record.files), files=_files(record.files))] if record.files else []
    return (*datasets, *models, *tagged, *files)


def _dataset(one: Dataset) -> Artifact:
    metadata: dict[str, Any] = {"source_type": one.source_type, "source": _parsed(one.source)}
    metadata |= {"schema": _parsed(one.schema), "profile": _parsed(one.profile)}
    metadata |= {key.removeprefix("mlflow.data."): value for key, value in one.tags.items()}
    return Artifact(one.name, "dataset", "input", digest=one.digest, metadata={key: value for key, value in metadata.items() if value})


def _model(one: LoggedModel, files: list[StoredFile]) -> Artifact:
    metadata: dict[str, Any] = {"model_type": one.type, "status": one.status, "created": _iso(one.created)}
    metadata |= {f"params.{key}": param_value(text) for key, text in one.params.items()}
    metadata |= {f"tags.{key}": text for key, text in one.tags.items()}
    return Artifact(
        one.name,
        "model",
        "input" if one.is_input else "output",
        size=_size(files),
        metadata={key: value for key, value in metadata.items() if value not in ("", None)},
        files=_files(files),
        id=one.id,
    )


def _tagged_models(record: Record) -> Iterator[Artifact]:
    history = _parsed(record.tags.get(_HISTORY, ""))
    if not isinstance(history, list):
        if history:
            record.lost("The list of the models that this run logged is damaged and could not be read.")
        return
    for one in history:
        if not isinstance(one, dict) or not isinstance(one.get("artifact_path"), str):
            continue
        path = one["artifact_path"].strip("/")
        files = [file for file in record.files if file.path.startswith(f"{path}/")]
        flavors = one.get("flavors")
        metadata = {key: str(one[key]) for key in ("utc_time_created", "mlflow_version") if one.get(key)}
        if isinstance(flavors, dict):
            metadata["flavors"] = ", ".join(str(name) for name in flavors)
        identifier = str(one.get("model_id") or one.get("model_uuid") or "")
        yield Artifact(path, "model", "output", size=_size(files), metadata=metadata, files=_files(files), id=identifier)


def _files(files: Iterable[StoredFile]) -> tuple[ArtifactFile, ...]:
    return tuple(ArtifactFile(one.path, one.size, local=one.local) for one in files)


def _size(files: Iterable[StoredFile]) -> int | None:
    """The bytes of all files, None when one is unknown or there is none."""
    sizes = [one.size for one in files]
    return sum(size for size in sizes if size) if sizes and None not in sizes else None


def _parsed(text: str) -> Any:
    """JSON as its value, other text as it is."""
    try:
        return parse_json(text) if text else ""
    except ValueError:
        return text


def _iso(milliseconds: int | None) -> str:
    moment = utc(milliseconds / 1000) if milliseconds else None
    return moment.isoformat() if moment else ""
