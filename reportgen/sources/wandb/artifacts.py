"""Artifacts that a run made or used, as far as its log tells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reportgen.model import Artifact, ArtifactFile
from reportgen.sources.values import parse_json
from reportgen.sources.wandb.files import RunFiles


def made_artifact(record: Any, files: RunFiles) -> Artifact:
    """The artifact of an `artifact` record. It gets its version ("v3") on the server only."""
    contents = tuple(
        ArtifactFile(
            path=entry.path,
            size=None if entry.ref and not entry.size else entry.size,
            digest=entry.digest,
            reference=entry.ref,
            local=_local(entry.local_path, files),
        )
        for entry in record.manifest.contents
    )
    sizes = [entry.size for entry in contents]
    return Artifact(
        name=record.name,
        type=record.type,
        role="input" if record.use_after_commit else "output",
        digest=record.digest,
        description=record.description,
        size=sum(size for size in sizes if size) if sizes and None not in sizes else None,
        aliases=tuple(record.aliases),
        metadata=_mapping(record.metadata),
        files=contents,
        id=record.client_id,
    )


def used_artifact(record: Any) -> Artifact:
    """The artifact of a `use_artifact` record: its name, and the version or alias behind the colon."""
    name, _, version = record.name.partition(":")
    is_version = re.fullmatch(r"v\d+", version) is not None
    return Artifact(
        name=name,
        type=record.type,
        role="input",
        version=version if is_version else "",
        aliases=() if is_version or not version else (version,),
        id=record.id,
    )


def _local(local_path: str, files: RunFiles) -> Path | None:
    """The file of an artifact, if it is one of the run's own directory.

    Other local paths are never followed: they are of the machine that trained, and a log must not be able to
    name a file of the reader's machine.
    """
    root = files.root.as_posix() + "/"
    local_path = local_path.replace("\\", "/")
    return files.optional(local_path.removeprefix(root)) if local_path.startswith(root) else None


def _mapping(text: str) -> dict[str, Any]:
    try:
        value = parse_json(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
