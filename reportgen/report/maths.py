"""Formulas in TeX as MathML, made when the site is built: no script and no font of another host."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markupsafe import Markup

from reportgen.errors import Mistake
from reportgen.report.formats import NONE, plain
from reportgen.report.inserts import Insert

_ELEMENTS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "mstyle",
        "merror",
        "mpadded",
        "mphantom",
        "mfenced",
        "menclose",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mmultiscripts",
        "mtable",
        "mtr",
        "mtd",
        "mlabeledtr",
        "mprescripts",
        "none",
        "ms",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "display",
        "mathvariant",
        "stretchy",
        "fence",
        "separator",
        "accent",
        "accentunder",
        "form",
        "lspace",
        "rspace",
        "minsize",
        "maxsize",
        "largeop",
        "movablelimits",
        "symmetric",
        "linethickness",
        "displaystyle",
        "scriptlevel",
        "columnalign",
        "columnspacing",
        "columnlines",
        "rowspacing",
        "rowlines",
        "notation",
        "open",
        "close",
        "width",
        "height",
        "depth",
        "voffset",
        "align",
        "bevelled",
        "frame",
        "side",
        "mathsize",
    ]
)
_TEXT = re.compile(r"\\(?:text|mbox|textrm|textbf|textit|texttt)\{([^{}]*)\}")
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_STAND_INS = {"<": "\ue000", ">": "\ue001", "&": "\ue002"}
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


_REASONS = {
    "DenominatorNotFoundError": "a denominator is missing",
    "NumeratorNotFoundError": "a numerator is missing",
    "DoubleSubscriptsError": "two subscripts in a row",
    "DoubleSuperscriptsError": "two superscripts in a row",
    "ExtraLeftOrMissingRightError": r"a \left without its \right",
    "InvalidAlignmentError": "an alignment that is not l, c or r",
    "InvalidStyleForGenfracError": r"a style of \genfrac that is not 0 to 3",
    "InvalidWidthError": "a width that cannot be read",
    "LimitsMustFollowMathOperatorError": r"\limits without an operator before it",
    "MissingEndError": r"a \begin without its \end",
    "MissingSuperScriptOrSubscriptError": "a superscript or subscript is missing",
    "NoAvailableTokensError": "something is missing at the end",
}
"""The converter's exceptions, which carry no message."""


def mathml(tex: str, display: bool) -> Markup:
    """A formula as MathML, with its TeX as the text alternative.

    Raises:
        Mistake: The formula is not valid; without place.
    """
    from latex2mathml import converter

    _check_braces(tex)
    try:
        written = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{split}", _TEXT.sub(_guarded_text, tex))
        source = converter.convert(written, display="block" if display else "inline")
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError:
        raise _invalid(tex, "& stands outside of an environment such as matrix") from None
    except Exception as error:  # The converter has no common base for what it raises.
        raise _invalid(tex, _REASONS.get(type(error).__name__, str(error) or "it cannot be read")) from None
    for element in root.iter():
        _sanitise(element, tex)
    root.set("alttext", tex)
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    text = re.sub(r"<(/?)ns0:", r"<\1", text).replace("xmlns:ns0=", "xmlns=")
    for sign, stand_in in _STAND_INS.items():
        text = text.replace(stand_in, str(Markup.escape(sign)))
    return Markup(text)


def in_formula(insert: Insert) -> str:
    """A value as TeX: numbers as numbers, all else as text."""
    text = plain(insert.value) if isinstance(insert.value, float | int) else insert.text
    number = re.fullmatch(r"([+−-]?)([\d,]+(?:\.\d+)?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(\u00a0%)?", text)
    if number:
        sign = number[1].replace("−", "-")
        power = rf" \times 10^{{{number[3].translate(_SUPERSCRIPTS)}}}" if number[3] else ""
        digits = number[2].replace(",", "{,}")
        return f"{sign}{digits}{power}" + (r"\,\%" if number[4] else "")
    if text == NONE:
        return r"\text{–}"
    harmless = re.sub(r"[{}\\$^_~#%]", " ", text)
    return rf"\text{{{harmless}}}"


def _guarded_text(found: re.Match[str]) -> str:
    text = found[0]
    for sign, stand_in in _STAND_INS.items():
        text = text.replace(sign, stand_in)
    return text


def _check_braces(tex: str) -> None:
    depth = 0
    for sign in re.findall(r"\\.|[{}]", tex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            raise _invalid(tex, "a } without its {")
    if depth:
        raise _invalid(tex, "a { without its }")
    if not tex.strip():
        raise _invalid(tex, "it is empty")


def _sanitise(element: ElementTree.Element, tex: str) -> None:
    name = element.tag.removeprefix(_NAMESPACE)
    if name not in _ELEMENTS:
        raise _invalid(tex, f"<{name}> is not allowed")
    for attribute in list(element.attrib):
        if attribute not in _ATTRIBUTES:
            del element.attrib[attribute]
    if unknown := re.match(r"\\[A-Za-z]+", element.text or ""):
        raise _invalid(tex, f"no command {unknown[0]}")


def _invalid(tex: str, why: str) -> Mistake:
    short = " ".join(tex.split())
    return Mistake(f"invalid formula ${short if len(short) <= 40 else short[:39] + '…'}$: {why}")
