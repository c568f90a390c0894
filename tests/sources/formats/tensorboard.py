"""TensorBoard's event files."""

from __future__ import annotations

from pathlib import Path

from sources.event_writer import scalar, write
from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    write(folder / "run", [scalar(key, value, step) for step, value in enumerate(ODD_VALUES) for key in ODD_KEYS])


DAMAGED = ("tf2/*", "torch/loss_a/*", "tuning/run-0/train/*")
"""Not the logs with restarts, see `tensorboard_restarted`: where the note of one is lost, the values that it made void are back."""

FORMAT = Format("tensorboard", ROOT / "tests/data/tensorboard", DAMAGED, odd, checked=True, single=True)
