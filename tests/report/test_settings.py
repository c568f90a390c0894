"""`reportgen.toml`: values and mistakes with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import Mistakes
from reportgen.settings import NavigationItem, read_settings


def test_defaults_without_a_file(folder: Path) -> None:
    settings = read_settings(folder)
    assert (settings.title, settings.theme, settings.language, settings.pages) == ("", "default", "en", ())
    assert settings.folder == folder


def test_only_the_folder_itself_counts(folder: Path) -> None:
    (folder / "reportgen.toml").write_text('title = "Above"', encoding="utf-8")
    assert read_settings(folder / "figures").title == ""


def test_values(folder: Path) -> None:
    text = """
title = "Site"
base_url = "https://example.org/reports"
runs = ["wandb"]

[[navigation]]
file = "other.md"
title = "The other"
"""
    (folder / "reportgen.toml").write_text(text, encoding="utf-8")
    settings = read_settings(folder)
    assert (settings.title, settings.base_url) == ("Site", "https://example.org/reports/")
    assert settings.pages == (NavigationItem(file="other.md", title="The other"),)
    assert [source.location for source in settings.sources] == [folder / "wandb"]


KNOWN = "there are: title, description, runs, aliases, theme, language, base_url, navigation, query, publish"
ADDRESS = "expected an address such as https://example.org/reports/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('titel = "x"', ["1: no setting 'titel'; did you mean 'title'?"]),
        ("\ntitle = 3", ["2: setting 'title' expects text, got 3; put it in quotes: '3'"]),
        ('title = ""\nlanguage = "x y"', ["2: setting 'language': expected a language tag such as en or pt-BR, got 'x y'"]),
        ('title = "a"\ntitle = "b"', ["2: invalid TOML: this key is given twice; keep one of the two"]),
        ("runs = [1", ["1: invalid TOML: a [ without its ]"]),
        ('title = "x\nlanguage = "en"', ["1: invalid TOML: a quote that is never closed"]),
        ("title = 'x", ["1: invalid TOML: a quote that is never closed"]),
        ("\ntitle = A report", ['2: invalid TOML: expected a value; text stands in quotes, as in "text"']),
        ('title "x"', ['1: invalid TOML: expected = after the key; as in key = "value"']),
        ('runs = "a", "b"', ["1: invalid TOML: more than one value in a line; a list stands in [ and ]"]),
        ('= "b"', ['1: invalid TOML: expected a key; as in key = "value"']),
        ("[runs]\n[runs]", ["2: invalid TOML: this table is given twice; keep one of the two"]),
        ('title = "C:\\data"', ["1: invalid TOML: a lone backslash in quotes; put the text in single quotes"]),
        ('runs = [\n  "wandb",\n  "wnadb",\n]', ["3: no file or folder 'wnadb'; did you mean 'wandb'?"]),
        ('[runs]\nold = "wandb"\nnew = "none"', ["3: no file or folder 'none'"]),
        ('navigation = [\n  "other.md",\n  "othr.md",\n]', ["3: navigation: no file 'othr.md'; did you mean 'other.md'?"]),
        ('[[navigation]]\nfile = "other.md"\n\n[[navigation]]\nfil = "other.md"', [
            "4: the setting 'navigation.file' is missing", "5: no setting 'fil'; did you mean 'file'?",
        ]),
        ('base_url = "example.org"', [f"1: setting 'base_url': {ADDRESS}, got 'example.org'"]),
        ('"a.b" = 1\n[x.y]\nz = 1', [f"1: no setting 'a.b'; {KNOWN}", f"2: no setting 'x'; {KNOWN}"]),
    ],
)  # fmt: skip
def test_mistakes(folder: Path, text: str, expected: list[str]) -> None:
    (folder / "reportgen.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Mistakes) as error:
        read_settings(Path())
    assert str(error.value).split("\n") == [f"reportgen.toml:{line}" for line in expected]


def test_no_text(folder: Path) -> None:
    (folder / "reportgen.toml").write_bytes(b"\xff")
    with pytest.raises(Mistakes, match="not a text file in UTF-8"):
        read_settings(folder)
