"""A site in Korean is in Korean: on pages made of logs without a Latin letter, all Latin words are names and units."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from site_samples import write_report
from words.nameless_logs import write_site

from reportgen.site.build import build

NAMES = {
    "reportgen", "wandb", "Optuna", "Hydra", "Ray", "Plotly", "DuckDB", "Git", "Welch", "Holm", "Student", "Hedges", "Mann", "Whitney",
    "Sudret", "Lu", "Boukouvalas", "Hensman", "OOB", "NaN", "EMA", "CPU", "GPU", "ID", "UTC", "SQL", "JSON", "YAML", "CSV", "PNG",
    "SVG", "LaTeX", "Markdown", "kB", "MB", "GB", "Shift", "Esc", "Enter", "Ctrl", "Alt", "Tab",
}  # fmt: skip
"""Words that Korean takes as they are: names, units, formats, keys of the keyboard, and SQL's."""
WRITTEN = re.compile(
    r"config(?:\.\S*|$)|(?:min|max)\(\S+\)|`[^`]*`|[\w./…-]*\.(?:html|txt|wandb)\b|runs\(|W&B"
    r"|lr < 0\.01(?: and state = 'finished')?|label <> prediction"
    r"|조건에서는 \w+"
)
"""What is written as it is typed: columns, options, file names, an example of a condition."""
LATIN = re.compile(r"[A-Za-z]{2,}")
SPOKEN = ("title", "aria-label", "alt", "placeholder", "data-title", "data-subtitle", "data-description", "label")

TEXTS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest('script, style, pre, textarea')) found.push(node.nodeValue);
    } else for (const name of SPOKEN) if (node.hasAttribute(name)) found.push(node.getAttribute(name));
  }
  return found;
}""".replace("SPOKEN", json.dumps(SPOKEN))


class _Spoken(HTMLParser):
    """The texts of a page and what is said of its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet += tag in ("script", "style", "pre", "cite")
        self.found += [value for name, value in attrs if name in SPOKEN and value]
        named = dict(attrs)
        if tag == "meta" and named.get("name", named.get("property")) in ("description", "og:description", "og:title"):
            self.found.append(named.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in ("script", "style", "pre", "cite")

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.found.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("korean") / "site"
    build(write_site(tmp_path_factory.mktemp("logs")), out=out)
    return out


def latin(texts: Iterable[str]) -> list[str]:
    """The texts with Latin words that are none of `NAMES`."""
    return sorted({text.strip() for text in texts if set(LATIN.findall(WRITTEN.sub(" ", text))) - NAMES})


def test_pages_without_scripts_are_in_korean(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert {"report.html", "runs.html", "sweeps.html", "tables.html", "artifacts.html", "404.html"} <= {page.name for page in pages}
    left: dict[str, list[str]] = {}
    for page in pages:
        assert '<html lang="ko">' in page.read_text(), page
        spoken = _Spoken()
        spoken.feed(page.read_text())
        if found := latin(spoken.found):
            left[page.relative_to(site).as_posix()] = found
    assert not left, json.dumps(left, ensure_ascii=False, indent=1)


def test_charts_are_in_korean(site: Path) -> None:
    """Also what only shows when they are alive: titles in their tooltips, entries of their legends."""
    call = re.compile(r'reportgen\.chart\("[^"]*",(.*)\);\n')
    specs = [json.loads(found[1]) for path in site.rglob("*.js") if (found := call.fullmatch(path.read_text()))]
    assert len(specs) > 30
    assert latin(text for spec in specs for text in _titles(spec)) == []


def _titles(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("title", "subtitle", "description") and isinstance(value, str):
                yield value
            yield from _titles(value)
    elif isinstance(node, list):
        for one in node:
            yield from _titles(one)


def test_a_report_in_korean_on_an_english_site(tmp_path: Path) -> None:
    report = write_report(tmp_path, runs="logs\nlanguage: ko")
    build(report, out=tmp_path / "out")
    korean, english = ((tmp_path / "out" / name).read_text() for name in ("index.html", "runs.html"))
    assert '<html lang="ko">' in korean
    assert ">실행</a>" in korean
    assert ">Runs</a>" not in korean
    assert '<html lang="en">' in english
    assert "실행" not in english


KINDS = ("report.html", "runs.html", "runs/*.html", "sweeps/*.html", "tables/*.html", "artifacts/*.html", "gradients/*.html", "sweeps.html")


@pytest.mark.parametrize("kind", KINDS)
def test_live_pages_are_in_korean(site: Path, visit: Callable[..., Any], kind: str) -> None:
    seen = visit(sorted(site.glob(kind))[0], viewport={"width": 1440, "height": 900})
    seen.page.keyboard.press("?")
    seen.page.locator("dialog[open]").wait_for()
    texts = seen.page.evaluate(TEXTS)
    seen.page.keyboard.press("Escape")
    seen.wait_for_charts()
    if kind == "runs.html":
        seen.page.get_by_role("button", name="표", exact=True).click()
        seen.page.get_by_role("button", name="열", exact=True).click()
        seen.page.locator(".column-choice").wait_for()
    texts += seen.page.evaluate(TEXTS)
    assert latin(texts) == []
