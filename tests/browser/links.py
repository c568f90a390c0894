"""The links of a built site: which there are, and which lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {"src", "poster", "data-chart", "data-vega", "data-font", "data-script", "data-search"}
"""Attributes that name a file which the page shows or loads."""
_FROM_ROOT = {"data-script", "data-search"}
"""Those of them that begin at the site's root."""


@dataclass
class PageLinks(HTMLParser):
    """A page as far as links go.

    Attributes:
        links: What `<a href>` leads to.
        files: What the page loads or shows, as (attribute, address).
        ids: What a fragment can name.
    """

    text: str = ""
    links: list[str] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif (name == "href" or name in _LOADED) and value and not value.startswith(("data:", "#")):
                self.files.append((name, value))


@dataclass
class Walk:
    """A walk over all pages that can be reached from the first one by links.

    Attributes:
        reached: The pages, paths below the site's root.
        broken: "page: link" for each link that leads nowhere.
        outside: "page: link" for each link to another host.
    """

    site: Path
    drawn: dict[str, list[str]] = field(default_factory=dict)
    reached: dict[str, None] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    _pages: dict[str, PageLinks] = field(default_factory=dict)

    def start(self, page: str = "index.html") -> Walk:
        """Walks; `drawn` are links that only the browser code puts into pages, by page."""
        waiting = [page]
        while waiting:
            here = waiting.pop()
            if here in self.reached:
                continue
            self.reached[here] = None
            waiting += self._follow(here)
        return self

    def page(self, name: str) -> PageLinks:
        """A page, read once."""
        if name not in self._pages:
            self._pages[name] = PageLinks((self.site / name).read_text(encoding="utf-8"))
        return self._pages[name]

    def orphans(self, pages: Iterable[str]) -> list[str]:
        """Those of some pages that cannot be reached."""
        return sorted(set(pages) - set(self.reached))

    def _follow(self, here: str) -> Iterator[str]:
        read = self.page(here)
        for attribute, address in read.files:
            base = self.site if attribute in _FROM_ROOT else (self.site / here).parent
            if not (base / _path(address)).is_file() and not (self.site / _path(address)).is_file():
                self.broken.append(f"{here}: {attribute} {address}")
        for address in [*read.links, *self.drawn.get(here, ())]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                self.outside.append(f"{here}: {address}")
                continue
            target = (self.site / here).parent / unquote(parts.path) if parts.path else self.site / here
            if not target.is_file():
                self.broken.append(f"{here}: {address}")
                continue
            name = target.resolve().relative_to(self.site.resolve()).as_posix()
            if not name.endswith(".html"):
                continue
            if parts.fragment and unquote(parts.fragment) not in self.page(name).ids:
                self.broken.append(f"{here}: {address} (nothing has this id)")
            yield name


def _path(address: str) -> str:
    return unquote(urlsplit(address).path)
