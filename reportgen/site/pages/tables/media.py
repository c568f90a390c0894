"""The media in the cells of tables: their files in the site, and what the browser needs to show them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup, escape

from reportgen.blocks.logged_media.content import bytes_of, ending
from reportgen.blocks.logged_media.pictures import is_image, look
from reportgen.blocks.readable import readable
from reportgen.model import Media
from reportgen.report.document import LinkedFile

_SOUNDS = (".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac")
_FILMS = (".mp4", ".webm", ".ogv", ".mov", ".m4v")
_LOOKED_AT = 48
"""So many images of a column are looked at to tell whether all are nearly black."""


class TableFiles:
    """The files that the tables of one page show, each content copied once."""

    def __init__(self) -> None:
        self.linked: dict[str, LinkedFile] = {}
        self._targets: dict[tuple[Path, tuple[int, int] | None], str] = {}

    def literal(self, one: Media) -> str:
        """A medium as the browser code takes it: `{src, as, caption}`; without `src` where there is no file to show."""
        told: dict[str, str] = {"kind": one.kind}
        if text := readable((one.text or "")[:2000] if one.kind in ("text", "json") else one.caption):
            told["caption"] = text
        if (shown_as := _shown_as(one)) and (target := self._target(one)):
            told |= {"src": target, "as": shown_as}
        return json.dumps(told, separators=(",", ":"))

    def html(self, one: Media, root: str) -> Markup:
        """A medium in the page itself: an image, or in words what it is."""
        told = json.loads(self.literal(one))
        said = told.get("caption") or one.kind
        if told.get("as") == "img":
            return Markup('<img class="grid-thumbnail" src="{}{}" alt="{}" loading="lazy">').format(root, told["src"], said)
        return escape(said)

    def _target(self, one: Media) -> str:
        """Where the file is in the site; "" when it cannot be read."""
        if one.path is None:
            return ""
        place = one.path, one.span
        if place not in self._targets:
            try:
                digest = hashlib.sha256(bytes_of(one.path, one.span)).hexdigest()[:16]
            except OSError:
                return ""
            target = f"media/{digest}{ending(one)}"
            self.linked.setdefault(target, LinkedFile(one.path, target, one.span))
            self._targets[place] = target
        return self._targets[place]


def brightness(cells: Iterable[Media | None]) -> float:
    """By how much images have to be brightened so that they are not seen as black; 1 where they need not be."""
    images = [one for one in cells if one is not None and is_image(one)][:_LOOKED_AT]
    pictures = [picture for one in images if one.path and (picture := look(one.path, one.span))]
    if not pictures or not all(picture.is_dark or picture.brightest == 0 for picture in pictures):
        return 1.0
    brightest = max(picture.brightest or 0 for picture in pictures)
    return 255 / brightest if brightest else 1.0


def _shown_as(one: Media) -> str:
    """The element that shows it; "" for what could run code, or is of a kind that browsers do not know."""
    if one.path is None or not one.path.is_file():
        return ""
    if is_image(one) or (one.kind == "video" and ending(one) == ".gif"):
        return "img"
    if one.kind == "audio" and ending(one) in _SOUNDS:
        return "audio"
    return "video" if one.kind == "video" and ending(one) in _FILMS else ""
