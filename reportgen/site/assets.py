"""What pages load beside their data: one style sheet, one script, fonts, Vega; each named by its content."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import Mistake, Mistakes, Place
from reportgen.settings import nearest_file
from reportgen.site.data import digest
from reportgen.site.theme import Theme
from reportgen.store.cache import Cache

_URL = re.compile(r"""url\(\s*(['"]?)(?!data:|#)([^'")]+)\1\s*\)""")
_LICENCE = (
    "/*! Vega, Vega-Lite, Vega-Embed, Vega-Interpreter: BSD 3-Clause, University of Washington Interactive Data Lab;"
    " D3: ISC, Mike Bostock */\n"
)

_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
"""What a page needs of the bundle."""


@dataclass(frozen=True)
class Assets:
    """Files by their path below the site's root, and which of them a page loads.

    Attributes:
        font: The script with the font that saved pictures carry; "" when the theme has none.
    """

    files: dict[str, bytes]
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    font: str = ""


def theme_assets(theme: Theme) -> Assets:
    """The style sheet, the script and the fonts of a theme.

    Raises:
        Mistakes: Files that a style sheet names are not there.
        Mistake: A vendored file is not what the manifest says.
    """
    for one in theme.chain:
        check_vendored(one.shown / "vendor")
    files: dict[str, bytes] = {}
    sheets = [_with_files(theme, path, files) for path in theme.files("styles", ".css").values()]
    css = "\n".join([*sheets, *(one.tokens() for one in reversed(theme.chain))]).encode()
    font_path = ""
    if faces := _upright_faces(css.decode(), files):
        font = f"reportgen.font({json.dumps(faces)});\n".encode()
        font_path = f"assets/font.{digest(font)}.js"
        files[font_path] = font
    # The browser code loads the font when a picture is saved, wherever that is.
    known = f"(window.reportgen = window.reportgen || {{}}).fontScript = {json.dumps(font_path)};"
    script = "\n".join([known, *(path.read_text(encoding="utf-8") for path in theme.files("browser", ".js").values())]).encode()
    style_path, script_path = f"assets/site.{digest(css)}.css", f"assets/site.{digest(script)}.js"
    files |= {style_path: css, script_path: script}
    return Assets(files, (style_path,), (script_path,), font_path)


def _upright_faces(css: str, files: Mapping[str, bytes]) -> str:
    """The upright font faces of a style sheet with their files inside: charts have no italics."""

    def inside(found: re.Match[str]) -> str:
        content = files.get(f"assets/{found[2]}")
        return f"url(data:font/woff2;base64,{base64.b64encode(content).decode()})" if content else found[0]

    return "\n".join(_URL.sub(inside, face) for face in _FACE.findall(css) if "italic" not in face and ".woff2" in face)


def vega_script(cache: Cache) -> tuple[str, bytes]:
    """Path and text of the script that gives pages `vegaEmbed`; it has no request to make of any host."""
    from reportgen.site.svg import vega_lite_version, versions

    key = f"vega-{digest(versions() + _SNIPPET)}.js"
    script = cache.get("vega", key)
    if script is None:
        import vl_convert

        script = (_LICENCE + vl_convert.javascript_bundle(_SNIPPET, vega_lite_version())).encode()
        cache.put("vega", key, script)
    return f"assets/vega.{digest(script)}.js", script


def _with_files(theme: Theme, sheet: Path, files: dict[str, bytes]) -> str:
    """A style sheet whose `url(…)`, relative to the sheet, name files beside the joined sheet; the files are added.

    Raises:
        Mistakes: All files that are not there.
    """
    text = sheet.read_text(encoding="utf-8")
    mistakes: list[Mistake] = []

    def moved(found: re.Match[str]) -> str:
        source = (sheet.parent / found[2]).resolve()
        if not source.is_file():
            line = text.count("\n", 0, found.start()) + 1
            hint: str | None
            if re.match(r"[a-z][a-z0-9+.-]*:|//", found[2], re.IGNORECASE):
                what, hint = f"{found[2]} is on another host, and a site asks no other host", "download it beside the style sheet"
            else:
                what, hint = f"no file {found[2]}", nearest_file(source)
            mistakes.append(Mistake(what, theme.place(sheet, line), hint))
            return found[0]
        content = source.read_bytes()
        name = f"{source.stem}.{digest(content)}{source.suffix}"
        files[f"assets/{name}"] = content
        return f'url("{name}")'

    joined = _URL.sub(moved, text)
    if mistakes:
        raise Mistakes(mistakes)
    return joined


def check_vendored(folder: Path) -> None:
    """Compares the third-party files of a theme with its `manifest.json`.

    Raises:
        Mistake: One is missing, changed, or not listed.
    """
    if not folder.is_dir():
        return
    manifest = folder / "manifest.json"
    listed = {entry["file"]: entry for entry in _entries(manifest)}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path != manifest}
    for name in sorted(there ^ set(listed)):
        raise Mistake(f"{name} is {'not listed' if name in there else 'not there'}", Place(manifest))
    for name, entry in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry["sha256"]:
            raise Mistake(f"{name} is not the file that was vendored: its SHA-256 differs", Place(manifest))


def _entries(manifest: Path) -> Iterable[dict[str, str]]:
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Mistake(f"cannot be read: {error}", Place(manifest)) from None
    entries: Iterable[dict[str, str]] = content["files"] if isinstance(content, dict) else content
    return entries
