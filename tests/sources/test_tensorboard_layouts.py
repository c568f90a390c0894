"""Records that are decoded by their layout give what protobuf gives."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from sources.event_writer import framed
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.util.tensor_util import make_ndarray

from reportgen.sources.tensorboard.framing import RecordFile
from reportgen.sources.tensorboard.layouts import decode, numbers_in

SCALARS = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars", content=b"\x08\x00"))
STEPS = (0, 1, 127, 128, 16_383, 16_384, 2**31, 2**62, 2**63 - 1, -1, -(2**63))
TAGS = ("a", "b", "loss", "accuracy", "한국어", "x" * 120, "y" * 200)


def values(tag: str, number: float) -> list[Summary.Value]:
    """A number in all forms that are decoded by their layout."""
    empty = TensorShapeProto()
    packed, wide = np.float32(number).tobytes(), np.float64(number).tobytes()
    return [
        Summary.Value(tag=tag, simple_value=number),
        Summary.Value(tag=tag, simple_value=number, metadata=SCALARS),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=1, float_val=[number])),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=1, tensor_shape=empty, float_val=[number]), metadata=SCALARS),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=1, tensor_shape=empty, tensor_content=packed)),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=2, tensor_shape=empty, double_val=[number])),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=2, tensor_shape=empty, tensor_content=wide), metadata=SCALARS),
    ]


def others(tag: str) -> list[Event]:
    """Events that are none of the layouts."""
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    text = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    one = [
        Summary.Value(tag=tag, tensor=TensorProto(dtype=3, int_val=[3])),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=1, tensor_shape=shape, float_val=[3])),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=1, float_val=[3, 4])),
        Summary.Value(tag=tag, tensor=TensorProto(dtype=1, float_val=[3]), metadata=text),
        Summary.Value(tag=tag, image=Summary.Image(width=3)),
        Summary.Value(node_name=tag, simple_value=3),
        Summary.Value(simple_value=3),
    ]
    return [
        *(Event(wall_time=1.5, step=3, summary=Summary(value=[value])) for value in one),
        Event(step=3, summary=Summary(value=[Summary.Value(tag=tag, simple_value=3)])),
        Event(wall_time=1.5, step=3, session_log=SessionLog(status="START")),
        Event(wall_time=1.5, step=3, summary=Summary()),
        Event(wall_time=1.5, file_version="brain.Event:2"),
    ]


def numbers(event: Event) -> list[tuple[str, int, str, str]]:
    found = []
    for value in event.summary.value:
        number = value.simple_value if value.HasField("simple_value") else float(make_ndarray(value.tensor).item())
        found.append((value.tag, event.step, repr(event.wall_time), repr(number)))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_protobuf(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    events: list[Event] = []
    for _ in range(1500):
        number = draw.choice((0.0, -0.0, 1.5, float("nan"), float("inf"), draw.random(), draw.gauss(0, 1e30)))
        several = [draw.choice(values(draw.choice(TAGS), number)) for _ in range(draw.choice((1, 1, 1, 2, 3)))]
        events.append(Event(wall_time=draw.random() * 2e9 + 1, step=draw.choice(STEPS), summary=Summary(value=several)))
    plain = len(events)
    events += [one for tag in TAGS for one in others(tag) for _ in range(5)]
    order = draw.sample(range(len(events)), len(events))
    path = tmp_path / "events"
    path.write_bytes(b"".join(framed(events[i].SerializeToString()) for i in order))
    (records,) = RecordFile(path)
    decoded = decode(records)
    found: dict[int, list[tuple[str, int, str, str]]] = {}
    for column in decoded.columns:
        assert (np.diff(column.record) >= 0).all()
        for record, *rest in zip(column.record, column.step, column.time, column.value, strict=True):
            step, time, value = rest
            found.setdefault(int(record), []).append((column.tag, int(step), repr(float(time)), repr(float(value))))
    left = set(decoded.others.tolist())
    assert found.keys() | left == set(range(len(events)))
    assert not found.keys() & left
    for record, mine in found.items():
        assert order[record] < plain
        assert sorted(mine) == sorted(numbers(events[order[record]]))


def test_the_usual_forms_are_decoded(tmp_path: Path) -> None:
    for form in range(len(values("", 0))):
        events = [Event(wall_time=1e9 + i, step=i, summary=Summary(value=[values(tag, i)[form]])) for i in range(300) for tag in TAGS]
        path = tmp_path / "events"
        path.write_bytes(b"".join(framed(one.SerializeToString()) for one in events))
        (records,) = RecordFile(path)
        # At step 0 there is only one record of each length, for which no layout is looked for.
        assert all(i < len(TAGS) for i in decode(records).others), form


def test_summaries_that_lie(tmp_path: Path) -> None:
    """Cut and stretched summaries are no numbers; none of them raises anything."""
    for value in values("loss", 1.0):
        summary = Event(summary=Summary(value=[value])).SerializeToString()
        assert numbers_in(summary)
        for end in range(len(summary)):
            assert numbers_in(summary[:end]) == ()
        assert numbers_in(summary + b"\0") == ()
        for i in range(len(summary)):
            for bit in range(8):
                numbers_in(summary[:i] + bytes([summary[i] ^ 1 << bit]) + summary[i + 1 :])
