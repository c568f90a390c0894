"""W&B's histogram objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reportgen.model import Histogram


def histogram(key: str, step: int, time: float, value: Mapping[str, Any]) -> Histogram | None:
    """The histogram that an object of `_type` "histogram" describes, or None when it does not add up.

    The bins are written out (`bins`: n + 1 edges) or packed (`packedBins`: the first edge, the width and the
    number of bins; edge i is `min + i * size`).
    """
    try:
        counts = np.array(value["values"], dtype=np.float64)
        if packed := value.get("packedBins"):
            if packed["count"] != len(counts):
                return None
            edges = float(packed["min"]) + float(packed["size"]) * np.arange(len(counts) + 1, dtype=np.float64)
        else:
            edges = np.array(value["bins"], dtype=np.float64)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    sound = counts.ndim == edges.ndim == 1 and len(edges) == len(counts) + 1 > 1
    if not sound or not np.isfinite(edges).all() or (np.diff(edges) < 0).any():
        return None
    return Histogram(key, step, time, edges, counts)
