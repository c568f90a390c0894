"""Words of pages in other languages: every message of the code has a translation that says the same things."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from reportgen.words import FOLDER, _, browser_messages, count, day, language, ngettext, using_language
from reportgen.words.catalogues import ROOT, messages, updated

CATALOGUES = sorted(FOLDER.glob("*.po"))
NAMED = re.compile(r"\{\w*[^}]*\}")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_the_messages_of_the_code(path: Path) -> None:
    assert path.read_bytes() == updated(path, messages()), "run: make words"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_message_is_translated_with_all_that_it_names(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    for message in catalogue:
        if not message.id:
            continue
        one, translated = (text if isinstance(text, str) else text[-1] for text in (message.id, message.string))
        assert translated, f"{path.name}: '{one}' has no translation"
        assert sorted(NAMED.findall(one)) == sorted(NAMED.findall(translated)), one


def test_every_message_that_the_code_says_is_found() -> None:
    """A message in an f-string, or one that is put together, would be said and never be in a catalogue."""
    known = {part for message in messages() if message.id for part in ([message.id] if isinstance(message.id, str) else message.id)}
    for path in sorted((ROOT / "reportgen").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"):
                for said in call.args[: 2 if call.func.id == "ngettext" else 1]:
                    assert isinstance(said, ast.Constant), f"{path}:{call.lineno}: a message is written out where it is said"
                    assert said.value in known, f"{path}:{call.lineno}: '{said.value}' is not found; no message stands in an f-string"


def test_there_is_korean() -> None:
    assert "ko" in {path.stem for path in CATALOGUES}
    with using_language("ko"):
        assert language() == "ko"
        assert _("Contents") == "차례"
        assert ngettext("{n} run", "{n} runs", 3).format(n=3) == "실행 3개"
    assert _("Contents") == "Contents"
    assert browser_messages("ko")["Copied"] == "복사됨"
    assert "Contents" not in browser_messages("ko")
    with using_language("ko-KR"):
        assert _("Contents") == "차례"


@pytest.mark.parametrize("tag", ["xx", "de", "../ko", "ko/../ko", "", "e\u0301"])
def test_a_language_without_a_catalogue_is_english(tag: str) -> None:
    with using_language(tag):
        assert _("Contents") == "Contents"
        assert ngettext("{n} run", "{n} runs", 1) == "{n} run"
    assert browser_messages(tag) == {}


@pytest.mark.parametrize(
    ("tag", "number", "written"),
    [
        ("en", "12,345", "3 Nov 2026"), ("en-GB", "12,345", "3 Nov 2026"), ("ko", "12,345", "2026년 11월 3일"),
        ("de", "12.345", "03.11.2026"), ("no-such-tag", "12,345", "Nov 3, 2026"),
    ],
)  # fmt: skip
def test_numbers_and_days_by_the_locale(tag: str, number: str, written: str) -> None:
    with using_language(tag):
        assert count(12345) == number
        assert day(date(2026, 11, 3)) == written
