"""Hydra's folders of jobs."""

from __future__ import annotations

import json
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    (folder / ".hydra").mkdir()
    (folder / ".hydra" / "config.yaml").write_text("lr: 0.1\n")
    rows = ({"step": step, **dict.fromkeys(ODD_KEYS, value)} for step, value in enumerate(ODD_VALUES))
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


FORMAT = Format("hydra", ROOT / "tests/data/hydra-jobs", ("outputs/*/*/*.csv", "outputs/*/*/.hydra/*", "multirun/*/*/0/.hydra/*"), odd)
