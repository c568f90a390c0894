"""The files of the themes: readable colours, vendored files that are what they say, nothing from another host."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from reportgen.report.highlight import highlight_css
from reportgen.site.theme import find_theme

THEMES = Path(__file__).parents[2] / "themes"
VENDOR = THEMES / "default" / "vendor"
WRITTEN = [path for path in sorted(THEMES.rglob("*")) if path.suffix in (".css", ".html", ".js", ".toml", ".json")]
NAMESPACES = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1998/Math/MathML",
    "https://vega.github.io/schema/",
)
"""Names that look like addresses and are never asked for."""


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", css))


def schemes() -> dict[str, dict[str, str]]:
    """Name → the colours of each theme in light and in dark, code included."""
    tokens = (THEMES / "default" / "styles" / "10-tokens.css").read_text(encoding="utf-8")
    root, media, chosen = (colours(part) for part in re.split(r"@media[^{]*\{|:root\[data-theme=\"dark\"\]", tokens)[:3])
    assert media == chosen, "dark by choice and dark by system are one"
    code = [colours(part) for part in re.split(r"@media", highlight_css())[:2]]
    paper = find_theme("paper")
    night = (THEMES / "paper" / "styles" / "80-paper.css").read_text(encoding="utf-8")
    only = {name: value for name, value in paper.options.light.items() if value.startswith("#")}
    return {"light": root | code[0], "dark": media | code[1], "paper": only | colours(night)}


@pytest.mark.parametrize("scheme", ["light", "dark", "paper"])
def test_text_can_be_read(scheme: str) -> None:
    found = schemes()[scheme]
    inks = [name for name in found if name in ("ink", "muted", "accent", "good", "warn", "bad") or name.startswith("code-")]
    assert len(inks) == 14
    weak = {(ink, on): contrast(found[ink], found[on]) for ink in inks for on in ("paper", "raised")}
    assert not {pair: round(value, 2) for pair, value in weak.items() if value < 4.5}


def test_contrast_of_black_and_white() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def test_paper_has_no_night() -> None:
    options = find_theme("paper").options
    assert {name: value for name, value in options.light.items() if value.startswith("#")} == options.dark


def test_code_has_the_colours_of_the_report_room() -> None:
    assert (THEMES / "default" / "styles" / "70-code.css").read_text(encoding="utf-8").partition("\n")[2] == highlight_css()


def test_vendored_files_are_what_the_manifest_says() -> None:
    listed = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))["files"]
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - {"manifest.json"}
    assert {entry["file"] for entry in listed} == there
    for entry in listed:
        assert set(entry) == {"file", "package", "version", "licence", "sha256"}
        assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_fonts_are_small_and_licensed() -> None:
    fonts = list(VENDOR.rglob("*.woff2"))
    assert fonts
    assert sum(path.stat().st_size for path in fonts) < 150_000
    assert all((path.parent / "LICENSE").is_file() for path in fonts)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(THEMES).as_posix())
def test_nothing_comes_from_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    found = re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+|@import\b|\bfetch\(|\bimport\(", text)
    assert not found


@pytest.mark.parametrize("path", [path for path in WRITTEN if path.suffix == ".html"], ids=lambda path: path.relative_to(THEMES).as_posix())
def test_templates_hold_no_script_of_their_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|javascript:", text)
    assert "| safe" not in text
