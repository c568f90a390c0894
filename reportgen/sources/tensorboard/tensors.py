"""TensorFlow's tensors as they stand in summaries."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

STRING = 7
_FIELDS: dict[int, tuple[str, str]] = {
    1: ("<f4", "float_val"), 2: ("<f8", "double_val"), 3: ("<i4", "int_val"), 4: ("u1", "int_val"), 5: ("<i2", "int_val"),
    6: ("i1", "int_val"), 9: ("<i8", "int64_val"), 10: ("?", "bool_val"), 14: ("<u2", "half_val"), 17: ("<u2", "int_val"),
    19: ("<f2", "half_val"), 22: ("<u4", "uint32_val"), 23: ("<u8", "uint64_val"),
}  # fmt: skip
"""For each number of `DataType`: the values in `tensor_content`, and the field that holds them otherwise (14 is bfloat16)."""

_BFLOAT16, _FLOAT16 = 14, 19
_MOST = 4_000_000


def strings(tensor: Any) -> list[bytes]:
    """The elements of a tensor of strings, in row-major order."""
    return list(tensor.string_val)


def shape(tensor: Any) -> tuple[int, ...]:
    """The size of each dimension, () for a single value."""
    return tuple(dim.size for dim in tensor.tensor_shape.dim)


def numbers(tensor: Any) -> NDArray[np.float64] | None:
    """A tensor of numbers as float64 of its own shape, or None when it holds no numbers or does not add up.

    Where fewer values are written than the shape has, the last stands for all that follow, as in TensorFlow.
    """
    if tensor.dtype not in _FIELDS:
        return None
    kind, field = _FIELDS[tensor.dtype]
    size = shape(tensor)
    count = prod(size)
    if not 0 <= count <= _MOST or min(size, default=0) < 0:
        return None
    if tensor.tensor_content:
        if len(tensor.tensor_content) != count * np.dtype(kind).itemsize:
            return None
        values = np.frombuffer(tensor.tensor_content, kind)
    else:
        values = _listed(getattr(tensor, field), kind, tensor.dtype)
        if len(values) > count or (count and not len(values)):
            return None
        values = np.concatenate([values, np.repeat(values[-1:], count - len(values))])
    if tensor.dtype == _BFLOAT16:
        values = (values.astype(np.uint32) << np.uint32(16)).view(np.float32)
    return values.astype(np.float64).reshape(size)


def _listed(values: Any, kind: str, dtype: int) -> NDArray[Any]:
    """Values of a field; halves are written as the number that their bits are."""
    if dtype in (_BFLOAT16, _FLOAT16):
        return np.array(values, np.int64).astype(np.uint16).view(kind)
    return np.array(values, np.int64 if kind in ("<i4", "u1", "<i2", "i1", "<u2") else kind)
