"""Protobuf messages that a reader needs, as a compact table made into classes.

A line is a message, `Name: number field type, …`, and may go on in indented lines. A type is a scalar or another message
of the table; a `*` behind it means repeated, a `|` before it a member of the message's one-of. The classes live in a
descriptor pool of their own, so that reportgen and the tracker's SDK can be loaded in one process.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ONE_OF = "record_type"
"""What the one-of of a message is called (`WhichOneof(ONE_OF)`)."""

_SCALARS = {
    "double": 1, "float": 2, "int64": 3, "uint64": 4, "int32": 5, "bool": 8, "string": 9, "bytes": 12, "uint32": 13,
}  # fmt: skip


@cache
def message_class(package: str, table: str, name: str) -> Any:
    """The class of a message of a table; `package` tells the messages of one table from those of another."""
    return message_factory.GetMessageClass(_pool(package, table).FindMessageTypeByName(f"{package}.{name}"))


@cache
def _pool(package: str, table: str) -> descriptor_pool.DescriptorPool:
    file = descriptor_pb2.FileDescriptorProto(name=f"{package.replace('.', '/')}.proto", package=package, syntax="proto3")
    for name, fields in _messages(table).items():
        message = file.message_type.add(name=name)
        for number, field_name, kind in fields:
            field = message.field.add(name=field_name, number=number)
            field.label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
            if kind.startswith("|"):
                if not message.oneof_decl:
                    message.oneof_decl.add(name=ONE_OF)
                field.oneof_index = 0
            kind = kind.strip("|*")
            if kind in _SCALARS:
                field.type = _SCALARS[kind]  # type: ignore[assignment]
            else:
                field.type = field.TYPE_MESSAGE
                field.type_name = f".{package}.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


def _messages(table: str) -> dict[str, list[tuple[int, str, str]]]:
    """Message name → (number, field name, type with its signs)."""
    messages = {}
    for line in table.replace("\n    ", " ").strip().splitlines():
        name, _, fields = line.partition(": ")
        split = (field.split() for field in fields.split(", "))
        messages[name] = [(int(number), field_name, kind) for number, field_name, kind in split]
    return messages
