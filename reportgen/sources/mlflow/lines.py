"""The metric files of MLflow's file store: `milliseconds value step` in each line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Series
from reportgen.sources.mlflow.record import Record


def read_metric(key: str, path: Path, record: Record) -> Series | None:
    """The series of a file in the order of its lines, None when there is no value; the record is told of lines that are damaged.

    Lines of versions before 1.0 have no step, which is 0. Those of versions since 3.0 may name a dataset behind the step; this
    reader takes the step of such a line, while MLflow's own says 0.
    """
    try:
        content = path.read_bytes()
    except OSError:
        record.lost(f"The metric '{key}' cannot be read.", key)
        return None
    lines = content.split(b"\n")
    if last := lines.pop():
        record.lost(f"The last line of the metric '{key}' is cut off and left out: the run was killed while it wrote.", key)
    rows = [line.split() for line in lines]
    try:
        columns = _columns(rows)
    except (ValueError, OverflowError):
        columns = None
    if columns is None:
        whole = [row for row in rows if row and _is_whole(row)]
        bad = len(rows) - len(whole)
        lines_are = "1 line that is" if bad == 1 else f"{bad} lines that are"
        record.lost(f"The metric '{key}' has {lines_are} damaged and left out.", key)
        columns = _columns(whole)
    elif not rows and not last:
        record.lost(f"The file of the metric '{key}' is empty.", key)
    time, value, step = columns
    return Series(key, step, time / 1000, value) if len(step) else None


def _columns(rows: list[list[bytes]]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Times in milliseconds, values, and steps.

    Raises:
        ValueError, OverflowError: One row is damaged.
    """
    if not rows:
        return np.empty(0), np.empty(0), np.empty(0, np.int64)
    lengths = set(map(len, rows))
    if not lengths <= {2, 3, 5}:
        raise ValueError("a row of another length")
    three = rows if lengths == {3} else [[*row[:2], row[2] if len(row) > 2 else b"0"] for row in rows]
    time, value, step = zip(*three, strict=True)
    return np.array(list(map(int, time)), np.float64), np.array(list(map(float, value))), np.array(list(map(int, step)), np.int64)


def _is_whole(row: list[bytes]) -> bool:
    try:
        _columns([row])
    except (ValueError, OverflowError):
        return False
    return True
