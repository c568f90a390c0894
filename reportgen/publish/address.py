"""Where a publication goes, and under which address its readers find it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from reportgen.errors import PublishError
from reportgen.publish.plan import is_inside
from reportgen.sources.git_remotes import without_credentials

BRANCH = "gh-pages"
_REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:|[\w.-]+\.[a-z]{2,}:)", re.IGNORECASE)
_GITHUB = re.compile(
    r"^(?:(?:https?|git|ssh)://(?:[^/@]*@)?(?:www\.|ssh\.)?github\.com(?::\d+)?/|(?:[\w.-]+@)?github\.com:/?)"
    r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?$",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$")


@dataclass(frozen=True)
class Destination:
    """Where a site goes.

    Attributes:
        kind: A folder, an archive, or a branch of a git remote.
        place: The folder or the archive; of a branch its remote: an address, or the name that the user's repository has for it.
        branch: "" for a folder and an archive.
    """

    kind: Literal["folder", "zip", "git"]
    place: str
    branch: str = ""


def destination(text: str) -> Destination:
    """What `--to` names.

    A name with `#` is a remote and its branch, `gh-pages` that branch of `origin`, an address a remote, what ends in `.zip`
    an archive, and all else a folder: no site is pushed because a folder was misspelt.

    Raises:
        PublishError: It names nothing, or a kind of place that is not served.
    """
    if not text.strip():
        raise PublishError("--to names no place", hint="give a folder, a .zip, gh-pages, or URL#branch")
    place, sign, branch = text.rpartition("#")
    if sign:
        if not place or not branch:
            raise PublishError(f"'{without_credentials(text)}' is not of the form remote#branch", hint="for example origin#gh-pages")
        return Destination("git", place, branch)
    if text == BRANCH:
        return Destination("git", "origin", BRANCH)
    if re.match(r"^(s3|gs|az|abfs|sftp)://", text, re.IGNORECASE):
        raise PublishError(f"no publication to {text.partition('://')[0]}://", hint="publish to a folder and copy it there")
    if text.lower().endswith(".zip") and "://" not in text:
        return Destination("zip", text)
    if _REMOTE.match(text) and not re.match(r"^[A-Za-z]:[\\/]", text):
        return Destination("git", text, BRANCH)
    return Destination("folder", text)


def checked_path(path: str) -> str:
    """The folder below a destination, without slashes around it.

    Raises:
        PublishError: It leads elsewhere.
    """
    plain = path.strip("/")
    if path and (not is_inside(plain) or path.startswith("/") or plain.startswith(".")):
        raise PublishError(f"--path '{path}' does not lead to a folder below the destination", hint="write it as reports/name")
    return plain


def local_address(address: str, folder: Path) -> str:
    """The address of a remote, absolute where it is a path: git reads it in another folder than it was written for."""
    if _REMOTE.match(address) or "::" in address:
        return address
    return os.path.abspath(folder / Path(address).expanduser())


def is_github(remote: str) -> bool:
    """Whether a remote is a repository on github.com."""
    return bool(_GITHUB.match(remote))


def page_address(remote: str, branch: str, prefix: str, cname: str = "") -> str:
    """The address that a published page has; without one that is known, the remote and the branch.

    Args:
        cname: What the file `CNAME` of the branch says.
    """
    path = f"{quote(prefix)}/" if prefix else ""
    if _HOST.match(cname.strip()):
        return f"https://{cname.strip().lower()}/{path}"
    if found := _GITHUB.match(remote):
        owner, name = found["owner"].lower(), unquote(found["name"])
        own = name.lower() == f"{owner}.github.io"
        return f"https://{owner}.github.io/{'' if own else f'{name}/'}{path}"
    return f"{branch} of {without_credentials(remote)}" + (f", {prefix}/" if prefix else "")
