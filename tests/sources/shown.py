"""Values with all of their bits, so that two can be compared."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np


def shown(value: Any) -> Any:
    """A value with all of its bits, so that two can be compared."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tobytes()
    if dataclasses.is_dataclass(value):
        return type(value).__name__, [shown(getattr(value, one.name)) for one in dataclasses.fields(value)]
    if hasattr(value, "items"):
        return [(key, shown(one)) for key, one in value.items()]
    return [shown(one) for one in value] if isinstance(value, list | tuple) else repr(value)
