"""YAML with lines: the core schema of YAML 1.2, and where things stand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from reportgen.blocks.yaml import read_yaml, scalar
from reportgen.errors import Mistake


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001), ("1.5E+4", 15000.0), (".5", 0.5), ("-3", -3), ("0x10", 16), ("0o17", 15), ("017", 17), ("+1", 1),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("2026-11-23", "2026-11-23"), ("1:30", "1:30"), ("1_000", "1_000"), ("-.inf", -math.inf), ("val/acc", "val/acc"),
        ("'1'", "1"), ('"a\\nb"', "a\nb"), ("!!str 1", "1"), ("[a, {b: 1}]", ["a", {"b": 1}]), ("e1", "e1"), ("1e", "1e"),
        (".", "."),
    ],
)  # fmt: skip
def test_scalars(text: str, value: Any) -> None:
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


def test_nan() -> None:
    assert math.isnan(scalar(".nan"))


def test_keys_are_text() -> None:
    assert read_yaml("1: a\ntrue: b\nnull: c", Path("x"), 1).value == {"1": "a", "true": "b", "null": "c"}


def test_lines() -> None:
    written = read_yaml("a: 1\nb:\n  - x\n  -\n    c: 2\nd: |\n  text\n  text\ne: 3", Path("x"), 1)
    assert written.value == {"a": 1, "b": ["x", {"c": 2}], "d": "text\ntext\n", "e": 3}
    assert written.lines == {
        ("a",): 0, ("b",): 1, ("b", 0): 2, ("b", 1): 4, ("b", 1, "c"): 4, ("d",): 5, ("e",): 8,
    }  # fmt: skip
    assert written.line(("b", 1, "no", "such")) == 4


def test_lines_of_the_file_are_used() -> None:
    with pytest.raises(Mistake, match=r"^x:7: "):
        read_yaml("a: 1\na: 2", Path("x"), (3, 7))


@pytest.mark.parametrize(
    "text", ["[" * 3000, "{a: " * 3000, "- " * 3000 + "x", "a: " + "9" * 10_000, "\x01", "&a [*a]", "? ? a", "%YAML 9.9\n---\na"]
)
def test_never_anything_but_a_mistake(text: str) -> None:
    with pytest.raises(Mistake):
        read_yaml(text, Path("x"), 1)
