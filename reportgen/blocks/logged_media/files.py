"""The files that the media of a page need, each content once."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.blocks.linked_file import LinkedFile
from reportgen.blocks.logged_media.content import bytes_of, ending
from reportgen.model import Media

_MADE = Path()
_ADDED = re.compile(r"_\d+_[0-9a-f]{20}(?=\.)")
"""What W&B puts between the name and the ending of a medium's file: its step and the beginning of its digest."""
_DOWNLOADS = frozenset({
    ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp",
    ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav",
    ".m4v", ".mov", ".mp4", ".ogv", ".webm",
    ".glb", ".gltf", ".mol", ".mol2", ".obj", ".pdb", ".sdf", ".stl", ".xyz",
    ".csv", ".json", ".npy", ".npz", ".parquet", ".pb", ".pdf", ".pt", ".pth", ".tsv", ".txt", ".yaml", ".yml",
    ".gz", ".tar", ".zip",
})  # fmt: skip
"""Files that no browser takes for a page: what ends otherwise (an SVG, a script) would run as one of the site's own."""


class SiteFiles:
    """Collects the files; `linked` has them by their path below the site's root."""

    def __init__(self) -> None:
        self.linked: dict[str, LinkedFile] = {}
        self._targets: dict[tuple[Path, tuple[int, int] | None, str], str] = {}

    def add(self, one: Media) -> str:
        """The path of a medium's file below the site's root; "" when there is none that can be read."""
        return self.copy(one.path, one.span, ending(one)) if one.path else ""

    def copy(self, path: Path, span: tuple[int, int] | None = None, end: str | None = None) -> str:
        """The path of a copy below the site's root; "" when the file cannot be read."""
        end = path.suffix.lower() if end is None else end
        place = path, span, end
        if place not in self._targets:
            try:
                digest = hashlib.sha256(bytes_of(path, span)).hexdigest()[:16]
            except (OSError, ValueError):
                return ""
            target = f"media/{digest}{end if end in _DOWNLOADS else '.bin'}"
            self.linked.setdefault(target, LinkedFile(path, target, span))
            self._targets[place] = target
        return self._targets[place]

    def made(self, content: bytes, end: str) -> str:
        """The path of a file that is made for the page."""
        target = f"media/{hashlib.sha256(content).hexdigest()[:16]}{end}"
        self.linked.setdefault(target, LinkedFile(_MADE, target, None, content))
        return target

    def script(self, folder: str, value: Any) -> str:
        """The path of a classic script that hands a value to the browser code, by which that knows it."""
        body = json.dumps(value, separators=(",", ":"))
        path = f"{folder}/{hashlib.sha256(body.encode()).hexdigest()[:12]}.js"
        self.linked.setdefault(path, LinkedFile(_MADE, path, None, f'reportgen.value("{path}",{body});\n'.encode()))
        return path


def name_of(one: Media) -> str:
    """The name of a medium's file as a reader knows it, without the step and digest that W&B adds: "scene.png"."""
    if one.path is None or one.span is not None:
        return ""
    return _ADDED.sub("", PurePosixPath(one.path.name).name)
