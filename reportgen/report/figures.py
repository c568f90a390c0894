"""Fences and titled images of a report: found in its Markdown, drawn, numbered and named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from markdown_it.token import Token

from reportgen.blocks.block import Block, BlockOptions, Fragment
from reportgen.blocks.fence import Fence, Surroundings, draw_fence, read_options
from reportgen.blocks.yaml import Written, read_yaml
from reportgen.errors import Mistake, Mistakes, Place, did_you_mean
from reportgen.remembering import Same, remembered
from reportgen.report.document import PlacedBlock
from reportgen.report.highlight import is_language
from reportgen.report.inline import Inline, image_figure, image_fragment
from reportgen.report.inserts import MARKER, Inserts
from reportgen.report.markdown import placed
from reportgen.words import _, language

WITHOUT_RUNS = frozenset({"vega-lite"})
"""The fences that can be drawn from what they hold themselves."""

_ID = re.compile(r"^id:[ \t]*[\"']?([\w.-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Drawn:
    """A block in its place.

    Attributes:
        caption: Its caption as Markdown with markers for values, or None when the fragment's own is final.
        line: The line of the text on which the caption stands.
    """

    block: PlacedBlock
    caption: str | None
    line: int


class Figures:
    """Draws the blocks of one report in their order.

    Args:
        places: Gives the place in the file of a line of the text.
        note: Takes mistakes that have their place.
        need_runs: Whether there are runs; complains when the report names none.

    Attributes:
        labels: The ids of numbered blocks and what refers to them: "Figure 3".
        ids: The ids of all blocks.
    """

    def __init__(
        self,
        kinds: Mapping[str, Block],
        around: Surroundings,
        inserts: Inserts,
        places: Callable[[int], Place],
        note: Callable[[Mistake], None],
        need_runs: Callable[[Place, str], bool],
    ) -> None:
        self.kinds, self.around, self.inserts, self.places, self.note = kinds, around, inserts, places, note
        self.need_runs = need_runs
        self.numbers = {"Figure": 0, "Table": 0}
        self.labels: dict[str, str] = {}
        self.ids: set[str] = set()

    def draw_all(self, tokens: list[Token], inline: Inline, keep: Callable[[Drawn], str]) -> list[Token]:
        """The tokens with a marker in the place of each block.

        Args:
            inline: Resolves the address of an image.
            keep: Takes a block and gives its marker.
        """
        out: list[Token] = []
        skip = 0
        for i, token in enumerate(tokens):
            line = token.map[0] if token.map else 0
            if skip:
                skip -= 1
            elif token.type == "fence" and self._is_block(token, line):
                drawn = self._fence(token, line)
                if drawn:
                    out.append(placed(keep(drawn), block=True))
                elif name := _ID.search(token.content):  # References to it are not wrong for that.
                    self.labels.setdefault(name[1], "")
            elif token.type == "paragraph_open" and (image := image_figure(tokens[i + 1].children or ())):
                skip = 2
                if drawn := self._image(image, inline, line, token):
                    out.append(placed(keep(drawn), block=True))
            else:
                out.append(token)
        return out

    def _is_block(self, token: Token, line: int) -> bool:
        """Whether a fence is one of ours; notes words that are nearly one."""
        words = self.inserts.plain(token.info).split()
        if not words:
            return False
        kind = words[0]
        if kind in self.kinds:
            if len(words) > 1:
                mistake = Mistake(
                    f"{kind}: '{' '.join(words[1:])}' after the kind means nothing",
                    hint="write options as lines inside the fence",
                )
                self.note(mistake.at(self.places(line)))
            return True
        bare = kind.strip("{}.")
        near = did_you_mean(bare, self.kinds)
        if near and (bare != kind or not is_language(kind)):
            self.note(Mistake(f"no fence kind '{kind}'", self.places(line), near))
        return False

    def _fence(self, token: Token, line: int) -> Drawn | None:
        kind = self.inserts.plain(token.info).split()[0]
        block, place = self.kinds[kind], self.places(line)
        count = token.content.count("\n")
        if token.map and token.map[1] - token.map[0] <= count + 1:
            self.note(Mistake(f"{kind}: this fence is not closed", place, f"end it with {token.markup}"))
            return None
        if self.inserts.failed(token.content):
            return None
        numbers = tuple(self.places(line + 1 + offset).line for offset in range(count))
        fence = Fence(kind, token.content, place, numbers)
        try:
            options, written, caption = self._options(block, fence)
            if not self.need_runs(place, kind) and kind not in WITHOUT_RUNS:
                return None
            fragment = self._fragment(block, fence, options, written, place)
        except Mistakes as several:
            for mistake in several.mistakes:
                self.note(mistake)
            return None
        fragment = replace(fragment, id=fragment.id or options.id or "")
        return self._numbered(fragment, caption, line + 1 + written.line(("caption",)), line)

    def _options(self, block: Block, fence: Fence) -> tuple[BlockOptions, Written, str | None]:
        """The options of a fence, where each of them stands, and its caption as it is written."""

        def read() -> tuple[BlockOptions, Written, str | None]:
            options, written = read_options(block, fence, self.inserts.fill)
            if options.caption is None:
                return options, written, None
            return options, written, str(read_yaml(fence.text, fence.place.file, fence.lines).value["caption"])

        if MARKER.search(fence.text):
            return read()
        return remembered(lambda: ("options", Same(block), fence.kind, fence.text, language()), read)

    def _fragment(self, block: Block, fence: Fence, options: BlockOptions, written: Written, place: Place) -> Fragment:
        """The fence, drawn; what there is to warn of is said."""

        def draw() -> tuple[Fragment, list[str]]:
            said: list[str] = []
            return draw_fence(block, fence, options, written, replace(self.around, warn=said.append)), said

        around = self.around
        fragment, said = remembered(
            lambda: (
                "fence", Same(block), repr(options), tuple(sorted(options.model_fields_set)), around.root, language(),
                Same(around.runs), Same(around.style), Same(around.site_runs),
            ),
            draw,
        )
        for text in said:
            around.warn(f"{place}: {text}")
        return fragment

    def _image(self, image: Token, inline: Inline, line: int, paragraph: Token) -> Drawn | None:
        caption = str(image.attrs["title"])
        for name, value in paragraph.attrs.items():  # From a line of attributes above the image.
            image.attrs.setdefault(name, value)
        resolved = inline.image(image, line)
        if resolved.type != "image":
            return None
        return self._numbered(image_fragment(resolved), caption, line, line)

    def _numbered(self, fragment: Fragment, caption: str | None, caption_line: int, line: int) -> Drawn:
        number = None
        if fragment.label:
            number = self.numbers[fragment.label] = self.numbers[fragment.label] + 1
        name = fragment.id or self._free_id(f"{fragment.label or fragment.kind}-{number or len(self.ids) + 1}".lower())
        if name in self.ids:
            self.note(Mistake(f"the id '{name}' is used twice", self.places(line), "give each block an id of its own"))
        self.ids.add(name)
        if fragment.label:
            label = _("Table {n}") if fragment.label == "Table" else _("Figure {n}")
            self.labels[name] = label.format(n=number).replace(" ", "\u00a0")
        return Drawn(PlacedBlock(replace(fragment, id=name), number, self.places(line)), caption, caption_line)

    def _free_id(self, name: str) -> str:
        while name in self.ids:
            name += "-x"
        return name
