"""The program git, called so that nobody's repository, configuration or hooks are touched but those that are named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from reportgen.errors import PublishError
from reportgen.sources.git_remotes import without_credentials

_ABOUT_A_REPOSITORY = frozenset(
    {
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR",
        "GIT_PREFIX", "GIT_NAMESPACE", "GIT_SHALLOW_FILE", "GIT_CONFIG", "GIT_INTERNAL_SUPER_PREFIX", "GIT_QUARANTINE_PATH",
        "GIT_LITERAL_PATHSPECS", "GIT_TRACE", "GIT_DEFAULT_HASH",
    }
)  # fmt: skip
"""Variables that a caller such as a hook sets, and that would lead git to another repository."""
_CARRIED = (
    "credential.", "http.", "https.", "url.", "ssh.", "protocol.", "user.", "author.", "committer.",
    "core.sshcommand", "core.askpass", "safe.",
)  # fmt: skip
"""What of the settings of the user's repository says how to reach a remote, and who commits."""
_SETTINGS = (
    "gc.auto=0", "maintenance.auto=false", "core.hooksPath=/dev/null", "core.autocrlf=false", "core.fsmonitor=false",
    "push.followTags=false", "push.recurseSubmodules=no", "fetch.recurseSubmodules=false", "push.gpgSign=false",
)  # fmt: skip
"""Of any repository: no hook of the user's, no change of line ends, nothing pushed but the one branch."""

_ADDRESS = re.compile(r"\w[\w+.-]*://[^\s'\"]+")


class GitError(Exception):
    """Git ended with an error; `said` is what it said, without keys in addresses."""

    def __init__(self, said: str, output: str = "") -> None:
        self.said, self.output = said, output
        super().__init__(said)


class Git:
    """Git in one repository.

    Args:
        folder: The repository, or a folder in it.
        index: A file for the index instead of the repository's own.
    """

    def __init__(self, folder: Path, index: Path | None = None) -> None:
        self.folder = folder
        self._environment = {name: value for name, value in os.environ.items() if name not in _ABOUT_A_REPOSITORY}
        self._environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
        if not sys.stdin or not sys.stdin.isatty():
            self._environment["GIT_TERMINAL_PROMPT"] = "0"
        if index:
            self._environment["GIT_INDEX_FILE"] = str(index)

    def configured_by(self, settings: str, file: Path) -> None:
        """Makes these the only settings besides the repository's own: they are all that held elsewhere, each once."""
        file.touch(mode=0o600)
        file.write_text(settings, encoding="utf-8", errors="surrogateescape")
        self._environment = {name: value for name, value in self._environment.items() if not name.startswith("GIT_CONFIG_")}
        self._environment |= {"GIT_CONFIG_GLOBAL": str(file), "GIT_CONFIG_NOSYSTEM": "1"}

    def __call__(self, *arguments: str, given: bytes = b"", **environment: str) -> bytes:
        """What git writes to its standard output.

        Raises:
            GitError: It ended with an error.
            PublishError: There is no git.
        """
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        try:
            done = subprocess.run(
                ["git", *settings, *arguments],
                cwd=self.folder,
                input=given,
                capture_output=True,
                env={**self._environment, **environment},
            )
        except FileNotFoundError:
            raise PublishError("there is no program git", hint="install it, or publish to a folder or a .zip") from None
        if done.returncode:
            said = "\n".join(without_keys(line) for line in done.stderr.decode("utf-8", "replace").splitlines())
            raise GitError(said, done.stdout.decode("utf-8", "replace"))
        return done.stdout

    def text(self, *arguments: str) -> str:
        """The same as text, without the end of its last line."""
        return self(*arguments).decode("utf-8", "replace").rstrip("\n")


def temporary_repository(folder: Path, like: Path | None, sha256: bool = False) -> Git:
    """A bare repository of our own: what is fetched and committed is in it, and nothing of it in the user's.

    Args:
        like: The user's repository, whose ways of reaching remotes it takes over.
        sha256: Whether the names of objects have 64 digits.
    """
    folder.mkdir()
    git = Git(folder, folder / "publish-index")
    git("init", "--quiet", "--bare", "--template=", f"--object-format={'sha256' if sha256 else 'sha1'}", ".")
    if like:
        git.configured_by(_effective(Git(like)), folder / "publish-config")
    return git


def _effective(user: Git) -> str:
    """What the settings that hold in the user's repository, of all files and variables, say about remotes and who commits."""
    lines = []
    for entry in user("config", "--list", "--null", "--includes").decode("utf-8", "surrogateescape").split("\0"):
        key, has_value, value = entry.partition("\n")
        if key.lower().startswith(_CARRIED) and key.lower() != "user.signingkey":
            section, _, name = key.rpartition(".")
            first, dot, rest = section.partition(".")
            heading = f'[{first} "{_escaped(rest)}"]' if dot else f"[{first}]"
            lines.append(f'{heading}\n\t{name} = "{_escaped(value)}"\n' if has_value else f"{heading}\n\t{name}\n")
    return "".join(lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def without_keys(line: str) -> str:
    """A line of git without the keys of the addresses in it."""
    return _ADDRESS.sub(lambda found: without_credentials(found[0]), line)


def first_line(said: str, words: Sequence[str] = ("remote:", "fatal:", "error:")) -> str:
    """What git's message says first: the remote's own words before git's."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for word in words:
        for line in lines:
            if line.startswith(word) and line.removeprefix(word).strip():
                return line.removeprefix(word).strip()
    return lines[-1] if lines else "git gave no reason"
