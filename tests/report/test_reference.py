"""The reference page is made from the models and is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.blocks import KINDS
from reportgen.blocks.block import BlockOptions
from reportgen.report.front_matter import FrontMatter
from reportgen.report.reference import reference
from reportgen.settings import NavigationItem, Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"


def test_page_is_up_to_date() -> None:
    hint = "make it again: python -m reportgen.report.reference > docs/reference.md"
    assert PAGE.read_text(encoding="utf-8") == reference(), hint


MODELS = [BlockOptions, FrontMatter, Settings, NavigationItem, *(block.Options for block in KINDS.values())]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_everything_is_described(model: type[BlockOptions]) -> None:
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name} has no description"
        assert field.description.rstrip().endswith((".", "?", "`", ")")), f"{model.__name__}.{name}: write a sentence"
        assert f"`{field.alias or name}`" in PAGE.read_text(encoding="utf-8")
