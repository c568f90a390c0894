"""Logs behind an address: a real web server on loopback, whose files change and vanish."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.sources.remote import copying, is_remote, mirrored

ROOT = Path(__file__).parents[2]


@dataclass
class Web:
    """A folder, its address, and the paths that were fetched."""

    folder: Path
    address: str
    fetched: list[str]


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    folder = tmp_path / "web"
    shutil.copytree(ROOT / "tests/data/plain", folder / "logs")
    (folder / "logs" / "run-0" / "model.pt").write_bytes(b"weights")
    fetched: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def end_headers(self) -> None:
            """With a tag, as web servers have it for files."""
            path = Path(self.translate_path(self.path))
            if path.is_file():
                self.send_header("ETag", f'"{path.stat().st_mtime_ns:x}-{path.stat().st_size:x}"')
            super().end_headers()

        def do_GET(self) -> None:
            fetched.append(self.path)
            super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield Web(folder / "logs", f"http://127.0.0.1:{server.server_port}/logs/", fetched)
    server.shutdown()
    server.server_close()


def files(web: Web) -> list[str]:
    """The files that were fetched, without listings of folders."""
    return sorted(path for path in web.fetched if "." in path and "/api/" not in path)


def test_the_same_runs_as_on_the_disk(web: Web) -> None:
    here, there = rg.load(web.folder), rg.load(web.address)
    assert [run.id for run in there] == [run.id for run in here]
    for first, second in zip(here, there, strict=True):
        assert first.config == second.config
        assert {key: one.value.tobytes() for key, one in first.history.items()} == {
            key: one.value.tobytes() for key, one in second.history.items()
        }
    assert not any(path.endswith("model.pt") for path in web.fetched)


def test_only_what_changed_is_fetched_again(web: Web) -> None:
    rg.load(web.address)
    web.fetched.clear()
    rg.load(web.address)
    assert files(web) == []
    with (web.folder / "run-0" / "metrics.jsonl").open("a") as file:
        file.write('{"step": 30, "val_loss": 0.5}\n')
    shutil.rmtree(web.folder / "run-3")
    runs = rg.load(web.address)
    assert files(web) == ["/logs/run-0/metrics.jsonl"]
    assert runs["run-0"].history["val_loss"].value[-1] == 0.5
    assert [run.name for run in runs] == ["run-0", "run-1", "run-2"]


def test_a_damaged_note_removes_nothing_outside_of_the_copy(web: Web, tmp_path: Path) -> None:
    rg.load(web.address)
    (note,) = (tmp_path / "cache" / "remote").rglob(".reportgen-remote.json")
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    note.write_text(json.dumps({"../../../../mine.txt": "1", str(mine): "2"}))
    assert (note.parent / "logs" / "../../../../mine.txt").resolve() == mine.resolve()
    assert len(rg.load(web.address)) == 4
    assert mine.read_text() == "mine"


def test_what_was_copied_is_noted_while_the_copy_goes_on(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a copy goes on from there that was killed and could write nothing down."""
    monkeypatch.setattr(copying, "_NOTED_EVERY", 0.0)
    noted: list[int] = []

    def look(done: int, total: int) -> None:
        notes = [json.loads(note.read_bytes()) for note in (tmp_path / "cache" / "remote").rglob(".reportgen-remote.json")]
        noted.append(len(notes[0]) if notes else 0)

    mirrored(web.address, look)
    assert noted == list(range(len(noted)))
    assert len(noted) > 4


def test_a_signature_in_the_query_is_not_shown(web: Web) -> None:
    with pytest.raises(SourceError) as caught:
        rg.load(web.address + "nothing.csv?X-Signature=hunter2")
    assert "hunter2" not in str(caught.value)


def test_one_file(web: Web) -> None:
    (run,) = rg.load(web.address + "run-1/metrics.jsonl")
    assert len(run.history["val_loss"]) == 30


def test_a_file_that_is_no_log_is_named_by_its_address(web: Web) -> None:
    (web.folder / "notes.txt").write_text("nothing")
    with pytest.raises(SourceError, match=rf"^'{web.address}notes.txt' is no log of a known format"):
        rg.load(web.address + "notes.txt")


def test_labels_beside_files_of_this_machine(web: Web) -> None:
    runs = rg.load({"there": web.address, "here": web.folder})
    assert sorted({run.source.label for run in runs}) == ["here", "there"]


@pytest.mark.parametrize(
    ("path", "said"),
    [("nothing/", "there is nothing at"), ("run-0/nothing.csv", "there is nothing at|cannot be read")],
)
def test_what_is_not_there(web: Web, path: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        rg.load(web.address + path)


def test_a_password_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    with pytest.raises(SourceError) as caught:
        rg.load("http://me:secret@127.0.0.1:9/logs/run")
    assert "secret" not in str(caught.value)


def test_which_addresses_are_files_elsewhere() -> None:
    assert is_remote("s3://bucket/runs")
    assert is_remote("sftp://host/runs")
    assert not is_remote("file:///etc")
    assert not is_remote("wandb://me/project")
    assert not is_remote("nothing://x")
