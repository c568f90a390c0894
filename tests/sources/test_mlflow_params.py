"""Which texts of parameters are numbers, bools and None."""

from __future__ import annotations

import pytest

from reportgen.model import Scalar
from reportgen.sources.mlflow.params import param_value

CONVERTED: list[tuple[str, Scalar]] = [
    ("True", True), ("False", False), ("true", True), ("false", False), ("None", None),
    ("0", 0), ("-3", -3), ("12345678901234567890123", 12345678901234567890123),
    ("0.1", 0.1), ("-0.0", -0.0), ("1.0", 1.0), ("0.30000000000000004", 0.30000000000000004),
    ("1e-05", 1e-05), ("1e-5", 1e-05), ("2.50E+3", 2500.0), ("inf", float("inf")), ("-inf", float("-inf")), ("nan", float("nan")),
]  # fmt: skip
TEXTS = (
    "", " ", "007", "+1", "-0", "1_000", "1.10", "0.1000000000000000055", ".5", "5.", "0x10", "TRUE", "none", "null", "NaN", "Infinity",
    "[1, 2]", "1e999", "1 ", "1\n", "3.0.1", "adam", "１", "1" * 5000,
)  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CONVERTED)
def test_what_is_converted(text: str, value: Scalar) -> None:
    assert repr(param_value(text)) == repr(value)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_stays_text(text: str) -> None:
    assert param_value(text) == text


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e300, 5e-324, -0.0, 1e16, 123456789.125, 7, -(10**30), True, False, None, float("inf")])
def test_what_python_writes_comes_back(value: Scalar) -> None:
    assert repr(param_value(str(value))) == repr(value)
