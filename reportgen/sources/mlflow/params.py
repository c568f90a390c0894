"""Parameters: MLflow keeps them as text, whatever they were."""

from __future__ import annotations

import math
import re

from reportgen.model import Scalar

_WORDS: dict[str, Scalar] = {
    "True": True, "False": False, "true": True, "false": False, "None": None,
    "nan": math.nan, "inf": math.inf, "-inf": -math.inf,
}  # fmt: skip
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,99})", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+", re.ASCII)


def param_value(text: str) -> Scalar:
    """The value that was logged as a parameter, as far as its text tells.

    - `True` and `False`, also in small letters (as other languages write them), are bools; `None` is None.
    - A whole number without a sign `+` and without leading zeros is an int.
    - A decimal number that Python would write with the same characters is a float: `0.1`, but not the `1.10` of a version or
      a number with more digits than a float has. Any spelling with an exponent is one (`1e-5`), and so are `nan`, `inf` and `-inf`.
    - Everything else stays the text that it is: lists, numbers with units, words, the empty text.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if text != "-0" else text
    if _SCIENTIFIC.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    if _DECIMAL.fullmatch(text) and repr(number := float(text)) == text:
        return number
    return text
