"""The Jinja environment of reports: an immutable sandbox in which a mistake is noted and the rest goes on.

Jinja stops at the first error. Here every printed expression, condition, loop and assignment is computed by itself
(as a small function in the generated code), so that one build shows all mistakes. What can be called is listed, and
loops, calls and the size of texts are bounded: a report must not be able to hang or flood the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from reportgen.errors import Mistake, did_you_mean
from reportgen.report.views import KeysView, RunView, View

MOST_STEPS = 1_000_000
LONGEST = 1_000_000
FILTERS = (
    "abs", "count", "default", "d", "dictsort", "first", "float", "groupby", "int", "items", "last", "length", "list", "lower",
    "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "slice", "sort", "sum",
    "title", "trim", "truncate", "unique", "upper", "capitalize",
)  # fmt: skip
_METHODS: tuple[tuple[type, frozenset[str]], ...] = (
    (str, frozenset({
        "upper", "lower", "title", "capitalize", "startswith", "endswith", "split", "strip", "lstrip", "rstrip", "find", "count",
        "removeprefix", "removesuffix", "isdigit",
    })),
    (list, frozenset({"index", "count"})),
    (tuple, frozenset({"index", "count"})),
    (dict, frozenset({"items", "keys", "values", "get"})),
    (date, frozenset({"year", "month", "day", "hour", "minute", "second", "isoformat", "weekday"})),
    (timedelta, frozenset({"days", "seconds", "total_seconds"})),
)  # fmt: skip


_WORDS: tuple[tuple[type, str], ...] = (
    (str, "text"), (bool, "true or false"), (int, "a number"), (float, "a number"), (list, "a list"), (tuple, "a list"),
    (dict, "a mapping"), (date, "a date"), (type(None), "nothing"),
)  # fmt: skip


class Missing(StrictUndefined):
    """A name or attribute that is not there; says which one comes near."""

    known: Iterable[str] = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        owner = self._undefined_obj
        if self._undefined_hint:
            return str(self._undefined_hint)
        if isinstance(owner, View):
            what, known = "a run has no" if isinstance(owner, RunView) else "runs have no", list(owner.names())
        elif owner is missing:
            what, known = "no name", list(self.known)
        else:
            kind = next((words for base, words in _WORDS if isinstance(owner, base)), "this")
            what, known = f"{kind} has no", next((sorted(names) for base, names in _METHODS if isinstance(owner, base)), [])
        hint = did_you_mean(str(name), known)
        return f"{what} '{name}'" + (f"; {hint}" if hint else "")


class Failed(Undefined):
    """The value of an expression with a mistake that is already noted: silent wherever it goes."""

    __slots__ = ()

    def _silent(self, *_: Any, **__: Any) -> Failed:
        return self

    __getattr__ = __getitem__ = __call__ = _silent  # type: ignore[assignment]
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _silent  # type: ignore[assignment]
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = _silent  # type: ignore[assignment]
    __lt__ = __le__ = __gt__ = __ge__ = _silent  # type: ignore[assignment]


class Exhausted(Mistake):
    """The expressions of a report do too much."""


class Budget:
    """Counts loop steps and calls of one report."""

    def __init__(self) -> None:
        self.steps = 0
        self.over = False

    def spend(self) -> None:
        """Counts one.

        Raises:
            Exhausted: It was one too many.
        """
        self.steps += 1
        if self.over or self.steps > MOST_STEPS:
            raise Exhausted("the loops of this report take more than a million steps", hint="loop over fewer values")

    def each(self, values: Iterable[Any]) -> Iterator[Any]:
        """The values, counted."""
        for value in values:
            self.spend()
            yield value


class _Generator(CodeGenerator):
    """Writes `guard(expr)` as a function that the environment calls, so that it can catch what goes wrong inside."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        if not isinstance(node.node, nodes.ExtensionAttribute):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        use = node.node.name
        self.write(f"environment.guard({use!r}, {node.kwargs[0].value.as_const()!r}, {node.lineno}, lambda: ")
        self.visit(node.args[0], frame)
        self.write(")")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.concatenate((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Guards(NodeTransformer):
    """Wraps what is printed, looped over, tested and assigned; counts the printed ones in their order."""

    def __init__(self) -> None:
        self.printed = 0

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        for i, child in enumerate(node.nodes):
            if not isinstance(child, nodes.TemplateData):
                node.nodes[i] = _guard("print", child, self.printed)
                self.printed += 1
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        node.iter = _guard("loop", node.iter)
        return self.generic_visit(node)

    def visit_If(self, node: nodes.If) -> nodes.Node:  # noqa: N802
        node.test = _guard("test", node.test)
        return self.generic_visit(node)

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:  # noqa: N802
        node.node = _guard("set", node.node)
        return self.generic_visit(node)


def _guard(use: str, expression: Any, index: int = -1) -> nodes.Call:
    mark = nodes.ExtensionAttribute("reportgen", use)
    number = nodes.Keyword("index", nodes.Const(index))
    return nodes.Call(mark, [expression], [number], None, None, lineno=expression.lineno)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for one report.

    Args:
        note: Takes a mistake with the use of the expression ("print", "loop", "test", "set"), its index among the
            printed ones, and its line in the template.
        show: Makes Markdown source of a printed value.
    """

    code_generator_class = _Generator
    intercepted_binops = frozenset(["+", "*", "**", "%", "//"])

    def __init__(self, note: Callable[[Exception, str, int, int], None], show: Callable[[Any, int], Markup]) -> None:
        super().__init__(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=Missing)
        self.note, self.show, self.budget = note, show, Budget()
        self.globals.clear()
        self.globals.update(range=self._range, namespace=Namespace)
        self.filters = {name: JINJA_FILTERS[name] for name in FILTERS}
        self.tests = {name: test for name, test in self.tests.items() if name not in ("filter", "test", "escaped", "callable")}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Guards().visit(tree)
        return tree

    def guard(self, use: str, index: int, line: int, compute: Callable[[], Any]) -> Any:
        """Computes an expression of the template; notes what goes wrong and gives something harmless in its place."""
        try:
            value = compute()
            if use == "loop":
                return self.budget.each(value)
            return self.show(value, line) if use == "print" else (bool(value) if use == "test" else value)
        except Exception as error:  # Whatever an expression does wrong is a mistake of the report.
            if not self.budget.over:
                self.note(error, use, index, line)
            if isinstance(error, RecursionError | Exhausted):
                self.budget.over = True
        match use:
            case "print":
                return self.show(Failed(), line)
            case "loop":
                return ()
            case "test":
                return False
        return Failed()

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute; configs and runs give their keys the same way."""
        if isinstance(obj, View) and attribute not in obj.names():
            if isinstance(obj, KeysView | RunView) and not attribute.startswith("_"):
                return obj[attribute]
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item; of a run also its attributes, as in `map(attribute="link")`."""
        if isinstance(obj, RunView) and argument in obj.names():
            return super().getattr(obj, argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether an expression may use an attribute: those of views and the listed ones of plain values."""
        if attr.startswith("_"):
            return False
        if isinstance(obj, View):
            return attr in obj.names()
        if type(obj).__name__ == "_GroupTuple":  # What `groupby` gives.
            return attr in ("grouper", "list")
        for base, names in _METHODS:
            if isinstance(obj, base):
                return attr in names
        return isinstance(obj, Namespace | Macro | LoopContext | Undefined)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """What stands for an attribute that may not be used."""
        return self.undefined(f"'{attribute}' is not available in a report", name=attribute, obj=obj, exc=SecurityError)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """A call, counted."""
        __self.budget.spend()
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operation, unless its result would be huge."""
        if operator == "+" and (isinstance(left, Markup) or isinstance(right, Markup)):
            return self.show(left, 0) + self.show(right, 0)
        if operator == "%" and isinstance(left, str):
            raise Mistake("% does not format text here", hint="use a filter such as num")
        if _is_huge(operator, left, right):
            raise Mistake("the result is too long")
        return super().call_binop(context, operator, left, right)

    def concatenate(self, parts: tuple[Any, ...]) -> str:
        """What `~` gives: text, in which links stay links."""
        if any(isinstance(part, Markup) for part in parts):
            return Markup("").join(self.show(part, 0) for part in parts)
        if sum(len(part) for part in parts if isinstance(part, str)) > LONGEST:
            raise Mistake("the result is too long")
        return "".join(str(part) for part in parts)

    def wrap_str_format(self, value: Any) -> None:
        """No `str.format`: a width in it can ask for any amount of memory."""

    def _range(self, *bounds: int) -> Iterator[int]:
        for bound in bounds:
            if not isinstance(bound, int):
                raise Mistake(f"range expects whole numbers, got {bound}")
        return self.budget.each(range(*bounds))


def _is_huge(operator: str, left: Any, right: Any) -> bool:
    """Whether text, a list or a whole number would become longer than any report needs."""
    sizes = [len(side) for side in (left, right) if isinstance(side, str | list | tuple)]
    numbers = [side for side in (left, right) if isinstance(side, int)]
    if sizes:
        return sum(sizes) > LONGEST if operator == "+" else sizes[0] * max(map(abs, numbers), default=1) > LONGEST
    if len(numbers) < 2:
        return False
    bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
    return bool(bits > 10_000)
