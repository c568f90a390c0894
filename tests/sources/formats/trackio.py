"""trackio's databases; the odd one is written in the schema of its first versions."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sources.formats import ODD_KEYS, ODD_VALUES, ROOT, Format

WORDS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
FIRST_SCHEMA = "create table metrics (id integer primary key, timestamp text, run_name text, step integer, metrics text)"


def odd(folder: Path) -> None:
    connection = sqlite3.connect(folder / "odd.db")
    connection.execute(FIRST_SCHEMA)
    for step, value in enumerate(ODD_VALUES):
        row = json.dumps(dict.fromkeys(ODD_KEYS, WORDS.get(str(value), value)))
        connection.execute("insert into metrics values (null, '2025-07-01T00:00:00', 'a run', ?, ?)", (step, row))
    connection.commit()
    connection.close()


FORMAT = Format("trackio", ROOT / "tests/data/trackio", ("*.db",), odd)
