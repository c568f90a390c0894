"""TensorBoard's event files of a run that was restarted from a checkpoint, with the folders of its parts."""

from __future__ import annotations

from pathlib import Path

from sources.event_writer import scalar, write
from sources.formats import ROOT, Format
from sources.formats.tensorboard import odd
from tensorboard.compat.proto.event_pb2 import Event, SessionLog

SAMPLE = ROOT / "tests/data/tensorboard-restarted"
TAGS = {"": ("lr", "grad/norm"), "train": ("loss", "acc"), "validation": ("loss", "acc")}
STEPS, RESTART = 24, 16
NAMES = ("events.out.tfevents.1700000000.workstation.1.0", "events.out.tfevents.1700001000.workstation.2.0")


def value(tag: str, step: int, session: int) -> float:
    return len(tag) + step / 64 + session / 128


def write_sample(folder: Path) -> None:
    """Two sessions: the second goes on from a step before the last of the first, and notes so. `python -m` this module writes it anew."""
    for part, tags in TAGS.items():
        first = [scalar(tag, value(tag, step, 0), step) for step in range(STEPS) for tag in tags]
        note = Event(wall_time=1_700_001_000.0, step=RESTART, session_log=SessionLog(status=SessionLog.START))
        second = [
            scalar(tag, value(tag, step, 1), step, 1_700_001_000.0 + step) for step in range(RESTART, 2 * STEPS) for tag in tags
        ]
        write(folder / part, first, NAMES[0])
        write(folder / part, [note, *second], NAMES[1])


VOID = frozenset(
    (f"{part}/{tag}" if part else tag, step, repr(value(tag, step, 0)))
    for part, tags in TAGS.items() for tag in tags for step in range(RESTART, STEPS)
)  # fmt: skip

FORMAT = Format("tensorboard", SAMPLE, ("run/*", "run/*/*"), odd, checked=True, single=True, void=VOID)

if __name__ == "__main__":
    write_sample(SAMPLE / "run")
