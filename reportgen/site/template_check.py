"""What can be said of a theme's templates before they are filled: their syntax, and whether what they name is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes

from reportgen.errors import Mistake, Place, did_you_mean
from reportgen.report.expressions import plainer
from reportgen.site.templates import TemplateFolder, ThemeEnvironment, names_of

_STATEMENTS = (
    "block", "endblock", "call", "endcall", "elif", "else", "extends", "filter", "endfilter", "for", "endfor", "from", "if", "endif",
    "import", "include", "macro", "endmacro", "raw", "endraw", "set", "endset", "with", "endwith",
)  # fmt: skip
_NAMING = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


def template_mistakes(environment: ThemeEnvironment) -> list[Mistake]:
    """What is wrong with the templates of a theme, those that it inherits included."""
    checked = _Check(environment)
    return list(checked.mistakes())


def template_blocks(environment: ThemeEnvironment, name: str) -> tuple[str, ...]:
    """The blocks that a template has, its own and those of what it extends, in their order."""
    return tuple(_Check(environment).blocks(name))


class _Check:
    """All templates of a theme, parsed once."""

    def __init__(self, environment: ThemeEnvironment) -> None:
        self.environment, self.folders = environment, environment.folders
        self.trees: dict[Path, nodes.Template] = {}
        self.broken: list[Mistake] = []
        for folder in self.folders:
            for name in folder.names:
                self._parse(folder, name)

    def mistakes(self) -> Iterator[Mistake]:
        """Those of syntax, and what the templates that can be read name."""
        yield from self.broken
        for position, folder in enumerate(self.folders):
            for name in folder.names:
                if tree := self.trees.get(folder.folder / name):
                    place = partial(_place, folder, name)
                    yield from self._unknown_words(tree, place)
                    yield from self._unknown_templates(tree, folder, name)
                    yield from self._unknown_blocks(tree, place)
            # Without the syntax of all it is not known who includes whom.
            if not self.broken:
                yield from self._unused(folder, self.folders[position + 1 :])

    def blocks(self, name: str, below: tuple[Path, ...] = ()) -> dict[str, None]:
        """The blocks of a template by its name in `extends`; none when it cannot be read."""
        file = self._file(name)
        tree = self.trees.get(file) if file else None
        if file is None or tree is None or file in below:
            return {}
        parent = _parent(tree)
        inherited = self.blocks(parent, (*below, file)) if parent else {}
        return inherited | {block.name: None for block in tree.find_all(nodes.Block)}

    def _parse(self, folder: TemplateFolder, name: str) -> None:
        file = folder.folder / name
        try:
            self.trees[file] = self.environment.parse(file.read_text(encoding="utf-8"), name, str(file))
        except TemplateSyntaxError as error:
            message, hint = _syntax(str(error.message or "cannot be read"))
            self.broken.append(Mistake(message, _place(folder, name, error.lineno), hint))
        except UnicodeDecodeError:
            self.broken.append(Mistake("not a text file in UTF-8", _place(folder, name, 0)))

    def _file(self, name: str) -> Path | None:
        for folder in self.folders:
            if (folder.folder / name).is_file():
                return folder.folder / name
        theme, _, rest = name.partition("/")
        own = next((folder for folder in self.folders if folder.theme == theme), None)
        return own.folder / rest if own and rest and (own.folder / rest).is_file() else None

    def _unknown_words(self, tree: nodes.Template, place: partial[Place]) -> Iterator[Mistake]:
        for use in tree.find_all((nodes.Filter, nodes.Test)):
            word, known = ("filter", self.environment.filters) if isinstance(use, nodes.Filter) else ("test", self.environment.tests)
            if use.name not in known:
                yield Mistake(f"no {word} '{use.name}'", place(use.lineno), did_you_mean(use.name, known))

    def _unknown_templates(self, tree: nodes.Template, folder: TemplateFolder, name: str) -> Iterator[Mistake]:
        for node in tree.find_all(_NAMING):
            for named in _named(node):
                place = _place(folder, name, node.lineno)
                file = self._file(named)
                if file is None and not getattr(node, "ignore_missing", False):
                    yield Mistake(f"no template '{named}'", place, _near(named, names_of(self.folders)))
                elif isinstance(node, nodes.Extends) and file == folder.folder / name:
                    above = [one.theme for one in self.folders if one != folder and name in one.names]
                    hint = f'write {{% extends "{above[0]}/{name}" %}} for the one that it replaces' if above else None
                    yield Mistake("this template extends itself", place, hint)

    def _unknown_blocks(self, tree: nodes.Template, place: partial[Place]) -> Iterator[Mistake]:
        """A block that the extended template does not have is never shown; inside of another block it is shown where it stands."""
        parent = _parent(tree)
        known = self.blocks(parent) if parent else {}
        if not parent or not known:
            return
        for block in tree.body:
            if isinstance(block, nodes.Block) and block.name not in known:
                hint = did_you_mean(block.name, known) or f"there are: {', '.join(known)}"
                yield Mistake(f"no block '{block.name}' in {parent}", place(block.lineno), hint)

    def _unused(self, folder: TemplateFolder, above: Sequence[TemplateFolder]) -> Iterator[Mistake]:
        naming = [node for tree in self.trees.values() for node in tree.find_all(_NAMING)]
        used = {self._file(named) for node in naming for named in _named(node)}
        computed = any(not _named(node) for node in naming)
        replaced = {name for one in above for name in one.names}
        if not above or computed:
            return
        for name in folder.names:
            if name not in replaced and folder.folder / name not in used:
                hint = _near(name, replaced) or f"there are: {', '.join(sorted(replaced))}"
                yield Mistake("this template replaces none, and none includes it", _place(folder, name, 0), hint)


def _place(folder: TemplateFolder, name: str, line: int) -> Place:
    return Place(folder.shown / name, line)


def _parent(tree: nodes.Template) -> str | None:
    return next((name for node in tree.find_all(nodes.Extends) for name in _named(node)), None)


def _named(node: nodes.Node) -> tuple[str, ...]:
    """The templates that a statement names; none when they are computed."""
    template = getattr(node, "template", None)
    if isinstance(template, nodes.Const):
        return (template.value,) if isinstance(template.value, str) else tuple(template.value)
    if isinstance(template, nodes.Tuple | nodes.List):
        return tuple(item.value for item in template.items if isinstance(item, nodes.Const))
    return ()


def _syntax(message: str) -> tuple[str, str | None]:
    if unclosed := re.search(r"needs to be closed is '(\w+)'", message):
        return f"{{% {unclosed[1]} %}} is not closed", f"end it with {{% end{unclosed[1]} %}}"
    if unknown := re.match(r"Encountered unknown tag '(\w+)'", message):
        if unknown[1] in _STATEMENTS:
            return f"{{% {unknown[1]} %}}: there is nothing to end here", None
        return f"no statement '{unknown[1]}'", did_you_mean(unknown[1], _STATEMENTS)
    return plainer(message), None


def _near(name: str, known: Iterable[str]) -> str | None:
    """The nearest name; the `.html` that all have says nothing."""
    hint = did_you_mean(name.removesuffix(".html"), sorted(one.removesuffix(".html") for one in known))
    return hint and hint.replace("'?", ".html'?")
