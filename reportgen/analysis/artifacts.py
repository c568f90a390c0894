"""The artifacts of some runs, put together: which versions there are, and which runs made and used each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from reportgen.model import Artifact, Run, Runs

FILES = "files"
"""Name and type of what readers make of a run's own folder of files: no two runs share it."""
_NUMBERED = re.compile(r"v(\d+)")


@dataclass(frozen=True, eq=False)
class Version:
    """One content of an artifact.

    Attributes:
        name: Unique among the versions of its collection: the tracker's ("v3"), or our number by time.
        is_ours: Whether the name is ours.
        artifact: The record that says most of it.
        aliases: The names that it has now: an alias belongs to the last version that was given it.
        former: The names that it had and that a later version took over.
        made_by, used_by: The runs, in their order; each once.
        guessed: Ids of the runs that asked for an alias ("latest") and whose log does not say which version they got.
    """

    name: str
    is_ours: bool
    artifact: Artifact
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    made_by: tuple[Run, ...] = ()
    used_by: tuple[Run, ...] = ()
    guessed: frozenset[str] = frozenset()

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs that made or used it."""
        return tuple({run.id: run for run in (*self.made_by, *self.used_by)}.values())


@dataclass(frozen=True, eq=False)
class Collection:
    """All versions of one artifact, the oldest first (`versions` has at least one)."""

    name: str
    type: str
    versions: tuple[Version, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by: type and name."""
        return self.type, self.name

    @cached_property
    def latest(self) -> Version:
        """The version with the alias "latest", else the last one; an alias of one project says nothing of another's versions."""
        of_alias = [one for one in self.versions if "latest" in one.aliases] if len(self.projects) == 1 else []
        return of_alias[-1] if of_alias else self.versions[-1]

    @cached_property
    def projects(self) -> frozenset[tuple[str, str]]:
        """The trackers and projects that the versions are from."""
        return frozenset((run.source.format, run.project) for version in self.versions for run in version.runs)

    @property
    def is_folders(self) -> bool:
        """Whether it is no artifact that has versions, but the folder of files of each run."""
        return self.key == (FILES, FILES)

    @property
    def is_own_table(self) -> bool:
        """Whether it is how a tracker keeps a table that a run logged."""
        return self.type == "run_table"

    @property
    def is_numbered(self) -> bool:
        """Whether the names of versions are ours."""
        return any(one.is_ours for one in self.versions) and not self.is_folders


class Catalogue:
    """The artifacts of some runs by type and name."""

    def __init__(self, runs: Iterable[Run]) -> None:
        found: dict[tuple[str, str], list[tuple[Run, Artifact]]] = {}
        for run in runs:
            for artifact in run.artifacts:
                found.setdefault((artifact.type, artifact.name), []).append((run, artifact))
        self._drafts = {key: _drafts(records) for key, records in found.items()}
        self.collections: Mapping[tuple[str, str], Collection] = {
            key: Collection(key[1], key[0], tuple(draft.version for draft in drafts)) for key, drafts in sorted(self._drafts.items())
        }

    @cached_property
    def _of_record(self) -> dict[tuple[str, int], Version]:
        drafts = [draft for several in self._drafts.values() for draft in several]
        return {(run.id, id(artifact)): draft.version for draft in drafts for run, artifact in draft.records}

    def version_of(self, run: Run, artifact: Artifact) -> Version | None:
        """The version that a record of a run means (`artifact` is one of its `artifacts`)."""
        return self._of_record.get((run.id, id(artifact)))


_catalogues: WeakKeyDictionary[Runs, Catalogue] = WeakKeyDictionary()


def catalogue(runs: Runs) -> Catalogue:
    """The artifacts of some runs; put together once for each `Runs`."""
    if runs not in _catalogues:
        _catalogues[runs] = Catalogue(runs)
    return _catalogues[runs]


@dataclass(eq=False)
class _Draft:
    """A version while its records are collected."""

    records: list[tuple[Run, Artifact]] = field(default_factory=list)
    guessed: set[str] = field(default_factory=set)
    name: str = ""
    is_ours: bool = False
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def known(self, attribute: str) -> str:
        """What the records say of its `version`, `digest` or `id`; "" when none says it."""
        return next((str(getattr(one, attribute)) for _, one in self.records if getattr(one, attribute)), "")

    @cached_property
    def version(self) -> Version:
        def runs(role: str) -> tuple[Run, ...]:
            return tuple({run.id: run for run, one in self.records if one.role == role}.values())

        fullest = max((one for _, one in self.records), key=lambda one: (len(one.files), bool(one.digest), len(one.metadata)))
        return Version(
            self.name, self.is_ours, fullest, self.aliases, self.former, runs("output"), runs("input"), frozenset(self.guessed)
        )  # fmt: skip


def _drafts(records: list[tuple[Run, Artifact]]) -> list[_Draft]:
    """The versions that some records of one artifact are about, the oldest first."""
    if records[0][1].type == FILES and records[0][1].name == FILES:
        return [_Draft([record], name=record[0].slug, is_ours=True) for record in records]
    drafts: list[_Draft] = []
    known = _Known()
    asked = []
    for run, artifact in records:
        draft = known.find(run, artifact)
        if draft is None and artifact.role == "input" and not (artifact.version or artifact.digest):
            asked.append((run, artifact))
            continue
        if draft is None:
            drafts.append(draft := _Draft())
        draft.records.append((run, artifact))
        known.add(run, artifact, draft)
    _answer(asked, drafts)
    drafts.sort(key=lambda draft: _number(draft.known("version")))
    _give_aliases(drafts)
    _give_names(drafts)
    return drafts


class _Known:
    """The versions found so far, by all that can tell which one a record is about."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, ...], list[_Draft]] = {}

    def add(self, run: Run, artifact: Artifact, draft: _Draft) -> None:
        """Takes note of a record of a version."""
        for key in self._keys(run, artifact):
            several = self._by.setdefault(key, [])
            if draft not in several:
                several.append(draft)

    def find(self, run: Run, artifact: Artifact) -> _Draft | None:
        """The version that a record is about: the same content, else the same identity, else the same name in the same project."""
        return next((one for key in self._keys(run, artifact) for one in self._by.get(key, ()) if _agrees(one, artifact)), None)

    @staticmethod
    def _keys(run: Run, artifact: Artifact) -> Iterator[tuple[str, ...]]:
        if artifact.digest:
            yield "digest", artifact.digest
        if artifact.id:
            yield "id", artifact.id
        if artifact.version:
            yield "version", run.project, artifact.version


def _agrees(draft: _Draft, artifact: Artifact) -> bool:
    """Whether nothing that a record says of its version speaks against it."""
    return all(
        not mine or not (theirs := draft.known(attribute)) or mine == theirs
        for attribute, mine in (("version", artifact.version), ("digest", artifact.digest))
    )


def _answer(asked: Iterable[tuple[Run, Artifact]], drafts: list[_Draft]) -> None:
    """Finds what runs got that asked for an alias, or by name only: the last such version that was made before them."""
    for run, artifact in asked:
        fitting = [draft for draft in drafts if not artifact.aliases or set(artifact.aliases) & set(_aliases(draft))]
        before = [draft for draft in fitting if _is_made_before(draft, run)]
        draft = before[-1] if before else None
        if draft is None:
            drafts.append(_Draft([(run, artifact)]))
            continue
        draft.records.append((run, artifact))
        if not artifact.id or artifact.id != draft.known("id"):
            draft.guessed.add(run.id)


def _is_made_before(draft: _Draft, run: Run) -> bool:
    makers = [maker for maker, one in draft.records if one.role == "output"]
    if not makers:  # Nobody made it here, and nobody knows which it is: they all mean the same one.
        return not draft.known("version") and not draft.known("digest")
    return any(maker.started is None or run.started is None or maker.started <= run.started for maker in makers)


def _aliases(draft: _Draft) -> tuple[str, ...]:
    return tuple(dict.fromkeys(alias for _, one in draft.records for alias in one.aliases))


def _give_aliases(drafts: Iterable[_Draft]) -> None:
    """An alias stands at one version of a project: the last one that was given it."""
    holder: dict[tuple[str, str], _Draft] = {}
    for draft in drafts:
        for run, one in draft.records:
            if one.role == "output" or one.version:
                holder |= {(run.project, alias): draft for alias in one.aliases}
    held: dict[int, dict[str, None]] = {}
    for (_, alias), draft in holder.items():
        held.setdefault(id(draft), {})[alias] = None
    for draft in drafts:
        draft.aliases = tuple(held.get(id(draft), ()))
        draft.former = tuple(alias for alias in _aliases(draft) if alias not in draft.aliases)


def _number(version: str) -> float:
    found = _NUMBERED.fullmatch(version)
    return float(found[1]) if found else float("inf")


def _give_names(drafts: list[_Draft]) -> None:
    """The tracker's names; else numbers by time. Where only some have one, a number of ours could be another one's: the digest names it."""
    is_mixed = any(draft.known("version") for draft in drafts)
    taken = Counter[str]()
    for name, draft in zip(_wanted(drafts, is_mixed), drafts, strict=True):
        taken[name] += 1
        draft.name = name if taken[name] == 1 else f"{name}-{taken[name]}"
        draft.is_ours = draft.name != draft.known("version")


def _wanted(drafts: Iterable[_Draft], is_mixed: bool) -> Iterator[str]:
    for i, draft in enumerate(drafts):
        if named := draft.known("version"):
            yield named
        else:
            yield (draft.known("digest") or draft.known("id"))[:8] or "unnamed" if is_mixed else f"v{i}"
