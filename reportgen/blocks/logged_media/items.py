"""One logged medium as the page and the browser code show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from reportgen.analysis.column_format import size_text
from reportgen.blocks.logged_media.content import ending
from reportgen.blocks.logged_media.files import SiteFiles, name_of
from reportgen.blocks.logged_media.framed import framed_html
from reportgen.blocks.logged_media.molecules import molecule
from reportgen.blocks.logged_media.overlays import overlays
from reportgen.blocks.logged_media.pictures import is_image, look
from reportgen.blocks.logged_media.plotly import plotly_svg, read_plotly
from reportgen.blocks.logged_media.points import Scene, cloud
from reportgen.blocks.readable import readable
from reportgen.model import Media
from reportgen.words import _, count

Shown = Literal["img", "audio", "video", "frame", "scene", "text", "file", "broken"]

_SOUNDS = (".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac")
_FILMS = (".mp4", ".webm", ".ogv", ".mov", ".m4v")
_MODELS = {".gltf": "glTF", ".glb": "glTF", ".obj": "Wavefront OBJ", ".stl": "STL", ".usdz": "USDZ", ".fbx": "FBX", ".ply": "PLY"}
_LETTERS = 20_000


@dataclass(frozen=True)
class Item:
    """A medium to be shown.

    Attributes:
        shown: By what it is shown.
        source: The path of its file below the site's root, "" when there is none.
        alt: What it is, in words.
        notes: What was done to it or is wrong with it, one sentence each.
        width, height: Of an image in pixels, else 0; of a frame about its height.
        tiny: Its pixels are to be seen one by one.
        bright: By how much it is brightened, 1 for not at all.
        extra: The script with its overlays or its scene, a path below the site's root.
        legend: The overlays of an image without their places.
        text: The content of text.
        file: The path and the name of the file behind what is shown, to be downloaded.
    """

    shown: Shown
    source: str = ""
    caption: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    width: int = 0
    height: int = 0
    tiny: bool = False
    bright: float = 1.0
    extra: str = ""
    legend: tuple[Mapping[str, Any], ...] = field(default=())
    text: str = ""
    file: tuple[str, str] = ("", "")

    def value(self) -> dict[str, Any]:
        """What the browser code takes; what is not set is left out."""
        names = {"shown": "as", "source": "src", "caption": "caption", "alt": "alt", "width": "width", "height": "height", "tiny": "tiny",
                 "extra": "extra", "text": "text"}  # fmt: skip
        told: dict[str, Any] = {short: value for name, short in names.items() if (value := getattr(self, name))}
        if self.notes:
            told["notes"] = list(self.notes)
        if self.bright != 1.0:
            told["bright"] = float(f"{self.bright:.4g}")
        if self.file[0]:
            told["file"] = list(self.file)
        return told


def item(one: Media, files: SiteFiles, *, whole: bool = True) -> Item:
    """A medium as it is shown; its files are noted.

    Args:
        whole: Whether an image is read as a whole to see whether it is broken or looks black.
    """
    made = _made(one, files, whole)
    alt = readable(one.caption) or _("{key}, step {step}").format(key=readable(one.key), step=count(one.step))
    return replace(made, caption=readable(one.caption), alt=alt)


def _made(one: Media, files: SiteFiles, whole: bool) -> Item:
    if one.kind in ("text", "json") and one.text is not None:
        return _text(one)
    if one.path is None or not one.path.is_file():
        name = readable(str(one.about.get("missing") or (one.path.name if one.path else "")))
        if one.about.get("in_artifact"):
            return Item("broken", notes=(_("The file is in an artifact that this log does not hold."),))
        return Item("broken", notes=(_("The file {name} is missing.").format(name=name) if name else _("The log names no file for it."),))
    if is_image(one):
        return _image(one, one.path, files, whole)
    if one.kind == "video" and ending(one) == ".gif":
        return _image(one, one.path, files, whole)
    match one.kind:
        case "audio" if ending(one) in _SOUNDS:
            return Item("audio", files.add(one), file=_download(one, files))
        case "video" if ending(one) in _FILMS:
            return Item("video", files.add(one), file=_download(one, files))
        case "html":
            return _frame(one, one.path, files)
        case "plotly":
            return _plotly(one, one.path, files)
        case "object3d" | "molecule":
            return _scene(one, one.path, files)
        case _:
            return _file(one, one.path, files)


def _download(one: Media, files: SiteFiles) -> tuple[str, str]:
    return files.add(one), readable(name_of(one)) or one.kind


def _text(one: Media) -> Item:
    text = one.text or ""
    if one.kind == "json":
        with suppress(ValueError, RecursionError):
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    shown = readable(text[:_LETTERS])
    lost = len(text) - _LETTERS
    return Item("text", text=shown, notes=(_("{n} more letters are not shown.").format(n=count(lost)),) if lost > 0 else ())


def _image(one: Media, path: Path, files: SiteFiles, whole: bool) -> Item:
    source = files.add(one)
    picture = look(path, one.span, whole=whole)
    if picture is None or not source:
        return Item("broken", source, notes=(_("This file is damaged: it cannot be shown as an image."),), file=_download(one, files))
    notes: list[str] = []
    bright = 1.0
    if picture.is_dark and picture.brightest:
        bright = 255 / picture.brightest
        notes.append(_("brightened: the file’s values reach {n} of 255").format(n=picture.brightest))
    elif picture.brightest == 0:
        notes.append(_("black: all values of the file are 0"))
    over = overlays(one.about, picture.width, picture.height)
    notes += [_("The overlay {name} cannot be read.").format(name=each["name"]) for each in over if each.get("broken")]
    notes += [_("{n} boxes of {name} are not drawn.").format(n=each["lost"], name=each["name"]) for each in over if each.get("lost")]
    over = [each for each in over if not each.get("broken")]
    return Item(
        "img", source, notes=tuple(notes), width=picture.width, height=picture.height, tiny=picture.is_tiny, bright=bright,
        extra=files.script("data/overlays", over) if over else "",
        legend=tuple({"kind": each["kind"], "name": each["name"], "classes": each["classes"], "scored": _is_scored(each)} for each in over),
    )  # fmt: skip


def _is_scored(overlay: Mapping[str, Any]) -> bool:
    return any(box[6] is not None for box in overlay.get("boxes", ()))


def _frame(one: Media, path: Path, files: SiteFiles) -> Item:
    framed = framed_html(path)
    if framed is None:
        return _file(one, path, files)
    notes = (_("Its scripts and what it would load from elsewhere are left out."),) if framed.has_scripts else ()
    return Item("frame", files.made(framed.content, ".html"), notes=notes, height=framed.height)


def _plotly(one: Media, path: Path, files: SiteFiles) -> Item:
    figure = read_plotly(path)
    drawn = plotly_svg(figure) if figure else None
    if figure is None or drawn is None:
        kinds = ", ".join(figure.lost) if figure else ""
        why = _("It is of a kind that is not drawn here ({kinds}).").format(kinds=kinds) if kinds else _("It cannot be read as a figure.")
        return replace(_file(one, path, files), notes=(why,))
    notes = [_("Drawn without Plotly.")]
    if figure.lost:
        notes.append(_("Not drawn: {kinds}.").format(kinds=", ".join(figure.lost)))
    return Item("img", files.made(drawn, ".svg"), notes=tuple(notes), width=520, height=320, file=_download(one, files))


def _scene(one: Media, path: Path, files: SiteFiles) -> Item:
    scene: Scene | None = cloud(path) if path.name.endswith(".json") else molecule(path) if one.kind == "molecule" else None
    if scene is None:
        return _file(one, path, files)
    notes = [_("{n} points").format(n=count(scene.count)) if one.kind == "object3d" else _("{n} atoms").format(n=count(scene.count))]
    if scene.count > len(scene.points):
        notes = [_("{shown} of {n} points, evenly chosen").format(shown=count(len(scene.points)), n=count(scene.count))]
    return Item("scene", notes=tuple(notes), extra=files.script("data/scenes", scene.value()), file=_download(one, files))


def _file(one: Media, path: Path, files: SiteFiles) -> Item:
    """What is not shown but can be had."""
    source, name = _download(one, files)
    size = size_text(one.span[1] if one.span else path.stat().st_size)
    if not source:
        return Item("broken", notes=(_("The file {name} cannot be read.").format(name=name),))
    said = _("{name}, {size}, is not shown here.")
    if form := _MODELS.get(path.suffix.lower()) if one.kind == "object3d" else None:
        said = _("{name}, a 3D model ({form}, {size}), is not drawn here: download it to open it in a 3D viewer.").replace("{form}", form)
    return Item("file", source, notes=(said.format(name=name, size=size),), file=(source, name))
