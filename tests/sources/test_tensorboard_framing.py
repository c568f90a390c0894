"""The framing of event files: records, checksums, and what damage costs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sources.event_writer import framed

from reportgen.sources.tensorboard import framing
from reportgen.sources.tensorboard.framing import RecordFile

PAYLOADS = [bytes([i % 251]) * (i % 37) for i in range(150)]
ENDS_EARLY = "the file ends in the middle of a record"


@pytest.fixture(params=[4 * 1024 * 1024, 64, 1000], ids=lambda size: f"block {size}")
def _block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "_BLOCK", request.param)


pytestmark = pytest.mark.usefixtures("_block")


def read(path: Path, content: bytes) -> tuple[list[bytes], list[framing.Loss]]:
    path.write_bytes(content)
    file = RecordFile(path)
    payloads = []
    for records in file:
        for i in range(len(records)):
            place = records.base + int(records.start[i])
            payloads.append(records.payload(i))
            assert content[place : place + int(records.length[i])] == payloads[-1]
    return payloads, file.losses


def whole() -> bytes:
    return b"".join(map(framed, PAYLOADS))


def test_sound(tmp_path: Path) -> None:
    assert read(tmp_path / "a", whole()) == (PAYLOADS, [])
    assert read(tmp_path / "b", b"") == ([], [])
    large = [b"x" * 100_000, b"", b"y" * 300_000]
    assert read(tmp_path / "c", b"".join(map(framed, large))) == (large, [])


def test_cut(tmp_path: Path) -> None:
    content = whole()
    for length in random.Random(0).sample(range(len(content)), 25):
        payloads, losses = read(tmp_path / "a", content[:length])
        assert payloads == PAYLOADS[: len(payloads)]
        size = sum(len(one) + 16 for one in payloads)
        assert [(loss.start, loss.end, loss.reason) for loss in losses] == ([(size, length, ENDS_EARLY)] if size < length else [])


def test_a_flipped_bit_costs_one_record(tmp_path: Path) -> None:
    content, numbers = whole(), random.Random(1)
    for _ in range(25):
        place = numbers.randrange(len(content))
        damaged = bytearray(content)
        damaged[place] ^= 1 << numbers.randrange(8)
        payloads, (loss,) = read(tmp_path / "a", bytes(damaged))
        end = 0
        for i, payload in enumerate(PAYLOADS):
            start, end = end, end + len(payload) + 16
            if start <= place < end:
                assert payloads == PAYLOADS[:i] + PAYLOADS[i + 1 :]
                assert (loss.start, loss.end, loss.reason) == (start, end, "a checksum does not fit")


def test_bytes_that_were_lost_or_added(tmp_path: Path) -> None:
    content = whole()
    payloads, losses = read(tmp_path / "a", content[:1000] + content[1100:])
    assert [one for one in PAYLOADS if one in payloads] == [one for one in PAYLOADS if one in set(payloads)]
    assert len(payloads) > len(PAYLOADS) - 20
    assert len(losses) == 1
    payloads, (loss,) = read(tmp_path / "b", content + bytes(2000))
    assert payloads == PAYLOADS
    assert (loss.start, loss.end) == (len(content), len(content) + 2000)
    assert "zeros" in loss.reason
    payloads, (loss,) = read(tmp_path / "c", b"\xff" * 1000 + content)
    assert payloads == PAYLOADS
    assert (loss.start, loss.end) == (0, 1000)


def test_no_log_at_all(tmp_path: Path) -> None:
    payloads, (loss,) = read(tmp_path / "a", random.Random(2).randbytes(4000))
    assert (payloads, loss.start, loss.end) == ([], 0, 4000)


def test_a_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(whole())
    file = RecordFile(tmp_path / "a", 1000)
    payloads = [records.payload(i) for records in file for i in range(len(records))]
    assert payloads == PAYLOADS[: len(payloads)]
    assert 900 < sum(len(one) + 16 for one in payloads) <= 1000
