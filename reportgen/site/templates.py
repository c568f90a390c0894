"""The templates of a theme: found, checked before they are used, and filled; what is wrong in them is named with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, Template, TemplateError, UndefinedError
from jinja2.utils import missing

from reportgen.analysis.states import state_name
from reportgen.errors import Mistake, Mistakes, Place, did_you_mean
from reportgen.words import _, count, day, ngettext


@dataclass(frozen=True)
class TemplateFolder:
    """The templates of one theme.

    Attributes:
        theme: Its name: `{% extends "default/base.html" %}` reaches a template of the theme `default`.
        folder: Where they are, absolute.
        shown: The same as mistakes name it.
        ours: It is a theme of reportgen itself: an error in its templates is no mistake of the user.
    """

    theme: str
    folder: Path
    shown: Path
    ours: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The templates by their paths below the folder."""
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html")))


class ThemeEnvironment(Environment):
    """The templates of a theme and of all that it inherits from, its own first."""

    def __init__(self, folders: Sequence[TemplateFolder]) -> None:
        loaders = [FileSystemLoader(one.folder) for one in folders]
        by_theme = {one.theme: loader for one, loader in reversed(list(zip(folders, loaders, strict=True)))}
        super().__init__(
            loader=ChoiceLoader([*loaders, PrefixLoader(by_theme)]),
            autoescape=True,
            undefined=_Missing,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.install_gettext_callables(_, ngettext, newstyle=False)  # type: ignore[attr-defined]
        self.filters |= {"grouped": count, "day": day, "state_name": state_name}
        self.folders = tuple(folders)
        self.template_class = _Template


class _Template(Template):
    """A template whose errors are mistakes with a place, as far as they are not our own."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The filled template.

        Raises:
            Mistakes: It asks for what is not there, or cannot be computed.
        """
        try:
            return super().render(*args, **kwargs)
        except Mistakes:
            raise
        except Exception as error:  # Whatever a theme's template does wrong is a mistake of the theme.
            assert isinstance(self.environment, ThemeEnvironment)
            found = _blamed(error.__traceback__, self.environment.folders)
            if found is None or found[0].ours:
                raise
            message, hint = _explain(error)
            raise Mistakes([Mistake(message, found[1], hint)]) from error


class _Missing(StrictUndefined):
    """A name or attribute that is not there; says which one comes near."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return str(self._undefined_hint)
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is missing:
            what, known = "no name", ["page", "block", "figure"]
        else:
            what = f"a {type(owner).__name__} has no"
            known = [one for one in (owner if isinstance(owner, dict) else dir(owner)) if not str(one).startswith("_")]
        hint = did_you_mean(name, known) or (f"there are: {', '.join(known)}" if len(known) < 40 else "")
        return f"{what} '{name}'" + (f"; {hint}" if hint else "")


def _blamed(trace: TracebackType | None, folders: Sequence[TemplateFolder]) -> tuple[TemplateFolder, Place] | None:
    """The innermost template that an error passed through, and its line."""
    found = None
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        for one in folders:
            if file.is_relative_to(one.folder):
                found = one, Place(one.shown / file.relative_to(one.folder), trace.tb_lineno)
        trace = trace.tb_next
    return found


def _explain(error: Exception) -> tuple[str, str | None]:
    match error:
        case UndefinedError():
            message, _, hint = str(error.message).partition("; ")
            return message, hint or None
        case TemplateError():
            return str(error.message), None
        case RecursionError():
            return "this template includes or calls itself without an end", None
        case ZeroDivisionError():
            return "division by zero", None
    return f"cannot be computed: {type(error).__name__}: {error}", None


def names_of(folders: Sequence[TemplateFolder]) -> Iterator[str]:
    """All names by which a template may be extended or included."""
    for one in folders:
        yield from one.names
        yield from (f"{one.theme}/{name}" for name in one.names)
