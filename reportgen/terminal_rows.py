"""Aligned columns of text for a terminal; a table of ten thousand rows is as quick as its lines are to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.segment import Segment

_GAP = "  "


@dataclass(frozen=True)
class Rows:
    """A table that draws itself on a `rich` console.

    Attributes:
        heads: The name of each column.
        cells: The cells of each column, "" for none.
        styles: For each column, the styles of those cells that have one, by row.
        right: Whether a column stands at the right.
        most: The width beyond which a cell is cut.
    """

    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    styles: Sequence[Mapping[int, str]]
    right: Sequence[bool]
    most: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        from rich.cells import cell_len
        from rich.segment import Segment

        def measured(text: str) -> int:
            return len(text) if text.isascii() else cell_len(text)

        widths = [min(max(map(measured, (head, *cells))), self.most) for head, cells in zip(self.heads, self.cells, strict=True)]
        excess = sum(widths) + len(_GAP) * (len(widths) - 1) - options.max_width
        widths[0] = max(widths[0] - max(excess, 0), 1)
        dim = console.get_style("dim")
        named = {name: console.get_style(name) for styles in self.styles for name in set(styles.values())}

        def line(texts: Sequence[str], style_of: Sequence[object]) -> Iterator[Segment]:
            last = len(texts) - 1
            for i, (text, style) in enumerate(zip(texts, style_of, strict=True)):
                yield Segment(_fitted(text, widths[i], self.right[i], measured(text)) + (_GAP if i < last else ""), style)  # type: ignore[arg-type]
            yield Segment.line()

        yield from line(self.heads, [dim] * len(self.heads))
        for row in range(len(self.cells[0])):
            texts = [cells[row] or "–" for cells in self.cells]
            styles = [
                named[name] if (name := style.get(row)) else dim if not cells[row] else None
                for cells, style in zip(self.cells, self.styles, strict=True)
            ]
            yield from line(texts, styles)


def _fitted(text: str, width: int, right: bool, size: int) -> str:
    """The text in exactly so many columns of the terminal."""
    if size > width:
        from rich.cells import cell_len, set_cell_size

        text = set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"[:width]
        size = cell_len(text)
    space = " " * (width - size)
    return space + text if right else text + space
