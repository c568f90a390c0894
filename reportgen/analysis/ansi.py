"""What a terminal would show of a line: text in pieces of one look each, from SGR escapes (ECMA-48, 8.3.117)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reportgen.model import ConsoleLine

_ESCAPE = re.compile(
    r"\x1b\[(?P<codes>[0-9;:]*)m"  # how what follows looks
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # all else of a terminal: the cursor moves, a line is cleared
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)"  # titles of windows, links
    r"|\x1b[ -/]*[0-~]|\x1b$"
)
_LEVELS = (0, 95, 135, 175, 215, 255)
_FLAGS = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "strike"}
_ENDS = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("inverse",), 29: ("strike",)}
_LONGEST = 20_000


@dataclass(frozen=True)
class Look:
    """How a piece of text looks.

    Attributes:
        flags: Of "bold", "dim", "italic", "underline", "inverse", "strike", sorted.
        ink, paper: "0" to "15" for the terminal's own colours, "#rrggbb" for others, "" for none.
    """

    flags: tuple[str, ...] = ()
    ink: str = ""
    paper: str = ""


@dataclass(frozen=True)
class ShownLine:
    """A line as it is shown.

    Attributes:
        pieces: Text and look, in order; neighbours differ in their looks.
    """

    pieces: tuple[tuple[str, Look], ...]
    stream: str

    @property
    def text(self) -> str:
        """The line without any look."""
        return "".join(text for text, _look in self.pieces)


def shown_lines(lines: Iterable[ConsoleLine]) -> Iterator[ShownLine]:
    """The lines as a terminal shows them: a look lasts over the ends of lines, what overwrites a line replaces it."""
    looks: dict[str, Look] = {}
    for line in lines:
        pieces, looks[line.stream] = _pieces(line.text, looks.get(line.stream, Look()))
        yield ShownLine(pieces, line.stream)


def _pieces(text: str, look: Look) -> tuple[tuple[tuple[str, Look], ...], Look]:
    text = text.rstrip("\r\n")
    lost = len(text) - _LONGEST
    if lost > 0:
        text = f"{text[:_LONGEST]} … {lost:,} more letters"
    made: list[tuple[str, Look]] = []
    at = 0
    for found in _ESCAPE.finditer(text):
        _write(made, text[at : found.start()], look)
        at = found.end()
        if found["codes"] is not None:
            look = changed(look, found["codes"])
    _write(made, text[at:], look)
    return tuple(made), look


def _write(made: list[tuple[str, Look]], text: str, look: Look) -> None:
    """Appends a text; a carriage return starts the line anew, a backspace takes a letter back."""
    if "\r" in text:
        made.clear()
        text = text.rsplit("\r", 1)[1]
    for i, part in enumerate(text.split("\b")):
        if i and made:
            before, its_look = made.pop()
            if len(before) > 1:
                made.append((before[:-1], its_look))
        if part and made and made[-1][1] == look:
            made[-1] = made[-1][0] + part, look
        elif part:
            made.append((part, look))


def changed(look: Look, codes: str) -> Look:
    """The look after an escape with these codes.

    >>> changed(Look(), "1;38;5;208")
    Look(flags=('bold',), ink='#ff8700', paper='')
    """
    numbers = [int(code[:4]) if code else 0 for code in re.split("[;:]", codes)]
    i = 0
    while i < len(numbers):
        code = numbers[i]
        if code in (38, 48):
            colour, used = _extended(numbers[i + 1 :])
            look = replace(look, ink=colour) if code == 38 else replace(look, paper=colour)
            i += used
        else:
            look = _simple(look, code)
        i += 1
    return look


def _simple(look: Look, code: int) -> Look:
    if code == 0:
        return Look()
    if code in _FLAGS:
        return replace(look, flags=tuple(sorted({*look.flags, _FLAGS[code]})))
    if code in _ENDS:
        return replace(look, flags=tuple(flag for flag in look.flags if flag not in _ENDS[code]))
    for first, offset in ((30, 0), (90, 8)):
        if first <= code < first + 8:
            return replace(look, ink=str(code - first + offset))
        if first + 10 <= code < first + 18:
            return replace(look, paper=str(code - first - 10 + offset))
    if code == 39:
        return replace(look, ink="")
    return replace(look, paper="") if code == 49 else look


def _extended(numbers: list[int]) -> tuple[str, int]:
    """A colour of the 256, or by red, green and blue; and how many numbers say it."""
    if len(numbers) > 1 and numbers[0] == 5:
        return _of_256(min(numbers[1], 255)), 2
    if len(numbers) > 3 and numbers[0] == 2:
        return "#" + "".join(f"{min(one, 255):02x}" for one in numbers[1:4]), 4
    return "", len(numbers)


def _of_256(n: int) -> str:
    if n < 16:
        return str(n)
    if n >= 232:
        return "#" + f"{8 + 10 * (n - 232):02x}" * 3
    n -= 16
    return "#" + "".join(f"{_LEVELS[one]:02x}" for one in (n // 36, n // 6 % 6, n % 6))
