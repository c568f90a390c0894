"""Checksums of many rows at once are those of the C library."""

from __future__ import annotations

import numpy as np
import pytest
from google_crc32c import value as crc32c

from reportgen.sources.tensorboard.checksum import LONGEST, checksums_of_rows


@pytest.mark.parametrize("length", [1, 2, 7, 8, 35, 255, LONGEST])
@pytest.mark.parametrize("alike", [0, 5, 1000])
def test_equal_to_the_library(length: int, alike: int) -> None:
    rows = np.random.default_rng(length).integers(0, 256, (50, length)).astype(np.uint8)
    rows[:, :alike] = rows[0, :alike]
    assert checksums_of_rows(rows).tolist() == [crc32c(row.tobytes()) for row in rows]
