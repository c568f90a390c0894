"""Code in colours: Pygments' classes in the HTML, and a style sheet in which each class is a variable of the theme."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup, escape

COLOURS: dict[str, tuple[str, str]] = {
    "keyword": ("#8250df", "#c9a6ff"),
    "name": ("#3451c6", "#9db1ff"),
    "string": ("#1a7f4b", "#6fd39c"),
    "number": ("#9a4d00", "#e8a85c"),
    "comment": ("#62666f", "#9a9ea8"),
    "error": ("#c0352b", "#ff8578"),
    "inserted": ("#1a7f4b", "#4fc38a"),
    "deleted": ("#c0352b", "#ff8578"),
}
"""Kind of code → its colour in the light and in the dark; contrast at least 4.5 on the paper and on what is raised."""

_CLASSES = {
    "keyword": "k kc kd kn kp kr kt ow",
    "name": "nb bp nc nf fm nd nn nt ne",
    "string": "s sa sb sc dl sd s2 sh s1 ss l ld se si sx sr",
    "number": "m mb mf mh mi mo il no",
    "comment": "c ch cm cp cpf c1 cs gp go",
    "error": "err gr gt",
    "inserted": "gi",
    "deleted": "gd",
}


def highlight(code: str, language: str) -> Markup:
    """Code as HTML: spans with Pygments' short classes, or only escaped when the language is unknown."""
    from pygments import lex
    from pygments.token import STANDARD_TYPES

    lexer = _lexer(language)
    if lexer is None:
        return escape(code)
    out = []
    for kind, text in lex(code, lexer):
        name = STANDARD_TYPES.get(kind, "")
        while not name and kind.parent is not None:
            kind = kind.parent
            name = STANDARD_TYPES.get(kind, "")
        plain = not name or name in ("n", "p", "o", "w", "x") or not text.strip()
        out.append(escape(text) if plain else Markup('<span class="{}">{}</span>').format(name, text))
    return Markup("").join(out)


def is_language(name: str) -> bool:
    """Whether Pygments knows a language by this name."""
    return _lexer(name) is not None


def highlight_css() -> str:
    """The style sheet for highlighted code: the variables in light and dark, and one rule for each kind of code."""
    light, dark = ("".join(f"--code-{kind}:{colours[i]};" for kind, colours in COLOURS.items()) for i in (0, 1))
    rules = "\n".join(
        f"{','.join(f'.highlight .{name}' for name in _CLASSES[kind].split())}{{color:var(--code-{kind})}}" for kind in COLOURS
    )
    return (
        f":root{{{light}}}\n"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
        f':root[data-theme="dark"]{{{dark}}}\n'
        f"{rules}\n.highlight .ge{{font-style:italic}}\n.highlight .gs,.highlight .gh,.highlight .gu{{font-weight:600}}\n"
    )


@cache
def _lexer(name: str):  # type: ignore[no-untyped-def]
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False) if name else None
    except ClassNotFound:
        return None
