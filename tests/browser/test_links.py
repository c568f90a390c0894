"""Every link of every page of a site with samples of every kind: none is broken, no page is out of reach, nothing is said or asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.accessibility import serious
from browser.links import Walk

from reportgen.site.build import build

ROOT = Path(__file__).parents[2]
LOGS = sorted(path.name for path in (ROOT / "tests" / "data").iterdir() if path.is_dir())
EVERYTHING = """---
title: Logs of every kind
authors: [Kimin]
date: 2026-11-25
runs:
{runs}
---
There are {{{{ runs | length }}}} runs.

```artifacts
lineage: true
id: lineage
```

## Runs

{{{{ ref('lineage') }}}} shows what they made.

```runs
limit: 20
```

```histogram
limit: 2
```
"""
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two written reports and one over all samples of logs."""
    folder = tmp_path_factory.mktemp("links")
    for name in ("digits", "three-runs"):
        shutil.copytree(ROOT / "examples" / name, folder / name)
    runs = "\n".join(f"  {name}: {(ROOT / 'tests' / 'data' / name).as_posix()}" for name in LOGS)
    (folder / "everything.md").write_text(EVERYTHING.format(runs=runs))
    build(folder, out=folder / "site")
    return folder / "site"


def pages(site: Path) -> list[str]:
    """All pages, without the one that servers show for addresses that are not there."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path.name != "404.html" and _is_page(path, site))


def _is_page(path: Path, site: Path) -> bool:
    """Whether it is a page of ours, and not a file of an artifact or a medium."""
    return path.relative_to(site).parts[0] not in ("files", "media")


def samples(site: Path, which: tuple[int, ...] = (0, -1)) -> list[str]:
    """Pages of each kind: the first pages, and of each folder the smallest and the largest."""
    chosen: dict[str, None] = dict.fromkeys(name for name in pages(site) if "/" not in name)
    folders = sorted({name.rpartition("/")[0] for name in pages(site) if "/" in name})
    for folder in folders:
        inside = sorted((site / folder).glob("*.html"), key=lambda path: (path.stat().st_size, path.name))
        chosen |= dict.fromkeys(path.relative_to(site).as_posix() for path in (inside[i] for i in which))
    return list(chosen)


SCROLLED = """async () => {
  const links = new Set();
  const collect = () => document.querySelectorAll('a[href]').forEach((link) => links.add(link.getAttribute('href')));
  // In the first frame the page is told that it was scrolled, in the second it has drawn what is in view.
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const wait = async () => { await frame(); await frame(); };
  collect();
  const boxes = [...document.querySelectorAll('*')].filter((one) => (
    one.scrollHeight > one.clientHeight + 20 && /auto|scroll/.test(getComputedStyle(one).overflowY)));
  for (const box of boxes) {
    for (let y = 0; y < box.scrollHeight; y += Math.max(40, box.clientHeight - 40)) {
      box.scrollTop = y;
      await wait();
      collect();
    }
  }
  return [...links];
}"""
"""All links of a page after each of its boxes was scrolled from its top to its end: of a long list, only what is in view is drawn."""


def drawn_links(visit: Open, site: Path) -> dict[str, list[str]]:
    """What only the browser code links to, on the first pages."""
    found = {}
    for name in (one for one in pages(site) if "/" not in one):
        seen = visit(site / name)
        seen.page.wait_for_function("() => !document.querySelector('[data-dashboard][hidden], [data-busy]')")
        found[name] = seen.page.evaluate(SCROLLED)
    return found


def test_no_link_is_broken_and_no_page_out_of_reach(visit: Open, site: Path) -> None:
    walk = Walk(site, drawn_links(visit, site)).start()
    assert walk.broken == []
    assert walk.orphans(pages(site)) == []
    assert len(walk.reached) > 150


def test_no_page_says_or_asks_for_anything(visit: Open, site: Path) -> None:
    for name in samples(site):
        seen = visit(site / name)
        seen.wait_for_charts()
        assert (name, seen.complaints, seen.requests) == (name, [], [])


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nothing_serious_keeps_anybody_out(visit: Open, site: Path, width: int, scheme: str) -> None:
    """One page of each kind in each look: the fullest with a mouse, the emptiest on a phone."""
    found = {}
    for name in [*samples(site, (-1,) if width > 700 else (0,)), "404.html"]:
        seen = visit(site / name, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
        if said := serious(seen.page):
            found[name] = said
    assert found == {}


def test_the_dialogs_keep_nobody_out(visit: Open, site: Path) -> None:
    seen = visit(site / "artifacts.html", bypass_csp=True)
    seen.page.keyboard.press("/")
    seen.page.locator(".search-field").fill("digits")
    seen.page.wait_for_selector(".search-option")
    assert serious(seen.page) == []
    seen.page.locator(".search-field").fill("")
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    seen.page.keyboard.press("?")
    seen.page.wait_for_selector(".key-help[open]")
    assert serious(seen.page) == []


CLOSED_AND_ASKED = """() => {
    const field = document.activeElement;
    field.closest('dialog').close();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }));
    return document.querySelector('.key-help').open;
}"""


def test_a_key_right_after_a_dialog_was_closed_is_not_lost(visit: Open, site: Path) -> None:
    """The field of a closed dialog keeps the focus until the page is drawn again; here it never is in between."""
    seen = visit(site / "artifacts.html")
    seen.page.keyboard.press("/")
    seen.page.wait_for_selector(".search-field:focus")
    assert seen.page.evaluate(CLOSED_AND_ASKED)
