"""Looking for secrets and personal data in runs, before a site is made of them, and in every file of the site that was made."""

from __future__ import annotations

import html
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from reportgen.model import Run
from reportgen.publish.fields import texts
from reportgen.publish.findings import Found
from reportgen.publish.personal import Personal, PersonalKind
from reportgen.publish.redaction import text_of
from reportgen.publish.secrets import Secret, secret_value, secrets_in

_LARGEST = 20_000_000
"""Bytes of the largest file of a run in which the place of a secret is looked for; of the site, all files are looked into."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_OWN = ("assets/", "duckdb/")
"""Folders of the site with files of reportgen and its libraries, the same in every site."""
_PACKED = frozenset(
    {".zip", ".gz", ".xz", ".bz2", ".7z", ".tar", ".tgz", ".zst", ".npz", ".pt", ".pth", ".ckpt", ".parquet", ".pdf", ".docx"}
)


class RunSecrets:
    """The secrets of runs.

    Attributes:
        found: Those in what the tracker wrote down.
        in_files: Those in files beside the logs: they count where the site has them, too.
    """

    def __init__(self, runs: Sequence[Run], allow: Sequence[str] = ()) -> None:
        self.found, self.in_files = Found(), Found()
        self.allowed: set[str] = set()
        self._allow = allow
        self._texts: dict[str, tuple[Secret, ...]] = {}
        self._files: dict[Path, tuple[Secret, ...]] = {}
        for run in runs:
            self._look(run)

    def _look(self, run: Run) -> None:
        for key, value in texts(run):
            if isinstance(value, Path):
                for secret in self._in_file(value):
                    self._add(self.in_files, secret, run, key, f" ({_shown(value.name)})")
                continue
            for secret in self._in_text(_as_given(value) if key == "command" else value):
                self._add(self.found, secret, run, key)
            named = secret_value(key.rpartition(".")[2], value) or secret_value(key, value)
            if named and not key.endswith(("name of an entry", "name of a column")):
                self._add(self.found, named, run, key)

    def _add(self, found: Found, secret: Secret, run: Run, key: str, more: str = "") -> None:
        if any(fnmatchcase(key, pattern) for pattern in self._allow):
            self.allowed.add(secret.text)
        else:
            found.add(secret.kind, secret.text, f"run {_shown(run.name or run.id)}, {_shown(key)}{more}")

    def _in_text(self, text: str) -> tuple[Secret, ...]:
        if len(text) > 1000:
            return tuple(secrets_in(text))
        if text not in self._texts:
            self._texts[text] = tuple(secrets_in(text))
        return self._texts[text]

    def _in_file(self, path: Path) -> tuple[Secret, ...]:
        if path not in self._files:
            self._files[path] = ()
            if path.is_absolute() and path.is_file() and path.stat().st_size <= _LARGEST:
                self._files[path] = tuple(_secrets_of(path.read_bytes()))
        return self._files[path]


def scan_site(folder: Path, runs: RunSecrets, allow: Sequence[str] = ()) -> Found:
    """The secrets in the files of a site, with those of the runs before them.

    Args:
        runs: What was found in the runs; a secret that is allowed there is allowed here.
        allow: Globs of files that may hold what looks like one.
    """
    found = Found()
    for finding in runs.found.findings():
        for place in finding.places:
            found.add(finding.kind, finding.text, place)
    behind = {finding.text: finding for finding in runs.in_files.findings()}
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        if any(fnmatchcase(name, pattern) for pattern in allow):
            continue
        content = path.read_bytes()
        secrets = list(_secrets_of(content, named=not name.startswith(_OWN)))
        secrets += (Secret(one.kind, 0, text) for text, one in behind.items() if text.encode("utf-8", "surrogatepass") in content)
        secrets += (Secret("", 0, name[one.start :][: len(one.text)]) for one in secrets_in(name, named=False))
        for secret in secrets:
            if secret.text not in runs.allowed:
                for place in behind[secret.text].places if secret.text in behind else ():
                    found.add(secret.kind, secret.text, place)
                found.add(secret.kind or "secret in a name", secret.text, f"file {name}")
    return found


def personal_left(folder: Path, personal: Personal) -> dict[PersonalKind, Counter[str]]:
    """The personal data in the files of a site: kind → in which files, and how often."""
    left: dict[PersonalKind, Counter[str]] = {}
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        text = None if name.startswith(_OWN) else text_of(path.read_bytes())
        for kind, _found in personal.found(name if text is None else f"{name}\n{text}"):
            left.setdefault(kind, Counter())[name] += 1
    return left


def not_looked_into(folder: Path) -> list[str]:
    """Archives and other packed files of a site, whose content no scan sees."""
    return [path.relative_to(folder).as_posix() for path in files_of(folder) if path.suffix.lower() in _PACKED]


def files_of(folder: Path) -> list[Path]:
    """All files below a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _secrets_of(content: bytes, named: bool = True) -> Iterator[Secret]:
    """The secrets in a file: of one that is no text, those that have a form of their own."""
    text = text_of(content)
    if text is None:
        yield from secrets_in(content.decode("latin-1"), named=False)
        return
    yield from secrets_in(text, named=named)
    if "</" in text:
        # What stands in a page as `<b>api_key</b> = …` is one text for its readers.
        yield from secrets_in(html.unescape(_TAG.sub("", text)), named=named)


def _as_given(command: str) -> str:
    """A command's words as its program was given them, without the shell's quotes around quotes."""
    try:
        return " ".join(shlex.split(command))
    except ValueError:
        return command


def _shown(text: str) -> str:
    """A name of a log for a terminal: in one line, without control characters, and no secret itself."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in text)
    for secret in secrets_in(plain, named=False):
        plain = plain.replace(secret.text, "…")
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
