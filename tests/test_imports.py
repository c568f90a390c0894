"""Imports point one way: each room imports only those to its left."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "reportgen"
ORDER = ["errors", "words", "parallel", "remembering", "model", "store", "sources", "analysis", "charts", "notebook", "blocks", "settings", "report", "site", "publish", "serve", "export", "first_report", "terminal_rows", "terminal", "terminal_importance", "terminal_diff", "cli"]  # noqa: E501
ENTRANCES = {"__init__", "__main__"}


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """All modules of reportgen that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] == "reportgen")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "reportgen":
            if node.module == "reportgen":
                yield from ((node.lineno, f"reportgen.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module
        elif isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{path}:{node.lineno}: write imports in full")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_the_left(path: Path) -> None:
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if here in ENTRANCES:
        return
    assert here in ORDER, f"{path} is in no room: add '{here}' to ORDER where it belongs"
    for line, module in imported(path):
        target = room(module)
        if target in ENTRANCES | {"__version__"}:
            continue
        assert ORDER.index(target) <= ORDER.index(here), f"{path}:{line}: {here} must not import {module}"


def test_no_cycle_between_modules() -> None:
    """No two modules import each other at their tops, directly or around a circle."""
    arrows: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(("reportgen", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        arrows[name] = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for target in sorted(arrows.get(name, ())):
                walk(target, (*way, name))
            done.add(name)

    for name in sorted(arrows):
        walk(name, ())
