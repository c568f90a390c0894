"""Lightning's CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    version = folder / "version_0"
    version.mkdir()
    with (version / "metrics.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["step", *ODD_KEYS])
        writer.writerows([step, *[value] * len(ODD_KEYS)] for step, value in enumerate(ODD_VALUES))


FORMAT = Format("lightning", ROOT / "tests/data/lightning", ("digits/version_0/*", "lightning_logs/*/*"), odd)
