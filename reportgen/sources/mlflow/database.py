"""MLflow's SQL databases of any version: what columns a table has is looked up, and nothing is ever migrated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from reportgen.sources.mlflow.histories import RunIds, one_by_one, sorted_in
from reportgen.sources.mlflow.linked import add_datasets, add_models
from reportgen.sources.mlflow.locations import add_files
from reportgen.sources.mlflow.queries import Database, selected
from reportgen.sources.mlflow.record import Experiment, Record, milliseconds, text_of

TABLES = ("experiments", "runs", "metrics", "params", "tags")


def read_database(database: Database, root: Path | None, *, is_named: bool = False) -> list[Record]:
    """The records of all runs that are not deleted, nor their experiment, in the order in which they were made.

    Args:
        database: The connection.
        root: The directory in which the artifacts of the runs may lie.
        is_named: Whether the user named it by its address, and artifacts may lie elsewhere on this machine.
    """
    experiments = _experiments(database)
    records = {record.id: record for record in _runs(database, experiments)}
    for table, place in (("params", "params"), ("tags", "tags")):
        for run, key, value in selected(database, table, "run_uuid", "key", "value"):
            if run in records:
                getattr(records[run], place)[text_of(key)] = text_of(value)
    _add_metrics(database, records)
    add_datasets(database, records)
    add_models(database, records)
    for record in records.values():
        parent = record.tags.get("mlflow.parentRunId", "")
        record.parent_name = records[parent].shown_name if parent in records else parent
        add_files(record, root, is_named=is_named)
        for text in database.damage:
            record.lost(text)
    return list(records.values())


def _experiments(database: Database) -> dict[str, Experiment]:
    """The experiments that are not deleted, by id."""
    tags: dict[str, dict[str, str]] = {}
    for experiment, key, value in selected(database, "experiment_tags", "experiment_id", "key", "value"):
        tags.setdefault(text_of(experiment), {})[text_of(key)] = text_of(value)
    return {
        text_of(identifier): Experiment(text_of(identifier), text_of(name), tags.get(text_of(identifier), {}))
        for identifier, name, stage in selected(database, "experiments", "experiment_id", "name", "lifecycle_stage")
        if stage != "deleted"
    }


def _runs(database: Database, experiments: Mapping[str, Experiment]) -> Iterator[Record]:
    names = ("run_uuid", "experiment_id", "name", "status", "user_id", "source_name", "source_version", "entry_point_name")
    rows = selected(
        database, "runs", *names, "start_time", "end_time", "artifact_uri", "lifecycle_stage", order=("start_time", "run_uuid")
    )
    for identifier, experiment, name, status, user, source, version, entry, started, ended, location, stage in rows:
        if stage == "deleted" or identifier is None:
            continue
        if text_of(experiment) not in experiments and not database.damage:
            continue
        yield Record(
            id=text_of(identifier),
            experiment=experiments.get(text_of(experiment)) or Experiment(text_of(experiment), text_of(experiment)),
            name=text_of(name),
            status=text_of(status),
            user=text_of(user),
            source_name=text_of(source),
            source_version=text_of(version),
            entry_point=text_of(entry),
            started=milliseconds(started),
            ended=milliseconds(ended),
            location=text_of(location),
        )


def _add_metrics(database: Database, records: dict[str, Record]) -> None:
    """All histories, each in the order of time, step and value, as MLflow's own client gives them."""
    known = database.columns.get("metrics", frozenset())
    step = "metrics.step" if "step" in known else "0"
    value = "case when metrics.is_nan then null else metrics.value end" if "is_nan" in known else "metrics.value"
    columns = f"metrics.timestamp, {step}, {value}, {database.raw.format('metrics.run_uuid')}"
    # It is the order of the table's own index: nothing has to be sorted.
    order = ", ".join(f"metrics.{column}" for column in ("timestamp", "step", "run_uuid", "value") if column in known)
    runs = RunIds(list(records))
    try:
        read = 0
        for (key,) in list(database.numbers("select distinct metrics.key from metrics")) if runs.fits else ():
            rows = database.numbers(f"select {columns} from metrics where metrics.key = :key order by {order}", key=key)
            count, split = sorted_in(key, rows, runs)
            read += count
            for run, series in split:
                records[run].metrics[key] = series
        if [read] == [total for (total,) in database.numbers("select count(*) from metrics")]:
            return
    except (ValueError, TypeError, OverflowError):
        pass
    except database.errors:
        pass
    _add_metrics_slowly(database, records, f"select metrics.key, {columns} from metrics")


def _add_metrics_slowly(database: Database, records: dict[str, Record], query: str) -> None:
    """The histories of a database that is damaged, in the order in which its rows lie."""
    found, bad = one_by_one(database.rows(query), records)
    for identifier, record in records.items():
        record.metrics = found.get(identifier, {})
    if bad:
        database.damage.append(f"{bad} value{' of a metric is' if bad == 1 else 's of metrics are'} no number and left out.")
