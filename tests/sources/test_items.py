"""Reading items without protobuf gives what protobuf gives, for every shape of an item."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sources import wandb_log_writer as log
from wandb.proto import wandb_internal_pb2 as pb

import reportgen as rg
from reportgen.sources.wandb.items import simple_items

WORDS = ["", "a", "train/loss", "é" * 20, "\x82\x01", "\u0082\x01", "x" * 100, "x" * 122, "x" * 127, "x" * 128, "x" * 300]


def read(data: bytes) -> list[tuple[list[str], str]]:
    items, end = simple_items(data)
    rest = pb.HistoryRecord.FromString(data[end:])
    return [([key.decode()], value.decode()) for key, value in items] + [
        (list(item.nested_key) or [item.key], item.value_json) for item in rest.item
    ]


def test_random_items() -> None:
    numbers = random.Random(0)
    for _ in range(2000):
        record = pb.HistoryRecord()
        for _ in range(numbers.randrange(5)):
            key = {"nested_key": numbers.choices(WORDS, k=numbers.choice([0, 1, 1, 1, 2]))} if numbers.random() < 0.8 else {}
            record.item.add(**key, key="" if key else numbers.choice(WORDS), value_json=numbers.choice(WORDS))
        if numbers.random() < 0.5:
            record.step.num = numbers.choice([0, 1, 2**40])
        expected = [(list(item.nested_key) or [item.key], item.value_json) for item in record.item]
        assert read(record.SerializeToString()) == expected


def test_most_items_are_simple() -> None:
    record = pb.HistoryRecord()
    record.item.add(nested_key=["train/loss"], value_json="0.25")
    record.item.add(key="_step", value_json="1")
    data = record.SerializeToString()
    assert simple_items(data) == ([(b"train/loss", b"0.25"), (b"_step", b"1")], len(data))


@pytest.mark.parametrize("seed", range(5))
def test_garbage_is_left_to_protobuf(seed: int) -> None:
    numbers = random.Random(seed)
    record = pb.HistoryRecord()
    for i in range(5):
        record.item.add(nested_key=[f"key{i}"], value_json=str(i))
    data = record.SerializeToString()
    for _ in range(500):
        damaged = bytearray(data[: numbers.randrange(len(data))])
        if damaged:
            damaged[numbers.randrange(len(damaged))] = numbers.randrange(256)
        items, end = simple_items(bytes(damaged))
        assert 0 <= end <= len(damaged)
        assert len(pb.HistoryRecord.FromString(bytes(damaged[:end]) if _is_text(items) else b"").item) == len(items) * _is_text(items)


def _is_text(items: list[tuple[bytes, bytes]]) -> bool:
    return all(part.isascii() for item in items for part in item)


def test_rows_of_changing_layouts_and_kinds_keep_their_order(tmp_path: Path) -> None:
    """Fast rows, slow rows and other layouts of the same metrics, mixed: every series is in the order of the rows."""
    rng = random.Random(0)
    rows: list[dict[str, object]] = []
    for i in range(400):
        row: dict[str, object] = {"a": i + 0.5}
        if rng.random() < 0.5:
            row["b"] = i
        if rng.random() < 0.3:
            row = {"c": rng.choice([float("nan"), True, None, "text", [1], 2**70, 1e-300]), **row}
        rows.append(row)
    log.write(tmp_path, log.run(), *(log.history(i, row) for i, row in enumerate(rows)))
    (run,) = rg.load(tmp_path, cache=False)
    for key in ("a", "b", "c"):
        expected = [(i, row[key]) for i, row in enumerate(rows) if isinstance(row.get(key), int | float)]
        series = run.history[key]
        assert series.step.tolist() == [i for i, _ in expected]
        assert repr(series.value.tolist()) == repr([float(value) for _, value in expected])  # type: ignore[arg-type]
        assert series.time.tolist() == [log.START + i / 2 for i, _ in expected]


def test_only_the_last_summary_of_each_layout_counts(tmp_path: Path) -> None:
    updates = [({"a": 1, "b": 2},), ({"a": 3, "b": 4},), ({"b": 5},), ({"a": 6, "b": 7},), ({"b": 8},), ({}, ["a"]), ({"c": {"d": 1}},)]
    log.write(tmp_path, log.run(), *(log.update("summary", *update) for update in updates))
    (run,) = rg.load(tmp_path, cache=False)
    assert run.summary == {"b": 8, "c.d": 1}
