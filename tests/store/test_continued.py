"""What is kept of files that grow: the same, or nothing."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import numpy as np
import pytest
from google_crc32c import value as crc32c

from reportgen.store import Arrays, Continued, checksum
from reportgen.store import continued as continuing

DATA = bytes(range(256)) * 5000
STATE = {"a": [1, 2.5, float("inf"), None, "\udc80"], "b": {"x": 2**70}}


def put(kept: Continued, path: Path, end: int) -> None:
    arrays = Arrays()
    state = {**STATE, "places": [arrays.add(np.arange(5)), arrays.add(np.array([0.5, np.nan]))]}
    kept.put(path, end, checksum(DATA, 0, end), state, arrays)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "log"
    file.write_bytes(DATA)
    return file


@pytest.mark.parametrize("in_memory", [False, True])
def test_what_is_kept_comes_back(tmp_path: Path, path: Path, in_memory: bool) -> None:
    kept = Continued(tmp_path / "kept", in_memory=in_memory)
    assert path not in kept
    assert kept.get(path) is None
    put(kept, path, 1_100_000)
    assert path in kept
    assert (tmp_path / "kept").exists() is not in_memory
    found = kept.get(path)
    assert found is not None
    assert found.end == 1_100_000
    whole, real = found.state.pop("places")
    assert found.state == STATE
    assert found.whole(whole).tolist() == [0, 1, 2, 3, 4]
    assert repr(found.real(real).tolist()) == "[0.5, nan]"
    kept.drop(path)
    assert path not in kept
    assert kept.get(path) is None


def test_a_file_has_to_begin_with_what_was_read(tmp_path: Path, path: Path) -> None:
    kept = Continued(tmp_path / "kept")
    put(kept, path, 1_100_000)
    found = kept.get(path)
    assert found is not None
    assert found.checksum == crc32c(DATA[:1_100_000])
    changed = bytearray(DATA)
    changed[1_099_999] ^= 1
    behind = bytearray(DATA)
    behind[1_100_000] ^= 1
    grown, other = (DATA, bytes(behind), DATA[:1_100_000]), (DATA[:1_099_999], bytes(changed), b"")
    for data, begins in [*((data, True) for data in grown), *((data, False) for data in other)]:
        assert found.begins(data) is begins
        file = io.BytesIO(data)
        assert found.begins_file(file) is begins
        assert not begins or file.tell() == 1_100_000


def test_the_checksum_of_what_follows_goes_on(path: Path) -> None:
    assert checksum(DATA, 700_000, len(DATA), checksum(DATA, 0, 700_000)) == crc32c(DATA)


def test_damage_and_another_version_are_misses(tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Continued(tmp_path / "kept")
    put(kept, path, 1000)
    (file,) = (tmp_path / "kept").iterdir()
    sound = file.read_bytes()
    for i in range(len(sound)):
        file.write_bytes(sound[:i] + bytes([sound[i] ^ 4]) + sound[i + 1 :])
        assert kept.get(path) is None, f"byte {i}"
        file.write_bytes(sound[:i])
        assert kept.get(path) is None, f"cut at byte {i}"
    file.write_bytes(sound)
    assert kept.get(path) is not None
    monkeypatch.setattr(continuing, "code_version", lambda *rooms: "newer")
    assert kept.get(path) is None


def test_what_json_cannot_say_is_not_kept(tmp_path: Path, path: Path) -> None:
    kept = Continued(tmp_path / "kept")
    kept.put(path, 10, 0, {"a": b""}, Arrays())
    assert kept.get(path) is None


def test_what_is_worth_keeping(tmp_path: Path, path: Path) -> None:
    kept = Continued(tmp_path / "kept", least=1000)
    assert not kept.wants(path, 999, None)
    assert kept.wants(path, 1000, None)
    put(kept, path, 1000)
    before = kept.get(path)
    assert before is not None
    enough = 1000 + -(-len(before.content) // 16)
    assert not kept.wants(path, 1000, before)
    assert not kept.wants(path, enough - 1, before)
    assert kept.wants(path, enough, before)
    os.utime(path, (1.7e9, 1.7e9))
    assert not kept.wants(path, enough, before)


def test_what_is_old_or_too_much_is_forgotten(tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Continued(tmp_path / "kept")
    paths = [tmp_path / name for name in "abcd"]
    for i, one in enumerate(paths):
        put(kept, one, 1000)
        age = [3 * 86_400, 300, 200, 100][i]
        os.utime(tmp_path / "kept" / continuing._name(one), (time.time() - age,) * 2)
    kept.trim()
    assert [one in kept for one in paths] == [False, True, True, True]
    size = (tmp_path / "kept" / continuing._name(paths[1])).stat().st_size
    monkeypatch.setattr(continuing, "_LIMIT", 2 * size)
    kept.trim()
    assert [one in kept for one in paths] == [False, False, True, True]


def test_memory_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Continued(tmp_path / "kept", in_memory=True)
    put(kept, tmp_path / "a", 1000)
    monkeypatch.setattr(continuing, "_LIMIT", 2 * len(kept.get(tmp_path / "a").content))  # type: ignore[union-attr]
    put(kept, tmp_path / "b", 1000)
    assert kept.get(tmp_path / "a") is not None
    put(kept, tmp_path / "c", 1000)
    assert [tmp_path / name in kept for name in "abc"] == [True, False, True]
