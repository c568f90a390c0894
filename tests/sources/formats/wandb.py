"""W&B's offline and online directories."""

from __future__ import annotations

from pathlib import Path

from sources import wandb_log_writer as log
from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    rows = (log.history(step, dict.fromkeys(ODD_KEYS, value)) for step, value in enumerate(ODD_VALUES))
    log.write(folder / "offline-run-1-abc", log.run(), *rows, log.finish())


FORMAT = Format("wandb", ROOT / "tests/data/wandb-0.13", ("run-*-k0ld1abc/*.wandb",), odd, checked=True)
