"""The pages of commits on the web, where a repository surely has some."""

from __future__ import annotations

import re

_WEB = re.compile(r"https?://[\w.-]+(?::\d+)?/[\w./~%+-]*", re.ASCII)
_SSH = re.compile(r"(?:ssh://)?git@([\w.-]+)(?::\d+(?=/))?[:/]([\w./~-]+)", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_COMPARING = ("https://github.com/", "https://gitlab.com/")
"""Hosts that are known to show the difference of two commits."""


def commit_address(remote: str, commit: str) -> str:
    """The page of a commit on the web, or "" where the remote is none that surely has one.

    >>> commit_address("git@github.com:kimin/digits.git", "0123abc")
    'https://github.com/kimin/digits/commit/0123abc'
    """
    web = _web(remote)
    return f"{web}/commit/{commit}" if web and _COMMIT.fullmatch(commit) else ""


def difference_address(remote: str, before: str, after: str) -> str:
    """The page that shows what changed from one commit to another, or "" where the host is none that surely has one.

    >>> difference_address("git@github.com:kimin/digits.git", "0123abc", "4567def")
    'https://github.com/kimin/digits/compare/0123abc...4567def'
    """
    web = _web(remote)
    known = web.startswith(_COMPARING) and _COMMIT.fullmatch(before) and _COMMIT.fullmatch(after)
    middle = "/-/compare/" if web.startswith(_COMPARING[1]) else "/compare/"
    return f"{web}{middle}{before}...{after}" if known else ""


def _web(remote: str) -> str:
    """The page of a repository, "" where its remote does not say it."""
    ssh = _SSH.fullmatch(remote)
    web = (f"https://{ssh[1]}/{ssh[2].lstrip('/')}" if ssh else remote).rstrip("/").removesuffix(".git")
    return web if _WEB.fullmatch(web) else ""
