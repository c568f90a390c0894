"""Personal data of the runs are in no byte of what is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from publish import wandb_runs

import reportgen as rg
from reportgen.cli import main
from reportgen.errors import Mistakes
from reportgen.publish.fields import changed, texts
from reportgen.publish.personal import Personal
from reportgen.publish.publication import publish
from reportgen.publish.redaction import RedactedFiles, redacted

USER, HOST, MAIL = "kimin", "gpu7.lab.example.org", "kim.in@uni.example.org"
REMOTE = "git@git.uni.example.org:secretlab/hidden-project.git"
TRACES = (
    "kimin", "gpu7", "lab.example", "uni.example", "secretlab", "hidden-project", "/home/", "/Users/", "C:\\", "othername", "Kim Lee",
    "reportgen-publish-",
)  # fmt: skip
LEAKS = (
    "/home/kimin/data",
    "/Users/othername/x.py", "C:\\Users\\Kim Lee\\run.py", "C:\\\\Users\\\\othername\\\\a", MAIL, f"{USER}@{HOST}:~/x",
    "ssh://git@git.uni.example.org/secretlab/hidden-project.git", REMOTE, "/scratch/kimin/ckpt",
    "file:///home/kimin/a.html", "KIMIN", "gpu7",
    "/export/home/kimin/env/bin/python", "wandb/kimin/project", "user=kimin,host=gpu7", "%2Fhome%2Fkimin%2Fx", "https://git.uni.example.org/x",
)  # fmt: skip


def leaky(folder: Path) -> Path:
    every = " | ".join(LEAKS)
    for number, name in enumerate(("one", "two")):
        path = folder / "wandb" / f"offline-run-20261123_000000-{name}00000"
        wandb_runs.write(path, dict.fromkeys(wandb_runs.PLACES, every), f"{name}00000", USER, HOST, REMOTE)
        package = "-e git+ssh://git@git.uni.example.org/secretlab/x@1#egg=x"
        (path / "files" / "requirements.txt").write_text(f"numpy==2.0\n{package}\n# {every}\n")
        (path / "files" / f"{USER}-{number}.txt").write_text(every)
        (path / "files" / "model.bin").write_bytes(b"\0\1\2" + every.encode() + b"\0")
    (folder / "report.md").write_text(
        "---\ntitle: Clean\nruns: wandb\n---\n\nBy {{ runs[0].user }} on {{ runs[0].host }}.\n\n"
        "```table\ntable: words\n```\n\n```console\nruns: all\n```\n\n```compare\ncolumns: loss\n```\n"
    )
    return folder / "report.md"


def traces(folder: Path) -> list[str]:
    """The personal data in each file below a folder, in its names and bytes."""
    found = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        if not name.startswith("assets/"):
            found += [f"{name}: {trace}" for trace in TRACES if trace.lower() in f"{name}\n{content}".lower()]
    return found


def test_nothing_personal_is_in_any_byte(tmp_path: Path) -> None:
    report = leaky(tmp_path)
    result = CliRunner().invoke(main, ["publish", str(report), "--to", str(tmp_path / "out"), "--no-cache"])
    assert result.exit_code == 0, result.output
    assert traces(tmp_path / "out") == []
    assert USER not in result.output
    assert MAIL not in result.output
    for kind in ("user", "host", "home", "e-mail", "remote"):
        assert f"{kind} (" in result.output
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "By [user" in page
    assert "left out, since they hold personal data and are no text: model.bin" in result.stderr
    again = CliRunner().invoke(main, ["publish", str(report), "--to", str(tmp_path / "out")])
    assert again.output.splitlines()[-2].endswith(": unchanged")


def test_the_unchanged_site_has_them_and_the_scan_says_so(tmp_path: Path) -> None:
    report = leaky(tmp_path)
    done = publish(report, to=str(tmp_path / "out"), redact=False)
    assert traces(tmp_path / "out") != []
    assert done.removed == ""
    for kind in ("user", "host", "home", "e-mail", "remote"):
        assert any(note.startswith(f"{kind} in ") and note.endswith("nothing was removed") for note in done.notes)


def test_what_the_report_says_itself_stays_and_is_told(tmp_path: Path) -> None:
    report = leaky(tmp_path)
    report.write_text(report.read_text() + f"\nWrite to {MAIL}.\n")
    done = publish(report, to=str(tmp_path / "out"))
    assert MAIL in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    [note] = [note for note in done.notes if note.startswith("e-mail in ")]
    assert "index.html" in note
    assert note.endswith("the report's own words and files are not changed")


def test_a_report_that_names_what_was_taken_out(tmp_path: Path) -> None:
    report = leaky(tmp_path)
    report.write_text("---\nruns: wandb\nwhere: user = 'kimin'\n---\n\nText\n")
    with pytest.raises(Mistakes, match="no run fits") as caught:
        publish(report, to=str(tmp_path / "out"))
    assert "if a build finds no mistake, the report names what was taken out" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_numbers_are_not_touched(tmp_path: Path) -> None:
    leaky(tmp_path)
    runs = rg.load(tmp_path / "wandb")
    personal = Personal(runs, here=False)
    clean = redacted(list(runs), personal, RedactedFiles(personal, tmp_path / "files"))
    for old, new in zip(runs, clean, strict=True):
        assert new.history is old.history
        assert (new.config["lr"], new.summary["said"] != old.summary["said"]) == (0.1, True)
        assert new.user == "[user]" or new.user.startswith("[user ")
        assert (new.started, new.state, new.source.format) == (old.started, old.state, old.source.format)
    left = [text for run in clean for _key, text in texts(run) if isinstance(text, str) and any(one in text for one in TRACES)]
    assert left == []


def test_runs_without_personal_data_are_the_same_objects(tmp_path: Path) -> None:
    wandb_runs.write(tmp_path / "offline-run-20261123_000000-abc12345", {})
    [run] = rg.load(tmp_path)
    personal = Personal([run], here=False)
    assert changed(run, personal.text, RedactedFiles(personal, tmp_path / "files")) is run


def test_two_users_stay_two(tmp_path: Path) -> None:
    for user in ("anna", "boris"):
        wandb_runs.write(tmp_path / f"offline-run-20261123_000000-{user}00", {"notes": f"{user}'s"}, f"{user}00", user, "h1")
    runs = rg.load(tmp_path)
    personal = Personal(runs, here=False)
    clean = redacted(list(runs), personal, RedactedFiles(personal, tmp_path / "files"))
    assert sorted(run.user for run in clean) == ["[user 1]", "[user 2]"]
    assert {run.notes for run in clean} == {"[user 1]'s", "[user 2]'s"}


def test_kinds_that_are_kept(tmp_path: Path) -> None:
    leaky(tmp_path)
    runs = rg.load(tmp_path / "wandb")
    personal = Personal(runs, ["user", "e-mail"], here=False)
    assert personal.text(f"{USER} {MAIL} {HOST}") == f"{USER} {MAIL} [host 1]"
    assert personal.user(USER) == USER


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("/home/kimin/a/b.py", "~/a/b.py"),
        ("-I/home/kimin/include", "-I~/include"),
        ("PATH=/nfs/home/kimin/bin:/usr/bin", "PATH=~/bin:/usr/bin"),
        ("C:\\Users\\Kim Lee\\a", "~\\a"),
        ("C:/Users/kimin/a", "~/a"),
        ("/root/a", "~/a"),
        ("In /home/kimin.", "In ~."),
        ("a.b@c.example.org, x", "[e-mail], x"),
        ("a @ b, x@y, @torch.no_grad()", "a @ b, x@y, @torch.no_grad()"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("root cause of the home page", "root cause of the home page"),
        ("LAB\\kimin", "LAB\\[user]"),
        ("kimin kiminal akimin", "[user] kiminal akimin"),
        ("git clone git@github.com:a/b.git", "git clone [remote]"),
    ],
)
def test_texts(text: str, clean: str) -> None:
    run = rg.Run("a", "a", rg.load(EXAMPLE)[0].source, user=USER)
    assert Personal([run], here=False).text(text) == clean


EXAMPLE = Path(__file__).parents[1] / "data" / "plain"


@pytest.mark.parametrize(
    ("setting", "front", "asked", "removes"),
    [
        ("", "", None, True),
        ("publish.redact = false\n", "", None, False),
        ("publish.redact = false\n", "redact: true\n", None, True),
        ("", "redact: false\n", None, False),
        ("publish.redact = false\n", "", True, True),
        ("", "redact: true\n", False, False),
    ],
)
def test_who_decides(tmp_path: Path, setting: str, front: str, asked: bool | None, removes: bool) -> None:
    wandb_runs.write(tmp_path / "wandb" / "offline-run-20261123_000000-abc12345", {}, user=USER)
    (tmp_path / "reportgen.toml").write_text(setting)
    (tmp_path / "report.md").write_text(f"---\nruns: wandb\n{front}---\n\nBy {{{{ runs[0].user }}}}.\n")
    publish(tmp_path / "report.md", to=str(tmp_path / "out"), redact=asked)
    assert ("[user]" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")) is removes
    shutil.rmtree(tmp_path / "out")
