"""What changed between two versions of an artifact, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reportgen.analysis.artifact_changes import ABSENT, Changes, FileChange
from reportgen.analysis.column_format import exact, plain_text, size_text
from reportgen.blocks.readable import readable
from reportgen.model import ArtifactFile
from reportgen.words import _, count

_LISTED = 200


def changes_html(found: Changes) -> Markup:
    """What changed, in a sentence and as a list."""
    return Markup('<p class="changes-said">{}</p>\n{}').format(_sentence(found), _list(found))


def metadata_text(value: Any, is_whole: bool = False) -> str:
    """A value of metadata as text: numbers in short, or with all of their digits."""
    if value is ABSENT:
        return "—"
    return readable(value if isinstance(value, str) else exact(value) if is_whole else plain_text(value))


def _differing(before: Any, after: Any) -> str:
    """“0.962 → 0.98”, with all digits where the values differ only behind what is written in short."""
    several = metadata_text(before), metadata_text(after)
    return " → ".join(several if several[0] != several[1] else (metadata_text(before, True), metadata_text(after, True)))


def version_data(files: Sequence[ArtifactFile], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What the browser compares two versions by: files as [path, size, digest, reference], and metadata as text, whole and in short."""
    return {
        "files": [[readable(one.path), one.size, one.digest, one.reference] for one in files],
        "metadata": {readable(key): [metadata_text(value, True), metadata_text(value)] for key, value in metadata.items()},
    }


def _sentence(found: Changes) -> str:
    counts = {kind: sum(1 for one in found.files if one.kind == kind) for kind in ("added", "removed", "changed")}
    parts = [
        _("{n} added").format(n=count(counts["added"])) if counts["added"] else "",
        _("{n} removed").format(n=count(counts["removed"])) if counts["removed"] else "",
        _("{n} changed").format(n=count(counts["changed"])) if counts["changed"] else "",
        _("{n} the same").format(n=count(found.same)) if found.same else "",
        _("{n} of the same name and size without a digest").format(n=count(found.unknown)) if found.unknown else "",
    ]
    said = _("Files: {counts}.").format(counts=", ".join(part for part in parts if part) or "0")
    if found.metadata:
        said += " " + _("Values of the metadata that differ: {n}.").format(n=count(len(found.metadata)))
    return said


def _list(found: Changes) -> Markup:
    items = [_file_item(one) for one in found.files[:_LISTED]]
    items += [_item("changed", key, _differing(a, b)) for key, a, b in found.metadata[:_LISTED]]
    left = max(0, len(found.files) - _LISTED) + max(0, len(found.metadata) - _LISTED)
    more = Markup('<p class="section-note">{}</p>').format(_("And {n} more.").format(n=count(left))) if left else Markup("")
    return Markup('<ul class="changes">\n{}</ul>{}').format(Markup("\n").join(items), more) if items else Markup("")


def _file_item(one: FileChange) -> Markup:
    about = ""
    if one.before and one.after:
        sizes = _size(one.before), _size(one.after)
        about = _("{size}, other content").format(size=sizes[1]) if sizes[0] == sizes[1] else " → ".join(sizes)
    elif file := one.before or one.after:
        about = _size(file)
    return _item(one.kind, one.path, about)


def _item(kind: str, name: str, about: str) -> Markup:
    said = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}[kind]
    item = Markup('<li class="is-{}"><span class="said">{} </span>{} <span class="size">{}</span></li>')
    return item.format(kind, said, readable(name), about)


def _size(file: ArtifactFile) -> str:
    return _("size unknown") if file.size is None else size_text(file.size)
