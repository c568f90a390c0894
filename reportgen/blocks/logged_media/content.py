"""The bytes of a medium: a file of its own, or a part of a log."""

from __future__ import annotations

from pathlib import Path

from reportgen.model import Media


def ending(one: Media) -> str:
    """How a file with this medium is to end, for example ".png"; "" when that is not known."""
    if one.span is None:
        return one.path.suffix.lower() if one.path else ""
    form = str(one.about.get("format", ""))
    return f".{form.lower()}" if form.isalnum() else ""


def bytes_of(path: Path, span: tuple[int, int] | None) -> bytes:
    """A file, or what lies in it at an offset and has a size.

    Raises:
        OSError: It cannot be read.
    """
    if span is None:
        return path.read_bytes()
    with path.open("rb") as file:
        file.seek(span[0])
        return file.read(span[1])
