"""A plain table as runs: one row is one run."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import QueryError, did_you_mean
from reportgen.model import Run, Runs, Source, Value

if TYPE_CHECKING:
    import pandas as pd


def runs_of(frame: pd.DataFrame, target: str) -> Runs:
    """The rows as runs, with the target as a metric and all other columns as config; an empty cell is a parameter that is not set.

    Raises:
        QueryError: No column of that name.
    """
    names = [str(column) for column in frame.columns]
    if target not in names:
        raise QueryError(f"no column '{target}'", hint=did_you_mean(target, names))
    width = len(str(max(len(frame) - 1, 0)))
    runs = []
    for i, row in enumerate(frame.itertuples(index=False, name=None)):
        cells = {name: _plain(cell) for name, cell in zip(names, row, strict=True)}
        config = {name: cell for name, cell in cells.items() if name != target and cell is not None}
        runs.append(
            Run(f"{i:0{width}}", f"row {i}", Source("frame", Path()), state="finished", config=config, summary={target: cells[target]})
        )
    return Runs(runs)


def _plain(cell: object) -> Value:
    """A cell as Python has it; None for one that is empty."""
    value = cell.item() if hasattr(cell, "item") else cell
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and math.isnan(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)
