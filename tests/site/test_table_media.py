"""Media in the cells of tables: which are shown by which element, and that nothing that could run is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reportgen.model import Media, MediaKind
from reportgen.site.pages.tables.media import TableFiles, brightness


@pytest.mark.parametrize(
    ("kind", "name", "shown_as"),
    [
        ("image", "a.png", "img"),
        ("image", "a.PNG", "img"),
        ("image", "a.svg", ""),
        ("audio", "a.wav", "audio"),
        ("audio", "a.html", ""),
        ("video", "a.mp4", "video"),
        ("video", "a.gif", "img"),
        ("html", "a.html", ""),
        ("file", "a.png", ""),
    ],
)
def test_the_element_of_a_medium(tmp_path: Path, kind: MediaKind, name: str, shown_as: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    files = TableFiles()
    told = json.loads(files.literal(Media("t.a", 0, kind, tmp_path / name, "cap <b>")))
    assert told.get("as", "") == shown_as
    assert told["caption"] == "cap <b>"
    assert len(files.linked) == bool(shown_as)
    if shown_as:
        assert told["src"] in files.linked


def test_equal_files_are_copied_once_and_missing_ones_are_named(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"same")
    files = TableFiles()
    for name in ("a.png", "b.png", "c.png"):
        told = json.loads(files.literal(Media("t.a", 0, "image", tmp_path / name)))
        assert ("src" in told) == (name != "c.png")
    assert len(files.linked) == 1
    assert "<b>" not in files.html(Media("t.a", 0, "image", None, "<b>"), "../")


def test_images_that_would_be_seen_as_black_are_brightened(tmp_path: Path) -> None:
    def saved(name: str, highest: int) -> Media:
        Image.fromarray(np.full((4, 4), highest, np.uint8)).save(tmp_path / name)
        return Media("t.a", 0, "image", tmp_path / name)

    assert brightness([saved("a.png", 15), saved("b.png", 0), None]) == 17
    assert brightness([saved("a.png", 15), saved("c.png", 200)]) == 1
    assert brightness([saved("b.png", 0)]) == 1
    assert brightness([None]) == 1
