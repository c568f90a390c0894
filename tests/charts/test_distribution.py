"""The picture of a distribution over steps."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from reportgen.analysis.distribution import over_steps
from reportgen.charts.distribution import distribution_over_steps
from reportgen.charts.style import ChartStyle
from reportgen.model import Histogram


def test_the_picture_has_a_column_per_step_and_a_row_per_bin() -> None:
    edges = np.array([0.0, 1.0, 2.0])
    logged = [Histogram("g", step, 0.0, edges, np.array([4.0 - step, step])) for step in range(4)]
    distribution = over_steps(logged, bins=2, keep=1.0)
    assert distribution is not None
    figure = distribution_over_steps(distribution, title="g", style=ChartStyle())
    png = base64.b64decode(figure.data["picture"]["picture"][0].removeprefix("data:image/png;base64,"))
    assert struct.unpack(">II", png[16:24]) == (4, 2)
    start = png.index(b"IDAT") + 4
    rows = np.frombuffer(zlib.decompress(png[start : png.index(b"IEND") - 8]), dtype=np.uint8).reshape(2, 5)
    assert rows[:, 0].tolist() == [0, 0]
    np.testing.assert_allclose(rows[1, 1:] / 255, np.sqrt([1, 0.75, 0.5, 0.25]), atol=0.02)
    np.testing.assert_allclose(rows[0, 1:] / 255, np.sqrt([0, 0.25, 0.5, 0.75]), atol=0.02)
    assert "4 logged steps, 0 to 3" in figure.description
