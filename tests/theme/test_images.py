"""The images of a run's page: dark, tiny and broken ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from theme.theme_runs import made, page

from reportgen.blocks.logged_media.content import bytes_of
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.logged_media.pictures import Picture, is_image, look
from reportgen.blocks.logged_media.view import media_panel
from reportgen.model import Media


def shown(*paths: Path) -> str:
    return str(media_panel("samples", [Media("samples", 3, "image", path, caption="a digit") for path in paths], SiteFiles(), ""))


@pytest.mark.parametrize(
    ("mode", "colour", "brightest"),
    [("L", 1, 1), ("RGB", (0, 31, 2), 31), ("RGBA", (9, 0, 0, 255), 9), ("1", 1, None), ("I;16", 900, None), ("L", 0, 0)],
)
def test_the_brightest_value_is_known(tmp_path: Path, mode: str, colour: int | tuple[int, ...], brightest: int | None) -> None:
    path = tmp_path / "x.png"
    Image.new(mode, (8, 4), colour).save(path)
    found = look(path)
    assert found
    assert (found.width, found.height) == (8, 4)
    assert found.brightest == brightest


def test_a_picture_that_looks_black_is_brightened_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "dark.png"
    Image.new("L", (8, 8), 1).save(path)
    html = shown(path)
    assert re.search(r'<a href="(media/\w+\.png)"><img src="\1" alt="a digit" width="8" height="8" loading="lazy" class="tiny"', html)
    assert 'style="filter:brightness(255)"' in html
    assert '<span class="remark">brightened: the file’s values reach 1 of 255</span>' in html


def test_what_holds_for_all_pictures_is_said_once(tmp_path: Path) -> None:
    for name, colour in (("a.png", 3), ("b.png", 3), ("c.png", 200)):
        Image.new("L", (8, 8), colour).save(tmp_path / name)
    both = shown(tmp_path / "a.png", tmp_path / "b.png")
    assert both.count("brightened") == 1
    assert "All brightened: the file’s values reach 3 of 255." in both
    assert shown(tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png").count('class="remark">brightened') == 2


def test_an_ordinary_picture_is_left_alone(tmp_path: Path) -> None:
    for name, size, colour in (("a.png", 300, 200), ("black.png", 8, 0), ("large.png", 600, 1)):
        Image.new("L", (size, size), colour).save(tmp_path / name)
    assert "brightness" not in shown(tmp_path / "a.png", tmp_path / "black.png", tmp_path / "large.png")
    assert "tiny" not in shown(tmp_path / "a.png")
    assert "black: all values of the file are 0" in shown(tmp_path / "black.png")
    assert look(tmp_path / "large.png") == Picture(600, 600)


@pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"\x89PNG", None])
def test_a_broken_file_is_named_and_breaks_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.png"
    Image.new("L", (64, 64), 100).save(path)
    path.write_bytes(path.read_bytes()[:60] if content is None else content)
    html = shown(path)
    assert "This file is damaged: it cannot be shown as an image." in html
    assert "<img" not in html


def test_only_pictures_are_images(tmp_path: Path) -> None:
    for name in ("a.png", "b.svg", "c.html"):
        (tmp_path / name).write_bytes(b"x")
    media = tuple(Media("k", 0, "image", tmp_path / name) for name in ("a.png", "b.svg", "c.html", "gone.png"))
    assert [one.path.name for one in media if is_image(one) and one.path] == ["a.png"]


def test_an_image_inside_of_a_log(tmp_path: Path) -> None:
    Image.new("RGB", (8, 4), "white").save(tmp_path / "x.png")
    picture = (tmp_path / "x.png").read_bytes()
    log = tmp_path / "events.log"
    log.write_bytes(b"before" + picture + b"behind")
    about = {"format": "png"}
    media = (
        Media("k", 0, "image", log, about=about, span=(6, len(picture))),
        Media("k", 1, "image", log, about=about, span=(6, 20)),
        Media("k", 1, "image", log, about={"format": "svg"}, span=(6, 20)),
    )
    (section,) = (one for one in page(made(media={"k": media})).sections if one.name == "k")
    assert section.count == 3
    assert "This file is damaged" in section.body
    assert "is not shown here" in section.body
    files = [file for file in page(made(media={"k": media})).files if file.content is None]
    assert {bytes_of(file.source, file.span) for file in files} == {picture, picture[:20]}
    assert {file.target.rpartition(".")[2] for file in files} == {"png", "bin"}
    (data,) = (file for file in page(made(media={"k": media})).files if file.target.startswith("data/media"))
    assert b'"width":8,"height":4' in (data.content or b"")
