"""The quick way of reading `meta.yaml` says what the YAML parser says."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.sources.mlflow.meta import Damaged, read_meta
from reportgen.sources.yaml import parse_yaml

DATA = Path(__file__).parents[1] / "data"
FILES = sorted(path for sample in ("mlflow-files", "mlflow-1.30") for path in (DATA / sample).rglob("meta.yaml"))
LINES = (
    "a: 1", "a: -1", "a: 01", "a: 0x10", "a: 1_000", "a: 99999999999999999999", "a: 1.5", "a: 1e5", "a: .nan", "a: true", "a: Yes",
    "a: ~", "a:", "a: null", "a: NULL", "a: Inf", "a: ''", "a: 'it''s'", "a: 'x y'", 'a: "x"', "a: [1]", "a: []", "a: x: y", "a: x #c",
    "a: 2020-01-01", "a: file:///x/y", "a: /x/y.z", "a: s3://b/c", "a: |\n  x", "a: naïve", "a: - b", "a: &x y", "a: *x", "a: !t y",
    "a: x\nb: y", "a: x\n\nb: y", "a: x\r", "a b: c", "a: x y", "a: x\n  y", "a: 0123456789abcdef0123456789abcdef",
)  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=range(len(FILES)))
def test_as_yaml(path: Path) -> None:
    assert read_meta(path) == parse_yaml(path.read_bytes())


@pytest.mark.parametrize("text", LINES)
def test_lines_of_all_kinds(tmp_path: Path, text: str) -> None:
    file = tmp_path / "meta.yaml"
    file.write_bytes(f"{text}\n".encode())
    try:
        expected = parse_yaml(file.read_bytes())
    except ValueError:
        with pytest.raises(Damaged):
            read_meta(file)
        return
    assert repr(read_meta(file)) == repr(expected)


def test_a_line_that_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "meta.yaml"
    file.write_bytes(b"run_id: x\nstart_time: 17000")
    with pytest.raises(Damaged) as raised:
        read_meta(file)
    assert raised.value.found == {"run_id": "x"}
