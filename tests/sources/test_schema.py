"""The table of W&B's messages has the SDK's numbers, names and types."""

from __future__ import annotations

from typing import Any

from wandb.proto import wandb_internal_pb2 as sdk

from reportgen.sources.wandb.schema import record_class

ENUM, INT32 = 14, 5


def test_every_field_is_the_sdks() -> None:
    compared = set()

    def compare(ours: Any, theirs: Any) -> None:
        compared.add(ours.name)
        for field in ours.fields:
            other = theirs.fields_by_number[field.number]
            assert (field.name, field.is_repeated) == (other.name, other.is_repeated), ours.name
            assert field.type == other.type or (field.type, other.type) == (INT32, ENUM), f"{ours.name}.{field.name}"
            if field.message_type and field.message_type.name not in compared:
                compare(field.message_type, other.message_type)

    compare(record_class().DESCRIPTOR, sdk.Record.DESCRIPTOR)
    assert len(compared) > 25
