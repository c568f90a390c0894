"""What is known of an image before it is shown: its size, whether it looks black although it is not, whether it is broken."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportgen.blocks.logged_media.content import bytes_of, ending
from reportgen.model import Media

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


def is_image(one: Media) -> bool:
    """Whether it is an image with a file of a safe format."""
    return one.kind == "image" and one.path is not None and ending(one) in _PICTURES and one.path.is_file()


def look(path: Path, span: tuple[int, int] | None = None, *, whole: bool = True) -> Picture | None:
    """The size of an image and its brightest value; None when the file (or the part of it) cannot be read as an image.

    Args:
        whole: Whether more than its head is read: else the brightest value is not looked for, and a torn file is not noticed.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # A huge image is a warning of Pillow's; here only its size is read.
            warnings.simplefilter("ignore")
            with Image.open(path if span is None else BytesIO(bytes_of(path, span))) as image:
                width, height = image.size
                if not whole or width * height > _SMALL or getattr(image, "n_frames", 1) > 1:
                    return Picture(width, height)
                image.load()
                if image.mode not in _EIGHT_BIT:
                    return Picture(width, height)
                grey = image.convert("RGBA").convert("RGB")
                return Picture(width, height, max(int(high) for _, high in grey.getextrema()))  # type: ignore[misc]
    # Whatever a decoder of hostile files raises, the page says that this one is broken.
    except Exception:
        return None
