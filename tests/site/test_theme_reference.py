"""The page about themes is made from the models, the style sheets and the templates, and is up to date."""

from __future__ import annotations

from pathlib import Path

from reportgen.site.theme import find_theme
from reportgen.site.theme_reference import TEMPLATES, theme_reference

PAGE = Path(__file__).parents[2] / "docs" / "themes.md"


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == theme_reference(), "make it again: python -m reportgen.site.theme_reference > docs/themes.md"


def test_every_template_is_described() -> None:
    assert {path.name for path in (find_theme().folder / "templates").glob("*.html")} == set(TEMPLATES)
