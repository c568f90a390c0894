"""What a theme may write as the value of a CSS variable: colours, lengths, and nothing that ends the declaration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from reportgen.errors import did_you_mean

Kind = Literal["a colour", "a length", "text"]

_NAMES = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood cadetblue chartreuse
    chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta
    darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet
    deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green
    greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral
    lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple
    mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite
    navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink
    plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
    slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow
    yellowgreen transparent currentcolor
"""
COLOUR_NAMES = frozenset(_NAMES.split())
"""The named colours of CSS Color 4."""

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_FUNCTION = re.compile(r"(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\([\w\s.,%/#()+-]+\)", re.IGNORECASE)
_LENGTH = re.compile(
    r"0|[0-9]*\.?[0-9]+(?:px|rem|em|ch|ex|vw|vh|%|cm|mm|in|pt|pc)|(?:calc|min|max|clamp)\([\w\s.,%/*()+-]+\)", re.IGNORECASE
)
_VARIABLE = re.compile(r"var\(\s*--[\w-]+\s*\)")
_ROOT = re.compile(r":root[^{}]*\{([^{}]*)\}")
_DECLARATION = re.compile(r"--([\w-]+)\s*:\s*([^;]+)")


def variables(sheets: Iterable[Path]) -> dict[str, str]:
    """The variables that style sheets set for the whole page (`:root`), without dashes, with the first value that each gets."""
    found: dict[str, str] = {}
    for sheet in sheets:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for block in _ROOT.findall(text):
            for name, value in _DECLARATION.findall(block):
                found.setdefault(name, value.strip())
    return found


def is_colour(value: str) -> bool:
    """Whether CSS takes a text for a colour."""
    text = value.strip()
    if text.casefold() in COLOUR_NAMES:
        return True
    return bool(_HEX.fullmatch(text) or _VARIABLE.fullmatch(text) or _FUNCTION.fullmatch(text)) and _is_balanced(text)


def kind_of(value: str) -> Kind:
    """What a variable is for, by the value that it has by default."""
    if is_colour(value):
        return "a colour"
    return "a length" if _LENGTH.fullmatch(value) else "text"


def complaint(value: str, kind: Kind) -> tuple[str, str | None] | None:
    """What a value should be and an idea of it, or None when it is in order."""
    text = value.strip()
    if kind == "a colour":
        if is_colour(text):
            return None
        return kind, did_you_mean(text, sorted(COLOUR_NAMES)) or "as in #3451c6, rgb(52 81 198) or rebeccapurple"
    if kind == "a length":
        fits = _is_balanced(text) and bool(_LENGTH.fullmatch(text) or _VARIABLE.fullmatch(text))
        return None if fits else (kind, "as in 680px or 42rem")
    if not text:
        return "a value", None
    if found := re.search(r"[;{}<>\\\n]|/\*|url\(|!", text, re.IGNORECASE):
        sign = "line breaks" if found[0] == "\n" else found[0]
        return f"a value without {sign}", "what needs it belongs in a style sheet"
    return None if _is_balanced(text) else ("a value whose quotes and parentheses are closed", None)


def _is_balanced(text: str) -> bool:
    """Whether each quote and parenthesis has its other one."""
    bare = re.sub(r"""'[^']*'|"[^"]*\"""", "", text)
    depth = 0
    for letter in bare:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0 and "'" not in bare and '"' not in bare
