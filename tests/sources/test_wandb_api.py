"""Runs of a W&B server, the one in `wandb_server.py`: paging, being slowed down, dropped and refused, going on, not asking again."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sources.wandb_server import KEY, RunOnServer, WandbServer

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Distribution, MetricDefinition, Run
from reportgen.sources.wandb_api import client, history

DIGITS = "wandb://kim/digits"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[WandbServer]:
    made = WandbServer()
    monkeypatch.setenv("WANDB_BASE_URL", made.address)
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("REPORTGEN_SERVER_PATIENCE", "3")
    yield made
    made.end()


def rows(count: int, every: int = 1, start: int = 0) -> list[dict[str, Any]]:
    return [{"_step": i * every, "_timestamp": 1767323045.5 + i, "loss": 1 / (i + 1)} for i in range(start, count)]


def one_run(address: str = DIGITS) -> Run:
    (run,) = rg.load(address)
    return run


def steps(run: Run) -> list[int]:
    found: list[int] = run.history["loss"].step.tolist()
    return found


def full_run() -> RunOnServer:
    """A run with something of everything."""
    definitions = [{"1": "epoch", "6": [2, 3]}, {"2": "val/*", "5": 1, "7": [1, 2]}, {"1": "best", "4": "epoch", "7": [8], "8": 2}]
    config = {"lr": {"value": 0.1, "desc": None}, "net": {"value": {"width": 8}}, "_wandb": {"value": {"m": definitions}}}
    end = {"_type": "histogram", "values": [2], "bins": [0, 1]}
    summary = {"loss": 0.5, "worst": "NaN", "_wandb": {"runtime": 90}, "_step": 2, "end": end}
    artifact = {
        "id": "A1", "versionIndex": 3, "digest": "d", "description": "small", "metadata": '{"n": 1}', "size": 7,
        "aliases": [{"alias": "best"}], "artifactType": {"name": "model"}, "artifactSequence": {"name": "cnn"},
    }  # fmt: skip
    return RunOnServer(
        "a1b2c3d4",
        {
            "displayName": "first <b>", "config": json.dumps(config), "summaryMetrics": json.dumps(summary), "state": "failed",
            "tags": ["b", "a"], "notes": "n", "group": "g", "jobType": "j", "sweepName": "s1", "commit": "c0ffee",
        },
        [
            {"_step": 0, "_runtime": 1.25, "loss": 0.1 + 0.2, "deep": {"a.b": 1}, "odd": "NaN", "ok": True},
            {"_step": 2, "_runtime": 5.5, "odd": "-Infinity", "h": {**end, "values": [1, 2], "bins": [0, 1, 2]}, "t": "text"},
            {"_step": 2, "_runtime": 6.5, "p": {"_type": "image-file", "path": "media/images/p.png", "width": 1}},
        ],
        [{"_runtime": 2.0, "system.cpu": 50.0, "system.gpu.0.temp": 61, "system.note": "hot", "_wandb": True}],
        {
            "wandb-metadata.json": b'{"host": "h", "program": "train.py", "args": ["-x", "a b"], "git": {"remote": "r"}, "gpu": "T4"}',
            "output.log": b"one\ntwo\n", "media/images/p.png": b"\x89PNG", "model.bin": b"01234567",
        },
        [artifact, {**artifact, "artifactType": {"name": "wandb-history"}}],
        [{**artifact, "versionIndex": 0, "artifactType": {"name": "dataset"}, "artifactSequence": {"name": "digits"}}],
    )  # fmt: skip


def test_what_comes_across(served: WandbServer) -> None:
    served.add(full_run())
    served.sweeps["s1"] = "method: bayes\nparameters:\n  lr: {distribution: log_uniform_values, min: 1e-4, max: 0.1}\n  seed: {value: 1}\n"
    run = one_run()
    assert (run.id, run.name, run.project, run.group, run.job_type) == ("a1b2c3d4", "first <b>", "digits", "g", "j")
    assert (run.state, run.user, run.host, run.command) == ("failed", "kim", "h", "train.py -x 'a b'")
    assert (run.git_commit, run.git_remote, run.tags, run.notes) == ("c0ffee", "r", ("b", "a"), "n")
    assert (str(run.started), run.duration) == ("2026-01-02 03:04:05+00:00", 90.0)
    assert (run.source.format, str(run.source.path)) == ("wandb-api", "wandb:/kim/digits")
    assert (run.sweep, run.search_space) == ("s1", {"lr": Distribution(1e-4, 0.1, log=True)})
    assert dict(run.config) == {"lr": 0.1, "net.width": 8}
    assert repr(dict(run.summary)) == "{'loss': 0.5, 'worst': nan}"
    assert run.history["loss"].value.tolist() == [0.1 + 0.2]
    assert repr(run.history["odd"].value.tolist()) == "[nan, -inf]"
    assert run.history["odd"].time.tolist() == [1767323046.25, 1767323050.5]
    assert run.history["odd"].step.tolist() == [0, 2]
    assert run.history.keys() == {"loss", "deep.a.b", "odd", "ok"}
    assert {key: series.value.tolist() for key, series in run.system.items()} == {"cpu": [50.0], "gpu.0.temp": [61.0]}
    assert run.system["cpu"].time.tolist() == [1767323047.0]
    assert run.metrics == (
        MetricDefinition("epoch", hidden=True),
        MetricDefinition("val/*", "epoch", ("min", "max")),
        MetricDefinition("best", "epoch", ("first",), "max"),
    )
    assert [one.counts.tolist() for one in (*run.histograms["h"], *run.histograms["end"])] == [[1, 2], [2]]
    assert run.media["t"][0].text == "text"
    assert run.media["p"][0].path
    assert run.media["p"][0].path.read_bytes() == b"\x89PNG"
    assert [line.text for line in run.console] == ["one", "two"]
    assert run.environment["gpu"] == "T4"
    assert [(one.name, one.type, one.role, one.version, one.aliases, one.size) for one in run.artifacts] == [
        ("cnn", "model", "output", "v3", ("best",), 7),
        ("digits", "dataset", "input", "v0", ("best",), 7),
        ("files", "files", "output", "", (), 8 + 4 + 8 + len(full_run().files["wandb-metadata.json"])),
    ]
    assert [file.path for file in run.artifacts[2].files if file.local is None] == ["model.bin"]
    assert run.warnings == ()


def test_pages_of_runs_and_of_files(served: WandbServer) -> None:
    for i in range(120):
        served.add(RunOnServer(f"run{i:03}", {}, rows(2)))
    served.runs["run000"].files = {f"media/{i}.txt": b"x" for i in range(230)}
    runs = rg.load(DIGITS)
    assert [run.id for run in runs] == [f"run{i:03}" for i in range(120)]
    assert served.operations().count("Runs") == 3
    first = next(iter(runs))
    assert len(first.artifacts[0].files) == 230
    assert [one.text for one in first.warnings] == ["The run has more than 200 files of media; 30 files are not fetched."]


def test_one_run(served: WandbServer) -> None:
    served.add(RunOnServer("a1", {}, rows(3)))
    served.add(RunOnServer("a2", {"displayName": "second"}, rows(4)))
    assert steps(one_run(f"{DIGITS}/a2")) == [0, 1, 2, 3]
    assert one_run(f"{DIGITS}/runs/a2?x#y").id == "a2"
    assert "Runs" not in served.operations()


@pytest.mark.parametrize(("count", "every"), [(0, 1), (1, 1), (1000, 1), (1001, 1), (2500, 1), (3000, 7), (40, 100_000), (1200, 900)])
def test_the_history_is_whole(served: WandbServer, count: int, every: int) -> None:
    served.add(RunOnServer("a1", {}, rows(count, every)))
    run = one_run()
    assert (steps(run) if count else []) == [i * every for i in range(count)]
    assert run.warnings == ()
    assert served.operations().count("HistoryPage") <= max(count / 20, 14)


def test_dense_after_sparse_steps(served: WandbServer) -> None:
    dense = [{"_step": 5_000_000 + i, "loss": 1.0} for i in range(2500)]
    served.add(RunOnServer("a1", {}, [*rows(40, 100_000), *dense]))
    assert len(steps(one_run())) == 2540


def test_a_server_that_samples_wide_ranges(served: WandbServer) -> None:
    served.samples_sparse_ranges = True
    served.add(RunOnServer("a1", {}, rows(60, 400)))
    run = one_run()
    assert len(steps(run)) == 60
    assert run.warnings == ()


def test_a_server_that_does_not_know_the_last_step(served: WandbServer) -> None:
    served.add(RunOnServer("a1", {"historyKeys": None}, rows(2100, 3)))
    assert len(steps(one_run())) == 2100
    assert len(steps(one_run())) == 2100


def test_rows_that_do_not_come(served: WandbServer) -> None:
    served.add(RunOnServer("a1", {"historyLineCount": 9, "eventsLineCount": 2}, rows(3), [{"_timestamp": 1.0, "system.cpu": 1}]))
    assert [one.text for one in one_run().warnings] == [
        "W&B counts 9 rows of its history, of which it gave 3: values are missing.",
        "W&B counts 2 rows of its system metrics, of which it gave 1: values are missing.",
    ]


def test_a_finished_run_is_not_fetched_again(served: WandbServer) -> None:
    served.add(full_run())
    first = one_run()
    served.asked.clear()
    served.runs["a1b2c3d4"].fields["tags"] = ["new"]
    again = one_run()
    assert served.operations() == ["Runs", "GetSweep"]
    assert again.tags == ("new",)
    assert again.history["odd"].value.tobytes() == first.history["odd"].value.tobytes()
    assert again.artifacts == first.artifacts
    assert again.warnings == first.warnings


def test_a_running_run_goes_on(served: WandbServer) -> None:
    run = served.add(RunOnServer("a1", {"state": "running"}, rows(2300)))
    first = one_run()
    assert (first.state, first.ended, len(steps(first))) == ("running", None, 2300)
    run.rows = rows(3100)
    served.asked.clear()
    assert steps(one_run()) == list(range(3100))
    assert [asked["minStep"] for operation, asked in served.asked if operation == "HistoryPage"] == [2000, 3000]


def test_a_run_that_was_rewound(served: WandbServer) -> None:
    run = served.add(RunOnServer("a1", {"heartbeatAt": "2026-01-02T04:00:00Z"}, rows(2300)))
    one_run()
    run.rows = [*rows(500), *({"_step": 500 + 10 * i, "loss": 7.0} for i in range(1900))]
    run.fields["heartbeatAt"] = "2026-01-02T05:00:00Z"
    made = one_run()
    assert steps(made) == [row["_step"] for row in run.rows]
    assert made.history["loss"].value[600] == 7.0


def test_a_broken_download_goes_on(served: WandbServer) -> None:
    served.add(RunOnServer("a1", {}, rows(5000)))
    served.trouble = lambda operation, asked: (500, {}, b"") if asked.get("minStep") == 3000 else None
    with pytest.raises(SourceError) as raised:
        rg.load(DIGITS)
    kept = "what was fetched is kept, and the next build goes on from there"
    said = f"the W&B server '{served.address}' does not answer (it answers 500)"
    assert str(raised.value) == f"{said}; waited 3 s at most; {kept}"
    served.trouble = lambda operation, asked: None
    served.asked.clear()
    assert steps(one_run()) == list(range(5000))
    assert [asked["minStep"] for operation, asked in served.asked if operation == "HistoryPage"] == [3000, 4000]


@pytest.mark.parametrize("what", ["drop", (500, {}, b"oops"), (503, {}, b""), (429, {"Retry-After": "1"}, b""), (429, {}, b"")])
def test_trouble_that_passes(served: WandbServer, what: Any) -> None:
    served.add(full_run())
    times: dict[str, int] = {}

    def once(operation: str, asked: dict[str, Any]) -> Any:
        times[operation] = times.get(operation, 0) + 1
        return what if times[operation] == 1 else None

    served.trouble = once
    run = one_run()
    assert run.history["loss"].value.tolist() == [0.1 + 0.2]
    assert len(run.console) == 2
    assert all(count >= 2 for count in times.values())


def test_too_long_to_wait(served: WandbServer) -> None:
    served.trouble = lambda operation, asked: (429, {"RateLimit-Reset": "900"}, b"")
    with pytest.raises(SourceError, match=r"\(it wants to be asked more slowly\); for 900 s, which is longer than 3 s \(REPORTGEN_"):
        rg.load(DIGITS)
    assert len(served.asked) == 1


def test_it_slows_down_before_it_is_told_to(served: WandbServer, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []
    monkeypatch.setattr(client._Pace, "hold", lambda self, seconds: held.append(seconds))
    answer = json.dumps(served.answer("query { viewer { name } }", {}, None)).encode()
    served.trouble = lambda operation, asked: (200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "2.5"}, answer)
    with closing(client.Client()) as asking:
        asking.ask("query { viewer { name } }", {})
    assert held == [2.5]


def test_damaged_pages_are_fetched_again(served: WandbServer, tmp_path: Path) -> None:
    served.add(RunOnServer("a1", {}, rows(2500)))
    one_run()
    pages = sorted((tmp_path / "cache").rglob("history/*.json"))
    assert len(pages) == 3
    for page, content in zip(pages, (b"", b"[1]", page_of_another_version(pages[2])), strict=True):
        page.write_bytes(content)
    assert steps(one_run()) == list(range(2500))


def page_of_another_version(path: Path) -> bytes:
    return json.dumps({**json.loads(path.read_bytes()), "version": 0, "rows": []}).encode()


def test_strange_answers(served: WandbServer) -> None:
    run = served.add(full_run())
    run.fields |= {"config": "{", "summaryMetrics": "[1]", "createdAt": "yesterday", "tags": None}
    run.fields |= {"user": None, "historyKeys": 3}
    run.events = []
    run.files = {"../../outside.txt": b"x", "media/../../../outside.txt": b"x", "media//etc/passwd": b"y"}
    served.sweeps["s1"] = "parameters: {lr: {values: [1, 2"
    made = one_run()
    assert made.config == {}
    assert made.started is None
    assert made.search_space == {}
    assert math.isnan(made.history["loss"].time[0])
    texts = [one.text for one in made.warnings]
    assert "The config of this run is not JSON and is left out." in texts
    assert "The config of this run's sweep could not be read, so it is not known what it draws from." in texts
    assert not any("outside" in str(asked.get("path")) for _, asked in served.asked)


def test_the_key_stays_here(served: WandbServer, tmp_path: Path) -> None:
    other = WandbServer()
    try:
        run = served.add(full_run())
        moved = (302, {"Location": f"{other.address}/x"}, b"")
        served.trouble = lambda operation, asked: moved if operation == "GET" else None
        made = one_run()
        assert [one.text for one in made.warnings][:1] == ["3 files of the run could not be fetched."]
        assert other.asked == []
        with closing(client.Client()) as asking:
            assert not asking.download(f"{other.address}/storage/{run.name}/output.log", tmp_path / "x", 100)
            assert not asking.download("http://[", tmp_path / "x", 100)
        assert other.asked == []
        assert KEY not in repr(made.warnings)
        for path in (tmp_path / "cache").rglob("*.json"):
            assert KEY not in path.read_text()
            assert "/storage/" not in path.read_text()
    finally:
        other.end()


def test_files_are_tried_again(served: WandbServer) -> None:
    served.add(full_run())
    served.sweeps["s1"] = "{}"
    served.trouble = lambda operation, asked: (404, {}, b"") if operation == "GET" else None
    assert one_run().console == ()
    served.trouble = lambda operation, asked: None
    made = one_run()
    assert len(made.console) == 2
    assert made.warnings == ()


@pytest.mark.parametrize("place", ["environment", "netrc"])
def test_where_the_key_comes_from(served: WandbServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str) -> None:
    served.add(RunOnServer("a1", {}, rows(1)))
    if place == "netrc":
        monkeypatch.delenv("WANDB_API_KEY")
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login user password {KEY}\ndefault login x password other\n")
    one_run()
    assert served.keys == {"Basic " + base64.b64encode(f"api:{KEY}".encode()).decode()}


def refusal(address: str) -> str:
    with pytest.raises(SourceError) as raised:
        rg.load(address)
    return str(raised.value)


def test_no_key(served: WandbServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WANDB_API_KEY")
    hint = f"set WANDB_API_KEY to the key that {served.address}/authorize shows, or let 'wandb login' write it to netrc"
    assert refusal(DIGITS) == f"there is no W&B key for 127.0.0.1; {hint}"
    (tmp_path / "netrc").write_text("default login x password secret\n")
    assert refusal(DIGITS).startswith("there is no W&B key for 127.0.0.1")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 nonsense secret\n")
    assert refusal(DIGITS) == f"'{tmp_path / 'netrc'}' cannot be read, so there is no key for 127.0.0.1; set WANDB_API_KEY"
    assert served.asked == []
    (tmp_path / "netrc").unlink()
    monkeypatch.setenv("WANDB_BASE_URL", "")
    assert "for api.wandb.ai; set WANDB_API_KEY to the key that https://wandb.ai/authorize shows" in refusal(DIGITS)
    monkeypatch.setenv("WANDB_BASE_URL", "ftp://u:secret@x")
    assert refusal(DIGITS) == "WANDB_BASE_URL is no address of a server: 'ftp://x'; the public service is https://api.wandb.ai"


def test_a_wrong_key(served: WandbServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_API_KEY", "s3cret")
    said = f"'{served.address}' does not accept the W&B key; set WANDB_API_KEY to the one that {served.address}/authorize shows"
    assert refusal(DIGITS) == said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("wandb://kim/digit", "the W&B project 'kim/digit' is not there, or the key is not allowed to see it; did you mean 'digits'?"),
        ("wandb://kim/x", "the W&B project 'kim/x' is not there, or the key is not allowed to see it; 'kim' has digits, letters"),
        ("wandb://kim", "'wandb://kim' names no W&B project; write wandb://entity/project or wandb://entity/project/run"),
        ("wandb://u:s3cret@kim/a/b/c/d", "'wandb://kim/a/b/c/d' names no W&B project; write wandb://entity/project or "
         "wandb://entity/project/run"),
        ("wandb://kim/digits/a1b2c3d5", "the W&B project 'kim/digits' has no run 'a1b2c3d5'; did you mean 'a1b2c3d4'?"),
        ("wandb://kim/digits/first", "the W&B project 'kim/digits' has no run 'first'; the run named 'first' has the id 'a1b2c3d4'"),
    ],
)  # fmt: skip
def test_nothing_there(served: WandbServer, address: str, said: str) -> None:
    served.add(RunOnServer("a1b2c3d4", {"displayName": "first"}, rows(1)))
    assert refusal(address) == said


def test_no_runs(served: WandbServer) -> None:
    assert refusal(DIGITS) == "the W&B project 'kim/digits' has no runs"


def test_no_network(served: WandbServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("REPORTGEN_SERVER_PATIENCE", "0.1")
    assert refusal(DIGITS).startswith("the W&B server 'http://127.0.0.1:1' does not answer (")


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"data": null}', b'{"data": 3}'])
def test_answers_of_something_else(served: WandbServer, content: bytes) -> None:
    served.trouble = lambda operation, asked: (200, {}, content)
    assert refusal(DIGITS) == f"'{served.address}' does not answer as a W&B server does (status 200)"


def test_a_full_page_is_not_trusted(served: WandbServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_PAGE", 10)
    served.add(RunOnServer("a1", {}, [*rows(30, 100), *({"_step": 3000 + i, "loss": 0.0} for i in range(95))]))
    assert len(steps(one_run())) == 125
