"""Pages without the pictures of their charts: what a page that is open compares itself with.

A picture is tens of kilobytes and says nothing that the name of its chart does not say. So each has a name of its own in the pages
that are served, an open page asks for the page without them, and then for those that it does not have.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_PICTURE = re.compile(rb'<div class="chart-static">(<svg .*?</svg>)</div>', re.DOTALL)


def named(html: bytes) -> bytes:
    """A page whose pictures have names."""
    return _PICTURE.sub(lambda found: b'<div class="chart-static" data-static="%s">%s</div>' % (_name(found[1]), found[1]), html)


def light(html: bytes) -> bytes:
    """The same page without its pictures."""
    return _PICTURE.sub(lambda found: b'<div class="chart-static" data-static="%s"></div>' % _name(found[1]), html)


def pictures(html: bytes) -> Iterator[tuple[str, bytes]]:
    """The pictures of a page by their names."""
    for found in _PICTURE.finditer(html):
        yield _name(found[1]).decode(), found[1]


def _name(picture: bytes) -> bytes:
    return hashlib.blake2b(picture, digest_size=9).hexdigest().encode()
