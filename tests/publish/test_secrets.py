"""Nothing that is a secret leaves the machine, wherever in a log it stands; what only looks like one does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from publish import wandb_runs
from publish.planted import planted

import reportgen as rg
from reportgen.cli import main
from reportgen.errors import PublishError
from reportgen.publish.publication import publish
from reportgen.publish.scan import RunSecrets
from reportgen.publish.secrets import secret_value, secrets_in

KINDS = sorted(planted(0))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 35


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_in_a_text(kind: str) -> None:
    for seed in range(20):
        secret, text = planted(seed)[kind]
        for around in (text, f"first\n{text}\nlast", f"x {text}", f"({text})"):
            assert any(secret in found.text or found.text in secret for found in secrets_in(around)), (seed, around)


def test_each_kind_is_found_at_each_place(tmp_path: Path) -> None:
    for number, kind in enumerate(KINDS):
        texts = {place: planted(1000 * number + seed)[kind][1] for seed, place in enumerate(wandb_runs.PLACES)}
        wandb_runs.write(tmp_path / f"offline-run-20261123_000000-r{number:07}", texts, name=f"r{number:07}")
    runs = rg.load(tmp_path)
    assert len(runs) == len(KINDS)
    secrets = RunSecrets(runs)
    found = {one.text for one in (*secrets.found.findings(), *secrets.in_files.findings())}
    for number, kind in enumerate(KINDS):
        for seed, place in enumerate(wandb_runs.PLACES):
            secret = planted(1000 * number + seed)[kind][0]
            assert secret in found or any(secret in one or one in secret for one in found), (kind, place)


def test_a_log_full_of_secrets_is_not_published(tmp_path: Path) -> None:
    secrets = []
    for seed, place in enumerate(wandb_runs.PLACES):
        every = planted(100 + seed)
        secrets += [secret for secret, _text in every.values()]
        text = "\n".join(text for _secret, text in every.values())
        wandb_runs.write(tmp_path / "wandb" / f"offline-run-20261123_000000-p{seed:07}", {place: text}, name=f"p{seed:07}")
    out = tmp_path / "out"
    result = run("publish", str(tmp_path / "wandb"), "--to", str(out), "--no-cache")
    assert result.exit_code == 1
    assert not out.exists()
    said = result.output + result.stderr
    assert "nothing was published" in said
    for secret in secrets:
        if not secret.startswith("-----"):
            assert secret not in said
    for name in ("config.extra.value", "notes", "command", "environment.docker", "tables.words.1 row 1.word", "train.py", "summary.said"):
        assert name in said
    assert "Hugging Face token, 37 characters" in said


def test_a_secret_in_a_report_stops_it_too(tmp_path: Path) -> None:
    wandb_runs.write(tmp_path / "wandb" / "offline-run-20261123_000000-abc12345", {})
    secret, text = planted(5)["GitHub"]
    password = planted(6)["password"][0]
    code = f"---\nruns: wandb\n---\n\nAs {text} says.\n\n```python\npassword = '{password}'\n```\n"
    (tmp_path / "report.md").write_text(code)
    with pytest.raises(PublishError) as caught:
        publish(tmp_path / "report.md", to=str(tmp_path / "out"))
    said = str(caught.value)
    assert re.search(r"GitHub token, 40 characters: .*file index.html", said)
    assert re.search(r"password, 12 characters: .*file index.html", said)
    assert secret not in said
    assert password not in said
    assert not (tmp_path / "out").exists()


def test_a_file_beside_the_report_is_looked_into(tmp_path: Path) -> None:
    wandb_runs.write(tmp_path / "wandb" / "offline-run-20261123_000000-abc12345", {})
    _secret, text = planted(7)["Hugging Face"]
    (tmp_path / "notebook.ipynb").write_text(f'{{"cells": [{{"source": ["login(\\"{text}\\")"]}}]}}')
    (tmp_path / "report.md").write_text("---\nruns: wandb\n---\n\n[notebook](notebook.ipynb)\n")
    with pytest.raises(PublishError, match=r"Hugging Face token, 37 characters: file files/notebook\.\w+\.ipynb"):
        publish(tmp_path / "report.md", to=str(tmp_path / "out"))


def test_what_is_none_may_be_named(tmp_path: Path) -> None:
    secret, text = planted(8)["key, YAML"]
    wandb_runs.write(tmp_path / "wandb" / "offline-run-20261123_000000-abc12345", {"config": text, "notes": "x"})
    with pytest.raises(PublishError, match=r"config\.extra\.value"):
        publish(tmp_path / "wandb", to=str(tmp_path / "out"))
    (tmp_path / "reportgen.toml").write_text('runs = "wandb"\npublish.allow = ["config.extra.*"]\n')
    publish(tmp_path, to=str(tmp_path / "out"))
    assert any(secret in path.read_text(errors="replace") for path in (tmp_path / "out").rglob("*") if path.is_file())


HARMLESS = [
    "tokenizer: bert-base-uncased", "pad_token: <pad>", "eos_token = '<|endoftext|>'", "num_tokens=131072", "max_new_tokens: 256",
    "hub_token: <HUB_TOKEN>", "push_to_hub_token: '<PUSH_TO_HUB_TOKEN>'", "api_key = os.environ['WANDB_API_KEY']", "password: ********",
    "password = getpass.getpass()", "token: null", "token=None", "secret: ${SECRET}", "https://user:***@host/x", "the password: required",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "key = jax.random.PRNGKey(0)", "task-specific-sk-learn", "token_type_ids", "def password(self): pass",
    "api_key: str = settings.api_key",
    "wandb: run local-20261123", "mask_token_id: 103", "https://github.com/kim/digits.git", "postgresql://kim@host/mlflow",
    "secret santa", "token budget 4096", "credentials are read from the environment", "password-protected", "sk-learn", "hf_hub_download",
    "auth_token=args.auth_token", "token = next(tokens)", '"token": "the"', "access_key: ${oc.env:AWS_ACCESS_KEY_ID}",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_secret(text: str) -> None:
    assert [(one.kind, one.text) for one in secrets_in(text)] == []


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("password", "correct-horse", "password"),
        ("db_password", "hunter2!", "password"),
        ("api_key", "Zx81kLm20pQr77", "key or token"),
        ("hub_token", "<HUB_TOKEN>", None),
        ("token", "the", None),
        ("tokenizer", "bert-base-uncased-v2-1234567", None),
        ("pad_token", "[PAD]", None),
        ("secret", "none", None),
        ("token_file", "Zx81kLm20pQr77", None),
        ("access_token", "~/.token/file123456", None),
    ],
)
def test_settings_with_a_telling_name(name: str, value: str, kind: str | None) -> None:
    found = secret_value(name, value)
    assert (found.kind if found else None) == kind
    assert value not in repr(found)
