"""rliable (Agarwal and others 2021), the peer of `analysis/statistics`, made importable beside pandas 3.

It needs arch before 8, of which it uses the bootstrap; other parts of arch 7 decorate functions with something that pandas 3 has changed.
The decorator does nothing here, and nothing that it decorates is called.
"""

from __future__ import annotations

import warnings
from types import ModuleType
from unittest.mock import patch


def rliable() -> tuple[ModuleType, ModuleType]:
    """Its modules `library` and `metrics`."""
    with warnings.catch_warnings(), patch("pandas.util._decorators.deprecate_kwarg", lambda *_, **__: lambda function: function):
        warnings.simplefilter("ignore")
        from rliable import library, metrics
    return library, metrics
