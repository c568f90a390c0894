"""Sacred's file storage."""

from __future__ import annotations

import json
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    one = {"steps": list(range(len(ODD_VALUES))), "timestamps": ["2026-01-01T00:00:00"] * len(ODD_VALUES), "values": ODD_VALUES}
    (folder / "run.json").write_text('{"experiment": {"name": "odd"}}')
    (folder / "config.json").write_text("{}")
    (folder / "metrics.json").write_text(json.dumps(dict.fromkeys(ODD_KEYS, one)))


FORMAT = Format("sacred", ROOT / "tests/data/sacred", ("1/*",), odd)
