"""Brings the catalogues up to the messages of the code: `python -m reportgen.words.catalogues` (in the project, not in an installation).

A translation stays with its message; a message that is no longer in the code goes. A new language is one file more:
an empty `<language>.po` in this folder, filled by this.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from reportgen.words import FOLDER

ROOT = FOLDER.parents[1]
_METHODS = {
    "reportgen": ("**.py", "python"),
    "themes/default/templates": ("**.html", "jinja2"),
    "themes/default/browser": ("**.js", "javascript"),
}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}


def messages(root: Path = ROOT) -> Catalog:
    """All messages of the code, with the files that they are in."""
    found = Catalog()
    for message, file in _extracted(root):
        found.add(message, locations=[(file, 0)])
    return found


def _extracted(root: Path) -> Iterator[tuple[str | tuple[str, ...], str]]:
    for folder, (pattern, method) in _METHODS.items():
        for file, _line, message, _comments, _context in sorted(
            extract_from_dir(root / folder, [(pattern, method)], keywords=_KEYWORDS), key=lambda one: (one[0], str(one[2]))
        ):
            yield message, f"{folder}/{file}"


def updated(path: Path, found: Catalog) -> bytes:
    """A catalogue with exactly the messages that were found, as far as it has them translated."""
    with path.open("rb") as file:
        known = read_po(file, locale=path.stem)
    made = Catalog(locale=path.stem)
    for message in sorted((one for one in found if one.id), key=lambda one: str(one.id)):
        before = known.get(message.id if isinstance(message.id, str) else message.id[0])
        string = before.string if before is not None and before.id == message.id else ""
        made.add(message.id, string, locations=sorted(set(message.locations)))
    out = BytesIO()
    write_po(out, made, width=120, include_lineno=False, omit_header=True)
    return _header(made).encode() + out.getvalue()


def _header(catalogue: Catalog) -> str:
    """What gettext has to know: no dates and no names, which would change without a change."""
    lines = [f"Language: {catalogue.locale}", f"Plural-Forms: {catalogue.plural_forms}", "Content-Type: text/plain; charset=utf-8"]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def main() -> None:
    """Rewrites every catalogue in this folder."""
    found = messages()
    for path in sorted(FOLDER.glob("*.po")):
        path.write_bytes(updated(path, found))


if __name__ == "__main__":
    main()
