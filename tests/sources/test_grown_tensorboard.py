"""Event files that grew are read from where they ended, and the runs are those of a reading from the start."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sources import event_writer as log
from sources.shown import shown
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.util.tensor_util import make_tensor_proto

from reportgen.sources import tensorboard
from reportgen.sources.tensorboard import file as event_file
from reportgen.sources.tensorboard import framing
from reportgen.store import Arrays, Continued, checksum

DATA = Path(__file__).parents[1] / "data" / "tensorboard"
RUNS = ("torch", "restarted", "restarted-unsaid", "tf1", "tf2", "tuning/run-0")


@pytest.fixture
def kept(tmp_path: Path) -> Continued:
    return Continued(tmp_path / "kept", least=0)


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Where each file is begun to be read from now on."""
    begun: list[int] = []

    class Noted(framing.RecordFile):
        def __init__(self, *args: Any, begin: int, **more: Any) -> None:
            begun.append(begin)
            super().__init__(*args, begin=begin, **more)

    monkeypatch.setattr(event_file, "RecordFile", Noted)
    return begun


def reading(folder: Path, continued: Continued | None) -> list[Any]:
    return [shown(run) for run in tensorboard.read_on(folder, continued)]


def same(folder: Path, kept: Continued) -> bool:
    return reading(folder, kept) == reading(folder, None)


def borders(path: Path) -> Iterator[int]:
    for records in framing.RecordFile(path):
        yield from (records.base + int(end) + 4 for end in records.start + records.length)


@pytest.mark.parametrize("name", RUNS)
def test_files_that_grow_one_after_the_other(name: str, tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    folder = tmp_path / "run"
    chosen = random.Random(0)
    for source in sorted((DATA / name).rglob("*tfevents*"), key=lambda path: path.name):
        path = folder / source.relative_to(DATA / name)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = source.read_bytes()
        ends = list(borders(source))
        for cut in sorted({0, *chosen.sample(ends, min(12, len(ends))), *(chosen.randrange(len(data)) for _ in range(12)), len(data)}):
            path.write_bytes(data[:cut])
            assert same(folder, kept), (path.name, cut)
    assert any(starts)


def test_every_border_and_places_in_between(tmp_path: Path, kept: Continued) -> None:
    source = DATA / "restarted-unsaid" / "events.out.tfevents.1795578376.workstation.6913.9"
    path = tmp_path / "run" / source.name
    path.parent.mkdir()
    data = source.read_bytes()
    for cut in sorted({*range(0, len(data), 3), *borders(source)}):
        path.write_bytes(data[:cut])
        assert same(path.parent, kept), cut
        path.write_bytes(data)
        assert same(path.parent, kept), cut


def test_files_that_grow_side_by_side(tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    """Two writers in one folder; each file is read on, whatever lies before it."""
    whole = [log.write(tmp_path / name, [log.scalar(name, step / 3, step) for step in range(200)]).read_bytes() for name in ("a", "b")]
    paths = [tmp_path / "run" / f"{log.NAME}{i}" for i in range(2)]
    paths[0].parent.mkdir()
    chosen = random.Random(1)
    ends = [0, 0]
    for _ in range(30):
        i = chosen.randrange(2)
        ends[i] = min(len(whole[i]), ends[i] + chosen.randrange(700))
        for path, data, end in zip(paths, whole, ends, strict=True):
            path.write_bytes(data[:end])
        starts.clear()
        assert same(paths[0].parent, kept), ends
    assert all(starts[:2])


def test_what_a_tag_is_for_may_become_known_in_a_file_before(tmp_path: Path, kept: Continued) -> None:
    tensor = make_tensor_proto([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]])
    bare = Event(wall_time=log.START, step=3, summary=Summary(value=[Summary.Value(tag="w", tensor=tensor)]))
    about = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="histograms"))
    told = Event(wall_time=log.START, step=2, summary=Summary(value=[Summary.Value(tag="w", tensor=tensor, metadata=about)]))
    folder = tmp_path / "run"
    first = log.write(folder, [log.scalar("loss", 1.0, 0), told], f"{log.NAME}0")
    data = first.read_bytes()
    log.write(folder, [bare], f"{log.NAME}1")
    first.write_bytes(data[:-5])
    (before,) = tensorboard.read_on(folder, kept)
    assert not before.histograms
    first.write_bytes(data)
    (after,) = tensorboard.read_on(folder, kept)
    assert [one.step for one in after.histograms["w"]] == [2, 3]
    assert same(folder, kept)


def test_what_was_changed_or_replaced_is_read_from_the_start(tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    path = log.write(tmp_path / "run", [log.scalar("loss", step / 3, step) for step in range(100)])
    data = path.read_bytes()
    half = list(borders(path))[50]
    changed = bytearray(data)
    changed[half // 2] ^= 1
    other = log.write(tmp_path / "other", [log.scalar("acc", step / 7, step) for step in range(100)]).read_bytes()
    for content in (bytes(changed), data[: half - 1], other, b"", b"x" * 10):
        path.write_bytes(data[:half])
        reading(path.parent, kept)
        starts.clear()
        path.write_bytes(content)
        assert same(path.parent, kept)
        assert starts == [0, 0]


def test_damage_behind_the_end_is_told_of_as_from_the_start(tmp_path: Path, kept: Continued, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of the file lie elsewhere when it is read on."""
    monkeypatch.setattr(framing, "_BLOCK", 1000)
    path = log.write(tmp_path / "run", [log.scalar("loss", step / 3, step) for step in range(200)])
    data = path.read_bytes()
    half = list(borders(path))[90]
    tail = data[half:]
    zeros, noise = bytes(700), bytes([1] * 700)
    for behind in (zeros, noise, zeros + noise, noise + zeros, zeros + tail, zeros + noise + tail, tail[:500] + noise + tail[500:] + zeros):
        path.write_bytes(data[:half])
        reading(path.parent, kept)
        path.write_bytes(data[:half] + behind)
        assert same(path.parent, kept)
        path.write_bytes(data[:half] + behind + tail)
        assert same(path.parent, kept)


def test_a_state_of_another_form_is_a_miss(tmp_path: Path, kept: Continued, starts: list[int]) -> None:
    path = log.write(tmp_path / "run", [log.scalar("loss", step / 3, step) for step in range(50)])
    data = path.read_bytes()
    fits = {"prefix": "", "given": [], "plugins": []}
    for state in ({}, [], None, {**fits, "plugins": 3}, {**fits, "columns": {"a": [1]}}):
        kept.put(path, 500, checksum(data, 0, 500), state, Arrays())
        starts.clear()
        assert same(path.parent, kept)
        assert starts == [0, 0]


def test_nothing_is_kept_of_an_old_file(tmp_path: Path, kept: Continued) -> None:
    path = log.write(tmp_path / "run", [log.scalar("loss", step / 3, step) for step in range(50)])
    os.utime(path, (1.7e9, 1.7e9))
    reading(path.parent, kept)
    assert path not in kept
