"""The body of a report as a Jinja template: code is kept out of it, and each line carries its number through.

Jinja moves text: a loop repeats lines, a condition drops them. So that a mistake in the Markdown that comes out can name
the line that went in, every line that starts outside a tag gets a marker with its number, which `restore` reads back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from reportgen.report.inserts import CODE, END, LINE

_LISTS = r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*"
_FENCE = re.compile(rf"([ \t>]*{_LISTS}[ \t>]*)(?:(`{{3,}})([^`\n]*)|(~{{3,}})([^\n]*))(?=\n|$)")
_TAG = re.compile(
    r"""
    \{\{ (?: [^"'{}] | \{(?!\{) | \}(?!\}) | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )* \}?\}\}  # {{ expression }}
    | \{% (?: (?!\{%|\n[ \t]*\n). )*? %\}                                                  # {% statement %}
    | \{\# .*? \#\}                                                                       # {# comment #}
    """,
    re.DOTALL | re.VERBOSE,
)
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}(.*?)\{%[-+]?\s*endraw\s*[-+]?%\}", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{[#.][\w-]+(?:[ \t][^{}\n]*)?\}")
_INTERESTING = re.compile(r"\n|\\.|`+|<!--|\{\{|\{%|\{#")
_LEADING = re.compile(rf"^\s*(?:{LINE}\d+{END}\s*)+")
_LINE_MARKER = re.compile(f"{LINE}(\\d+){END}")
_CODE_MARKER = re.compile(f"{CODE}(\\d+){END}")
_LEFTOVER = re.compile(f"[{LINE}{CODE}]")


@dataclass(frozen=True)
class Part:
    """A stretch of the body: "text", "code" (not evaluated) or "tag" (`{{ … }}`, `{% … %}`), and the file's line of its start."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Template:
    """A body, ready for Jinja.

    Attributes:
        source: The template; it has the body's line breaks.
        codes: The stretches of code that stand in it as markers.
        tags: All tags in their order.
    """

    source: str
    codes: tuple[str, ...]
    tags: tuple[Part, ...]

    def restore(self, output: str) -> tuple[str, tuple[int, ...]]:
        """What the template became as plain Markdown, and the file's line of each of its lines."""
        numbers: list[int] = []
        lines: list[str] = []
        last = int(first[1]) if (first := _LINE_MARKER.search(output)) else 1
        for line in output.split("\n"):
            leading = _LEADING.match(line)
            start = int(_LINE_MARKER.findall(leading[0])[-1]) if leading else last
            markers = _LINE_MARKER.findall(line)
            last = int(markers[-1]) if markers else last
            numbers.append(start)
            lines.append(_LEFTOVER.sub("", _CODE_MARKER.sub(self._code, _LINE_MARKER.sub("", line))))
        return "\n".join(lines), tuple(numbers)

    def _code(self, marker: re.Match[str]) -> str:
        index = int(marker[1])
        return self.codes[index] if index < len(self.codes) else ""


def prepare(body: str, first_line: int, kinds: Collection[str]) -> Template:
    """Makes a body into a template.

    Args:
        body: Markdown with expressions.
        first_line: The file's line of its first line.
        kinds: The fences that are evaluated; all other code is left as it is.
    """
    parts = list(_with_line_ends(list(split(body, first_line, kinds))))
    out: list[str] = []
    codes: list[str] = []
    fresh = True  # Whether the line still needs its marker.
    for part in parts:
        if part.kind == "tag":
            if fresh and part.text.startswith("{{") and not part.text.startswith("{{-"):
                out.append(f"{LINE}{part.line}{END}")
                fresh = False
            out.append(part.text)
            continue
        for offset, piece in enumerate(part.text.split("\n")):
            if offset:
                out.append("\n")
                fresh = True
            blank = not piece.strip()
            if fresh and not blank:
                indent = "" if part.kind == "code" else piece[: len(piece) - len(piece.lstrip())]
                out.append(f"{indent}{LINE}{part.line + offset}{END}")
                piece = piece[len(indent) :]
                fresh = False
            if part.kind == "code" and piece:
                out.append(f"{CODE}{len(codes)}{END}")
                codes.append(piece)
            else:
                out.append(piece)
    return Template("".join(out), tuple(codes), tuple(part for part in parts if part.kind == "tag"))


def _with_line_ends(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts, with `+%}` in place of `%}` where a statement ends a line that has text.

    Jinja drops the line break after each statement (`trim_blocks`), which is right only when the statement stands alone.
    """
    alone = True
    for part, after in zip_longest(parts, parts[1:]):
        if part.kind != "tag" or part.text.startswith("{{"):
            last = part.text.rpartition("\n")[2] if part.kind != "tag" else part.text
            alone = (alone or "\n" in part.text) and not last.strip()
            yield part
        elif not alone and after and after.text.startswith("\n") and part.text[-3:-2] not in ("-", "+"):
            yield replace(part, text=f"{part.text[:-2]}+{part.text[-2:]}")
        else:
            yield part


def split(body: str, first_line: int, kinds: Collection[str]) -> Iterator[Part]:
    """The parts of a body in their order; joined they are the body, but for the tags of `{% raw %}`."""
    position = start = 0
    line = first_line
    at_start = True
    closer: re.Pattern[str] | None = None  # Ends the evaluated fence that is open.

    def text(end: int) -> Iterator[Part]:
        if end > start:
            yield Part("text", body[start:end], line)

    while position < len(body):
        if at_start:
            at_start = False
            if closer and closer.match(body, position):
                closer = None
            elif closer is None and (fence := _FENCE.match(body, position)):
                row, info = fence[2] or fence[4], (fence[3] or fence[5] or "").strip()
                ends = re.compile(rf"[ \t>]*{re.escape(row[0])}{{{len(row)},}}[ \t]*(?=\n|$)")
                if info.split(" ")[0].split("\t")[0] in kinds:
                    closer, position = ends, fence.end()
                    continue
                end = _end_of_fence(body, fence.end(), ends)
                yield from text(position)
                line += body.count("\n", start, position)
                yield Part("code", body[position:end], line)
                line += body.count("\n", position, end)
                position = start = end
                continue
        found = _INTERESTING.search(body, position)
        if found is None:
            break
        if found[0] == "\n":
            at_start, position = True, found.end()
            continue
        kind, end, content = _stretch(body, found, fenced=closer is not None)
        if kind == "text":
            position = end
            continue
        yield from text(found.start())
        line += body.count("\n", start, found.start())
        yield Part(kind, content, line)
        line += body.count("\n", found.start(), end)
        position = start = end
    yield from text(len(body))


def _stretch(body: str, found: re.Match[str], fenced: bool) -> tuple[str, int, str]:
    """What starts at a sign that may start code or a tag: its kind, its end, and its content."""
    at, sign = found.start(), found[0]
    if sign.startswith("{"):
        if raw := _RAW.match(body, at):
            return "code", raw.end(), raw[1]
        if not fenced and (attributes := _ATTRIBUTES.match(body, at)):
            return "code", attributes.end(), attributes[0]
        tag = _TAG.match(body, at)
        line_end = body.find("\n", at)
        end = tag.end() if tag else line_end if line_end > 0 else len(body)  # A tag that is not closed is named by Jinja.
        return "tag", end, body[at:end]
    if fenced or sign.startswith("\\"):
        return "text", found.end(), ""
    if sign == "<!--":
        end = body.find("-->", at)
        return ("code", end + 3, body[at : end + 3]) if end > 0 else ("text", found.end(), "")
    paragraph = re.compile(r"\n[ \t>]*\n").search(body, at)
    close = re.compile(rf"(?<!`){sign}(?!`)").search(body, found.end(), paragraph.start() if paragraph else len(body))
    return ("code", close.end(), body[at : close.end()]) if close else ("text", found.end(), "")


def _end_of_fence(body: str, position: int, ends: re.Pattern[str]) -> int:
    while (newline := body.find("\n", position)) >= 0:
        if close := ends.match(body, newline + 1):
            return close.end()
        position = newline + 1
    return len(body)
