"""Personal data in texts: who ran something, on which machine, below whose home, from which repository.

Names of people and machines are known from the runs (their user and host, the homes in their paths) and are then found wherever they
stand; homes, e-mail addresses and addresses of repositories are found by their form.
"""

from __future__ import annotations

import getpass
import re
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Literal

from reportgen.model import Run
from reportgen.publish.fields import texts

PersonalKind = Literal["user", "host", "home", "e-mail", "remote"]

_NOBODY = frozenset(
    {
        "root", "user", "users", "admin", "administrator", "ubuntu", "debian", "centos", "fedora", "rocky", "ec2-user", "azureuser",
        "opc", "runner", "jovyan", "colab", "default", "docker", "app", "nobody", "guest", "shared", "public", "home", "data", "work",
        "workspace", "project", "projects", "code", "content", "train", "training", "test", "tests", "val", "valid", "eval", "model",
        "models", "run", "runs", "script", "scripts", "main", "master", "dev", "prod", "local", "localhost", "localhost.localdomain",
        "none", "null", "true", "false", "unknown", "node", "worker", "server", "host", "container", "python", "conda", "venv",
        "wandb", "mlflow", "kaggle", "sagemaker", "vscode", "circleci", "travis", "gitlab-runner", "jenkins", "build", "builder",
        "software", "opt",
    }
)  # fmt: skip
"""Names of users and machines that name nobody."""
_USER_KEYS = re.compile(r"(?i)(?:^|[._])(?:user|user_?name|login|logname|entity|author|owner|email)$")
_HOST_KEYS = re.compile(r"(?i)(?:^|[._])(?:host|host_?name|node_?name|fqdn|machine_?name)$")
_REMOTE_KEYS = re.compile(r"(?i)(?:^|[._])(?:git_?remote|remote_?url|repo_?url|repository_?url|git_?repo|remote|repository|git[._]url)$")
_FORGES = re.compile(r"(?:^|\.)(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|sr\.ht|dagshub\.com)$")
"""Where everybody's repositories lie: the name says nothing about anybody."""
_NAME = r"(?:[^./\\\s\"'<>|:*?,;)(\]\[{}&$`=~%]|\.(?=\w))+"
_UNIX_HOME = rf"(?:file://)?(?:(?<![/\w.:])(?:/[\w.-]+){{0,4}})?/(?:home|Users)/(?P<unix>{_NAME})"
_WINDOWS_HOME = (
    r"\b[A-Za-z]:(?:\\{1,4}|/)(?:Users|users|USERS|Documents and Settings)(?:\\{1,4}|/)"
    r"(?P<windows>[^\\/:*?\"<>|\r\n]{1,40}(?=[\\/])|[^\\/:*?\"<>|\s]+)"
)
_ENCODED_HOME = r"(?:%2F(?:home|Users)%2F(?P<encoded>[A-Za-z0-9._-]+?)(?=%|[^A-Za-z0-9._-]|$))"
_ROOT_HOME = r"(?<![\w./~-])/root(?=/)"
_HOME = re.compile(f"{_UNIX_HOME}|{_WINDOWS_HOME}|{_ENCODED_HOME}|{_ROOT_HOME}")
_E_MAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w])(?!\()")
_REMOTE = re.compile(
    r"(?:git\+)?ssh://[^\s\"'<>]+|(?<![\w.-])(?:git|gitlab|hg|gitea)@[\w.-]+:[\w./~-]+|git://[^\s\"'<>]+"
)
_SIGNS = ("@", "/home/", "/Users/", "/root/", "Users", "users", "USERS", "Documents and", "%2Fhome", "%2FUsers", "ssh://", "git://")
"""Of which one is in each match, besides the names that are known."""
_CUT = re.compile(r"([\"<\n])")
_ANY = re.compile(f"{_REMOTE.pattern}|{_E_MAIL.pattern}|{_HOME.pattern}")


class Personal:
    """The personal data of some runs, and what stands in its place.

    Attributes:
        counts: How often each kind was replaced, and in how many different values.
    """

    def __init__(self, runs: Iterable[Run], keep: Sequence[PersonalKind] = (), *, here: bool = True) -> None:
        """Looks for what the names are.

        Args:
            keep: Kinds that stay.
            here: Also the user and the machine that this runs as and on.
        """
        self.keep = frozenset(keep)
        self.names: dict[str, tuple[PersonalKind, str]] = {}
        """What is known of names, in lower case → kind and replacement."""
        known: dict[tuple[PersonalKind, str], None] = {}
        for run in runs:
            known.update(dict.fromkeys(_known(run)))
        known.update(dict.fromkeys(_of_this_machine()) if here else ())
        kinds: tuple[PersonalKind, ...] = ("remote", "user", "host")
        for kind in kinds:
            names = dict.fromkeys(name.lower() for one, name in known if one == kind and kind not in self.keep)
            # A machine's short name is no other machine.
            full = {name.partition(".")[0]: name for name in reversed(names) if kind == "host" and "." in name}
            several = list(dict.fromkeys(full.get(name, name) for name in names))
            for name in names:
                number = several.index(full.get(name, name)) + 1
                self.names.setdefault(name, (kind, f"[{kind}]" if len(several) == 1 else f"[{kind} {number}]"))
        self._pattern = self._compiled()
        self._signs = tuple(name.removesuffix(".git").rstrip("/") for name in self.names)
        self._memo: dict[str, str] = {}
        self.seen: dict[PersonalKind, Counter[str]] = {}

    def text(self, text: str) -> str:
        """The text without personal data."""
        if len(text) > 10_000:
            return "".join(self._pattern.sub(self._replacement, piece) if is_one else piece for piece, is_one in self._pieces(text))
        if text not in self._memo:
            self._memo[text] = self._pattern.sub(self._replacement, text) if self._may_be_in(text) else text
        return self._memo[text]

    def user(self, name: str) -> str:
        """What stands for the user of a run, also for one such as root."""
        return self._field("user", name)

    def host(self, name: str) -> str:
        """What stands for the machine of a run."""
        return self._field("host", name)

    def remote(self, address: str) -> str:
        """What stands for the address of a run's repository."""
        return self._field("remote", address)

    def found(self, text: str) -> Iterator[tuple[PersonalKind, str]]:
        """The personal data in a text, kind and text of each."""
        for piece, is_one in self._pieces(text):
            for one in self._pattern.finditer(piece) if is_one else ():
                kind = self._kind(one)
                if kind not in self.keep:
                    yield kind, one[0]

    def is_in(self, content: bytes) -> bool:
        """Whether bytes that are no text hold such data: only what is long enough not to be there by chance."""
        text = content.decode("latin-1")
        return any(len(found) >= 9 or (kind in ("user", "host") and len(found) >= 6) for kind, found in self.found(text))

    def _field(self, kind: PersonalKind, name: str) -> str:
        if not name or kind in self.keep:
            return self.text(name)
        known = self.names.get(name.lower())
        self.seen.setdefault(kind, Counter())[name.lower()] += 1
        return known[1] if known and known[0] == kind else f"[{kind}]"

    def _pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """A text in pieces, cut where no match can be, and whether there may be one in the piece."""
        if not self._may_be_in(text):
            yield text, False
            return
        for piece in _CUT.split(text):
            yield piece, self._may_be_in(piece)

    def _may_be_in(self, text: str) -> bool:
        if any(sign in text for sign in _SIGNS):
            return True
        lower = text.lower()
        return any(name in lower for name in self._signs)

    def _compiled(self) -> re.Pattern[str]:
        remotes = [_as_written(name) for name, (kind, _new) in self.names.items() if kind == "remote"]
        words = [
            re.escape(name)
            for name, (kind, _new) in self.names.items()
            if kind != "remote" and name not in _NOBODY and len(name) >= 3 and not name.isdigit()
        ]
        parts = [f"(?P<remote>(?i:{'|'.join(sorted(remotes, key=len, reverse=True))}))"] if remotes else []
        parts.append(_ANY.pattern)
        if words:
            parts.append(rf"(?<![A-Za-z0-9])(?P<name>(?i:{'|'.join(sorted(words, key=len, reverse=True))}))(?![A-Za-z0-9])")
        return re.compile("|".join(parts))

    def _replacement(self, found: re.Match[str]) -> str:
        kind = self._kind(found)
        if kind in self.keep:
            return found[0]
        self.seen.setdefault(kind, Counter())[found[0].lower()] += 1
        if kind == "home":
            return "~"
        return self.names.get(found[0].lower(), ("", f"[{kind}]"))[1]

    def _kind(self, found: re.Match[str]) -> PersonalKind:
        groups = found.groupdict()
        if groups.get("name"):
            return self.names[found[0].lower()][0]
        if groups.get("remote") or _REMOTE.match(found[0]):
            return "remote"
        return "home" if _HOME.match(found[0]) or "@" not in found[0] else "e-mail"


def _as_written(remote: str) -> str:
    return re.escape(remote.removesuffix(".git").rstrip("/")) + r"(?:\.git)?(?![\w-])"


def _known(run: Run) -> Iterator[tuple[PersonalKind, str]]:
    """The names that a run tells, in the order of its fields."""
    if run.git_remote:
        yield "remote", run.git_remote
    yield from _names("user", run.user)
    yield from _hosts(run.host)
    yield from _private_forge(run.git_remote)
    for field in ("environment", "config", "summary"):
        for key, value in getattr(run, field).items():
            if isinstance(value, str) and 0 < len(value) < 200:
                if _REMOTE_KEYS.search(key) and ("/" in value or "@" in value):
                    yield "remote", value
                    yield from _private_forge(value)
                elif _HOST_KEYS.search(key):
                    yield from _hosts(value)
                elif _USER_KEYS.search(key):
                    yield from _names("user", value)
    for _key, one in texts(run):
        for home in _HOME.finditer(str(one)):
            yield from _names("user", home["unix"] or home["windows"] or home["encoded"] or "")


def _private_forge(remote: str) -> Iterator[tuple[PersonalKind, str]]:
    """The machine that a repository lies on, unless everybody's lie there."""
    found = re.match(r"(?:[\w+]+://)?(?:[^@/\s]*@)?([\w-]+(?:\.[\w-]+)+)(?=[:/])", remote)
    if found and not _FORGES.search(found[1].lower()):
        yield "host", found[1]


def _names(kind: PersonalKind, name: str) -> Iterator[tuple[PersonalKind, str]]:
    name = name.rpartition("\\")[2]  # Windows puts the domain before it.
    if re.fullmatch(r"[\w.@ -]{1,64}", name) and name.lower() not in _NOBODY and re.search(r"[^\W\d_]", name):
        yield kind, name


def _hosts(name: str) -> Iterator[tuple[PersonalKind, str]]:
    """A machine's full name and its short one."""
    if re.fullmatch(r"[\d.:]+", name) and name not in ("127.0.0.1", "0.0.0.0"):
        yield "host", name
        return
    yield from _names("host", name)
    short = name.partition(".")[0]
    if short != name:
        yield from _names("host", short)


def _of_this_machine() -> Iterator[tuple[PersonalKind, str]]:
    with suppress(OSError, KeyError):
        yield from _names("user", getpass.getuser())
    yield from _hosts(socket.gethostname())
