"""What the client of tracking servers sends, and how it bears with them: against a server that answers as a test wants."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.sources.mlflow import opens_address
from reportgen.sources.mlflow.server import read_server

RUN = "0" * 32
SECRETS = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
Answer = tuple[int, Any]


class Server:
    """Answers with `answer(path, query or body)`; `asked` are the requests and their heads."""

    def __init__(self) -> None:
        self.answer: Callable[[str, dict[str, Any]], Answer] = old_answer
        self.asked: list[tuple[str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(dict(parse_qs(urlsplit(self.path).query)))

            def do_POST(self) -> None:
                self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def reply(self, asked: dict[str, Any]) -> None:
                path = urlsplit(self.path).path.removeprefix("/mlflow").removeprefix("/api/2.0/mlflow/")
                outer.asked.append((path, self.headers["Authorization"]))
                status, content = outer.answer(path, asked)
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever)
        self._thread.start()

    def end(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def old_answer(path: str, asked: dict[str, Any]) -> Answer:
    """As servers before version 1.28: no search of experiments, no pages of values, no logged models."""
    match path:
        case "experiments/list":
            return 200, {"experiments": [{"experiment_id": "1", "name": "digits"}]}
        case "runs/search":
            info = {"run_uuid": RUN, "status": "FINISHED", "start_time": "1700000000000", "artifact_uri": "s3://bucket/x"}
            return 200, {"runs": [{"info": info, "data": {"metrics": [{"key": "loss", "value": 0.5}]}}]}
        case "metrics/get-history":
            values = [("0.5", "0"), ("NaN", "1"), (0.25, 2)]
            return 200, {"metrics": [{"key": "loss", "value": value, "step": step, "timestamp": "1700000000500"} for value, step in values]}
        case "artifacts/list":
            return 200, {"root_uri": "s3://bucket/x"}
    return 404, b"<html>"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REPORTGEN_SERVER_PATIENCE", "3")
    made = Server()
    yield made
    made.end()


def test_an_old_server(served: Server) -> None:
    (run,) = rg.load(f"http://{served.host}")
    assert (run.id, run.name, run.project, run.state) == (RUN, RUN, "digits", "finished")
    assert repr(run.history["loss"].value.tolist()) == "[0.5, nan, 0.25]"
    assert run.history["loss"].step.tolist() == [0, 1, 2]
    assert run.history["loss"].time.tolist() == [1700000000.5] * 3


@pytest.mark.parametrize(
    ("environment", "user", "sent"),
    [
        ({}, "", None),
        ({"MLFLOW_TRACKING_TOKEN": "t0ken"}, "", "Bearer t0ken"),
        ({"MLFLOW_TRACKING_USERNAME": "kim", "MLFLOW_TRACKING_PASSWORD": "s3cret"}, "", "kim:s3cret"),
        ({"MLFLOW_TRACKING_TOKEN": "t0ken"}, "kim:s3%40cret@", "kim:s3@cret"),
    ],
)
def test_who_asks(served: Server, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], user: str, sent: str | None) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if sent and not sent.startswith("Bearer"):
        sent = f"Basic {base64.b64encode(sent.encode()).decode()}"
    (run,) = rg.load(f"http://{user}{served.host}")
    assert {head for _, head in served.asked} == {sent}
    assert str(run.source.path) == f"http:/{served.host}"


def test_no_access(served: Server) -> None:
    served.answer = lambda path, asked: (401, b"no")
    with pytest.raises(SourceError) as raised:
        rg.load(f"http://kim:s3cret@{served.host}/")
    hint = "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
    assert str(raised.value) == f"'http://{served.host}' refuses access (401); {hint}"
    assert len(served.asked) == 2


def test_a_busy_server_is_asked_again(served: Server) -> None:
    times: dict[str, int] = {}

    def busy(path: str, asked: dict[str, Any]) -> Answer:
        times[path] = times.get(path, 0) + 1
        return (503, b"") if times[path] == 1 else old_answer(path, asked)

    served.answer = busy
    (run,) = rg.load(f"http://{served.host}")
    assert len(run.history["loss"]) == 3
    assert times["metrics/get-history"] == 2


@pytest.fixture
def ended(served: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the server says of its run and the latest value of its metric, to be changed."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    about = {"info": {"run_id": RUN, "status": "FINISHED", "end_time": 1700000001000}, "latest": {"key": "loss", "value": 0.25, "step": 2}}

    def answer(path: str, asked: dict[str, Any]) -> Answer:
        run = {"info": about["info"], "data": {"metrics": [about["latest"]]}}
        return (200, {"runs": [run]}) if path == "runs/search" else old_answer(path, asked)

    served.answer = answer
    return about


def asked_for_values(served: Server, **options: Any) -> int:
    """How often a reading asks for the values of a metric; they are the same however they come."""
    served.asked.clear()
    (run,) = rg.load(f"http://{served.host}", **options)
    assert repr(run.history["loss"].value.tolist()) == "[0.5, nan, 0.25]"
    assert (run.history["loss"].step.tolist(), run.history["loss"].time.tolist()) == ([0, 1, 2], [1700000000.5] * 3)
    return [path for path, _ in served.asked].count("metrics/get-history")


def test_the_histories_of_a_run_that_is_over_are_fetched_once(served: Server, ended: dict[str, Any]) -> None:
    assert [asked_for_values(served) for _ in range(3)] == [1, 0, 0]
    assert [asked_for_values(served, cache=False) for _ in range(2)] == [1, 1]
    ended["info"]["run_name"] = "another name"
    assert asked_for_values(served) == 0
    assert rg.load(f"http://{served.host}")[0].name == "another name"


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("latest", {"step": 3}), ("latest", {"value": "NaN"}), ("latest", {"timestamp": 5}), ("info", {"end_time": 1700000002000}),
        ("info", {"status": "FAILED"}),
    ],
)  # fmt: skip
def test_what_changed_is_fetched_again(served: Server, ended: dict[str, Any], place: str, change: dict[str, Any]) -> None:
    assert asked_for_values(served) == 1
    ended[place].update(change)
    assert [asked_for_values(served) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("change", [{"status": "RUNNING"}, {"end_time": None}, {"end_time": "soon"}, {"end_time": 10**14}])
def test_what_may_go_on_is_not_kept(served: Server, ended: dict[str, Any], change: dict[str, Any]) -> None:
    ended["info"].update(change)
    assert [asked_for_values(served) for _ in range(2)] == [1, 1]


def test_damage_of_what_is_kept_is_fetched_again(served: Server, ended: dict[str, Any], tmp_path: Path) -> None:
    assert asked_for_values(served) == 1
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-9])
    assert [asked_for_values(served) for _ in range(2)] == [1, 0]


def test_pages_without_end(served: Server) -> None:
    def endless(path: str, asked: dict[str, Any]) -> Answer:
        status, content = old_answer(path, asked)
        return status, {**content, "next_page_token": "again"} if path == "metrics/get-history" else content

    served.answer = endless
    (run,) = rg.load(f"http://{served.host}")
    assert len(run.history["loss"]) == 6


STRANGE = (b"<html>", b"[]", b"null", b'{"experiments": 3}', b'{"experiments": [3, {}]}', b'{"experiments": [{"tags": 3}]}')


@pytest.mark.parametrize("content", STRANGE)
def test_answers_of_something_else(served: Server, content: bytes) -> None:
    served.answer = lambda path, asked: (200, content)
    if content.startswith(b"{"):
        assert read_server(f"http://{served.host}") == []
    else:
        with pytest.raises(SourceError, match=f"'http://{served.host}' does not answer as an MLflow server does"):
            read_server(f"http://{served.host}")


def test_which_addresses_are_servers(served: Server) -> None:
    assert opens_address(f"http://{served.host}")
    served.answer = lambda path, asked: (200, b"<html>")
    assert not opens_address(f"http://{served.host}")
    assert not opens_address(f"http://{served.host}/data/runs.csv")
    assert opens_address(f"http://{served.host}/#/experiments/3")
    served.answer = lambda path, asked: (200, {}) if path == "experiments/search" else old_answer(path, asked)
    assert opens_address(f"http://{served.host}/mlflow")
    served.answer = lambda path, asked: (502, b"")
    assert opens_address(f"http://{served.host}")
    assert not opens_address(f"http://{served.host}/data/runs.csv")
    assert not opens_address("ftp://x.org")
