"""The table of TensorBoard's messages has the numbers, names and types of its own."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from tensorboard.compat.proto import event_pb2, tensor_pb2
from tensorboard.plugins.hparams import plugin_data_pb2

from reportgen.sources.tensorboard.schema import message_class

ENUM, INT32, MESSAGE = 14, 5, 11


def test_every_field_is_tensorboards() -> None:
    compared = set()

    def compare(ours: Any, theirs: Any) -> None:
        compared.add(ours.name)
        for field in ours.fields:
            other = theirs.fields_by_number[field.number]
            assert (field.name, field.is_repeated) == (other.name, other.is_repeated), ours.name
            assert field.type == other.type or (field.type, other.type) == (INT32, ENUM), f"{ours.name}.{field.name}"
            assert (field.containing_oneof is None) or other.containing_oneof is not None
            if field.message_type and field.message_type.name not in compared:
                compare(field.message_type, other.message_type)

    compare(message_class("Event").DESCRIPTOR, event_pb2.Event.DESCRIPTOR)
    compare(message_class("TensorProto").DESCRIPTOR, tensor_pb2.TensorProto.DESCRIPTOR)
    compare(message_class("HParamsPluginData").DESCRIPTOR, plugin_data_pb2.HParamsPluginData.DESCRIPTOR)
    compare(message_class("Value").DESCRIPTOR, struct_pb2.Value.DESCRIPTOR)
    assert len(compared) == 25
