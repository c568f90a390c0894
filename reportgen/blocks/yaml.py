"""YAML that people write by hand: values together with the lines where they stand.

The core schema of YAML 1.2 is read: `1e-3` is a number, and `yes`, `on` and `2026-11-23` are text. (YAML 1.1, PyYAML's
default, takes `1e-3` for text and `no` for false.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reportgen.errors import Mistake, Place

Path_ = tuple[str | int, ...]
Fill = Callable[[str, bool], Any]
"""Gives a scalar its final value: takes the text as written and whether it stands in quotes."""

MOST_NODES = 20_000
DEEPEST = 60


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


@dataclass(frozen=True)
class Written:
    """A YAML document and where its parts stand.

    Attributes:
        value: Mappings (with text as keys), lists, and scalars.
        lines: The line of each key and list item by its path, counted from 0.
    """

    value: Any
    lines: Mapping[Path_, int]

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a path, or of the nearest part around it that is written down."""
        for length in range(len(path), 0, -1):
            if tuple(path[:length]) in self.lines:
                return self.lines[tuple(path[:length])]
        return 0


def read_yaml(text: str, file: Path, lines: Sequence[int] | int, what: str = "", fill: Fill | None = None) -> Written:
    """Reads one YAML document.

    Args:
        text: The document.
        file: Its file, for mistakes.
        lines: The line of the file of each line of the text, or the line of the first one.
        what: Written before each message, for example "chart: ".
        fill: Gives scalars their values in place of YAML's own rules; returns the text itself to leave it to them.

    Raises:
        Mistake: It is not valid YAML; the place is the line that is wrong.
    """

    def place(line: int) -> Place:
        if isinstance(lines, int):
            return Place(file, lines + line)
        return Place(file, lines[min(line, len(lines) - 1)] if lines else 0)

    try:
        node = _Loader(text).get_single_node()
        return _Builder(fill).build(node)
    except _BadNode as bad:
        raise Mistake(f"{what}{bad.message}", place(bad.line), bad.hint) from None
    except yaml.MarkedYAMLError as error:
        message, hint = _explain(error)
        opened = message.startswith(("invalid YAML: expected ,", "invalid YAML: a quote"))
        mark = error.context_mark if opened and error.context_mark else error.problem_mark or error.context_mark
        raise Mistake(f"{what}{message}", place(mark.line if mark else 0), hint) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n")
        raise Mistake(f"{what}invalid YAML: a character that YAML does not allow", place(line)) from None
    except RecursionError:
        raise Mistake(f"{what}invalid YAML: nested too deeply", place(0)) from None


def scalar(text: str) -> Any:
    """The value of one line of YAML, for example of `-p metric=val/acc`; text when it is not valid YAML."""
    try:
        return read_yaml(text, Path(), 0).value
    except Mistake:
        return text


class _BadNode(Exception):
    def __init__(self, message: str, line: int, hint: str | None = None) -> None:
        self.message, self.line, self.hint = message, line, hint


class _Builder:
    """Turns composed nodes into values, with a bound on their number: aliases can make few lines into millions of nodes."""

    def __init__(self, fill: Fill | None) -> None:
        self.fill = fill
        self.lines: dict[Path_, int] = {}
        self.count = 0

    def build(self, node: yaml.Node | None) -> Written:
        return Written(None if node is None else self.value(node, ()), self.lines)

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.count += 1
        if self.count > MOST_NODES or len(path) > DEEPEST:
            raise _BadNode("invalid YAML: it is too large or nested too deeply", node.start_mark.line)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.item(child, (*path, index)) for index, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self.mapping(node, path)
        raise _bad_tag(node)

    def item(self, node: yaml.Node, path: Path_) -> Any:
        self.lines[path] = node.start_mark.line
        return self.value(node, path)

    def mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                raise _BadNode("invalid YAML: a key must be text", line, "put a value that holds {, [ or ? in quotes")
            key = str(self.fill(key_node.value, True)) if self.fill else str(key_node.value)
            if key in result:
                raise _BadNode(f"'{key}' is given twice", line, "keep one of the two")
            self.lines[*path, key] = line
            result[key] = self.value(value_node, (*path, key))
        return result

    def scalar(self, node: yaml.ScalarNode) -> Any:
        text, kind = str(node.value), node.tag.removeprefix("tag:yaml.org,2002:")
        if self.fill is not None:
            filled = self.fill(text, node.style is not None)
            if filled is not text:
                return filled
        match kind:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return _whole_number(text, node)
            case "float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        raise _bad_tag(node)


def _whole_number(text: str, node: yaml.Node) -> int:
    try:
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    except ValueError:
        raise _BadNode("invalid YAML: a number with too many digits", node.start_mark.line) from None


def _bad_tag(node: yaml.Node) -> _BadNode:
    tag = str(node.tag).replace("tag:yaml.org,2002:", "!!")
    return _BadNode(
        f"invalid YAML: the tag {tag} is not allowed here", node.start_mark.line, "leave it out, or put the value in quotes"
    )


def _explain(error: yaml.MarkedYAMLError) -> tuple[str, str | None]:
    """What is wrong in words, and what to do about it."""
    problem = str(error.problem or error.context or "it cannot be read")
    if "'\\t'" in problem:
        return "invalid YAML: a tab", "indent with spaces"
    if "cannot start any token" in problem:
        found = re.search(r"found character '(.)'", problem)
        return f"invalid YAML: a value cannot start with {found[1] if found else 'this character'}", "put the value in quotes"
    if "undefined alias" in problem:
        return "invalid YAML: a value cannot start with *", "put the value in quotes, as in '*/loss'"
    if "mapping values are not allowed" in problem:
        return "invalid YAML: a second colon in one line", "put the value in quotes"
    if "expected a single document" in str(error.context) + problem:
        return "invalid YAML: more than one document", "leave out the line ---"
    if "could not find expected ':'" in problem:
        return "invalid YAML: expected `key: value`", "is there a colon and a space after the key?"
    if "expected <block end>" in problem:
        return (
            "invalid YAML: this line does not fit the ones before it",
            "line up the keys, and put values with quotes inside in quotes",
        )
    if "expected ',' or" in problem:
        closer = "]" if "']'" in problem else "}"
        return f"invalid YAML: expected , or {closer}", f"is a {closer} missing?"
    if "end of stream" in problem and "quoted scalar" in str(error.context):
        return "invalid YAML: a quote that is never closed", None
    return f"invalid YAML: {problem}", None
