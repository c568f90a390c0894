"""Logs that grew are read from where they ended, and the runs are those of a reading from the start."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from sources import wandb_log_writer as log
from sources.shown import shown

from reportgen.model import Run
from reportgen.sources import wandb
from reportgen.sources.wandb import framing
from reportgen.sources.wandb.log import Log
from reportgen.store import Arrays, Continued, checksum
from reportgen.store import continued as continuing

EXAMPLES = Path(__file__).parents[2] / "examples"
LOGS = [sorted((EXAMPLES / name / "wandb").rglob("*.wandb"))[0] for name in ("digits", "three-runs")]


def reading(path: Path, continued: Continued | None) -> Run:
    (run,) = wandb.read_on(path, continued)
    return run


@pytest.fixture
def kept(tmp_path: Path) -> Continued:
    return Continued(tmp_path / "kept", least=0)


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Where each log is begun to be read from now on, records that are looked up again left out."""
    begun: list[int] = []
    original = Log._read

    def noted(self: Log, frames: framing.Frames) -> None:
        begun.append(frames.begin)
        original(self, frames)

    monkeypatch.setattr(Log, "_read", noted)
    return begun


def grown(source: Path, folder: Path) -> tuple[Path, bytes]:
    """A copy of a run's directory whose log is to be written anew, and all of its bytes."""
    shutil.copytree(source.parent, folder, dirs_exist_ok=True)
    return folder / source.name, source.read_bytes()


@pytest.mark.parametrize("source", LOGS, ids=["digits", "three-runs"])
def test_a_log_that_grows_in_many_steps(source: Path, tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    path, data = grown(source, tmp_path / "run")
    borders = [offset for offset, _ in framing.Frames(data)]
    chosen = random.Random(0)
    cuts = sorted({*chosen.sample(borders, 25), *(chosen.randrange(7, len(data)) for _ in range(25)), len(data)})
    for cut in cuts:
        path.write_bytes(data[:cut])
        assert shown(reading(path, kept)) == shown(reading(path, None)), cut
    assert sum(begin > len(log.HEADER) for begin in starts[::2]) >= len(cuts) - 2
    assert all(begin == len(log.HEADER) for begin in starts[1::2])


def test_every_border_and_every_place_in_a_record(tmp_path: Path, kept: Continued) -> None:
    rows = [log.history(step, {("loss",): 1 / (step + 1), ("a", "b"): step}, text='"x"') for step in range(6)]
    other = [log.update("summary", {"loss": 0.5, "n": 3}), log.update("config", {"lr": 0.1}), log.update("summary", {"loss": 0.25})]
    path = log.write(tmp_path / "run", log.run({"seed": 1}), *rows[:3], *other, *rows[3:], log.finish())
    data = path.read_bytes()
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        first = reading(path, kept)
        assert shown(first) == shown(reading(path, None)), cut
        path.write_bytes(data)
        assert shown(reading(path, kept)) == shown(reading(path, None)), cut


def test_what_was_changed_or_replaced_is_read_from_the_start(tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    path, data = grown(LOGS[0], tmp_path / "run")
    half = [offset for offset, _ in framing.Frames(data)][40]
    path.write_bytes(data[:half])
    reading(path, kept)
    changed = bytearray(data)
    changed[half // 2] ^= 1
    other = log.write(tmp_path / "other", log.run(), *(log.history(i, {("loss",): float(i)}) for i in range(200))).read_bytes()
    for content in (bytes(changed), data[: half - 1], data[: half // 2], other, b"", b"x" * 10):
        path.write_bytes(data[:half])
        reading(path, kept)
        starts.clear()
        path.write_bytes(content)
        assert shown(reading(path, kept)) == shown(reading(path, None))
        assert starts == [len(log.HEADER)] * 2


def test_damage_of_what_was_kept_is_a_miss(tmp_path: Path, kept: Continued) -> None:
    path, data = grown(LOGS[0], tmp_path / "run")
    half = [offset for offset, _ in framing.Frames(data)][40]
    path.write_bytes(data[:half])
    reading(path, kept)
    (file,) = (tmp_path / "kept").iterdir()
    sound = file.read_bytes()
    path.write_bytes(data)
    whole = shown(reading(path, None))
    for i in random.Random(1).sample(range(len(sound)), 60):
        file.write_bytes(sound[:i] + bytes([sound[i] ^ (1 << (i % 8))]) + sound[i + 1 :])
        assert shown(reading(path, kept)) == whole, i
        file.write_bytes(sound[:i])
        assert shown(reading(path, kept)) == whole, i


def test_another_version_reads_from_the_start(tmp_path: Path, kept: Continued, starts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    path, data = grown(LOGS[0], tmp_path / "run")
    path.write_bytes(data[: len(data) // 2])
    reading(path, kept)
    monkeypatch.setattr(continuing, "code_version", lambda *rooms: "newer")
    path.write_bytes(data)
    reading(path, kept)
    assert starts == [len(log.HEADER)] * 2


def test_nothing_is_kept_of_a_log_that_ended_or_is_old_or_damaged(tmp_path: Path, kept: Continued) -> None:
    path, data = grown(LOGS[0], tmp_path / "run")
    path.write_bytes(data)
    reading(path, kept)
    assert not (tmp_path / "kept").exists()
    damaged = bytearray(data[: len(data) // 2])
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    reading(path, kept)
    assert not (tmp_path / "kept").exists()
    path.write_bytes(data[: len(data) // 2])
    os.utime(path, (1.7e9, 1.7e9))
    reading(path, kept)
    assert not (tmp_path / "kept").exists()


def test_a_record_that_cannot_be_decoded_is_still_told_of_later(tmp_path: Path, kept: Continued) -> None:
    records = [log.run(), *(log.history(step, {("loss",): step / 7}) for step in range(4))]
    pieces = [record.SerializeToString() for record in records]
    data = log.framed([*pieces[:3], b"\x0a\xff", *pieces[3:]])
    path = log.write(tmp_path / "run", log.run())
    path.write_bytes(data[:-3])
    first = reading(path, kept)
    assert len(first.warnings) == 2
    path.write_bytes(data)
    assert shown(reading(path, kept)) == shown(reading(path, None))
    assert len(reading(path, kept).warnings) == 1


def test_keys_that_come_back_after_their_removal_keep_their_order(tmp_path: Path, kept: Continued) -> None:
    one, two = log.update("summary", {"a": 1}), log.update("summary", {"b": 2})
    removal = log.update("summary", removals=["a", "b"])
    path = log.write(tmp_path / "run", log.run(), one, two, one, two, removal, one, two, one)
    data = path.read_bytes()
    for cut in (offset for offset, _ in framing.Frames(data)):
        path.write_bytes(data[:cut])
        reading(path, kept)
        path.write_bytes(data)
        assert list(reading(path, kept).summary) == list(reading(path, None).summary), cut


def test_a_state_of_another_form_is_a_miss(tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    path, data = grown(LOGS[0], tmp_path / "run")
    path.write_bytes(data)
    whole = shown(reading(path, None))
    for state in ({}, [], None, {"apart": [9, "x"]}, {"apart": [len(data)]}, {"apart": [7], "history": [1, 2, 3, 4]}):
        kept.put(path, 1000, checksum(data, 0, 1000), state, Arrays())
        starts.clear()
        assert shown(reading(path, kept)) == whole
        assert starts == [len(log.HEADER)]


def test_a_log_that_ends_is_forgotten(tmp_path: Path, kept: Continued) -> None:
    path, data = grown(LOGS[0], tmp_path / "run")
    path.write_bytes(data[: len(data) // 2])
    reading(path, kept)
    assert path in kept
    path.write_bytes(data)
    reading(path, kept)
    assert path not in kept


def test_a_process_that_goes_on_keeps_it_in_memory(tmp_path: Path) -> None:
    path, data = grown(LOGS[1], tmp_path / "run")
    kept = Continued(tmp_path / "kept", in_memory=True, least=0)
    for cut in range(len(data) // 10, len(data), len(data) // 10):
        path.write_bytes(data[:cut])
        assert shown(reading(path, kept)) == shown(reading(path, None)), cut
    assert path in kept
    assert not (tmp_path / "kept").exists()
