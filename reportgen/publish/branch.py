"""A branch of a git remote as a destination.

All is done in a repository of our own in a temporary folder: the branch is fetched there, the commit made on top of it with git's plumbing,
and pushed without force. Of the user's repository only the address of the remote and the settings for reaching it are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from reportgen.errors import PublishError
from reportgen.publish.address import is_github, local_address, page_address
from reportgen.publish.common_index import common_index
from reportgen.publish.git import Git, GitError, first_line, temporary_repository
from reportgen.publish.pages_limits import limits
from reportgen.publish.plan import Changes, Content, below, listed, plan
from reportgen.site.swap import MARKER
from reportgen.sources.git_remotes import without_credentials


@dataclass(frozen=True)
class Pushed:
    """What happened to a branch.

    Attributes:
        address: Where its readers find the site.
        commit: The new commit, "" where none was needed or nothing was to be done.
        notes: What should be known, one sentence each.
    """

    changes: Changes
    address: str
    commit: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Branch:
    """The branch as it is on the remote: its last commit ("" where there is none) and its files, path → object and size."""

    commit: str
    files: Mapping[str, tuple[str, int]]


def to_branch(
    site: Mapping[str, Content], remote: str, branch: str, prefix: str, message: str, near: Path, base: Path, dry_run: bool
) -> Pushed:
    """Brings a site to a branch of a remote.

    Args:
        remote: An address, or a name that the repository around `near` has for it.
        prefix: The folder of the site on the branch, "" for all of it.
        near: A folder in the user's repository, or another one where there is none.
        base: Relative paths of remotes start here.

    Raises:
        PublishError: The remote is not there, refuses, or holds files of somebody else where the site's would be.
    """
    repository = _repository(near)
    address = _address(remote, repository, near, base)
    with TemporaryDirectory(prefix="reportgen-publish-") as scratch:
        pushing = _Pushing(site, address, branch, prefix, message, Path(scratch), repository)
        return pushing.look() if dry_run else pushing.push()


class _Pushing:
    def __init__(
        self, site: Mapping[str, Content], address: str, branch: str, prefix: str, message: str, scratch: Path, repository: Path | None
    ) -> None:
        self.address, self.branch, self.prefix, self.message = address, branch, prefix, message
        self.shown = without_credentials(address)
        self.scratch = scratch
        self.new: dict[str, Content] = {below(prefix, path): content for path, content in site.items()}
        self.git = temporary_repository(scratch / "git", repository)
        self._check_branch()
        if self._has_sha256():
            self.git = temporary_repository(scratch / "git-sha256", repository, sha256=True)

    def look(self) -> Pushed:
        """What would be done."""
        changes, _files, branch, notes = self._planned()
        return Pushed(changes, self._page(branch), "", tuple(notes))

    def push(self) -> Pushed:
        """Commits and pushes; once more on top of what somebody else pushed meanwhile."""
        notes_of_push: list[str] = []
        for is_last in (False, True):
            changes, files, branch, notes = self._planned()
            if not changes:
                return Pushed(changes, self._page(branch), "", (*notes, *notes_of_push))
            commit = self._commit(branch, files, changes)
            if self._pushed(commit, is_last):
                return Pushed(changes, self._page(branch), commit, (*notes, *notes_of_push))
            notes_of_push.append("somebody else pushed meanwhile: the commit was made again on top of theirs")
        raise AssertionError("the last attempt either succeeds or raises")

    def _planned(self) -> tuple[Changes, dict[str, str], _Branch, list[str]]:
        """The changes, the objects of all new files, the branch that they are for, and notes."""
        branch = self._fetch()
        index = common_index(branch.files, lambda path: self._old(branch, path), self.prefix, self.new)
        new = {**self.new, **index.files}
        notes = [f"no list of reports was written: {index.why_not}"] if index.why_not else []
        # Before anything is written or sent: the whole branch as it would be.
        objects = self._objects(new)
        marker = below(self.prefix, MARKER)
        ours = set(index.ours) | (listed(self._old(branch, marker), self.prefix) if marker in branch.files else set())
        changes = plan(branch.files, ours, new, lambda path: branch.files[path][0] == objects[path])
        sizes = {path: size for path, (_object, size) in branch.files.items() if path not in changes.removed}
        sizes |= {path: _size(content) for path, content in new.items()}
        notes += limits(sizes, is_github(self.address))
        return changes, objects, branch, notes

    def _fetch(self) -> _Branch:
        ref = f"refs/heads/{self.branch}"
        heads = self._try(lambda: self.git.text("ls-remote", "--", self.address, ref), "cannot be reached")
        if not any(line.endswith(f"\t{ref}") for line in heads.splitlines()):
            return _Branch("", {})
        fetch = ("fetch", "--quiet", "--no-tags", "--depth=1", "--", self.address, f"+{ref}:refs/publish/there")
        self._try(lambda: self.git.text(*fetch), "cannot be fetched from")
        commit = self.git.text("rev-parse", "refs/publish/there")
        return _Branch(commit, dict(self._tree(commit)))

    def _tree(self, commit: str) -> list[tuple[str, tuple[str, int]]]:
        files = []
        for entry in self.git("ls-tree", "-r", "-l", "-z", "--full-tree", commit).split(b"\0"):
            if entry:
                about, _, path = entry.partition(b"\t")
                mode, _kind, name, size = about.split()
                # A link or a submodule is never equal to a file of the site.
                equal = name.decode() if mode == b"100644" else f"{mode.decode()} {name.decode()}"
                files.append((path.decode("utf-8", "surrogateescape"), (equal, int(size) if size.isdigit() else 0)))
        return files

    def _old(self, branch: _Branch, path: str) -> bytes:
        return self.git("cat-file", "blob", branch.files[path][0].split()[-1])

    def _objects(self, new: Mapping[str, Content]) -> dict[str, str]:
        """Writes the files into our repository; path → the name of the object."""
        on_disk = {path: content for path, content in new.items() if isinstance(content, Path)}
        given = "".join(f"{content.absolute()}\n" for content in on_disk.values()).encode("utf-8", "surrogateescape")
        names = self.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).decode().split()
        objects = dict(zip(on_disk, names, strict=True))
        for path, content in new.items():
            if isinstance(content, bytes):
                objects[path] = self.git("hash-object", "-w", "--no-filters", "--stdin", given=content).decode().strip()
        return objects

    def _commit(self, branch: _Branch, objects: Mapping[str, str], changes: Changes) -> str:
        if branch.commit:
            self.git("read-tree", branch.commit)
        else:
            self.git("read-tree", "--empty")
        nothing = "0" * len(next(iter(objects.values())))
        lines = [f"0 {nothing}\t{path}\0" for path in changes.removed]
        lines += [f"100644 {objects[path]}\t{path}\0" for path in (*changes.added, *changes.changed)]
        self.git("update-index", "-z", "--index-info", given="".join(lines).encode("utf-8", "surrogateescape"))
        tree = self.git.text("write-tree")
        parent = ("-p", branch.commit) if branch.commit else ()
        return self.git("commit-tree", tree, *parent, given=self.message.encode(), **self._author()).decode().strip()

    def _author(self) -> dict[str, str]:
        """Who commits, where git knows nobody."""
        try:
            self.git("var", "GIT_COMMITTER_IDENT")
            self.git("var", "GIT_AUTHOR_IDENT")
        except GitError:
            name, mail = "reportgen", "reportgen@localhost"
            return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": mail}
        return {}

    def _pushed(self, commit: str, is_last: bool) -> bool:
        """Whether the remote took the commit; False where somebody else was faster and it may be tried again."""
        ref = f"refs/heads/{self.branch}"
        try:
            self.git("push", "--quiet", "--porcelain", "--no-verify", "--", self.address, f"{commit}:{ref}")
        except GitError as error:
            refused = next((line for line in error.output.splitlines() if line.startswith("!")), "")
            if _was_slower(refused) and not is_last:
                return False
            if is_last and "(fetch first)" in refused:
                raise PublishError(f"{self.branch} of {self.shown} moved twice meanwhile", hint="publish again") from None
            reason = refused.rpartition("\t")[2] or first_line(error.said)
            said = first_line(error.said, ("remote:",)) if "remote:" in error.said and refused else ""
            raise PublishError(
                f"{self.shown} refused {self.branch}: {reason}" + (f": {said}" if said and said not in reason else ""),
                hint="nothing was published",
            ) from None
        return True

    def _page(self, branch: _Branch) -> str:
        cname = self._old(branch, "CNAME").decode("utf-8", "replace") if "CNAME" in branch.files else ""
        return page_address(self.address, self.branch, self.prefix, cname.strip().splitlines()[0] if cname.strip() else "")

    def _check_branch(self) -> None:
        try:
            self.git("check-ref-format", f"refs/heads/{self.branch}")
        except GitError:
            raise PublishError(f"'{self.branch}' cannot be the name of a branch") from None

    def _has_sha256(self) -> bool:
        """Whether the remote's objects have names of 64 digits."""
        heads = self._try(lambda: self.git.text("ls-remote", "--", self.address), "cannot be reached")
        return any(len(line.partition("\t")[0]) == 64 for line in heads.splitlines())

    def _try(self, call: Callable[[], str], what: str) -> str:
        try:
            return call()
        except GitError as error:
            reason = first_line(error.said, ("remote:", "fatal:", "error:", "ssh:"))
            raise PublishError(f"{self.shown} {what}: {reason}", hint="nothing was published") from None


_SLOWER = (
    "(fetch first)", "(non-fast-forward)", "(stale info)", "cannot lock ref", "failed to update ref", "incorrect old value",
    "reference already exists",
)  # fmt: skip


def _was_slower(refused: str) -> bool:
    """Whether a push was refused because the branch is not what it was when it was fetched."""
    return any(sign in refused for sign in _SLOWER)


def _repository(near: Path) -> Path | None:
    """The work tree around a folder, or the repository where it has none."""
    for what in ("--show-toplevel", "--absolute-git-dir"):
        try:
            return Path(Git(near).text("rev-parse", what))
        except GitError:
            continue
    return None


def _address(remote: str, repository: Path | None, near: Path, base: Path) -> str:
    """The address of a remote that is given by its name, its path or its address."""
    if repository and ("/" not in remote and ":" not in remote):
        try:
            return local_address(Git(repository).text("remote", "get-url", "--push", "--", remote), repository)
        except GitError:
            if (base / remote).exists():
                return local_address(remote, base)
            known = Git(repository).text("remote").split()
            names = f"there are: {', '.join(known)}" if known else f"git remote add {remote} URL, or --to URL#gh-pages"
            raise PublishError(f"this repository has no remote '{remote}'", hint=names) from None
    if repository is None and "/" not in remote and ":" not in remote and not (base / remote).exists():
        hint = "--to URL#gh-pages names a remote by its address"
        raise PublishError(f"{near} is in no git repository, so there is no remote '{remote}'", hint=hint)
    return local_address(remote, base)


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size
