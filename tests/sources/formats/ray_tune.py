"""Ray Tune's folders of trials."""

from __future__ import annotations

import json
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    (folder / "params.json").write_text('{"lr": 0.1}')
    rows = ({"training_iteration": step, **dict.fromkeys(ODD_KEYS, value)} for step, value in enumerate(ODD_VALUES))
    (folder / "result.json").write_text("".join(json.dumps(row) + "\n" for row in rows))


FORMAT = Format("ray", ROOT / "tests/data/ray", ("*/*/*.json", "*/*.json", "*/*/progress.csv", "*/*/error.txt"), odd)
