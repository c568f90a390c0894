"""The runs of an MLflow tracking server, by its REST API."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np

from reportgen.errors import SourceError
from reportgen.model import Series
from reportgen.sources.mlflow.client import Client, Refused
from reportgen.sources.mlflow.files import is_shown, table_paths
from reportgen.sources.mlflow.histories import restored
from reportgen.sources.mlflow.kept import KeptHistories, mark_of
from reportgen.sources.mlflow.record import Dataset, Experiment, LoggedModel, Record, StoredFile, milliseconds, text_of
from reportgen.store import cache_folder

_AT_ONCE = 4
_PAGE = {"experiments": 1000, "runs": 1000, "values": 25_000}
_MAX_FILE, _MAX_FILES, _MAX_LISTED = 16 * 1024 * 1024, 200, 10_000
_EXPERIMENT = re.compile(r"#/experiments/(\d+)")
_RUN = re.compile(r"#/experiments/\d+/runs/([0-9a-f]{32})")


def is_server(address: str) -> bool:
    """Whether an address is a server's, which is asked. Of those that do not answer now, one without a path is taken for one."""
    if "/experiments/" in urlsplit(address).fragment:
        return True
    client = Client(address)
    try:
        answer = client.is_mlflow()
    finally:
        client.close()
    return urlsplit(address).path in ("", "/") if answer is None else answer


def read_server(address: str, patience: float | None = None, *, keeps: bool = False) -> list[Record]:
    """The records of all runs, or those of the experiment or the run whose page the address is.

    Images, media and tables are fetched into the cache folder, files of up to 16 MB, 200 of a run; of the others only the names come.

    Args:
        keeps: Whether histories of runs that are over come from the store where they are kept there.

    Raises:
        SourceError: The server does not answer (it is waited for), or refuses access.
    """
    from joblib import Parallel, delayed

    client = Client(address, patience)
    kept = KeptHistories(client.shown) if keeps else None
    try:
        experiments = _experiments(client, address)
        records = list(_runs(client, experiments, address))
        by_id = {record.id: record for record in records}
        for record in records:
            parent = record.tags.get("mlflow.parentRunId", "")
            record.parent_name = by_id[parent].shown_name if parent in by_id else parent
        _add_histories(client, records, kept)
        _add_models(client, records, experiments)
        folder = cache_folder() / "mlflow" / hashlib.sha256(client.shown.encode()).hexdigest()[:16]
        Parallel(_AT_ONCE, prefer="threads")(delayed(_add_files)(client, record, folder) for record in records)
    finally:
        client.close()
    return records


def _add_histories(client: Client, records: Iterable[Record], kept: KeptHistories | None) -> None:
    from joblib import Parallel, delayed

    anew = []
    for record in records:
        if kept and (known := kept.get(record)) is not None:
            record.metrics = known
        else:
            anew.append(record)
    histories = [(record, key) for record in anew for key in list(record.metrics)]
    found = Parallel(_AT_ONCE, prefer="threads")(delayed(_history)(client, record.id, key) for record, key in histories)
    for (record, key), series in zip(histories, found, strict=True):
        record.metrics[key] = series
    if kept:
        for record in anew:
            kept.put(record)
        kept.commit()


def _experiments(client: Client, address: str) -> dict[str, Experiment]:
    wanted = _EXPERIMENT.search(address)
    found = {}
    query = {"max_results": _PAGE["experiments"], "view_type": "ACTIVE_ONLY"}
    try:
        listed = list(client.pages("POST", "experiments/search", "experiments", query))
    except Refused:  # a server before version 1.28
        listed = list(client.pages("GET", "experiments/list", "experiments", query))
    for one in listed:
        identifier = text_of(one.get("experiment_id"))
        if wanted is None or wanted[1] == identifier:
            found[identifier] = Experiment(identifier, text_of(one.get("name")), _texts(one.get("tags")))
    if wanted and not found:
        raise SourceError(f"'{client.shown}' has no experiment {wanted[1]}")
    return found


def _runs(client: Client, experiments: Mapping[str, Experiment], address: str) -> Iterator[Record]:
    wanted = _RUN.search(address)
    for identifier, experiment in experiments.items():
        query = {"experiment_ids": [identifier], "run_view_type": "ACTIVE_ONLY", "max_results": _PAGE["runs"]}
        query["order_by"] = ["attributes.start_time ASC"]
        for one in client.pages("POST", "runs/search", "runs", query):
            record = _record(one, experiment)
            if wanted is None or wanted[1] == record.id:
                yield record


def _record(one: Mapping[str, Any], experiment: Experiment) -> Record:
    """A run as the server tells it; `metrics` has the names, with no values yet."""
    info, data = _mapping(one.get("info")), _mapping(one.get("data"))
    empty = np.empty(0)
    used = [_mapping(entry) for entry in _listed(_mapping(one.get("inputs")), "dataset_inputs")]
    return Record(
        id=text_of(info.get("run_id") or info.get("run_uuid")),
        experiment=experiment,
        name=text_of(info.get("run_name")),
        status=text_of(info.get("status")),
        user=text_of(info.get("user_id")),
        started=milliseconds(info.get("start_time")),
        ended=milliseconds(info.get("end_time")),
        location=text_of(info.get("artifact_uri")),
        mark=mark_of(info, _listed(data, "metrics")),
        params=_texts(data.get("params")),
        tags=_texts(data.get("tags")),
        metrics={text_of(one.get("key")): Series("", empty.astype(np.int64), empty, empty) for one in _listed(data, "metrics")},
        datasets=[_dataset(_mapping(entry.get("dataset")), _texts(entry.get("tags"))) for entry in used],
        models=[*_links(one, "inputs", "model_inputs", True), *_links(one, "outputs", "model_outputs", False)],
    )


def _links(one: Mapping[str, Any], place: str, name: str, is_input: bool) -> Iterator[LoggedModel]:
    """The models that a run names, of which only the id is known yet."""
    for entry in _listed(_mapping(one.get(place)), name):
        if identifier := text_of(entry.get("model_id")):
            yield LoggedModel(identifier, identifier, is_input=is_input)


def _dataset(one: Mapping[str, Any], tags: Mapping[str, str]) -> Dataset:
    known = {name: text_of(one.get(name)) for name in ("name", "digest", "source_type", "source", "schema", "profile")}
    return Dataset(**known, tags=tags)


def _history(client: Client, run: str, key: str) -> Series:
    """All values of a metric. Servers before version 2.2 know no pages and send them at once."""
    query = {"run_id": run, "run_uuid": run, "metric_key": key, "max_results": _PAGE["values"]}
    rows = [
        (milliseconds(one.get("timestamp")) or 0, milliseconds(one.get("step")) or 0, _number(one.get("value")))
        for one in client.pages("GET", "metrics/get-history", "metrics", query)
    ]
    table = np.array(rows, [("time", np.int64), ("step", np.int64), ("value", np.float64)])
    return Series(key, table["step"].copy(), table["time"] / 1000, restored(table["value"].copy()))


def _add_models(client: Client, records: Iterable[Record], experiments: Mapping[str, Experiment]) -> None:
    """Fill in what the server knows of the models that runs name, and those that name their run."""
    if not experiments:
        return
    known: dict[str, tuple[LoggedModel, str]] = {}
    query = {"experiment_ids": list(experiments), "max_results": 50}
    try:
        for one in client.pages("POST", "logged-models/search", "models", query):
            model, run = _model(one)
            known[model.id] = (model, run)
    except Refused:  # a server before version 3
        return
    for record in records:
        linked = {one.id: one.is_input for one in record.models}
        for model, run in known.values():
            if run == record.id:
                linked.setdefault(model.id, False)
        record.models = [replace(known[identifier][0], is_input=is_input) for identifier, is_input in linked.items() if identifier in known]


def _model(one: Mapping[str, Any]) -> tuple[LoggedModel, str]:
    info, data = _mapping(one.get("info")), _mapping(one.get("data"))
    model = LoggedModel(
        id=text_of(info.get("model_id")),
        name=text_of(info.get("name")),
        type=text_of(info.get("model_type")),
        status=text_of(info.get("status")).removeprefix("LOGGED_MODEL_").removeprefix("UPLOAD_"),
        location=text_of(info.get("artifact_uri")),
        created=milliseconds(info.get("creation_timestamp_ms")),
        params=_texts(data.get("params")),
        tags=_texts(info.get("tags")),
    )
    return model, text_of(info.get("source_run_id"))


def _add_files(client: Client, record: Record, folder: Path) -> None:
    """List the run's files, and fetch those that are shown."""
    try:
        listed = list(_files(client, "artifacts/list", "path", {"run_id": record.id, "run_uuid": record.id}))
        for model in record.models:
            there = _files(client, f"logged-models/{quote(model.id, safe='')}/artifacts/directories", "artifact_directory_path", {})
            record.model_files[model.id] = [StoredFile(path, size, None) for path, size in there]
    except Refused as error:
        record.lost(f"The artifacts of this run could not be listed: {error.message}.")
        return
    tables = set(table_paths(record))
    fetched = 0
    for path, size in listed:
        local = None
        if (is_shown(path) or path in tables or _is_table_image(path)) and fetched < _MAX_FILES:
            fetched += 1
            local = _fetched(client, record.id, path, size, folder)
            if local is None:
                record.lost(f"The artifact '{path}' is not shown: it could not be fetched, or it is larger than 16 MB.", path)
        record.files.append(StoredFile(path, size, local))


def _is_table_image(path: str) -> bool:
    return path.startswith("table_images/")


def _files(client: Client, where: str, name: str, query: Mapping[str, str]) -> Iterator[tuple[str, int | None]]:
    """Path and size of all files that a request lists, which names a folder by `name`."""
    waiting, seen = [""], 0
    while waiting and seen < _MAX_LISTED:
        folder = waiting.pop()
        for one in client.pages("GET", where, "files", {**query, **({name: folder} if folder else {})}):
            path, seen = text_of(one.get("path")), seen + 1
            if one.get("is_dir"):
                waiting.append(path)
            elif path:
                yield path, milliseconds(one.get("file_size"))


def _fetched(client: Client, run: str, path: str, size: int | None, folder: Path) -> Path | None:
    """The file in the cache folder; its name there is one of ours, not the server's."""
    if size is not None and size > _MAX_FILE:
        return None
    ending = PurePosixPath(path).suffix.lower()
    name = hashlib.sha256(f"{run}\0{path}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    target = folder / (name + (ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""))
    if size is not None and target.is_file() and target.stat().st_size == size:
        return target
    return target if client.download("/get-artifact", {"path": path, "run_uuid": run}, target, _MAX_FILE) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _texts(listed: Any) -> dict[str, str]:
    """A list of objects with `key` and `value` as a mapping."""
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {text_of(one.get("key")): text_of(one.get("value")) for one in entries}


def _number(value: Any) -> float:
    try:
        return float(value) if value is not None else 0.0  # a value of 0 is left out of the answer by some servers
    except (TypeError, ValueError, OverflowError):
        return float("nan")
