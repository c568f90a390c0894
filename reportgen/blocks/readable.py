"""Texts from logs as a page can hold them."""

from __future__ import annotations

import re

from markupsafe import Markup

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters, lone surrogates, and what turns the direction of writing round."""


def readable(text: str) -> str:
    """A text from a log without what cannot be written, or would change how the text after it is read."""
    return _UNWRITABLE.sub("\ufffd", text)


def unbroken(text: str) -> str:
    """A sentence of ours whose lines do not end within "61 %" or "52–70"."""
    return re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", text).replace(" %", "\u00a0%")


def paragraph(text: str) -> str:
    """An answer in words, the first line of a fence, as safe HTML."""
    return str(Markup('<p class="verdict">{}</p>').format(unbroken(text)))
