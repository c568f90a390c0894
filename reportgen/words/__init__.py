"""What pages say in the reader's language: messages by the standard of gettext, numbers and dates by the locale.

Sentences are written in English in the code, as `_("{count} of {total} runs").format(…)`; a catalogue per language (`ko.po`)
has them in other words. What it lacks stays English. `make words` writes the messages of the code into the catalogues.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parent
"""Where the catalogues are, each named after its language."""
BROWSER = "themes/default/browser/"
"""What the places of messages in browser code begin with."""
_language: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def using_language(tag: str) -> Iterator[None]:
    """Inside, `_` and `ngettext` give messages in a language (a BCP 47 tag); in English when there is no catalogue for it."""
    token = _language.set(tag)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    """The language in use, as a BCP 47 tag."""
    return _language.get()


def _(message: str) -> str:
    """A message in the language in use."""
    return _translations(_language.get()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """A message about `n` things in the language in use."""
    return _translations(_language.get()).ngettext(one, many, n)


def count(n: int) -> str:
    """A whole number with its thousands apart: 10,000 in English and Korean, 10.000 in German."""
    if _is_english():
        return f"{n:,}"
    from babel import numbers

    return numbers.format_decimal(n, locale=_locale(_language.get()))


def day(value: date) -> str:
    """A day: 23 Nov 2026, 2026년 11월 23일."""
    if _is_english():
        return f"{value.day} {value:%b %Y}"
    from babel import dates

    tag = _locale(_language.get())
    return dates.format_date(value, "long" if tag == "ko" else "medium", locale=tag)


@cache
def browser_messages(tag: str) -> dict[str, str]:
    """The messages of the browser code in a language; none where it has no catalogue."""
    catalogue = _catalogue(tag)
    if catalogue is None:
        return {}
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and any(file.startswith(BROWSER) for file, _line in message.locations)
    }


def _is_english() -> bool:
    return _language.get().partition("-")[0].lower() == "en"


@cache
def _locale(tag: str) -> str:
    """The locale for a tag as Babel names it; English where it knows none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return "en"


@cache
def _catalogue(tag: str) -> Catalog | None:
    for part in (tag, tag.partition("-")[0]):
        path = FOLDER / f"{part.lower()}.po"
        if part.replace("-", "").isalnum() and path.is_file():
            from babel.messages.pofile import read_po

            with path.open("rb") as file:
                return read_po(file, locale=path.stem)
    return None


@cache
def _translations(tag: str) -> NullTranslations:
    catalogue = _catalogue(tag)
    if catalogue is None:
        return NullTranslations()
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.support import Translations

    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
