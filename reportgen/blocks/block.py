"""What every fence kind has in common: options, what it may see, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from reportgen.blocks.linked_file import LinkedFile
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place
from reportgen.model import Runs


class BlockOptions(BaseModel):
    """The options that every fence takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs: str | list[str] = Field("all", description="Which runs: `top(5, val/acc)`, a name, a glob, or a SQL condition.")
    title: str | None = Field(None, description="Title above the block; by default made from what it shows.")
    caption: str | None = Field(None, description="Text after “Figure 3.”; Markdown.")
    width: Literal["text", "wide", "full"] | None = Field(None, description="How wide: 680, 960 or 1,200 pixels.")
    id: str | None = Field(None, description="A name to refer to: `{{ ref('name') }}` becomes “Figure 3”.")


@dataclass(frozen=True)
class Context:
    """What a fence may see while it is rendered.

    Attributes:
        runs: The runs of the report, already narrowed by the fence's own `runs:` option.
        all_runs: All runs of the report.
        root: The way from the page to the site's root: "" or "../" and so on. Links start with it.
        place: The file and line of the fence, for mistakes.
        style: Colours and sizes of charts; `style.run_colours` is the same on the whole site.
        warn: Tells the reader of the build log something that is no mistake.
        site_runs: All runs of the site, of which versions of artifacts are counted; None where there is no site.
    """

    runs: Runs
    all_runs: Runs
    root: str
    place: Place
    style: ChartStyle
    warn: Callable[[str], None]
    site_runs: Runs | None = None


@dataclass(frozen=True)
class Fragment:
    """What a fence became: HTML and charts in their order, to be wrapped in one numbered `<figure>`.

    Attributes:
        parts: Pieces of safe HTML (all that came from logs is escaped) and figures.
        kind: The fence kind, for the CSS class.
        label: What it is counted as; None leaves it without number and caption.
        width: "text", "wide" or "full".
        files: What it shows and needs beside the page.
        explained: The part of the page “How to read these numbers” that is about it; "" for none.
    """

    parts: tuple[str | Figure, ...]
    kind: str
    label: Literal["Figure", "Table"] | None = "Figure"
    title: str = ""
    subtitle: str = ""
    caption: str = ""
    width: str = "text"
    id: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)
    files: tuple[LinkedFile, ...] = ()
    explained: Literal["", "importance", "comparison"] = ""


class Block(Protocol):
    """A module of this package that is one fence kind.

    It may have `PLAIN`, the name of the option that a fence without any `key:` is the text of.
    """

    Options: type[BlockOptions]

    @staticmethod
    def render(options: Any, context: Context) -> Fragment:
        """Draws the fence.

        Raises:
            Mistake: An option does not fit the runs; the place is filled in by the caller.
        """
        ...


Registry = Mapping[str, Block]
