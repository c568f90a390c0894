"""Values as pandas reads them, to be compared with those of a run."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from reportgen.model import Run


def values(run: Run) -> dict[str, list[tuple[int, str]]]:
    """The steps and values of each metric."""
    return {key: [(int(s), repr(float(v))) for s, v in zip(one.step, one.value, strict=True)] for key, one in run.history.items()}


def columns(frame: pd.DataFrame, step: str, but: Iterable[str] = ()) -> dict[str, list[tuple[int, str]]]:
    """The same of a frame: what is not there was not logged. Columns in `but` are left out."""
    return {
        key: [(int(s), repr(float(v))) for s, v in zip(frame[step], frame[key], strict=True) if not pd.isna(v)]
        for key in frame.columns
        if key not in {step, *but}
    }
