"""The histories of a server's runs that are over, kept in the store: they are one request for each metric of each run."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from reportgen.model import Run, Series, Source
from reportgen.sources.addresses import as_path
from reportgen.sources.mlflow.record import Record, milliseconds
from reportgen.store import Store

_OVER = ("FINISHED", "FAILED", "KILLED")
_SETTLED = 600_000
"""Milliseconds after its end in which the last values of a run may still be on their way to the server."""


def mark_of(info: Mapping[str, Any], latest: Iterable[Mapping[str, Any]]) -> str:
    """What the histories of a run are known by, "" while they may go on.

    Args:
        info: What the server says of the run.
        latest: The latest value of each of its metrics. Whoever logs to a run that is over changes one of them, or starts the run
            again and changes its end; a value before the latest one of the same metric is not told of.
    """
    ended = milliseconds(info.get("end_time"))
    if info.get("status") not in _OVER or not ended or ended > time.time() * 1000 - _SETTLED:
        return ""
    values = sorted([str(one.get(name)) for name in ("key", "step", "timestamp", "value")] for one in latest)
    return hashlib.sha256(orjson.dumps([str(info["status"]), ended, *values])).hexdigest()


class KeptHistories:
    """The histories of the runs of one server."""

    def __init__(self, address: str) -> None:
        self._source = Source("mlflow", as_path(address))
        self._store = Store()

    def get(self, record: Record) -> dict[str, Series] | None:
        """All histories of a run that is as it was when they were fetched, else None."""
        runs = self._store.get(self._source.path / _name(record), _fingerprint(record)) if record.mark else None
        return dict(runs[0].history) if runs and runs[0].history.keys() == record.metrics.keys() else None

    def put(self, record: Record) -> None:
        """Takes note of the histories of a run."""
        if record.mark:
            run = Run(id=record.id, name="", source=self._source, history=record.metrics)
            self._store.put(self._source.path / _name(record), _fingerprint(record), [run])

    def commit(self) -> None:
        """Writes what was noted."""
        self._store.commit()


def _name(record: Record) -> str:
    """Under which a run is kept: no path, whatever the server calls the run."""
    return hashlib.sha256(record.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _fingerprint(record: Record) -> str:
    return f"mlflow-history;{record.mark}"
