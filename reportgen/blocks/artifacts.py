"""The fence `artifacts`: the datasets, models and other artifacts that the runs made or used, and their lineage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from pydantic import Field

from reportgen.analysis.artifact_lineage import lineage
from reportgen.analysis.artifacts import Collection, catalogue
from reportgen.blocks.artifact_table import artifact_table
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.lineage_view import lineage_html, readable_lineage
from reportgen.errors import QueryError, did_you_mean
from reportgen.words import _, count, ngettext


class Options(BlockOptions):
    """Options of `artifacts`."""

    name: str | list[str] = Field("*", description="Which artifacts: names or globs (`digits*`).")
    type: str | list[str] | None = Field(
        None, description="Which types, for example `dataset`, `model`; by default all but the tables and folders of single runs."
    )
    lineage: bool = Field(False, description="Draw the graph from datasets through runs to models above the table.")


def render(options: Options, context: Context) -> Fragment:
    """The table of the artifacts and, if asked for, their lineage.

    Raises:
        QueryError: The runs have no artifact that fits.
    """
    # Numbers of versions are those of the whole site, and so are the pages that the links lead to.
    known = catalogue(context.site_runs or context.all_runs)
    ids = frozenset(run.id for run in context.runs)
    there = [part for one in known.collections.values() if (part := _part(one, ids))]
    chosen = [one for one in there if _fits(one, options)]
    if not chosen:
        raise _nothing(there, options)
    parts: list[str] = []
    notes = []
    if options.lineage:
        keys = {one.key for one in chosen}
        whole = lineage(known, lambda one: one.key in keys).of_runs(ids)
        drawn = readable_lineage(whole)
        if drawn:
            parts.append(str(lineage_html(drawn, context.root, context.style)))
        else:
            notes.append(_("The lineage has {n} nodes, too many to be read as one drawing.").format(n=count(len(whole))))
    parts.append(str(artifact_table(chosen, context.root, context.style, id_=options.id or "", with_type=True)))
    n = ngettext("{n} artifact", "{n} artifacts", len(chosen)).format(n=count(len(chosen)))
    return Fragment(
        parts=tuple(parts),
        kind="artifacts",
        label="Figure" if options.lineage else "Table",
        title=n if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or "wide",
        id=options.id or "",
        notes=tuple(notes),
    )


def _part(collection: Collection, ids: frozenset[str]) -> Collection | None:
    """The versions that some runs made or used, with these runs only; None when there is none."""
    versions = [
        replace(
            version,
            made_by=tuple(run for run in version.made_by if run.id in ids),
            used_by=tuple(run for run in version.used_by if run.id in ids),
        )
        for version in collection.versions
    ]
    kept = tuple(version for version in versions if version.runs)
    return replace(collection, versions=kept) if kept else None


def _fits(collection: Collection, options: Options) -> bool:
    if not _matches(collection.name, options.name):
        return False
    if options.type is not None:
        return _matches(collection.type, options.type)
    return options.name != "*" or not (collection.is_folders or collection.is_own_table)


def _matches(text: str, patterns: str | Sequence[str]) -> bool:
    return any(text == pattern or fnmatchcase(text, pattern) for pattern in ([patterns] if isinstance(patterns, str) else patterns))


def _nothing(there: Sequence[Collection], options: Options) -> QueryError:
    """Why nothing fits, with what there is."""
    name = options.name if isinstance(options.name, str) else ", ".join(options.name)
    if options.type is not None and not any(_matches(one.type, options.type) for one in there):
        kind = options.type if isinstance(options.type, str) else ", ".join(options.type)
        types = list(dict.fromkeys(one.type for one in there))
        return QueryError(f"no artifact of type '{kind}'", hint=did_you_mean(kind, types) or f"there are: {', '.join(types) or 'none'}")
    if name == "*":
        return QueryError("these runs neither made nor used any artifact", hint="log_artifact and use_artifact record them")
    return QueryError(f"no artifact '{name}'", hint=did_you_mean(name, [one.name for one in there]))
