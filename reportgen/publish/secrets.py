"""Finding keys and tokens in a text, by their form or by the name that they are given."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportgen.publish.secret_kinds import SECRET_KINDS


@dataclass(frozen=True)
class Secret:
    """A secret that stands in a text. Its text is in no representation of it, so that no message can show it.

    Attributes:
        kind: What people call it, for example "Hugging Face token".
        start: Where it begins in the text.
        text: Itself.
    """

    kind: str
    start: int
    text: str = field(repr=False)


def secrets_in(text: str, *, named: bool = True) -> Iterator[Secret]:
    """The secrets in a text, each place once.

    Args:
        named: Also what is a secret by the name before it (`password = "…"`) and not by its form.
    """
    if len(text) < _SHORTEST:
        return
    taken: list[tuple[int, int]] = []
    for secret in _found(text, named):
        end = secret.start + len(secret.text)
        if not any(start < end and secret.start < stop for start, stop in taken):
            taken.append((secret.start, end))
            yield secret


def secret_value(name: str, value: str) -> Secret | None:
    """The value as a secret if a setting of this name would be one (`api_key`, `db.password`, …)."""
    words = _WORD.findall(name)
    kind = _kind_of_name(words[-1]) if words and _WORD.sub("", name[name.rfind(words[-1]) :]) in ("", "s") else None
    return Secret(kind, 0, value) if kind and _is_secret(kind, value, quoted=True) else None


_SHORTEST = 8
"""Characters of the shortest text with a secret: `pwd=` and a few more."""
_PASSWORD, _KEY = "password", "key or token"
_WORD = re.compile(
    r"(?i:password|passwd|passphrase|pwd|secret[_-]?key|secret|api[_-]?token|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|"
    r"account[_-]?key|auth[_-]?key|encryption[_-]?key|wandb[_-]?key|credentials?)"
)
_NAMED = re.compile(
    rf"(?P<word>{_WORD.pattern})(?P<between>(?:\\?[\"'])?\s{{0,3}}(?:=>|:=|[:=])\s{{0,3}}|\\?[\"'],\s{{0,3}}(?=\\?[\"'])|(?<![\w.])\s)"
    r"(?P<quote>\\?[\"']|&quot;|&#3[49];)?(?P<value>[^\s\"'<>\\,;&)}\]]{6,200})"
)
_SIGNS = (
    "passw", "passphrase", "pwd", "secret", "token", "api", "access", "private", "account", "auth", "encryption", "wandb", "credential",
)  # fmt: skip
"""What the words begin with, in lower case."""
_DASHES = re.compile(r"(?<!\w)--?[\w-]*$")
_OPTION = re.compile(rf"(?P<word>{_WORD.pattern})\s{{1,3}}(?P<quote>[\"'])?(?P<value>[^\s\"'<>\\,;&)}}\]]{{6,200}})")
_PLACEHOLDER = re.compile(
    r"(?i)^(?:[*x.•_-]+|<.*|\[.*|\{.*|\(.*|\$.*|%.*|none|null|nil|true|false|undefined|optional|required|redacted|hidden|masked|removed|"
    r"changeme|change[_-]me|example.*|placeholder|todo|unset|default|password\d?|passwd|secret|token|string|prompt|your[_-].*|my[_-].*|"
    r"insert[_-].*|dummy.*|fake.*|test|.*\*{3,}.*|.*…|.*\.\.\.)$"
)
_CODE = re.compile(r"^[A-Za-z_]\w*(?:\.\w+|\(|\[)|[(){}\[\]]|^(?:self|os|str|int|Optional|settings|config|args)\b")
_NOT_A_SECRET = re.compile(
    r"(?i)(?:num|max|min|n|pad|eos|bos|unk|mask|sep|cls|start|end|image|special|per|stop|first|last|next|prompt|new)[_-]?$"
)
"""What stands before `token` when it is a word of a model's vocabulary."""


def _found(text: str, named: bool) -> Iterator[Secret]:
    for kind in SECRET_KINDS:
        for found in kind.found(text):
            group = "secret" if "secret" in kind.pattern.groupindex else 0
            if group == 0 or not _PLACEHOLDER.match(found[group]):
                yield Secret(kind.name, found.start(group), found[group])
    for start in _places_of_names(text) if named else ():
        before = text[max(0, start - 42) : start]
        found_here = _NAMED.match(text, start) or (_OPTION.match(text, start) if _DASHES.search(before) else None)
        if not found_here or (found_here["word"].lower() == "token" and _NOT_A_SECRET.search(before)):
            continue
        kind_name = _kind_of_name(found_here["word"])
        if _is_secret(kind_name, found_here["value"], quoted=bool(found_here["quote"])):
            yield Secret(kind_name, found_here.start("value"), found_here["value"])


def _places_of_names(text: str) -> list[int]:
    """Where in a text a word begins that may name a secret."""
    lower = text.lower()
    if len(lower) != len(text):  # Some letters are two in lower case.
        return [found.start() for found in _WORD.finditer(text)]
    places = []
    for sign in _SIGNS:
        start = lower.find(sign)
        while start >= 0:
            places.append(start)
            start = lower.find(sign, start + 1)
    return sorted(places)


def _kind_of_name(word: str) -> str:
    return _PASSWORD if word.lower().startswith("p") and not word.lower().startswith("private") else _KEY


def _is_secret(kind: str, value: str, *, quoted: bool) -> bool:
    """Whether what is called a password or a key is one, and no placeholder, name or piece of code."""
    value = value.strip()
    if _PLACEHOLDER.match(value) or len(value) < 6 or " " in value.strip():
        return False
    if not quoted and _CODE.search(value):
        return False
    has_digit, has_letter = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    if kind == _PASSWORD:
        return quoted or (has_digit and has_letter) or not value.isalnum()
    return len(value) >= 12 and has_digit and has_letter and _entropy(value) >= 2.8 and not re.match(r"^[~/.]|^\w+/", value)


def _entropy(text: str) -> float:
    """Bits per letter by the letters' own frequencies."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
