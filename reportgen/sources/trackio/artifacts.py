"""The artifacts of a trackio project, and which run made or used them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, ArtifactFile
from reportgen.sources.sqlite import rows
from reportgen.sources.values import parse_json
from reportgen.sources.wandb.files import RunFiles

_TABLES = ("run_artifact_links", "artifact_versions", "artifacts", "artifact_aliases")
_QUERY = """
    select l.run_id, l.direction, a.name, a.type, a.description, v.id, v.version, v.manifest_digest, v.manifest, v.metadata, v.size_bytes
    from run_artifact_links l join artifact_versions v on v.id = l.artifact_version_id join artifacts a on a.id = v.artifact_id
    order by l.id
"""
_OTHERS = """
    select run_id, direction, source_artifact, source_type, source_version, source_size_bytes, source_project
    from external_run_artifact_links order by id
"""


def artifacts_by_run(
    connection: sqlite3.Connection, path: Path, columns: Mapping[str, frozenset[str]], damage: list[str]
) -> dict[str, list[Artifact]]:
    """The artifacts by the id of the run; those of other projects have no files here. None in databases of old versions."""
    found: dict[str, list[Artifact]] = defaultdict(list)
    if all(table in columns for table in _TABLES):
        aliases: dict[Any, list[str]] = defaultdict(list)
        for version, alias in rows(connection, "select artifact_version_id, alias from artifact_aliases order by alias", damage=damage):
            aliases[version].append(str(alias))
        files = RunFiles(path, path.parent / "artifacts" / path.stem / "blobs" / "sha256")
        for run, direction, name, kind, description, key, version, digest, manifest, metadata, size in rows(
            connection, _QUERY, damage=damage
        ):
            found[str(run)].append(
                Artifact(
                    str(name), str(kind), "input" if direction == "input" else "output", f"v{version}", str(digest), str(description or ""),
                    size if isinstance(size, int) else None, tuple(aliases[key]), _json(metadata, dict), tuple(_files(manifest, files)),
                )
            )  # fmt: skip
    if "external_run_artifact_links" in columns:
        for run, direction, name, kind, version, size, project in rows(connection, _OTHERS, damage=damage):
            role = "input" if direction == "input" else "output"
            about = {"project": str(project)}
            found[str(run)].append(Artifact(str(name), str(kind), role, f"v{version}", size=size, metadata=about))  # type: ignore[arg-type]
    return found


def _files(manifest: Any, stored: RunFiles) -> Iterator[ArtifactFile]:
    for entry in _json(manifest, list):
        if isinstance(entry, dict) and "path" in entry:
            digest, size = str(entry.get("digest") or ""), entry.get("size")
            reference = str(entry.get("ref") or entry.get("uri") or "")
            local = stored.optional(f"{digest[:2]}/{digest}") if digest else None
            yield ArtifactFile(str(entry["path"]), size if isinstance(size, int) else None, digest, reference, local)


def _json(text: Any, kind: type) -> Any:
    try:
        value = parse_json(text if isinstance(text, bytes) else str(text)) if text else None
    except ValueError:
        value = None
    return value if isinstance(value, kind) else kind()
