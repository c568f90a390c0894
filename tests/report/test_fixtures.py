"""Reports as text: what goes in, and the HTML or the mistakes that come out."""

from __future__ import annotations

from pathlib import Path

import pytest
from report.samples import Build, cases, html

from reportgen.errors import Mistakes


@pytest.mark.parametrize(("given", "expected"), [case for name in ("markdown", "expressions") for case in cases(f"{name}.txt")])
def test_becomes(build: Build, given: str, expected: str) -> None:
    document = build(given)
    assert document.warnings == ()
    assert html(document).rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize(("given", "expected"), cases("mistakes.txt"))
def test_mistakes(folder: Path, build: Build, given: str, expected: str) -> None:
    with pytest.raises(Mistakes) as error:
        build(given)
    assert str(error.value) == expected.rstrip("\n")


@pytest.mark.parametrize(("given", "expected"), cases("hostile.txt"))
def test_hostile(build: Build, given: str, expected: str) -> None:
    try:
        document = build(given)
        text = html(document).rstrip("\n") + "\n" + "".join(f"!! {warning}\n" for warning in document.warnings)
    except Mistakes as error:
        text = f"{error}\n"
    assert text == expected
