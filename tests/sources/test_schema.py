"""The table of W&B's messages has the SDK's numbers, names and types."""

from __future__ import annotations

from typing import Any

from wandb.proto import wandb_internal_pb2 as sdk

from reportgen.sources.wandb.schema import message_class

ENUM, INT32, MESSAGE, BYTES = 14, 5, 11, 12


def test_every_field_is_the_sdks() -> None:
    compared = set()

    def compare(ours: Any, theirs: Any) -> None:
        compared.add((ours.name, theirs.name))
        for field in ours.fields:
            other = theirs.fields_by_number[field.number]
            assert (field.name, field.is_repeated) == (other.name, other.is_repeated), ours.name
            assert field.type == other.type or (field.type, other.type) in ((INT32, ENUM), (BYTES, MESSAGE)), f"{ours.name}.{field.name}"
            if field.message_type and (field.message_type.name, other.message_type.name) not in compared:
                compare(field.message_type, other.message_type)

    compare(message_class("Record").DESCRIPTOR, sdk.Record.DESCRIPTOR)
    compare(message_class("History").DESCRIPTOR, sdk.HistoryRecord.DESCRIPTOR)
    for update in (sdk.ConfigRecord, sdk.SummaryRecord):
        compare(message_class("Update").DESCRIPTOR, update.DESCRIPTOR)
    assert len(compared) > 25
