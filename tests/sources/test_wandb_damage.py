"""Damaged logs: never an error, never a changed value, always a warning."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sources.wandb_second_reader import frames

import reportgen as rg
from reportgen.model import Run

ROOT = Path(__file__).parents[2]
SMALL = sorted((ROOT / "examples/digits/wandb").rglob("*.wandb"))[0]
LARGE = sorted((ROOT / "examples/three-runs/wandb").rglob("*.wandb"))[0]


@cache
def whole(path: Path) -> tuple[bytes, Run]:
    return path.read_bytes(), rg.load(path)[0]


def read(path: Path, data: bytes) -> Run:
    path.write_bytes(data)
    (run,) = rg.load(path)
    return run


def assert_nothing_is_invented(run: Run, original: Run) -> None:
    """Each value, histogram and artifact of a damaged log is one of the whole log, in the same order."""
    assert set(run.history) <= set(original.history)
    for key, series in run.history.items():
        all_of = original.history[key]
        places = np.searchsorted(all_of.step, series.step)
        assert (np.diff(places) > 0).all()
        for name in ("step", "time", "value"):
            assert getattr(all_of, name)[places].tobytes() == getattr(series, name).tobytes()
    for key, histograms in run.histograms.items():
        by_step = {one.step: one for one in original.histograms[key]}
        assert all(one.counts.tobytes() == by_step[one.step].counts.tobytes() for one in histograms)
        assert all(one.edges.tobytes() == by_step[one.step].edges.tobytes() for one in histograms)
    assert set(run.artifacts) <= set(original.artifacts) if not original.artifacts else True
    assert run.config.items() <= original.config.items() or not run.config


@pytest.mark.parametrize("log", [SMALL, LARGE], ids=["small", "large"])
def test_truncated(tmp_path: Path, log: Path) -> None:
    data, original = whole(log)
    numbers = random.Random(0)
    ends = [end for end, _ in frames(data)]
    near_ends = [end + by for end in numbers.sample(ends, 6) for by in (-1, 0, 1, 6, 7, 8)]
    for length in sorted({0, 1, 3, 6, 7, 8, 13, 14, *near_ends, *(numbers.randrange(len(data)) for _ in range(20)), len(data) - 1}):
        run = read(tmp_path / log.name, data[:length])
        assert_nothing_is_invented(run, original)
        assert run.id == original.id
        assert run.state in ("crashed", "unknown")
        is_at_end = length in ends
        assert bool([one for one in run.warnings if "log" in one.text]) or is_at_end
        rows = max((len(series) for series in run.history.values()), default=0)
        assert rows <= len(original.history["train/loss"])
    assert max(len(series) for series in run.history.values()) == len(original.history["train/loss"])


@pytest.mark.parametrize("seed", range(3))
def test_flipped_bits(tmp_path: Path, seed: int) -> None:
    data, original = whole(SMALL)
    numbers = random.Random(seed)
    for _ in range(25):
        damaged = bytearray(data)
        flips = numbers.choice([1, 1, 2, 10])
        for _ in range(flips):
            damaged[numbers.randrange(7, len(data))] ^= 1 << numbers.randrange(8)
        run = read(tmp_path / SMALL.name, bytes(damaged))
        assert_nothing_is_invented(run, original)
        assert run.warnings
        kept = sum(len(series) for series in run.history.values())
        assert kept >= sum(len(series) for series in original.history.values()) - 4 * flips


def test_a_large_log_with_a_flipped_bit_loses_one_record(tmp_path: Path) -> None:
    data, original = whole(LARGE)
    numbers = random.Random(5)
    for _ in range(5):
        damaged = bytearray(data)
        at = numbers.randrange(len(data))
        damaged[at] ^= 4
        run = read(tmp_path / LARGE.name, bytes(damaged))
        assert_nothing_is_invented(run, original)
        assert any(f"{len(data):,}" not in one.text and "damaged at byte" in one.text for one in run.warnings)
        assert any("By their numbers, 1 records" in one.text or "1 record" in one.text for one in run.warnings)


def test_torn_and_zeroed_tail(tmp_path: Path) -> None:
    data, original = whole(SMALL)
    for zeros in (1, 100, 40_000):
        run = read(tmp_path / SMALL.name, data + bytes(zeros))
        assert_nothing_is_invented(run, original)
        assert run.state == "finished"
        assert len(run.history["train/loss"]) == len(original.history["train/loss"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The log is empty (0 bytes): the run was killed before it wrote anything."),
        (
            bytes.fromhex("3a572642e1be00"),
            "The log holds no record but its header: the run was killed before it logged anything.",
        ),
        (b"hello", "The log is damaged at byte 0: 5 bytes cannot be read (the header is not that of a W&B log), "
         "and values may be missing."),
    ],
)  # fmt: skip
def test_logs_of_nothing(tmp_path: Path, data: bytes, said: str) -> None:
    run = read(tmp_path / "run-abc.wandb", data)
    assert (run.id, run.name, run.state, run.started) == ("abc", "abc", "unknown", None)
    assert run.warnings[0].text == said
    assert run.warnings[0].path == tmp_path / "run-abc.wandb"


def test_a_torn_tail_is_told_in_words(tmp_path: Path) -> None:
    data, _ = whole(SMALL)
    end = [end for end, _ in frames(data)][-20]
    run = read(tmp_path / SMALL.name, data[: end + 12])
    assert run.warnings[0].text == (
        f"The log ends in the middle of a record (12 bytes from byte {end:,} on are not a whole one): "
        "the run was killed or its disk was full, and its last values may be missing."
    )


def test_a_log_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run-abc.wandb"
    path.write_bytes(b"")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (run,) = rg.load(tmp_path)
    assert [one.text for one in run.warnings] == ["The log cannot be read: Permission denied."]
