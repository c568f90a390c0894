"""DVCLive's folders."""

from __future__ import annotations

from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format


def odd(folder: Path) -> None:
    for key in ODD_KEYS:
        path = folder / "dvclive" / "plots" / "metrics" / f"{key}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"step\t{path.stem}\n" + "".join(f"{step}\t{value}\n" for step, value in enumerate(ODD_VALUES)))


FORMAT = Format("dvclive", ROOT / "tests/data/dvclive", ("fit-1/**/*.tsv", "fit-1/**/*.json", "fit-1/**/*.yaml"), odd)
