"""Which versions of artifacts there are, who made and used them, and what changed between them."""

from __future__ import annotations

from artifact_runs import dataset, model, offline_runs, run

from reportgen.analysis.artifact_changes import ABSENT, changes
from reportgen.analysis.artifacts import Catalogue, Collection, catalogue
from reportgen.model import Artifact, ArtifactFile, Run, Runs


def found(*runs: Run) -> Collection:
    (collection,) = Catalogue(runs).collections.values()
    return collection


def names(collection: Collection) -> list[tuple[str, bool]]:
    return [(version.name, version.is_ours) for version in collection.versions]


def test_equal_content_is_one_version_and_numbers_go_by_time() -> None:
    known = catalogue(offline_runs()).collections
    assert list(known) == [("dataset", "digits"), ("model", "cnn")]
    digits, cnn = known.values()
    assert names(digits) == [("v0", True), ("v1", True)]
    assert [[one.name for one in version.made_by] for version in digits.versions] == [["prepare"], ["again"]]
    assert [[one.name for one in version.used_by] for version in digits.versions] == [["train-0", "train-1"], ["train-2"]]
    assert names(cnn) == [("v0", True), ("v1", True), ("v2", True)]
    assert cnn.latest is cnn.versions[2]
    assert cnn.is_numbered


def test_an_alias_belongs_to_the_last_version_that_was_given_it() -> None:
    cnn = catalogue(offline_runs()).collections["model", "cnn"]
    assert [(one.aliases, one.former) for one in cnn.versions] == [((), ("latest", "best")), ((), ("latest",)), (("latest", "best"), ())]


def test_the_trackers_own_names_are_kept_and_sorted_as_numbers() -> None:
    runs = [run(f"r{i}", i, [model("", version=f"v{n}", files=())]) for i, n in enumerate((10, 9, 2))]
    assert names(found(*runs)) == [("v2", False), ("v9", False), ("v10", False)]


def test_a_version_without_a_name_among_named_ones_is_called_by_its_digest() -> None:
    collection = found(run("a", 0, [model("0123456789ab")]), run("b", 1, [model("", "input", version="v3", files=())]))
    assert names(collection) == [("v3", False), ("01234567", True)]


def test_an_alias_that_was_asked_for_is_the_last_version_before() -> None:
    asked = Artifact("cnn", "model", "input", aliases=("latest",))
    made = [run("a", 0, [model("m0", aliases=("latest",))]), run("b", 2, [model("m1", aliases=("latest",))])]
    collection = found(*Runs([*made, run("user", 1, [asked])]))
    assert [[one.name for one in version.used_by] for version in collection.versions] == [["user"], []]
    assert collection.versions[0].guessed == {"user"}


def test_what_nobody_made_here_is_one_version() -> None:
    asked = Artifact("words.txt", "file", "input")
    collection = found(run("a", 0, [asked]), run("b", 1, [asked]))
    (version,) = collection.versions
    assert ([one.name for one in version.made_by], [one.name for one in version.used_by]) == ([], ["a", "b"])


def test_two_contents_of_one_name_are_two_versions() -> None:
    collection = found(
        run("a", 0, [model("m0", version="v0")], project="p"), run("b", 1, [model("m1", version="v0")], project="q"),
        run("c", 2, [model("", "input", version="v0", files=())], project="q"),
    )  # fmt: skip
    assert names(collection) == [("v0", False), ("v0-2", True)]
    assert [one.name for one in collection.versions[1].used_by] == ["c"]


def test_folders_of_runs_are_no_versions_of_one_thing() -> None:
    folder = Artifact("files", "files", "output", files=(ArtifactFile("a.txt", 1),))
    collection = found(run("a", 0, [folder]), run("b", 1, [folder]))
    assert collection.is_folders
    assert not collection.is_numbered
    assert [one.name for one in collection.versions] == ["a", "b"]


def test_each_record_has_its_version() -> None:
    runs = offline_runs()
    known = Catalogue(runs)
    for one in runs:
        for artifact in one.artifacts:
            version = known.version_of(one, artifact)
            assert version is not None
            assert version.artifact.digest == artifact.digest
    assert Catalogue(Runs()).collections == {}


def test_what_changed() -> None:
    old = [ArtifactFile("a", 1, "x"), ArtifactFile("b", 1, "x"), ArtifactFile("gone", 1), ArtifactFile("size", 1), ArtifactFile("no", 1)]
    new = [ArtifactFile("a", 1, "y"), ArtifactFile("b", 1, "x"), ArtifactFile("new", 2), ArtifactFile("size", 2), ArtifactFile("no", 1)]
    result = changes(old, new, {"acc": 0.9, "same": [1], "gone": None}, {"acc": 0.8, "same": [1]})
    assert [(one.path, one.kind) for one in result.files] == [("a", "changed"), ("gone", "removed"), ("new", "added"), ("size", "changed")]
    assert (result.same, result.unknown) == (1, 1)
    assert result.metadata == (("acc", 0.9, 0.8), ("gone", None, ABSENT))
    assert changes(old, old[::-1], {}, {}).files == ()
    assert dataset("d").size == 1010
