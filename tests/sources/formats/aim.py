"""The data frame of Aim's SDK as CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    rows = [
        {"step": step, "value": value, "run.hash": "abc", "metric.name": key} for key in ODD_KEYS for step, value in enumerate(ODD_VALUES)
    ]
    pd.DataFrame(rows).to_csv(folder / "frame.csv", index=False)


FORMAT = Format("aim", ROOT / "tests/data/aim", ("*.csv",), odd)
