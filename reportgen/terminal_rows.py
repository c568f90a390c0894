"""Aligned columns of text for a terminal; a table of ten thousand rows is as quick as its lines are to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        from rich.segment import Segment

        sizes = [list(widths((head, *cells))) for head, cells in zip(self.heads, self.cells, strict=True)]
        room = [min(max(column), self.most) for column in sizes]
        excess = sum(room) + len(_GAP) * (len(room) - 1) - options.max_width
        room[0] = max(room[0] - max(excess, 0), 1)
        dim = console.get_style("dim")
        named = {name: console.get_style(name) for styles in self.styles for name in set(styles.values())}
        last = len(room) - 1
        columns = [
            [_fitted(text or "–", room[i], self.right[i], size or 1) + (_GAP if i < last else "")
             for text, size in zip((head, *cells), sizes[i], strict=True)]
            for i, (head, cells) in enumerate(zip(self.heads, self.cells, strict=True))
        ]  # fmt: skip
        yield Segment("".join(column[0] for column in columns) + "\n", dim)
        for row, texts in enumerate(zip(*(column[1:] for column in columns), strict=True)):
            # What stands beside each other in one style is written at once.
            plain = ""
            for text, cells, styles in zip(texts, self.cells, self.styles, strict=True):
                style = named[name] if (name := styles.get(row)) else dim if not cells[row] else None
                if style is None:
                    plain += text
                    continue
                if plain:
                    yield Segment(plain)
                    plain = ""
                yield Segment(text, style)
            yield Segment(plain + "\n")


def widths(texts: Iterable[str]) -> Iterator[int]:
    """The columns of a terminal that each text takes."""
    from rich.cells import cell_len

    return (len(text) if text.isascii() else cell_len(text) for text in texts)


def _fitted(text: str, width: int, right: bool, size: int) -> str:
    """The text in exactly so many columns of the terminal."""
    if size > width:
        from rich.cells import cell_len, set_cell_size

        text = set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"[:width]
        size = cell_len(text)
    space = " " * (width - size)
    return space + text if right else text + space
