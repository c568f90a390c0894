"""What pages say in the reader's language: messages by the standard of gettext, numbers and dates by the locale.

Sentences are written in English in the code, as `_("{count} of {total} runs").format(…)`; a catalogue per language (`ko.po`)
has them in other words. What it lacks stays English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from pathlib import Path

_FOLDER = Path(__file__).parent
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
    return _catalogue(_language.get()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """A message about `n` things in the language in use."""
    return _catalogue(_language.get()).ngettext(one, many, n)


@cache
def _catalogue(tag: str) -> NullTranslations:
    path = next((path for part in (tag, tag.partition("-")[0]) if (path := _FOLDER / f"{part.lower()}.po").is_file()), None)
    if path is None:
        return NullTranslations()
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
