"""LevelDB frames: whole logs of every shape, and damaged ones."""

from __future__ import annotations

import random

import pytest
from sources.wandb_log_writer import HEADER, framed

from reportgen.sources.wandb.framing import Frames


def read(data: bytes) -> tuple[list[bytes], Frames]:
    frames = Frames(data)
    return [record for _, record in frames], frames


def some_records(seed: int, sizes: list[int]) -> list[bytes]:
    numbers = random.Random(seed)
    return [numbers.randbytes(size) for size in sizes]


@pytest.mark.parametrize("size", [0, 1, 100, 32754, 32755, 32756, 32760, 32761, 32768, 65530, 100_000])
def test_records_at_the_edges_of_blocks(size: int) -> None:
    records = some_records(size, [size, 0, size, 3, size])
    assert read(framed(records))[0] == records


def test_many_sizes_one_after_the_other() -> None:
    records = some_records(1, [random.Random(2).choice([3, 50, 4000, 30_000, 40_000]) for _ in range(200)])
    found, frames = read(framed(records))
    assert found == records
    assert frames.losses == []


@pytest.mark.parametrize("damage", ["payload", "length", "checksum", "kind"])
def test_one_bad_chunk_costs_one_record(damage: str) -> None:
    records = some_records(3, [200] * 400)
    data = bytearray(framed(records))
    at = 7 + 50 * 207
    data[at + {"payload": 30, "length": 4, "checksum": 0, "kind": 6}[damage]] ^= 0x11
    found, frames = read(bytes(data))
    assert found == records[:50] + records[51:]
    (loss,) = frames.losses
    assert (loss.start, loss.end) == (at, at + 207)
    assert loss.reason == "the checksum does not fit"


def test_a_record_with_a_bad_middle_is_not_pieced_together() -> None:
    records = some_records(4, [10, 100_000, 10])
    data = bytearray(framed(records))
    data[50_000] ^= 1
    found, frames = read(bytes(data))
    assert found == [records[0], records[2]]
    assert frames.losses[0].start == 24
    assert len(frames.losses) == 1


def test_a_block_of_zeros() -> None:
    records = some_records(5, [1000] * 100)
    data = bytearray(framed(records))
    data[32768:65536] = bytes(32768)
    found, frames = read(bytes(data))
    assert found == [record for record in records if record in found]
    assert 60 < len(found) < 70
    assert "a record" in frames.losses[0].reason or "zeros" in frames.losses[0].reason


@pytest.mark.parametrize(("data", "told"), [(b"", "header"), (b"garbage", "header"), (HEADER, None), (HEADER + b"\1\2", "middle")])
def test_hardly_a_file(data: bytes, told: str | None) -> None:
    found, frames = read(data)
    assert found == []
    assert [told] == [told for loss in frames.losses if told and told in loss.reason] if told else frames.losses == []


def test_records_after_a_wrong_header_are_read() -> None:
    records = some_records(6, [40, 50])
    found, frames = read(b"\0" * 7 + framed(records)[7:])
    assert found == records
    assert [(loss.start, loss.end) for loss in frames.losses] == [(0, 7)]


def test_every_truncation_keeps_the_whole_records_before_it() -> None:
    records = some_records(7, [5, 90, 33_000, 17, 0, 900])
    data = framed(records)
    for length in [*range(0, 140), *range(32_700, 33_200), *range(len(data) - 950, len(data))]:
        found, frames = read(data[:length])
        assert found == records[: len(found)]
        assert (not frames.losses) == (length in _ends(records)), length


def _ends(records: list[bytes]) -> set[int]:
    """The lengths at which a log of the first records ends, with the zeros that may fill its last block."""
    ends = {len(framed(records[:i])) for i in range(len(records) + 1)}
    return ends | {
        end + zeros for end in ends for zeros in range(7) if (end + zeros - 1) // 32768 == end // 32768 and 32768 - end % 32768 < 7
    }


def test_garbage_is_quick_and_never_raises() -> None:
    numbers = random.Random(8)
    for _ in range(20):
        read(HEADER + numbers.randbytes(numbers.randrange(200_000)))
    read(HEADER + bytes([1]) * 1_000_000)
