"""How the tests of pages wait."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_what_is_waited_for_is_a_function() -> None:
    """A site's policy forbids `eval`: Playwright reads a function once, but an expression at each look, and the second look fails."""
    found = []
    for path in sorted(TESTS.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "wait_for_function":
                text = call.args[0].values[0] if isinstance(call.args[0], ast.JoinedStr) else call.args[0]
                is_written = isinstance(text, ast.Constant)
                if is_written and "=>" not in str(text.value).partition("\n")[0]:
                    found.append(f"{path.relative_to(TESTS)}:{call.lineno}")
    assert found == []
