"""`load` reads logs on that grew, in this process, and keeps what it needs for it where the store says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources import wandb_log_writer as log
from sources.shown import shown

import reportgen as rg
from reportgen.sources import reading
from reportgen.sources.discovery import find
from reportgen.sources.reading import read_logs
from reportgen.sources.wandb.framing import Frames
from reportgen.sources.wandb.log import Log
from reportgen.store import Continued, Store


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, bytes]]:
    """Three logs of half a megabyte that go on, and all of their bytes."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    rows = [log.history(step, {(f"m{i}",): (step + i) / 7 for i in range(10)}) for step in range(1500)]
    paths = [log.write(tmp_path / "logs" / f"run-{name}", log.run(), *rows, name=name) for name in "abc"]
    return [(path, path.read_bytes()) for path in paths]


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Where each log is begun to be read from now on."""
    begun: list[int] = []
    original = Log._read

    def noted(self: Log, frames: Frames) -> None:
        begun.append(frames.begin)
        original(self, frames)

    monkeypatch.setattr(Log, "_read", noted)
    return begun


def grow(logs: list[tuple[Path, bytes]], part: float) -> None:
    for path, data in logs:
        path.write_bytes(data[: int(len(data) * part)])


def test_logs_that_grew(tmp_path: Path, logs: list[tuple[Path, bytes]], starts: list[int]) -> None:
    grow(logs, 0.9)
    rg.load(tmp_path / "logs")
    assert starts == [len(log.HEADER)] * 3
    starts.clear()
    grow(logs, 0.91)
    grown = rg.load(tmp_path / "logs")
    assert min(starts) > 0.89 * len(logs[0][1])
    assert shown(list(grown)) == shown(list(rg.load(tmp_path / "logs", cache=False)))


def test_logs_that_are_read_on_need_no_processes(
    tmp_path: Path, logs: list[tuple[Path, bytes]], starts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(logs, 0.9)
    rg.load(tmp_path / "logs")
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", len(logs[0][1]))
    starts.clear()
    grow(logs, 0.91)
    rg.load(tmp_path / "logs")
    assert len(starts) == 3


def test_a_store_that_keeps_it_in_memory(tmp_path: Path, logs: list[tuple[Path, bytes]], starts: list[int]) -> None:
    store = Store(tmp_path / "runs", Continued(in_memory=True))
    for part in (0.5, 0.6, 0.61):
        grow(logs, part)
        starts.clear()
        runs = read_logs(list(find(tmp_path / "logs")), store)
        anew = read_logs(list(find(tmp_path / "logs")), None)
        assert shown(runs) == shown(anew)
    assert min(starts[:3]) > 0.59 * len(logs[0][1])
    assert not (tmp_path / "cache").exists()
