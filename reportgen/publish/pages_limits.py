"""The limits of GitHub Pages, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.errors import PublishError

LARGEST_FILE, LARGEST_SITE, WARNED_FILE = 100 * 2**20, 10**9, 50 * 2**20
"""Bytes: git pushes with larger files are blocked, larger sites are not served, and larger files are warned of."""


def limits(sizes: Mapping[str, int], is_github: bool) -> list[str]:
    """What of a branch is too large for GitHub Pages, one sentence each.

    Args:
        sizes: All files that the branch would have, in bytes.
        is_github: Whether it goes there; elsewhere the limits are only told.

    Raises:
        PublishError: It goes there and would be refused.
    """
    files = sorted(sizes.items())
    too_large = [f"{path} has {_mb(size)} and GitHub takes files up to 100 MB" for path, size in files if size > LARGEST_FILE]
    total = sum(sizes.values())
    if total > LARGEST_SITE:
        too_large.append(f"the branch would have {_mb(total)} and GitHub Pages serves sites up to 1 GB")
    if too_large and is_github:
        raise PublishError("; ".join(too_large), hint="nothing was published: leave media out, or publish to another place")
    large = [f"{path} has {_mb(size)}: GitHub warns of files above 50 MB" for path, size in files if WARNED_FILE < size <= LARGEST_FILE]
    return too_large + (large if is_github else [])


def _mb(size: int) -> str:
    return f"{size / 2**20:,.0f} MB" if size < 10**9 else f"{size / 10**9:,.2f} GB"
