"""Where links and images lead: files are copied beside the page, pages and anchors checked, other hosts only linked to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from reportgen.errors import Mistake, Mistakes, did_you_mean
from reportgen.report.document import LinkedFile
from reportgen.report.front_matter import read_head
from reportgen.report.headings import anchors_of
from reportgen.settings import nearest_file

_SCHEME = re.compile(r"^[\s\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-\s]*):")
_OWN_PAGES = re.compile(r"^(\.\./)*(runs|runs/[\w.-]+|gradients/[\w.-]+)\.html$")
_IMAGE_DATA = re.compile(r"^data:image/(png|jpeg|gif|webp|avif|svg\+xml);base64,[A-Za-z0-9+/=]+$")
_NUMBERED = re.compile(r"(figure|table|fn|fnref)-\d+|top")
_ADDRESS = re.compile(r"[^\w\-.~:/?#\[\]@!$&'()*+,;=%]")


class Links:
    """The links of one report.

    Args:
        path: The report.
        source_root: Files from outside of this folder are not copied.
        root: The way from the page to the site's root.
        site_pages: The other reports of the site and their pages.
        own_pages: The pages of the workspace that a report may link to by their names (`runs.html`).
        note: Takes mistakes with the line of the text.
        warn: Takes warnings with the line of the text.
    """

    def __init__(
        self,
        path: Path,
        source_root: Path,
        root: str,
        site_pages: Mapping[Path, str],
        own_pages: Collection[str],
        note: Callable[[Mistake, int], None],
        warn: Callable[[str, int], None],
    ) -> None:
        self.folder = path.absolute().parent
        self.source_root = source_root.resolve()
        self.root, self.own_pages, self.note, self.warn = root, own_pages, note, warn
        self.pages = {file.resolve(): target for file, target in site_pages.items()}
        self.files: dict[Path, LinkedFile] = {}
        self.anchors: list[tuple[str, int]] = []
        self.other_anchors: dict[Path, set[str] | None] = {}

    def resolve(self, address: str, use: Literal["link", "image"], line: int, own: bool = False) -> str | None:
        """The address as it stands in the page, or None where there must be no link.

        Args:
            own: The address came from an expression, so it may be a page of reportgen's own.
        """
        address = address.strip()
        if own and _OWN_PAGES.match(address):
            return address
        if scheme := _SCHEME.match(address):
            return self._elsewhere(address, re.sub(r"\s", "", scheme[1]).lower(), use, line)
        if address.startswith("//"):
            return self._elsewhere(address, "https", use, line)
        name, _, anchor = address.partition("#")
        if not name:
            if use == "image" or not anchor:
                self.note(Mistake(f"an empty address of {'an image' if use == 'image' else 'a link'}"), line)
                return None
            self.anchors.append((unquote(anchor), line))
            return f"#{_encoded(anchor)}"
        return self._file(unquote(name.partition("?")[0]), f"#{_encoded(anchor)}" if anchor else "", line)

    def check_anchors(self, known: Collection[str]) -> None:
        """Notes the links to headings and blocks that the page does not have."""
        for anchor, line in self.anchors:
            if anchor not in known and anchor != "top":
                self.note(Mistake(f"no heading or block '#{anchor}'", hint=did_you_mean(anchor, known)), line)

    def _elsewhere(self, address: str, scheme: str, use: str, line: int) -> str | None:
        if scheme in ("http", "https") and use == "image":
            hint = "download it beside the report"
            self.note(
                Mistake(f"the image '{_short(address)}' is on another host, and a report asks no other host", hint=hint), line
            )
            return None
        if scheme == "data" and use == "image" and _IMAGE_DATA.match(address):
            return address
        if scheme in ("http", "https", "mailto", "tel") and use == "link":
            return _encoded(address)
        self.warn(f"a link with '{scheme}:' was left out", line)
        return None

    def _file(self, name: str, anchor: str, line: int) -> str | None:
        if name.startswith("/") or re.match(r"^[A-Za-z]:[\\/]", name) or "\\" in name:
            hint = "write it relative to the report, with /"
            self.note(Mistake(f"the address '{_short(name)}' does not work everywhere", hint=hint), line)
            return None
        path = self.folder / name
        try:
            file = path.resolve()
            exists = file.exists()
        except (OSError, ValueError):
            file, exists = path, False
        if file in self.pages:
            self._check_page(file, name, unquote(anchor[1:]), line)
            return f"{self.root}{quote(self.pages[file])}{anchor}"
        if not exists and name in self.own_pages:
            return f"{self.root}{name}"
        if not file.is_relative_to(self.source_root):
            hint = "move it into that folder"
            self.note(Mistake(f"the file '{_short(name)}' lies outside of the folder that is built", hint=hint), line)
        elif not exists:
            self.note(Mistake(f"no file '{_short(name)}'", hint=nearest_file(path)), line)
        elif file.is_dir():
            self.note(Mistake(f"'{_short(name)}' is a folder", hint="link to a file in it"), line)
        else:
            if file.suffix == ".md":
                self.warn(f"'{name}' is not a report of this site: its source is linked", line)
            return self._copied(file, name, anchor, line)
        return None

    def _check_page(self, file: Path, name: str, anchor: str, line: int) -> None:
        """Notes an anchor that another report does not have; what is wrong with that report itself is not said here."""
        if not anchor or _NUMBERED.fullmatch(anchor):
            return
        if file not in self.other_anchors:
            try:
                self.other_anchors[file] = anchors_of(read_head(file.read_text(encoding="utf-8-sig"), file).body)
            except (Mistakes, OSError, UnicodeDecodeError):
                self.other_anchors[file] = None
        known = self.other_anchors[file]
        if known is not None and anchor not in known:
            self.note(Mistake(f"'{name}' has no heading or block '#{anchor}'", hint=did_you_mean(anchor, known)), line)

    def _copied(self, file: Path, name: str, anchor: str, line: int) -> str | None:
        if file not in self.files:
            try:
                digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
            except OSError as error:
                self.note(Mistake(f"the file '{_short(name)}' cannot be read: {error.strerror}"), line)
                return None
            stem = re.sub(r"[^\w.-]+", "-", file.stem).strip("-.")[:60] or "file"
            self.files[file] = LinkedFile(file, f"files/{stem}.{digest}{file.suffix}")
        return f"{self.root}{quote(self.files[file].target)}{anchor}"


def _encoded(address: str) -> str:
    """The address with everything percent-encoded that cannot stand in one."""
    return _ADDRESS.sub(lambda found: quote(found[0]), address)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
