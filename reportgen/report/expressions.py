"""Expressions in prose: `{{ … }}` and `{% … %}` evaluated, with every value kept beside the text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from markupsafe import Markup

from reportgen.errors import Mistake, Place, did_you_mean
from reportgen.remembering import is_remembering, remembered
from reportgen.report.formats import day, duration, num, percent, plain, signed, time
from reportgen.report.inserts import MARKER, Insert, Inserts, clean
from reportgen.report.sandbox import LONGEST, Failed, Missing, Sandbox
from reportgen.report.skeleton import skeleton_of
from reportgen.report.template import Part, Template
from reportgen.report.views import KeysView, RunsView, RunView

MOST_OUTPUT = 4_000_000
_FORBIDDEN: Mapping[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}
_STATEMENTS = ("for", "if", "elif", "else", "endfor", "endif", "set", "endset", "macro", "endmacro", "raw", "endraw")


@dataclass(frozen=True)
class Evaluated:
    """A body after its expressions.

    Attributes:
        text: Markdown with a marker for each value.
        lines: The file's line of each of its lines.
        whole: Whether all of it was evaluated; after a syntax error the tags are only left out.
    """

    text: str
    lines: tuple[int, ...]
    whole: bool


def evaluate(
    template: Template,
    file: Path,
    first_line: int,
    names: Mapping[str, Any],
    inserts: Inserts,
    note: Callable[[Mistake], None],
    language: str = "en",
) -> Evaluated:
    """Evaluates the expressions of a body.

    Args:
        names: What expressions may use, beside `range`, `ref` and `namespace`.
        note: Takes the mistakes, each with its place.
    """
    show = _Show(inserts, language, first_line)
    notes = _Notes(file, first_line, note)
    sandbox = Sandbox(notes.take, show)
    sandbox.filters.update(filters(language), join=show.join)
    sandbox.globals.update(names, ref=show.ref)
    sandbox.undefined = type("Undefined", (Missing,), {"known": tuple(sandbox.globals)})
    notes.tags = template.tags
    try:
        if (output := _of_skeleton(sandbox, template, file, language)) is not None:
            return Evaluated(*template.restore(output), whole=True)
    except Exception:  # The long way finds out what is wrong, and says it.
        pass
    failed = inserts.add(Insert("", "", failed=True))
    wrong = _wrong_prints(sandbox, template, file)
    for mistakes in wrong.values():
        for mistake in mistakes:
            note(mistake)
    template = _without(template, wrong, failed)
    notes.tags = template.tags
    unread = _mistakes_of(sandbox, template.source, file, first_line, "", template.tags)
    for mistake in unread:
        note(mistake)
    if not unread:
        try:
            output = _bounded(_compile(sandbox, template.source, file).generate())
            return Evaluated(*template.restore(output), whole=True)
        except (
            Exception
        ) as error:  # As in `Sandbox.guard`: outside of the guarded expressions, for example in a macro's arguments.
            notes.take(error, "", -1, _line_of(error, file))
    bare = _without(template, range(len(template.tags)), failed)
    return Evaluated(*bare.restore(bare.source), whole=False)


def filters(language: str = "en") -> dict[str, Callable[..., Any]]:
    """The filters that reportgen adds to Jinja's, by name."""
    return {
        "num": num,
        "signed": signed,
        "percent": percent,
        "duration": duration,
        "date": day(language),
        "time": time,
        "replace": _replace,
    }


class _Show:
    """Makes Markdown source of printed values: their own for what macros wrote, markers for all others."""

    def __init__(self, inserts: Inserts, language: str, first_line: int) -> None:
        self.inserts, self.language, self.first_line = inserts, language, first_line

    def __call__(self, value: Any, line: int) -> Markup:
        if isinstance(value, Failed):
            return self._insert(Insert("", "", failed=True))
        if isinstance(value, Missing):
            str(value)  # Complains.
        if isinstance(value, Markup):
            if len(value) > LONGEST:
                raise Mistake("the result is too long")
            return self._ref(value, line)
        if isinstance(value, RunView) or (isinstance(value, RunsView) and value.whole):
            return value.link
        if isinstance(value, RunsView):
            value = str(value)
        if not isinstance(value, str | int | float | list | tuple | dict | date | datetime | KeysView | None):
            raise Mistake(
                f"cannot be written as text: {type(value).__name__}", hint="is a pair of parentheses or a filter missing?"
            )
        text = str(value) if isinstance(value, KeysView) else plain(value, self.language)
        if len(text) > LONGEST:
            raise Mistake("the result is too long")
        value = text if isinstance(value, KeysView | date) else value
        return self._insert(Insert(clean(value), clean(text), line=line + self.first_line - 1))

    def join(self, values: Iterable[Any], separator: str = ", ", attribute: str | None = None) -> Markup:
        """The values with a separator between them; links stay links."""
        chosen = [_attribute(value, attribute) for value in values] if attribute else list(values)
        between = self(separator, 0) if separator else Markup("")
        return Markup(between).join(self(value, 0) for value in chosen)

    def ref(self, name: str) -> Markup:
        """“Figure 3”, as a link to the fence with this `id`."""
        return self._insert(Insert(str(name), str(name), ref=clean(str(name))))

    def _ref(self, value: Markup, line: int) -> Markup:
        """References learn their line when they are printed."""
        alone = MARKER.fullmatch(str(value))
        insert = self.inserts[alone[1]] if alone else None
        if insert is None or not insert.ref or insert.line:
            return value
        return self._insert(Insert(insert.value, insert.text, ref=insert.ref, line=line + self.first_line - 1))

    def _insert(self, insert: Insert) -> Markup:
        return Markup(self.inserts.add(insert))


class _Notes:
    """Turns what goes wrong in an expression into a mistake with the line and the expression."""

    def __init__(self, file: Path, first_line: int, note: Callable[[Mistake], None]) -> None:
        self.file, self.first_line, self.note = file, first_line, note
        self.tags: tuple[Part, ...] = ()
        self.seen: set[str] = set()

    def take(self, error: Exception, use: str, index: int, line: int) -> None:
        """Notes the error once, however often its line is repeated."""
        line = line + self.first_line - 1
        printed = [tag for tag in self.tags if tag.text.startswith("{{")]
        around = (tag for tag in self.tags if tag.text.startswith("{%") and tag.line <= line <= tag.line + tag.text.count("\n"))
        tag = printed[index] if use == "print" and index < len(printed) else next(around, None)
        message, hint = explain(error)
        mistake = Mistake(f"{shorten(tag.text)}: {message}" if tag else message, Place(self.file, line), hint)
        if str(mistake) not in self.seen:
            self.seen.add(str(mistake))
            self.note(mistake)


def explain(error: Exception) -> tuple[str, str | None]:
    """What went wrong in an expression, in words, and what to do about it."""
    match error:
        case Mistake():
            return error.message, error.hint
        case UndefinedError() | SecurityError():
            message, _, hint = str(error.message).partition("; ")
            return message, hint or None
        case ZeroDivisionError():
            return "division by zero", None
        case RecursionError():
            return "a macro that calls itself without an end", None
        case TypeError() if call := _wrong_call(str(error)):
            return call
        case TypeError() if "NoneType" in str(error):
            return "a value is missing here (a run has none)", "use `default(…, true)`, or leave such runs out with `where`"
    return f"cannot be computed: {error}", None


def _wrong_call(message: str) -> tuple[str, str | None] | None:
    """What Python says of a call with wrong arguments, in the words of a report; None for anything else."""
    found = re.match(r"(?:[\w<>]+\.)*(\w+)\(\) (.+)", message)
    if found is None:
        return None
    name, said = found[1], found[2]
    members = {**vars(RunsView), **vars(RunView), **filters()}
    known = [one for one in inspect.signature(members[name]).parameters if one != "self"] if callable(members.get(name)) else []
    hint = f"write it as {name}({', '.join(known)})" if known else None
    if missing := re.match(r"missing \d+ required \S+ arguments?: (.+)", said):
        return f"{name} needs {missing[1].replace(chr(39), '')}", hint
    if unknown := re.match(r"got an unexpected keyword argument '(\w+)'", said):
        return f"{name} has no argument '{unknown[1]}'", did_you_mean(unknown[1], known) or hint
    if twice := re.match(r"got multiple values for argument '(\w+)'", said):
        return f"{name} has two values for '{twice[1]}'", hint
    return (f"{name} has too many arguments", hint) if re.match(r"takes .* but \d+ w", said) else None


def shorten(tag: str) -> str:
    """A tag on one line, with an ellipsis where it is long."""
    text = " ".join(tag.split()).replace("+%}", "%}")
    return text if len(text) <= 60 else f"{text[:55]}… {text[-2:]}"


def _wrong_prints(sandbox: Environment, template: Template, file: Path) -> dict[int, list[Mistake]]:
    """What is wrong with each printed expression by itself, by the position of its tag."""
    if not _mistakes_of(sandbox, template.source, file, 1, "", ()):
        return {}
    found = {
        position: _mistakes_of(sandbox, tag.text, file, tag.line, shorten(tag.text), ())
        for position, tag in enumerate(template.tags)
        if tag.text.startswith("{{")
    }
    return {position: mistakes for position, mistakes in found.items() if mistakes}


def _without(template: Template, positions: Collection[int], failed: str) -> Template:
    """The template with some of its tags taken out: a printed one leaves the marker of a failed value, all leave their lines."""
    source, at = [], 0
    for position, tag in enumerate(template.tags):
        start = template.source.index(tag.text, at)
        source.append(template.source[at:start])
        at = start + len(tag.text)
        gone = (failed if tag.text.startswith("{{") else "") + "\n" * tag.text.count("\n")
        source.append(gone if position in positions else tag.text)
    kept = tuple(tag for position, tag in enumerate(template.tags) if position not in positions)
    return Template("".join([*source, template.source[at:]]), template.codes, kept)


def _mistakes_of(
    sandbox: Environment, source: str, file: Path, first_line: int, what: str, tags: tuple[Part, ...]
) -> list[Mistake]:
    """What is wrong with a template's syntax, its filters and its tests."""
    before = f"{what}: " if what else ""
    try:
        tree = sandbox.parse(source)
    except TemplateSyntaxError as error:
        message = str(error.message or "cannot be read")
        line = first_line + error.lineno - 1
        if tags and "needs to be closed is" in message and (unclosed := _unclosed(tags)):
            word = unclosed.text.strip("{%-+ ").split(" ")[0]
            return [
                Mistake(f"{shorten(unclosed.text)} is not closed", Place(file, unclosed.line), f"end it with {{% end{word} %}}")
            ]
        tag = next((tag for tag in tags if tag.line <= line <= tag.line + tag.text.count("\n")), None)
        before = f"{shorten(tag.text)}: " if tag else before
        name = re.match(r"Encountered unknown tag '(\w+)'", message)
        message = f"no statement '{name[1]}'" if name else message
        if name and name[1].startswith("end"):
            return [Mistake(f"{before}there is nothing to end here", Place(file, line))]
        return [Mistake(f"{before}{plainer(message)}", Place(file, line), did_you_mean(name[1], _STATEMENTS) if name else None)]
    found = []
    for use in tree.find_all((nodes.Filter, nodes.Test)):
        word, known = ("filter", sandbox.filters) if isinstance(use, nodes.Filter) else ("test", sandbox.tests)
        if use.name not in known:
            place = Place(file, first_line + use.lineno - 1)
            found.append(Mistake(f"{before}no {word} '{use.name}'", place, did_you_mean(use.name, known)))
    for node in tree.find_all(tuple(_FORBIDDEN)):
        place = Place(file, first_line + node.lineno - 1)
        found.append(Mistake(f"{before}{{% {_FORBIDDEN[type(node)]} %}} is not available in a report", place))
    return found


def _unclosed(tags: tuple[Part, ...]) -> Part | None:
    """The innermost statement that is never ended."""
    stack: list[Part] = []
    for tag in tags:
        word = tag.text.strip("{%-+ \n").split(" ")[0]
        if tag.text.startswith("{%") and word.startswith("end") and stack:
            stack.pop()
        elif tag.text.startswith("{%") and word in ("for", "if", "macro", "call", "filter", "with"):
            stack.append(tag)
    return stack[-1] if stack else None


def plainer(message: str) -> str:
    """Jinja's message without what only its developers need."""
    message = (
        message.replace("Encountered", "encountered")
        .split(". Did you forget")[0]
        .split(" Jinja was looking")[0]
        .split(". You probably made")[0]
        .rstrip(".")
    )
    for theirs, ours in (
        ("expected token 'end of print statement', got ", "expected }} here, got "),
        ("expected token 'end of statement block', got ", "expected %} here, got "),
        ("expected token ", "expected "),
        ("unexpected end of template, expected 'end of print statement'", "expected }} before the end"),
        ("unexpected end of template, expected 'end of statement block'", "expected %} before the end"),
        ("'end of print statement'", "}}"),
        ("'end of statement block'", "%}"),
    ):
        message = message.replace(theirs, ours)
    return f"{message[:1].lower()}{message[1:]}"


def _compile(sandbox: Sandbox, source: str, file: Path) -> Any:
    code = sandbox.compile(source, "report", str(file))
    return sandbox.template_class.from_code(sandbox, code, sandbox.make_globals(None))


def _of_skeleton(sandbox: Sandbox, template: Template, file: Path, language: str) -> str | None:
    """What the template becomes, by what an earlier build compiled of it; None where it cannot be told apart from its prose."""
    if not is_remembering() or (skeleton := skeleton_of(template)) is None:
        return None

    def compiled() -> Any:
        if _mistakes_of(sandbox, skeleton.source, file, 1, "", ()):
            raise Mistake("the long way says what is wrong")
        return sandbox.compile(skeleton.source, "report", str(file))

    code = remembered(lambda: ("expressions", file, language, skeleton.source), compiled)
    ready: Any = sandbox.template_class
    return skeleton.restore(_bounded(ready.from_code(sandbox, code, sandbox.make_globals(None)).generate()))


def _bounded(chunks: Iterable[str]) -> str:
    out: list[str] = []
    size = 0
    for chunk in chunks:
        out.append(chunk)
        size += len(chunk)
        if size > MOST_OUTPUT:
            raise Mistake("the expressions of this report write more than four million characters")
    return "".join(out)


def _line_of(error: Exception, file: Path) -> int:
    """The template's line in which an error came up."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _attribute(value: Any, name: str) -> Any:
    return getattr(value, name) if isinstance(value, RunView) and name in value.names() else value[name]


def _replace(text: Any, old: str, new: str) -> str:
    """A text with one part replaced by another everywhere."""
    whole = str(text)
    if not old or whole.count(old) * len(str(new)) + len(whole) > LONGEST:
        raise Mistake("the result is too long" if old else "replace expects something to replace")
    return whole.replace(old, str(new))
