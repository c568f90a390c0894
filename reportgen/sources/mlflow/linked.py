"""Datasets and logged models that a database links with its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.sources.mlflow.queries import Database, has_columns, selected
from reportgen.sources.mlflow.record import MODEL_STATUS, Dataset, LoggedModel, Record, milliseconds, text_of

_MODEL = ("model_id", "name", "artifact_location", "creation_timestamp_ms", "status", "model_type", "lifecycle_stage", "source_run_id")


def add_datasets(database: Database, records: Mapping[str, Record]) -> None:
    """Fill in the datasets that runs used (databases before version 2.4 know of none)."""
    if not has_columns(database, "inputs", "source_id", "destination_id") or not has_columns(database, "datasets", "dataset_uuid"):
        return
    tags: dict[str, dict[str, str]] = {}
    for identifier, key, value in selected(database, "input_tags", "input_uuid", "name", "value"):
        tags.setdefault(text_of(identifier), {})[text_of(key)] = text_of(value)
    names = ("dataset_uuid", "name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile")
    datasets = {text_of(row[0]): row[1:] for row in selected(database, "datasets", *names)}
    for identifier, kind, source, target_kind, target in _links(database):
        if (kind, target_kind) == ("DATASET", "RUN") and target in records:
            if source in datasets:
                name, digest, source_type, at, schema, profile = (text_of(one) for one in datasets[source])
                records[target].datasets.append(Dataset(name, digest, source_type, at, schema, profile, tags.get(identifier, {})))
            else:
                records[target].lost("A dataset that this run used is missing from the store.")


def add_models(database: Database, records: Mapping[str, Record]) -> None:
    """Fill in the models that runs logged or used (databases before version 3 know of none)."""
    if not has_columns(database, "logged_models", "model_id"):
        return
    params = _by_model(database, "logged_model_params", "param_key", "param_value")
    tags = _by_model(database, "logged_model_tags", "tag_key", "tag_value")
    models = {text_of(row[0]): row for row in selected(database, "logged_models", *_MODEL) if row[6] != "deleted"}
    links = [(text_of(row[7]), identifier, False) for identifier, row in models.items() if row[7]]
    for _, kind, source, target_kind, target in _links(database):
        if (kind, target_kind) in (("RUN_INPUT", "MODEL_INPUT"), ("RUN_OUTPUT", "MODEL_OUTPUT")):
            links.append((source, target, kind == "RUN_INPUT"))
    for run, identifier, is_input in dict.fromkeys(links):
        if run in records and identifier in models:
            records[run].models.append(_model(models[identifier], is_input, params.get(identifier, {}), tags.get(identifier, {})))


def _model(row: tuple[Any, ...], is_input: bool, params: Mapping[str, str], tags: Mapping[str, str]) -> LoggedModel:
    identifier, name, location, created, status, kind = row[:6]
    return LoggedModel(
        id=text_of(identifier),
        name=text_of(name) or text_of(identifier),
        type=text_of(kind),
        status=MODEL_STATUS.get(status, "") if isinstance(status, int) else text_of(status),
        location=text_of(location),
        created=milliseconds(created),
        params=params,
        tags=tags,
        is_input=is_input,
    )


def _by_model(database: Database, table: str, key: str, value: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for model, name, text in selected(database, table, "model_id", key, value):
        found.setdefault(text_of(model), {})[text_of(name)] = text_of(text)
    return found


def _links(database: Database) -> Iterator[tuple[str, str, str, str, str]]:
    names = ("input_uuid", "source_type", "source_id", "destination_type", "destination_id")
    for row in selected(database, "inputs", *names):
        identifier, kind, source, target_kind, target = (text_of(one) for one in row)
        yield identifier, kind, source, target_kind, target
