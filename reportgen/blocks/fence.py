"""One fence of a report: its YAML read, checked against the options of its kind, and drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reportgen.blocks.block import Block, BlockOptions, Context, Fragment
from reportgen.blocks.validation import Steps, validate
from reportgen.blocks.yaml import Fill, Written, read_yaml
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Mistakes, Place, QueryError
from reportgen.model import Runs


@dataclass(frozen=True)
class Fence:
    """A fence as it is written.

    Attributes:
        kind: The word after the backticks.
        text: What stands between the two rows of backticks.
        place: The line of the opening row.
        lines: The file's line of each line of the text.
    """

    kind: str
    text: str
    place: Place
    lines: tuple[int, ...]

    def option_place(self, written: Written, steps: Steps) -> Place:
        """Where an option stands; the fence itself when it is not written down."""
        if not steps or (steps[0],) not in written.lines:
            return self.place
        line = written.line(steps)
        return Place(self.place.file, self.lines[line]) if line < len(self.lines) else self.place


@dataclass(frozen=True)
class Surroundings:
    """What all fences of one report share (see `Context` for each of them)."""

    runs: Runs
    root: str
    style: ChartStyle
    warn: Callable[[str], None]


def read_options(block: Block, fence: Fence, fill: Fill | None = None) -> tuple[BlockOptions, Written]:
    """The options of a fence, checked, and where each of them stands.

    Raises:
        Mistakes: The YAML or its options are wrong.
    """
    what = f"{fence.kind}: "
    try:
        written = read_yaml(fence.text, fence.place.file, fence.lines, what, fill)
    except Mistake as mistake:
        raise Mistakes([mistake]) from None
    options = validate(block.Options, written.value, lambda steps: fence.option_place(written, steps), what)
    if options.id is not None and not re.fullmatch(r"[^\W\d_][\w.-]*", options.id):
        place = fence.option_place(written, ("id",))
        raise Mistakes([Mistake(f"{what}'{options.id}' cannot be an id", place, "use letters, digits, -, _ and .")])
    return options, written


def draw_fence(block: Block, fence: Fence, options: BlockOptions, written: Written, around: Surroundings) -> Fragment:
    """Draws a fence whose options are in order.

    Raises:
        Mistakes: An option does not fit the runs.
    """

    def placed(mistake: Mistake) -> Mistake:
        message = mistake.message if mistake.message.startswith(f"{fence.kind}: ") else f"{fence.kind}: {mistake.message}"
        steps = _blamed(mistake.message, written.value)
        return type(mistake)(message, mistake.place or fence.option_place(written, steps), mistake.hint)

    try:
        runs = around.runs.select(options.runs)
        if not runs and around.runs:
            raise QueryError(f"no run fits '{options.runs if isinstance(options.runs, str) else ', '.join(options.runs)}'")
        context = Context(runs, around.runs, around.root, fence.place, around.style, around.warn)
        fragment = block.render(options, context)
    except Mistakes as several:
        raise Mistakes(placed(mistake) for mistake in several.mistakes) from None
    except Mistake as mistake:
        raise Mistakes([placed(mistake)]) from None
    return replace(fragment, kind=fragment.kind or fence.kind)


def _blamed(message: str, options: Any) -> Steps:
    """The option that a message is about: the one that it names, or whose value it quotes."""
    quoted = re.findall(r"'([^']+)'", message)
    if not isinstance(options, Mapping):
        return ()
    for word in quoted:
        if re.search(rf"\boption '{re.escape(word)}'", message) and word in options:
            return (word,)
    leaves = list(_leaves(options, ()))
    for word in quoted:
        for steps, text in leaves:
            if text == word:
                return steps
    for word in quoted:
        for steps, text in leaves:
            if re.search(rf"(?<![\w./]){re.escape(word)}(?![\w./])", text):
                return steps
    return ()


def _leaves(value: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*steps, index))
    elif value is not None and steps[0] not in ("title", "caption", "id"):
        yield steps, str(value)
