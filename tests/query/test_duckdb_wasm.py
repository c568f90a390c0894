"""DuckDB for browsers: npm fetches it once, what it gives is checked, and each failure says what to do."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from reportgen.errors import SiteError
from reportgen.site.assets import check_vendored
from reportgen.site.duckdb_wasm import PACKAGE, VERSION, BrowserDuckDB, browser_duckdb
from reportgen.site.theme import theme_folders
from reportgen.store.folder import cache_folder

KEPT = f"packages/duckdb-wasm-{VERSION}"


@pytest.fixture(scope="module")
def library() -> BrowserDuckDB:
    """By the npm of this machine; a machine without one fails."""
    assert shutil.which("npm"), "no npm: scripts/ensure-npm installs it"
    return browser_duckdb()


def away(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str = "") -> None:
    """An empty cache, and in place of npm a script, or nothing."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(folder / "cache"))
    (folder / "bin").mkdir()
    monkeypatch.setenv("PATH", str(folder / "bin"))
    if script:
        (folder / "bin" / "npm").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "bin" / "npm").chmod(0o755)


def unpacked(script: bytes) -> bytes:
    found = re.search(rb'reportgen\.value\("[^"]+","([^"]+)"\);\n\Z', script)
    assert found
    return gzip.decompress(base64.b64decode(found[1]))


def test_npm_gives_the_library_and_it_is_kept(library: BrowserDuckDB, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert unpacked(library.files[library.wasm])[:4] == b"\0asm"
    assert b"INSERT_ARROW_FROM_IPC_STREAM" in unpacked(library.files[library.worker])
    assert sum(map(len, library.files.values())) < 11_000_000
    assert sorted(path.name for path in (cache_folder() / KEPT / "dist").iterdir()) == ["duckdb-browser-eh.worker.js", "duckdb-eh.wasm"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser_duckdb() == library


def test_the_site_names_licence_and_checksum(library: BrowserDuckDB) -> None:
    listed = json.loads(library.files["assets/duckdb/manifest.json"])["files"]
    assert {one["file"]: one["sha256"] for one in listed} == {
        path: hashlib.sha256(content).hexdigest() for path, content in library.files.items() if not path.endswith("manifest.json")
    }
    assert {(one["package"], one["version"], one["licence"]) for one in listed} == {(PACKAGE, VERSION, "MIT")}
    licence = library.files[library.licence]
    assert b"Permission is hereby granted" in licence
    for path in (library.wasm, library.worker):
        assert licence in library.files[path][:2000]
    check_vendored(theme_folders() / "default" / "vendor")


def test_a_folder_with_the_package_needs_no_npm(library: BrowserDuckDB, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(cache_folder() / KEPT, package)
    monkeypatch.setenv("PATH", "")
    assert browser_duckdb(package) == library
    (package / "dist" / "duckdb-browser-eh.worker.js").write_text("other")
    with pytest.raises(SiteError, match=rf"worker\.js is not that of {PACKAGE} {VERSION}: its SHA-256 differs; unpack version"):
        browser_duckdb(package)
    with pytest.raises(SiteError, match=rf"cannot be read: No such file or directory; expected the unpacked npm package {PACKAGE}"):
        browser_duckdb(tmp_path)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", r"there is no npm; install npm \(it comes with Node\.js\), or unpack .* query = \{browser = \"path\"\}"),
        ("echo 'npm error 404 Not Found - it is gone.' >&2; exit 1", "npm cannot fetch .*: Not Found - it is gone; unpack"),
        ("exit 3", "it does not say why; unpack"),
        ("exit 0", "it does not say why; unpack"),
    ],
)  # fmt: skip
def test_without_npm_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, said: str) -> None:
    away(monkeypatch, tmp_path, script)
    with pytest.raises(SiteError, match=said):
        browser_duckdb()
    assert not (tmp_path / "cache" / "packages").exists()


def test_another_package_than_the_published_one_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "duckdb-eh.wasm").write_bytes(b"\0asm")
    with tarfile.open(tmp_path / "other.tgz", "w:gz") as archive:
        archive.add(tmp_path / "dist", "package/dist")
    away(monkeypatch, tmp_path, f"/bin/cp {tmp_path}/other.tgz duckdb.tgz")
    with pytest.raises(SiteError, match=r"npm gave another .* than the one that was published: its SHA-512 differs"):
        browser_duckdb()
    assert not (tmp_path / "cache" / "packages").exists()


def test_what_was_damaged_in_the_cache_is_fetched_anew(library: BrowserDuckDB, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = cache_folder()
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    shutil.copytree(kept / KEPT, tmp_path / KEPT)
    shutil.copytree(kept / "drawings" / "duckdb", tmp_path / "drawings" / "duckdb")
    for path in (tmp_path / "drawings" / "duckdb").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    assert browser_duckdb() == library
    (tmp_path / KEPT / "dist" / "duckdb-eh.wasm").write_bytes(b"torn")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SiteError, match="there is no npm"):
        browser_duckdb()
