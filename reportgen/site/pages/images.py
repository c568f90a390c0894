"""The images that a run logged: which steps are shown, small ones magnified, nearly black ones brightened, broken ones named."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup

from reportgen.blocks.readable import readable
from reportgen.model import Media, Run
from reportgen.site.media import bytes_of, ending

Files = Callable[[Path, Media], str]
"""Takes the file of a medium into the site and gives its address relative to the page."""
_T = TypeVar("_T")
Pictures = Mapping[tuple[Path, tuple[int, int] | None], "Picture | None"]

_STEPS, _PER_STEP = 6, 16
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
"""Formats that are pictures and nothing else: an SVG may hold a script."""
_TINY = 96
"""Images up to so many pixels wide and high are magnified with their pixels kept sharp."""
_SMALL = 512 * 512
"""Images up to so many pixels are looked at whole: their brightest value is known."""
_DARK = 32
"""Below this brightest value of 255 an image is seen as black."""
_EIGHT_BIT = ("L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr")


@dataclass(frozen=True)
class Picture:
    """What a file of an image holds.

    Attributes:
        width, height: In pixels.
        brightest: The highest value of any channel, 0 to 255; None where it was not looked for (a large image, a film, 16 bits).
    """

    width: int
    height: int
    brightest: int | None = None

    @property
    def is_tiny(self) -> bool:
        """Whether its pixels are to be seen one by one."""
        return max(self.width, self.height) <= _TINY

    @property
    def is_dark(self) -> bool:
        """Whether it looks black although it is not."""
        return self.brightest is not None and 0 < self.brightest < _DARK


def images_of(run: Run) -> Iterator[tuple[str, list[Media]]]:
    """The images of each key that has any whose file can be shown, in the order of the keys."""
    for key, several in sorted(run.media.items()):
        if logged := [one for one in several if is_image(one)]:
            yield key, logged


def is_image(one: Media) -> bool:
    """Whether it is an image with a file of a safe format."""
    return one.kind == "image" and one.path is not None and ending(one) in _PICTURES and one.path.is_file()


def images_html(logged: Sequence[Media], files: Files) -> Markup:
    """The images of one key: at most six steps of them, evenly chosen, each with its caption."""
    in_order = sorted(logged, key=lambda one: one.step)
    by_step = [(step, list(images)) for step, images in groupby(in_order, key=lambda one: one.step)]
    shown = [(step, images[:_PER_STEP], len(images)) for step, images in _spread(by_step, _STEPS)]
    pictures = {(one.path, one.span): look(one.path, one.span) for _, images, _ in shown for one in images if one.path}
    reach = {picture.brightest if picture and picture.is_dark else None for picture in pictures.values()}
    is_one_for_all = len(pictures) > 1 and len(reach) == 1 and None not in reach
    rows = Markup("").join(_step_html(step, images, count, pictures, files, not is_one_for_all) for step, images, count in shown)
    if is_one_for_all:
        rows += Markup('<p class="section-note">All {}.</p>').format(_brightened(reach.pop()))
    if len(by_step) > _STEPS:
        rows += Markup('<p class="section-note">{} of {} steps, evenly chosen.</p>').format(_STEPS, f"{len(by_step):,}")
    return rows


def look(path: Path, span: tuple[int, int] | None = None) -> Picture | None:
    """The size of an image and its brightest value; None when the file (or the part of it) cannot be read as an image."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # A huge image is a warning of Pillow's; here only its size is read.
            warnings.simplefilter("ignore")
            with Image.open(path if span is None else BytesIO(bytes_of(path, span))) as image:
                width, height = image.size
                if width * height > _SMALL or getattr(image, "n_frames", 1) > 1:
                    return Picture(width, height)
                image.load()
                if image.mode not in _EIGHT_BIT:
                    return Picture(width, height)
                grey = image.convert("RGBA").convert("RGB")
                return Picture(width, height, max(int(high) for _, high in grey.getextrema()))  # type: ignore[misc]
    # Whatever a decoder of hostile files raises, the page says that this one is broken.
    except Exception:
        return None


def _step_html(step: int, images: Sequence[Media], count: int, pictures: Pictures, files: Files, says_why: bool) -> Markup:
    items = Markup("").join(_item_html(one, one.path, pictures[one.path, one.span], files, says_why) for one in images if one.path)
    more = f" · {len(images)} of {count}" if count > len(images) else ""
    return Markup('<div class="thumbnails"><p>step {}{}</p><ul>{}</ul></div>\n').format(f"{step:,}", more, items)


def _brightened(brightest: int | None) -> str:
    return f"brightened: the file’s values reach {brightest} of 255"


def _item_html(one: Media, path: Path, picture: Picture | None, files: Files, says_why: bool) -> Markup:
    """One image as a link to its file, unchanged; what was done to the picture is said below it."""
    caption = Markup('<span class="caption">{}</span>').format(readable(one.caption)) if one.caption else Markup()
    if picture is None:
        broken = Markup('<li><a class="broken" href="{}">This file is damaged: it cannot be shown as an image.</a>{}</li>\n')
        return broken.format(files(path, one), caption)
    kind = Markup(' class="tiny"') if picture.is_tiny else Markup()
    bright, said = Markup(), Markup()
    if picture.is_dark:
        bright = Markup(' style="filter:brightness({:g})"').format(255 / (picture.brightest or 255))
        said = _remark(_brightened(picture.brightest)) if says_why else Markup()
    elif picture.brightest == 0:
        said = _remark("black: all values of the file are 0")
    image = Markup('<a href="{0}"><img src="{0}" alt="{1}" width="{2}" height="{3}" loading="lazy"{4}{5}></a>').format(
        files(path, one), readable(one.caption or f"{one.key}, step {one.step}"), picture.width, picture.height, kind, bright
    )
    return Markup("<li>{}{}{}</li>\n").format(image, caption, said)


def _remark(text: str) -> Markup:
    return Markup('<span class="remark">{}</span>').format(text)


def _spread(several: Sequence[_T], limit: int) -> list[_T]:
    """At most `limit` of them, evenly chosen, with the first and the last."""
    if len(several) <= limit:
        return list(several)
    return [several[round(i * (len(several) - 1) / (limit - 1))] for i in range(limit)]
