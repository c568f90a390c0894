"""The public face of the package is `__all__`, and all of it can be imported."""

from __future__ import annotations

from pathlib import Path

import reportgen


def test_all_is_sorted_and_can_be_imported() -> None:
    assert list(reportgen.__all__) == sorted(reportgen.__all__)
    for name in reportgen.__all__:
        assert getattr(reportgen, name) is not None


def test_nothing_else_is_public() -> None:
    public = {name for name in vars(reportgen) if not name.startswith("_")}
    modules = {path.stem for path in Path(reportgen.__file__).parent.iterdir()}
    assert public - modules - {"annotations", "TYPE_CHECKING", "Any"} <= set(reportgen.__all__)
