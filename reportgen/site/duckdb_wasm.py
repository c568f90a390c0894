"""DuckDB for browsers: the npm package `@duckdb/duckdb-wasm`, fetched by the user's own npm when a site asks for it.

It is too large to be part of reportgen (34 MB, and a fourth of that compressed), and no package for Python has it. So one version
of it is pinned here by the checksums of the package and of the two files that a page needs.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportgen.errors import Mistake, SiteError
from reportgen.site.data import digest
from reportgen.site.theme import theme_folders
from reportgen.store.cache import Cache
from reportgen.store.folder import cache_folder

PACKAGE, VERSION = "@duckdb/duckdb-wasm", "1.32.0"
_INTEGRITY = "IewXTNYEjsZCPE9weUWgtjGxUlMRo7qhX0GF6tq/KjK8bnY+RAl4cyUdYUfcdzbyb4b9ZxPC+FOsCcxgaKFWMg=="
"""The SHA-512 of the package, as npm's lock files write it."""
_FILES = {
    "wasm": ("dist/duckdb-eh.wasm", "4c221bfa59c11f24dbd750e70c90b9252eca6eec5633936e6a2ec766e55fd879"),
    "worker": ("dist/duckdb-browser-eh.worker.js", "f8ab72b6b90b3ad83077d47426d4a99d5d9a4c7e07cba1a2be37d655adc7c1ab"),
}
"""What a page needs, with its SHA-256. `eh`: compiled with WebAssembly's exceptions, which all browsers of today have."""
_FOLDER = "assets/duckdb"
_CALL = re.compile(rb'^reportgen\.value\("([^"]+)","([^"]+)"\);\n\Z', re.MULTILINE)
_SECONDS = 900
_WAY_OUT = f'unpack {PACKAGE} {VERSION} yourself and name its folder: query = {{browser = "path"}}'


@dataclass(frozen=True)
class BrowserDuckDB:
    """What a site has of DuckDB.

    Attributes:
        files: Path below the site's root → content: two scripts, the licence, and a manifest.
        wasm, worker: The paths of the scripts.
        licence: The path of the licence.
    """

    files: Mapping[str, bytes]
    wasm: str
    worker: str
    licence: str


def browser_duckdb(folder: Path | None = None) -> BrowserDuckDB:
    """DuckDB as scripts that a page may load from a disk, too: compressed, and written in Base64.

    Args:
        folder: The folder of the unpacked package; by default it is kept in the user's cache folder, and fetched when it is not there.

    Raises:
        SiteError: There is no npm, it fails, or the files are not those that are pinned.
    """
    if folder is not None:
        content = {kind: _read(folder, name, checksum) for kind, (name, checksum) in _FILES.items()}
    else:
        kept = cache_folder() / "packages" / f"duckdb-wasm-{VERSION}"
        try:
            content = {kind: _read(kept, name, checksum) for kind, (name, checksum) in _FILES.items()}
        except SiteError:
            content = _fetched(kept)
    licence = (theme_folders() / "default" / "vendor" / "duckdb-wasm" / "LICENSE").read_text(encoding="utf-8")
    scripts = {kind: _script(kind, one, licence) for kind, one in content.items()}
    files = {**dict(scripts.values()), f"{_FOLDER}/LICENSE": licence.encode()}
    listed = [{"file": path, "package": PACKAGE, "version": VERSION, "licence": "MIT", "sha256": hashlib.sha256(script).hexdigest()}
              for path, script in sorted(files.items())]  # fmt: skip
    files[f"{_FOLDER}/manifest.json"] = (json.dumps({"files": listed}, indent=2) + "\n").encode()
    return BrowserDuckDB(files, scripts["wasm"][0], scripts["worker"][0], f"{_FOLDER}/LICENSE")


def _read(folder: Path, name: str, checksum: str) -> bytes:
    """A file of the unpacked package.

    Raises:
        SiteError: It is not there, or is another one.
    """
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SiteError(f"{path} cannot be read: {error.strerror}", hint=f"expected the unpacked npm package {PACKAGE} {VERSION}") from None
    if hashlib.sha256(content).hexdigest() != checksum:
        raise SiteError(f"{path} is not that of {PACKAGE} {VERSION}: its SHA-256 differs", hint=f"unpack version {VERSION} there")
    return content


def _fetched(kept: Path) -> dict[str, bytes]:
    """The files out of the package as npm gives it; they are kept."""
    packed = _packed_by_npm()
    found = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if found != _INTEGRITY:
        raise SiteError(f"npm gave another {PACKAGE} {VERSION} than the one that was published: its SHA-512 differs", hint=_WAY_OUT)
    with tarfile.open(fileobj=BytesIO(packed), mode="r:gz") as archive:
        members = {kind: archive.extractfile(f"package/{name}") for kind, (name, _) in _FILES.items()}
        content = {kind: member.read() for kind, member in members.items() if member is not None}
    with _folder_that_appears_whole(kept) as folder:
        for kind, (name, _) in _FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content[kind])
    return content


def _packed_by_npm() -> bytes:
    """The package, which the user's npm takes from where the user's configuration says."""
    npm = shutil.which("npm")
    if npm is None:
        hint = f"install npm (it comes with Node.js), or {_WAY_OUT}"
        raise SiteError("queries in the browser need DuckDB-Wasm, which npm fetches, and there is no npm", hint=hint)
    with tempfile.TemporaryDirectory(prefix="reportgen-npm-") as folder:
        command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--loglevel=error"]
        try:
            done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SiteError(f"npm cannot fetch {PACKAGE}: {error}", hint=_WAY_OUT) from None
        archive = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or archive is None:
            raise SiteError(f"npm cannot fetch {PACKAGE} {VERSION}: {_reason(done.stderr)}", hint=_WAY_OUT)
        return archive.read_bytes()


def _reason(said: str) -> str:
    """What npm says of a failure: its first line that is no code."""
    lines = [found[1] for line in said.splitlines() if (found := re.match(r"npm (?:error|ERR!) +(.+)", line))]
    told = [line for line in lines if not line.startswith(("code ", "errno ", "syscall ", "type "))]
    return re.sub(r"^(?:\w*Error:|notarget|network|\d+) ", "", told[0]).rstrip(".") if told else "it does not say why"


@contextmanager
def _folder_that_appears_whole(place: Path) -> Iterator[Path]:
    """A new folder that stands at a place once it is filled. Where the place cannot be written to, nothing is kept."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".", dir=place.parent))
    except OSError:
        made = Path(tempfile.mkdtemp())
    try:
        yield made
        shutil.rmtree(place, ignore_errors=True)
        os.rename(made, place)
    except OSError:
        pass
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _script(kind: str, content: bytes, licence: str) -> tuple[str, bytes]:
    """Path and text of the script that hands a file to the page. Compressing it takes seconds, so it is done once."""
    cache, name = Cache(), f"duckdb-{kind}-{VERSION}-{digest(licence)}.js"
    script = cache.get("duckdb", name) or b""
    found = _CALL.search(script)
    if found is None or f".{digest(found[2])}.js".encode() not in found[1]:
        text = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
        path = f"{_FOLDER}/{kind}.{digest(text)}.js"
        script = f'/*! DuckDB-Wasm {VERSION}, MIT:\n{licence}*/\nreportgen.value("{path}","{text}");\n'.encode()
        cache.put("duckdb", name, script)
        return path, script
    return found[1].decode(), script


def unpacked_folder(written: str, base: Path) -> Path:
    """The folder that the settings name.

    Raises:
        Mistake: There is none.
    """
    folder = base / Path(written).expanduser()
    if not folder.is_dir():
        raise Mistake(f"no folder '{written}'", hint=f"expected the unpacked npm package {PACKAGE} {VERSION}")
    return folder
