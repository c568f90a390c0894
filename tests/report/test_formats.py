"""Values in prose."""

from __future__ import annotations

import math
import random

import pytest

from reportgen.errors import Mistake
from reportgen.report.formats import duration, num, percent, plain, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.98765, "0.988"), (0.98, "0.98"), (1, "1"), (0, "0"), (-0.0, "0"), (999.96, "1000"), (9999.6, "10,000"),
        (123456.7, "123,457"), (0.00012345, "0.000123"), (0.00001, "1×10⁻⁵"), (-2.5e-7, "−2.5×10⁻⁷"),
        (6.02e23, "6.02×10²³"), (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞"), (None, "–"), (True, "1"),
    ],
)  # fmt: skip
def test_num(value: float, text: str) -> None:
    assert num(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.3512, "0.35 s"), (40, "40 s"), (59.6, "1 min"), (80, "1 min 20 s"), (3599.7, "1 h"), (5000, "1 h 23 min"),
     (183_600, "2 d 3 h"), (-90, "−1 min 30 s")],
)  # fmt: skip
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds).replace("\u00a0", " ") == text


def test_percent_and_signed() -> None:
    assert percent(0.5) == "50\u00a0%"
    assert percent(1) == "100\u00a0%"
    assert [signed(value) for value in (0.012, -3.4, 0, math.nan)] == ["+0.012", "−3.4", "±0", "NaN"]


def test_plain() -> None:
    assert [plain(value) for value in (2026, -3, 0.1 + 0.2, True, None, ["a", 1.0], {"k": 2})] == [
        "2026", "−3", "0.3", "true", "–", "a, 1", "k: 2",
    ]  # fmt: skip


def test_digits_that_are_asked_for_are_all_written() -> None:
    assert [num(value, 2) for value in (2.0, 1.96, 0.1, 10.0, 2, 2.5e-7, 2e-7, 0.0)] == [
        "2.0", "2.0", "0.10", "10", "2", "2.5×10⁻⁷", "2.0×10⁻⁷", "0",
    ]  # fmt: skip
    assert (percent(0.5, 3), signed(0.01, 2), num(2.0)) == ("50.0\u00a0%", "+0.010", "2")


def test_num_says_what_the_number_is() -> None:
    """Read back, the text is the number to the digits that were asked for."""
    chance = random.Random(1)
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    for _ in range(2000):
        value = chance.choice((-1, 1)) * 10 ** chance.uniform(-12, 12)
        digits = chance.randint(1, 8)
        mantissa, _, power = num(value, digits).replace("−", "-").replace(",", "").partition("×10")
        read = float(mantissa) * 10.0 ** int(power.translate(powers) or 0)
        assert abs(read - value) <= abs(value) * 10 ** (1 - digits) * 0.5000001


def test_what_is_no_number() -> None:
    with pytest.raises(Mistake, match="num expects a number, got 'x'"):
        num("x")
    with pytest.raises(Mistake, match="1 to 17 digits"):
        num(1, 99)
