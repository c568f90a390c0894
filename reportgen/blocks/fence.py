"""One fence of a report: its YAML read, checked against the options of its kind, and drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from reportgen.blocks.block import Block, BlockOptions, Context, Fragment
from reportgen.blocks.mending import blamed, mended, quoted
from reportgen.blocks.validation import Steps, validate
from reportgen.blocks.yaml import Fill, Written, read_yaml
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Mistakes, Place, QueryError
from reportgen.model import Runs

_MAPPING = re.compile(r"\s*(?:#[^\n]*\n\s*)*[a-z][\w-]*\s*:(?:\s|$)")
"""How the options of a fence begin, where it may be the text of one option instead (`PLAIN`)."""
_MOST_ROUNDS = 10
"""So often a fence is drawn again to find further mistakes."""


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
    site_runs: Runs | None = None


def read_options(block: Block, fence: Fence, fill: Fill | None = None) -> tuple[BlockOptions, Written]:
    """The options of a fence, checked, and where each of them stands.

    Raises:
        Mistakes: The YAML or its options are wrong.
    """
    what = f"{fence.kind}: "
    plain = getattr(block, "PLAIN", "")
    try:
        if plain and fence.text.strip() and not _MAPPING.match(fence.text):
            written = Written({plain: fill(fence.text, True) if fill else fence.text}, {(plain,): 0})
        else:
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
        Mistakes: Options do not fit the runs: the first that is found, and those that would show once it is mended.
    """
    try:
        return _drawn(block, fence, options, written, around)
    except Mistakes as first:
        raise Mistakes(_with_further(block, fence, written, around, first.mistakes)) from None


def _drawn(block: Block, fence: Fence, options: BlockOptions, written: Written, around: Surroundings) -> Fragment:
    def placed(mistake: Mistake) -> Mistake:
        message = mistake.message if mistake.message.startswith(f"{fence.kind}: ") else f"{fence.kind}: {mistake.message}"
        steps = blamed(mistake.message, written.value)
        return type(mistake)(message, mistake.place or fence.option_place(written, steps), mistake.hint)

    try:
        if not "".join(options.runs).strip():
            raise QueryError("option 'runs' names no run", hint="leave it out for all runs")
        runs = around.runs.select(options.runs)
        if not runs and around.runs:
            raise QueryError(f"no run fits '{options.runs if isinstance(options.runs, str) else ', '.join(options.runs)}'")
        context = Context(runs, around.runs, around.root, fence.place, around.style, around.warn, around.site_runs)
        fragment = block.render(options, context)
    except Mistakes as several:
        raise Mistakes(placed(mistake) for mistake in several.mistakes) from None
    except Mistake as mistake:
        raise Mistakes([placed(mistake)]) from None
    return replace(fragment, kind=fragment.kind or fence.kind)


def _with_further(
    block: Block, fence: Fence, written: Written, around: Surroundings, first: Sequence[Mistake]
) -> Collection[Mistake]:
    """The mistakes of a fence and those behind them: each is mended as its hint says, and the fence is drawn again."""
    found = {str(mistake): mistake for mistake in first}
    around = replace(around, warn=lambda _: None)
    changes: set[str] = set()
    latest = list(first)
    for _ in range(_MOST_ROUNDS):
        before = written
        for mistake in latest:
            written, change = mended(written, mistake)
            changes.add(change)
        if written is before:
            break
        try:
            what = f"{fence.kind}: "
            options = validate(block.Options, written.value, partial(fence.option_place, written), what)
            _drawn(block, fence, options, written, around)
            break
        except Mistakes as several:
            latest = [one for one in several.mistakes if str(one) not in found and _stands_alone(one, written, changes)]
        found |= {str(mistake): mistake for mistake in latest}
    return found.values()


def _stands_alone(mistake: Mistake, written: Written, changes: set[str]) -> bool:
    """Whether a mistake is about a name that is written down, and not about what was changed or what became of it."""
    is_name = re.search(r": (?:no \w+(?: fits)? |option )'", mistake.message)
    return bool(is_name and blamed(mistake.message, written.value) and not changes & quoted(mistake.message))
