"""What `--to` names, the address that is printed, and the limits of GitHub Pages."""

from __future__ import annotations

import pytest

from reportgen.errors import PublishError
from reportgen.publish.address import Destination, checked_path, destination, page_address
from reportgen.publish.git import first_line, without_keys
from reportgen.publish.pages_limits import limits


@pytest.mark.parametrize(
    ("text", "kind", "place", "branch"),
    [
        ("gh-pages", "git", "origin", "gh-pages"),
        ("origin#pages", "git", "origin", "pages"),
        ("../site.git#gh-pages", "git", "../site.git", "gh-pages"),
        ("https://github.com/kim/digits", "git", "https://github.com/kim/digits", "gh-pages"),
        ("git@github.com:kim/digits.git#main", "git", "git@github.com:kim/digits.git", "main"),
        ("ssh://git@host:2222/x.git", "git", "ssh://git@host:2222/x.git", "gh-pages"),
        ("public", "folder", "public", ""),
        ("gh_pages", "folder", "gh_pages", ""),
        ("./gh-pages", "folder", "./gh-pages", ""),
        ("C:\\out", "folder", "C:\\out", ""),
        ("out/site.zip", "zip", "out/site.zip", ""),
    ],
)
def test_destinations(text: str, kind: str, place: str, branch: str) -> None:
    assert destination(text) == Destination(kind, place, branch)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", " ", "#x", "origin#", "s3://bucket/x"])
def test_no_destinations(text: str) -> None:
    with pytest.raises(PublishError):
        destination(text)


def test_a_key_in_an_address_is_not_said_again() -> None:
    with pytest.raises(PublishError) as caught:
        destination("https://kim:hunter22@host/x.git#")
    assert "hunter22" not in str(caught.value)
    said = without_keys("fatal: unable to access 'https://kim:hunter22@host/x.git': no")
    assert said == "fatal: unable to access 'https://host/x.git': no"


@pytest.mark.parametrize("path", ["../x", "/etc", "a/../b", ".git", "a//b", "a\\b", ".hidden/x", "c:/x"])
def test_paths_that_lead_elsewhere(path: str) -> None:
    with pytest.raises(PublishError, match="does not lead to a folder below"):
        checked_path(path)


def test_paths() -> None:
    assert [checked_path(path) for path in ("", "a", "reports/a/", "한국어")] == ["", "a", "reports/a", "한국어"]


@pytest.mark.parametrize(
    ("remote", "prefix", "cname", "address"),
    [
        ("https://github.com/Kim/digits.git", "", "", "https://kim.github.io/digits/"),
        ("https://kim:hunter22@github.com/kim/digits", "reports/a b", "", "https://kim.github.io/digits/reports/a%20b/"),
        ("git@github.com:kim/digits.git", "", "", "https://kim.github.io/digits/"),
        ("ssh://git@github.com/kim/kim.github.io.git", "", "", "https://kim.github.io/"),
        ("ssh://git@ssh.github.com:443/kim/digits.git", "", "", "https://kim.github.io/digits/"),
        ("git@github.com:kim/digits.git", "a", "Reports.Example.org\n", "https://reports.example.org/a/"),
        ("git@github.com:kim/digits.git", "", "javascript:alert(1)", "https://kim.github.io/digits/"),
        ("https://kim:hunter22@git.example.org/kim/digits.git", "", "", "gh-pages of https://git.example.org/kim/digits.git"),
        ("https://notgithub.com/kim/digits", "a", "", "gh-pages of https://notgithub.com/kim/digits, a/"),
    ],
)
def test_page_addresses(remote: str, prefix: str, cname: str, address: str) -> None:
    assert page_address(remote, "gh-pages", prefix, cname) == address


def test_limits() -> None:
    assert limits({"a": 50 * 2**20}, True) == []
    assert limits({"a": 51 * 2**20}, True) == ["a has 51 MB: GitHub warns of files above 50 MB"]
    assert limits({"film.mp4": 101 * 2**20}, False) == ["film.mp4 has 101 MB and GitHub takes files up to 100 MB"]
    with pytest.raises(PublishError, match=r"film\.mp4 has 101 MB and GitHub takes files up to 100 MB; nothing was published"):
        limits({"film.mp4": 101 * 2**20}, True)
    many = {str(number): 90 * 2**20 for number in range(11)}
    assert limits(many, False) == ["the branch would have 1.04 GB and GitHub Pages serves sites up to 1 GB"]
    with pytest.raises(PublishError, match=r"serves sites up to 1 GB"):
        limits(many, True)


def test_what_git_says_first() -> None:
    assert first_line("warning: a\nfatal: b\nremote: c") == "c"
    assert first_line("") == "git gave no reason"
