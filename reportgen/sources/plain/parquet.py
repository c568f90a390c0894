"""The rows of a Parquet file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from reportgen.sources.values import flatten

_MAGIC = b"PAR1"


def is_parquet(path: Path) -> bool:
    """Whether a file begins and ends as Parquet does: what it holds is told at its end, so a cut one is none.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        if file.read(4) != _MAGIC:
            return False
        file.seek(-4, 2)
        return file.tell() >= 8 and file.read(4) == _MAGIC


def parquet_rows(path: Path, at_most: int | None = None) -> list[dict[str, Any]]:
    """The rows, flat, with cells as CSV would give them: numbers, texts, None. The index that pandas writes is left out.

    Raises:
        ValueError: It is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = []
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            names = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
            for batch in file.iter_batches(batch_size=min(at_most or 10_000, 10_000), columns=names):
                rows += [{key: _cell(value) for key, value in flatten(row)} for row in batch.to_pylist()]
                if at_most is not None and len(rows) >= at_most:
                    break
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise ValueError(f"the Parquet file is damaged ({str(error).splitlines()[0] if str(error) else 'unknown'})") from None
    if not rows:
        raise ValueError("there is no row")
    return rows[:at_most]


def _cell(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
