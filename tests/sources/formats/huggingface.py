"""The state of the Hugging Face Trainer."""

from __future__ import annotations

import json
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    rows = [{"step": step, **dict.fromkeys(ODD_KEYS, value)} for step, value in enumerate(ODD_VALUES)]
    (folder / "trainer_state.json").write_text(json.dumps({"best_metric": None, "global_step": 5, "log_history": rows}))


FORMAT = Format("huggingface", ROOT / "tests/data/huggingface", ("out/*/trainer_state.json",), odd)
