"""Runs as Parquet files, for other tools.

    runs.parquet        a row per run: its attributes, `config.…`, and its summary and metrics
    history.parquet     run, key, step, time (epoch seconds), value
    system.parquet      the same for what was measured on the machine
    histograms.parquet  run, key, step, time, edges (one more than counts), counts
    media.parquet       run, key, step, kind, path, caption, text, about (JSON; offset and size of what lies inside of a log)
    artifacts.parquet   run, role, name, type, version, …, files (a list of structures)
    console.parquet     run, stream, time, text
    warnings.parquet    run, key, text, path
    tables.parquet      run, key, step, file: which of the files below `tables/` holds which table
    tables/…            each logged table with its own columns

`run` is always the run's id.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.errors import SiteError
from reportgen.model import ATTRIBUTES, Media, Runs, Series, Table, file_slug
from reportgen.site.swap import MARKER, Swap, swap
from reportgen.sources.values import json_text

if TYPE_CHECKING:
    import pyarrow as pa

_MAIN = "runs.parquet"


def export(runs: Runs, out: Path) -> tuple[Path, ...]:
    """Writes the runs into a folder, which is replaced as a whole when all is written.

    Returns:
        The files, relative to `out`.

    Raises:
        SiteError: The folder holds something that an export did not write, or cannot be written.
    """
    if (out / MARKER).is_file() and not (out / _MAIN).is_file():
        raise SiteError(f"{out} is a site and not an export", hint="give another folder with -o")
    with swap(out) as folder:
        files: list[str] = []
        for name, table in _tables(runs, folder, files):
            _write(folder, name, table)
            files.append(name)
        folder.commit()
    return tuple(Path(file) for file in sorted(files))


def _tables(runs: Runs, folder: Swap, files: list[str]) -> Iterable[tuple[str, pa.Table]]:
    yield _MAIN, _runs_table(runs)
    yield "history.parquet", _series_table((run.id, run.history.values()) for run in runs)
    yield "system.parquet", _series_table((run.id, run.system.values()) for run in runs)
    yield "histograms.parquet", _histograms(runs)
    yield "media.parquet", _media(runs)
    yield "artifacts.parquet", _artifacts(runs)
    yield "console.parquet", _console(runs)
    yield "warnings.parquet", _warnings(runs)
    index = []
    for run in runs:
        for key, tables in run.tables.items():
            for i, table in enumerate(tables):
                repeated = f".{i}" if i and tables[i - 1].step == table.step else ""
                file = f"tables/{run.slug}/{file_slug(key)}.{table.step}{repeated}.parquet"
                _write(folder, file, _logged_table(table))
                files.append(file)
                index.append((run.id, key, table.step, file))
    yield "tables.parquet", _table({"run": "string", "key": "string", "step": "int64", "file": "string"}, index)


def _write(folder: Swap, name: str, table: pa.Table) -> None:
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    folder.write(name, content.getvalue())


def _table(types: dict[str, Any], rows: Sequence[Sequence[Any]]) -> pa.Table:
    """A table from rows; types are names of Arrow types or Arrow types."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind) if isinstance(kind, str) else kind) for name, kind in types.items()])
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [() for _ in types]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)


def _runs_table(runs: Runs) -> pa.Table:
    import pyarrow as pa

    columns = {name: [run[name] for run in runs] for name in runs.columns}
    attributes = {"tags": pa.list_(pa.string()), "started": _moments(), "ended": _moments(), "duration": pa.float64()}
    arrays = {}
    for name, values in columns.items():
        kind = attributes.get(name, pa.string()) if name in ATTRIBUTES else None
        arrays[name] = pa.array([list(v) if isinstance(v, tuple) else v for v in values], kind) if kind else _column(values)
    return pa.table(arrays)


def _moments() -> pa.DataType:
    import pyarrow as pa

    return pa.timestamp("us", tz="UTC")


def _column(values: Sequence[Any]) -> pa.Array:
    """Values of any kind as one Arrow array: bool, int64, float64, or else text (lists as JSON)."""
    import pyarrow as pa

    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(-(2**63) <= value < 2**63 for value in present):
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float} and all(isinstance(value, float) or abs(value) <= 2**53 for value in present):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    if isinstance(value, Media):
        return str(value.path) if value.path else value.text or value.caption or value.kind
    if isinstance(value, list | dict | bool):
        return json_text(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _series_table(of_runs: Iterable[tuple[str, Iterable[Series]]]) -> pa.Table:
    import pyarrow as pa

    series = [(run, one) for run, many in of_runs for one in many]
    sizes = [len(one) for _, one in series]

    def repeated(texts: list[str]) -> pa.Array:
        """Each text as often as its series is long, stored once."""
        distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        places = np.repeat(np.array([distinct[text] for text in texts], np.int32), sizes)
        return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(list(distinct), pa.string()))

    def joined(name: str, dtype: type) -> pa.Array:
        return pa.array(np.concatenate([np.empty(0, dtype), *(getattr(one, name) for _, one in series)]))

    return pa.table(
        {
            "run": repeated([run for run, _ in series]),
            "key": repeated([one.key for _, one in series]),
            "step": joined("step", np.int64),
            "time": joined("time", np.float64),
            "value": joined("value", np.float64),
        }
    )


def _histograms(runs: Runs) -> pa.Table:
    import pyarrow as pa

    types = {"run": "string", "key": "string", "step": "int64", "time": "float64"}
    numbers = pa.list_(pa.float64())
    rows = [
        (run.id, key, one.step, one.time, one.edges, one.counts)
        for run in runs for key, many in run.histograms.items() for one in many
    ]  # fmt: skip
    return _table({**types, "edges": numbers, "counts": numbers}, rows)


def _media(runs: Runs) -> pa.Table:
    names = ("run", "key", "step", "kind", "path", "caption", "text", "about")
    types = {name: "int64" if name == "step" else "string" for name in names}
    rows = [
        (run.id, key, one.step, one.kind, str(one.path) if one.path else None, one.caption, one.text, json_text(_about(one)))
        for run in runs for key, many in run.media.items() for one in many
    ]  # fmt: skip
    return _table(types, rows)


def _about(one: Media) -> dict[str, Any]:
    """What else is known of a medium; for a part of a file also where in it it lies (`offset` and `size` in bytes)."""
    place = dict(zip(("offset", "size"), one.span, strict=True)) if one.span else {}
    return {**one.about, **place}


def _artifacts(runs: Runs) -> pa.Table:
    import pyarrow as pa

    texts = ("run", "role", "name", "type", "version", "digest", "description", "id", "metadata")
    file = pa.struct([("path", pa.string()), ("size", pa.int64()), ("digest", pa.string()), ("reference", pa.string())])
    types = {**dict.fromkeys(texts, "string"), "size": "int64", "aliases": pa.list_(pa.string()), "files": pa.list_(file)}
    rows = [
        (
            run.id, one.role, one.name, one.type, one.version, one.digest, one.description, one.id, json_text(dict(one.metadata)),
            one.size, list(one.aliases),
            [{"path": f.path, "size": f.size, "digest": f.digest, "reference": f.reference} for f in one.files],
        )
        for run in runs for one in run.artifacts
    ]  # fmt: skip
    return _table(types, rows)


def _console(runs: Runs) -> pa.Table:
    rows = [(run.id, line.stream, line.time, line.text) for run in runs for line in run.console]
    return _table({"run": "string", "stream": "string", "time": _moments(), "text": "string"}, rows)


def _warnings(runs: Runs) -> pa.Table:
    rows = [(run.id, one.key, one.text, str(one.path) if one.path else None) for run in runs for one in run.warnings]
    return _table(dict.fromkeys(("run", "key", "text", "path"), "string"), rows)


def _logged_table(table: Table) -> pa.Table:
    """A logged table; columns of the same name get a number."""
    import pyarrow as pa

    names: list[str] = []
    for name in table.columns:
        fresh, i = name, 2
        while fresh in names:
            fresh, i = f"{name} ({i})", i + 1
        names.append(fresh)
    columns: list[Sequence[Any]] = list(zip(*table.rows, strict=True)) if table.rows else [() for _ in names]
    return pa.table([_column(column) for column in columns], names=names)
