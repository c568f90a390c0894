"""`reportgen serve` as a process: what it answers, what it sees, how it ends."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from serve_process import PATIENCE, Serving, serving, until

REPORT = """---
title: Served
runs: logs
---

Best of {{ runs | length }} runs: {{ runs.best('val/acc')['val/acc'] | num(3) }}.

One word.
"""


def csv_run(folder: Path, name: str, *values: float) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "config.yaml").write_text("lr: 0.1\n", encoding="utf-8")
    rows = "".join(f"{step},{value}\n" for step, value in enumerate(values))
    (folder / name / "metrics.csv").write_text(f"step,val/acc\n{rows}", encoding="utf-8")
    return folder / name / "metrics.csv"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "work"
    folder.mkdir()
    (folder / "report.md").write_text(REPORT, encoding="utf-8")
    csv_run(folder / "logs", "one", 0.1, 0.25)
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def served(work: Path) -> Iterator[Serving]:
    with serving("report.md", folder=work, temporary=work.parent / "tmp") as running:
        until(lambda: running.has("One word."), "the first build")
        yield running


def raw(served: Serving, method: str, path: str, host: str | None) -> tuple[int, str]:
    """An answer to a request line as it is written, which no library tidies."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(served.address).port or 0, timeout=PATIENCE)
    connection.putrequest(method, path, skip_host=True)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    status, text = answer.status, answer.read().decode()
    connection.close()
    return status, text


def test_only_its_own_name_is_answered(served: Serving) -> None:
    port = urlsplit(served.address).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}", f"[::1]:{port}"):
        assert raw(served, "GET", "/", host)[0] == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{(port or 0) + 1}", f"127.0.0.1.evil.example:{port}", ""):
        status, text = raw(served, "GET", "/", host)
        assert (status, "One word" in text) == (421, False), host


def test_nothing_is_changed_or_found_outside_of_the_site(served: Serving, work: Path) -> None:
    host = urlsplit(served.address).netloc
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert raw(served, method, "/", host)[0] == 405
    [own] = (work.parent / "tmp").glob("reportgen-serve-*")
    (own / "link.txt").symlink_to(work.parent / "secret.txt")
    (own / "stray.txt").write_text("secret", encoding="utf-8")
    paths = (
        "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "link.txt", "stray.txt",
        f"/{work}/report.md", "assets/../../secret.txt", "%00",
    )  # fmt: skip
    for path in paths:
        status, text = raw(served, "GET", f"/{path}", host)
        assert (status, "secret" in text) == (404, False), path
    assert raw(served, "HEAD", "/", host) == (200, "")


def test_pages_may_ask_this_server_and_nobody_else(served: Serving) -> None:
    page = served.get()[1]
    assert "connect-src 'self';" in page
    assert page.index("/.reportgen/live.js") < page.index("assets/site.")
    assert "connect-src" not in next((served.temporary).glob("reportgen-serve-*/index.html")).read_text(encoding="utf-8")


def test_a_save_a_rename_and_appended_values_are_seen(served: Serving, work: Path) -> None:
    report = work / "report.md"
    report.write_text(REPORT.replace("One word", "Two words"), encoding="utf-8")
    until(lambda: served.has("Two words."), "a save")
    (work / ".report.md.new").write_text(REPORT.replace("One word", "Three words"), encoding="utf-8")
    (work / ".report.md.new").replace(report)
    until(lambda: served.has("Three words."), "a save by rename")
    with (work / "logs" / "one" / "metrics.csv").open("a", encoding="utf-8") as log:
        for step in range(2, 1000):
            log.write(f"{step},0.5\n")
            log.flush()
        log.write("1000,0.75\n")
    until(lambda: served.has("Best of 1 runs: 0.75"), "values that were appended")
    csv_run(work / "logs", "two", 0.875)
    until(lambda: served.has("Best of 2 runs: 0.875"), "a new run")
    until(lambda: served.said("report.md → index.html"), "a line in the terminal")


def test_logs_that_go_and_come_back(served: Serving, work: Path) -> None:
    before = served.get()[1]
    shutil.move(work / "logs", work.parent / "away")
    until(lambda: served.said("mistake"), "the mistake")
    assert served.get()[1] == before
    csv_run(work / "logs", "three", 0.375)
    until(lambda: served.has("Best of 1 runs: 0.375"), "other logs in the same place")


def test_the_first_build_waits_for_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text(REPORT + "\n![](picture.png)\n", encoding="utf-8")
    with serving("report.md", folder=tmp_path, temporary=tmp_path / "tmp") as running:
        until(lambda: running.said("no file or folder 'logs'"), "the mistake of the first build")
        assert "The site is being built" in running.get()[1]
        csv_run(tmp_path / "logs", "one", 0.625)
        until(lambda: running.said("no file 'picture.png'"), "the mistake behind it")
        (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        until(lambda: running.has("Best of 1 runs: 0.625"), "the page")
        assert running.stop() == 0


def test_ctrl_c_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("---\ntitle: Short\n---\n\nNo runs.\n", encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving("report.md", folder=tmp_path, temporary=tmp_path / "tmp", port=port) as running:
            assert urlsplit(running.address).port != port
            assert running.said(f"port {port} is in use")
            until(lambda: running.has("No runs."), "the first build")
            listening = threading.Thread(target=running.get, args=(".reportgen/events?page=/",), daemon=True)
            listening.start()
            assert running.stop() == 0
            listening.join(PATIENCE)
    assert not [line for line in running.lines if "Traceback" in line or "Error" in line]
    assert not list((tmp_path / "tmp").glob("reportgen-serve-*"))
    assert sorted(os.listdir(tmp_path)) == ["report.md", "tmp"]
