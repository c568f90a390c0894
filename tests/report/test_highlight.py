"""Code in colours that can be read on every paper."""

from __future__ import annotations

import pytest
from pygments.lexers import get_lexer_by_name

from reportgen.report.highlight import COLOURS, highlight, highlight_css, is_language

PAPERS = (("#ffffff", "#f7f7f8"), ("#111214", "#191b1f"))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("kind", COLOURS)
def test_contrast(kind: str) -> None:
    for colour, papers in zip(COLOURS[kind], PAPERS, strict=True):
        for paper in papers:
            bright, dark = sorted((luminance(colour), luminance(paper)), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, f"{kind}: {colour} on {paper}"


@pytest.mark.parametrize("language", ["python", "yaml", "bash", "diff", "json", "no-such-language", ""])
def test_code_keeps_its_text(language: str) -> None:
    code = "\n\n- a = '<b>' # &\n+x: 1\n\n"
    assert highlight(code, language).striptags().strip() == " ".join(code.split())
    assert highlight(code, language).count("\n") == code.count("\n")
    assert "<b>" not in highlight(code, language)


def test_every_kind_has_a_rule() -> None:
    css = highlight_css()
    for kind in COLOURS:
        assert css.count(f"--code-{kind}:") == 3
        assert f"{{color:var(--code-{kind})}}" in css


def test_languages() -> None:
    assert is_language("python")
    assert not is_language("chrat")
    for kind in ("chart", "compare", "runs", "importance", "vega-lite"):
        with pytest.raises(ValueError, match="no lexer"):
            get_lexer_by_name(kind)
