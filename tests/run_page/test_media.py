"""Logged media: overlays, point clouds, molecules, HTML, Plotly; broken and hostile files say so."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from theme.theme_runs import made, page

from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.logged_media.framed import framed_html
from reportgen.blocks.logged_media.items import item
from reportgen.blocks.logged_media.molecules import molecule
from reportgen.blocks.logged_media.overlays import overlays
from reportgen.blocks.logged_media.plotly import plotly_svg, read_plotly
from reportgen.blocks.logged_media.points import cloud
from reportgen.blocks.logged_media.view import media_panel
from reportgen.model import Media

HOSTILE = "\"><script>alert(1)</script>'"


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def image(path: Path, size: tuple[int, int] = (8, 4)) -> Path:
    Image.new("RGB", size, "white").save(path)
    return path


def data_of(files: SiteFiles, folder: str) -> list[Any]:
    found = [file for file in files.linked.values() if file.target.startswith(folder)]
    return [json.loads((one.content or b"").decode().partition(",")[2].removesuffix(");\n")) for one in found]


def test_a_mask_is_the_class_of_each_pixel(tmp_path: Path) -> None:
    ids = np.array([[0, 1, 2], [2, 2, 250]], np.uint8)
    Image.fromarray(ids).save(tmp_path / "m.png")
    about = {"masks": {"truth": {"path": tmp_path / "m.png", "class_labels": {"1": "car", 2: "<b>"}}, "lost": {"path": None}}}
    lost, truth = overlays(about, 3, 2)
    assert (lost["name"], truth["name"]) == ("lost", "truth"), "by name: W&B writes them in no fixed order"
    assert (truth["width"], truth["height"]) == (3, 2)
    assert list(zlib.decompress(b64decode(truth["ids"]))) == ids.ravel().tolist()
    assert truth["classes"] == {"0": "class 0", "1": "car", "2": "<b>", "250": "class 250"}
    assert lost["broken"]


def test_a_large_mask_has_every_other_pixel(tmp_path: Path) -> None:
    Image.new("L", (1500, 10), 7).save(tmp_path / "m.png")
    (mask,) = overlays({"masks": {"m": {"path": tmp_path / "m.png"}}}, 1500, 10)
    assert (mask["width"], mask["height"], set(zlib.decompress(b64decode(mask["ids"])))) == (750, 5, {7})


def test_boxes_are_in_pixels_whatever_their_domain() -> None:
    data = [
        {"position": {"minX": 10, "maxX": 30, "minY": 5, "maxY": 25}, "domain": "pixel", "class_id": 1, "scores": {"p": 0.5},
         "box_caption": "car"},
        {"position": {"minX": 0.25, "maxX": 0.5, "minY": 0, "maxY": 1}, "class_id": 2},
        {"position": {"middle": [0.5, 0.5], "width": 0.5, "height": 0.25}, "class_id": 2, "scores": {"p": float("nan")}},
        {"position": {"middle": [50, 20], "width": 10, "height": 10}, "domain": "pixel", "class_id": "x"},
        {"position": {"minX": float("nan"), "maxX": 1, "minY": 0, "maxY": 1}},
        {"position": "none"},
        None,
    ]  # fmt: skip
    (found,) = overlays({"boxes": {"p": {"box_data": data, "class_labels": {"1": "car"}}}}, 100, 40)
    assert found["boxes"] == [
        ["1", 10, 5, 30, 25, "car", 0.5], ["2", 25, 0, 50, 40, "", None], ["2", 25, 15, 75, 25, "", None], ["", 45, 15, 55, 25, "", None],
    ]  # fmt: skip
    assert found["lost"] == 3
    assert found["classes"]["1"] == "car"
    assert overlays({"boxes": {"p": None}, "masks": "no"}, 1, 1) == [{"kind": "boxes", "name": "p", "broken": True, "classes": {}}]


def test_all_steps_are_reached_and_the_page_has_the_last(tmp_path: Path) -> None:
    logged = [Media("k", step, "image", image(tmp_path / f"{step}.png", (8, step + 1)), caption=HOSTILE) for step in range(40)]
    files = SiteFiles()
    html = str(media_panel("k", logged, files, "../"))
    assert html.count("<img") == 1
    assert "step 39, the last of 40" in html
    assert "<script" not in html
    (data,) = data_of(files, "data/media")
    assert data["steps"] == list(range(40))
    assert [several[0]["height"] for several in data["items"]] == list(range(1, 41))
    assert data["items"][0][0]["caption"] == HOSTILE


def test_a_point_cloud_keeps_its_points_colours_and_boxes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pts.json", json.dumps([[0, 0, 0, 255, 0, 300], [1, 2, 3, 1, 2, 3]]))
    scene = cloud(path)
    assert scene
    assert scene.points.tolist() == [[0, 0, 0], [1, 2, 3]]
    assert scene.colours is not None
    assert scene.colours.tolist() == [[255, 0, 255], [1, 2, 3]]
    corners = [[x, y, z] for x in (0, 1) for y in (0, 2) for z in (0, 5)]
    boxed = cloud(written(path, json.dumps({"type": "lidar/beta", "points": [], "boxes": [{"corners": corners}, {"corners": [1]}],
                                            "vectors": [{"start": [0, 0, 0], "end": [1, 1, 1]}, 3]})))  # fmt: skip
    assert boxed
    lengths = np.linalg.norm(boxed.lines[:, 0] - boxed.lines[:, 1], axis=1)
    assert sorted(lengths.round(3).tolist()) == [1] * 4 + [1.732] + [2] * 4 + [5] * 4
    many = cloud(written(path, json.dumps([[i, i, i] for i in range(60_000)])))
    assert many
    assert (many.count, len(many.points), many.points[-1].tolist()) == (60_000, 40_000, [59_999] * 3)
    for content in ("", "{}", "[[1,2]]", '[["a",1,2]]', "[[NaN,1,2]]", "[" * 100_000):
        assert cloud(written(path, content)) is None


def test_molecules_have_atoms_and_bonds(tmp_path: Path) -> None:
    pdb = (
        "ATOM      1  N   ALA A   1      11.104   6.134  -6.504  1.00  0.00           N\n"
        "HETATM    2  CA  ALA A   1      11.639   6.071  -5.147  1.00  0.00           C\nENDMDL\nATOM broken\n"
    )
    found = molecule(written(tmp_path / "a.pdb", pdb))
    assert found
    assert (len(found.points), len(found.lines)) == (2, 1)
    xyz = molecule(written(tmp_path / "a.xyz", "3\nwater\nO 0 0 0\nH 0.96 0 0\nH -0.24 0.93 0\n"))
    assert xyz
    assert (len(xyz.points), len(xyz.lines)) == (3, 2)
    for name, content in (("b.pdb", "ATOM"), ("b.xyz", "x\n"), ("b.sdf", ""), ("b.cif", pdb), ("c.xyz", "1\n\nO nan 0 0\n")):
        assert molecule(written(tmp_path / name, content)) is None


@pytest.mark.parametrize(
    "html",
    [
        "<script>parent.x=1</script>", "<img src=x onerror=alert(1)>", "<img src=https://evil.example/a.png>", "<iframe src=https://evil.example>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<link rel=dns-prefetch href=//evil.example>", "<base href=https://evil.example>",
        "<a href='javascript:alert(1)'>x</a>", "<form action=https://evil.example><button>x</button></form>", "<object data=https://evil.example>",
        "<svg><script>1</script><a xlink:href='https://evil.example'><text>t</text></a></svg>", "<svg onload=alert(1)>", "<embed src=https://evil.example>",
        "<math><style><img src=https://evil.example></style></math>",
    ],
)  # fmt: skip
def test_framed_html_can_do_nothing(tmp_path: Path, html: str) -> None:
    framed = framed_html(written(tmp_path / "a.html", f"<p>kept</p>{html}"))
    head, _, body = (framed.content if framed else b"").decode().partition("</style>")
    assert "<p>kept</p>" in body
    assert "default-src 'none'" in head
    for word in ("<script", "onerror", "onload", "evil", "javascript", "<meta", "<link", "<iframe"):
        assert word not in body.replace("&lt;img src=https://evil.example&gt;", ""), body


def test_plotly_is_drawn_as_far_as_it_is_simple(tmp_path: Path) -> None:
    packed = {"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAAQA=="}
    data = [{"type": "scatter", "y": [1, None, 3], "name": HOSTILE}, {"type": "bar", "x": ["a", "b"], "y": packed}, {"type": "surface"}]
    layout = {"xaxis": {"title": {"text": "<x>"}}, "yaxis": {"title": "y"}}
    figure = read_plotly(written(tmp_path / "f.json", json.dumps({"data": data, "layout": layout})))
    assert figure
    assert [(trace.kind, len(trace.y)) for trace in figure.traces] == [("both", 3), ("bar", 2)]
    assert figure.traces[1].y == (1.0, 2.0)
    assert figure.lost == ("surface",)
    svg = (plotly_svg(figure) or b"").decode()
    assert "&lt;x&gt;" in svg
    assert "<script" not in svg
    assert svg.count("<rect") == 2
    assert svg.count('r="4"/>') == 2
    for content in ("", "[]", '{"data": 3}', '{"data": [3, {"y": []}, {"type": "pie"}, {"y": ["a"]}]}'):
        read = read_plotly(written(tmp_path / "f.json", content))
        assert read is None or plotly_svg(read) is None


def test_files_that_a_browser_could_run_are_not_copied_as_such(tmp_path: Path) -> None:
    files = SiteFiles()
    for name in ("a.svg", "a.html", "a.js", "a.xhtml", "a"):
        shown = item(Media("k", 0, "file", written(tmp_path / name, "<svg onload='alert(1)'/>")), files)
        assert shown.shown == "file"
        assert shown.source.endswith(".bin")
        assert shown.file[1] == name
    assert item(Media("k", 0, "image", written(tmp_path / "b.svg", "x")), files).source.endswith(".bin")


def test_what_is_broken_or_missing_says_so(tmp_path: Path) -> None:
    files = SiteFiles()
    said = {
        "damaged": item(Media("k", 0, "image", written(tmp_path / "a.png", b"\x89PNG")), files),
        "gone.wav is missing": item(Media("k", 0, "audio", None, about={"missing": "gone.wav"}), files),
        "names no file": item(Media("k", 0, "audio"), files),
        "in an artifact": item(Media("k", 0, "image", about={"in_artifact": True}), files),
        "3D model (glTF, 4 B), is not drawn here": item(Media("k", 0, "object3d", written(tmp_path / "a.glb", b"glTF")), files),
        "cannot be read as a figure": item(Media("k", 0, "plotly", written(tmp_path / "a.json", "{")), files),
        "not drawn here (pie)": item(Media("k", 0, "plotly", written(tmp_path / "b.json", '{"data": [{"type": "pie"}]}')), files),
    }  # fmt: skip
    for words, shown in said.items():
        assert any(words in note for note in shown.notes), (words, shown)
    context = page(made(media={"k": (Media("k", 0, "image", written(tmp_path / "c.png", b"")),)}))
    assert "This file is damaged" in str(context.sections[0].body)


def test_text_and_json_are_shown_as_text() -> None:
    files = SiteFiles()
    assert item(Media("k", 0, "text", text=HOSTILE), files).text == HOSTILE
    assert item(Media("k", 0, "json", text='{"a":[1]}'), files).text == '{\n  "a": [\n    1\n  ]\n}'
    assert item(Media("k", 0, "json", text="{"), files).text == "{"
    assert item(Media("k", 0, "text", text="x" * 30_000), files).notes == ("10,000 more letters are not shown.",)
    assert "<script" not in str(media_panel(HOSTILE, [Media(HOSTILE, 0, "text", text=HOSTILE)], files, ""))


@pytest.mark.parametrize(
    ("html", "height"),
    [
        ("<p>one line</p>", 72), ("<h1>a</h1><p>b<br>c</p>", 136), (f"<p>{'word ' * 40}</p>", 136), ("<table></table>", 240),
        ("a<br>" * 99, 240),
    ],
)  # fmt: skip
def test_a_frame_is_about_as_high_as_what_it_shows(tmp_path: Path, html: str, height: int) -> None:
    framed = framed_html(written(tmp_path / "a.html", html))
    assert framed is not None
    assert framed.height == height


def test_files_are_called_as_the_reader_knows_them(tmp_path: Path) -> None:
    path = written(tmp_path / "mesh_12_0123456789abcdef0123.glb", b"glTF")
    made = item(Media("mesh", 12, "object3d", path), SiteFiles())
    assert made.file[1] == "mesh.glb"
    assert made.notes == ("mesh.glb, a 3D model (glTF, 4 B), is not drawn here: download it to open it in a 3D viewer.",)
    other = item(Media("x", 1, "object3d", written(tmp_path / "x_1.abc", b"?")), SiteFiles())
    assert other.notes == ("x_1.abc, 1 B, is not shown here.",)
