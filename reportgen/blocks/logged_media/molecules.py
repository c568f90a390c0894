"""The atoms of a molecule's file (PDB, XYZ, SDF and MOL of version 2000)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from reportgen.blocks.logged_media.points import Scene, bonds

_LARGEST = 20 * 2**20
_ATOMS = 20_000
_ELEMENTS: Mapping[str, tuple[tuple[int, int, int], float]] = {
    "H": ((190, 190, 190), 0.31), "C": ((110, 110, 110), 0.76), "N": ((48, 80, 248), 0.71), "O": ((230, 30, 30), 0.66),
    "F": ((90, 190, 60), 0.57), "P": ((255, 128, 0), 1.07), "S": ((200, 170, 20), 1.05), "CL": ((31, 200, 31), 1.02),
    "BR": ((166, 41, 41), 1.2), "I": ((148, 0, 148), 1.39), "FE": ((224, 102, 51), 1.32), "MG": ((80, 180, 0), 1.41),
    "CA": ((61, 200, 0), 1.76), "ZN": ((125, 128, 176), 1.22), "NA": ((171, 92, 242), 1.66),
}  # fmt: skip
"""Colour by the convention of Corey, Pauling and Koltun, on light and dark paper; covalent radius in Å (Cordero et al. 2008)."""
_OTHER = ((220, 100, 180), 1.2)
Atom = tuple[str, float, float, float]


def molecule(path: Path) -> Scene | None:
    """The atoms of a file; None when its format is not known or it holds none."""
    read = _READERS.get(path.suffix.lower())
    try:
        if read is None or path.stat().st_size > _LARGEST:
            return None
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        atoms = [atom for atom in read(lines) if all(map(math.isfinite, atom[1:]))]
    except (OSError, ValueError, IndexError):
        return None
    if not atoms:
        return None
    shown = atoms[:_ATOMS]
    points = np.array([atom[1:] for atom in shown], np.float64)
    known = [_ELEMENTS.get(atom[0].upper(), _OTHER) for atom in shown]
    colours = np.array([colour for colour, _radius in known], np.uint8)
    return Scene(points, colours, bonds(points, np.array([radius for _colour, radius in known])), len(atoms), 9)


def _pdb(lines: list[str]) -> Iterator[Atom]:
    """By columns, as the format has them; the first model only."""
    for line in lines:
        if line.startswith("ENDMDL"):
            return
        if line.startswith(("ATOM", "HETATM")):
            element = line[76:78].strip() or line[12:14].strip(" 0123456789")
            yield element, float(line[30:38]), float(line[38:46]), float(line[46:54])


def _xyz(lines: list[str]) -> Iterator[Atom]:
    for line in lines[2 : 2 + int(lines[0])]:
        element, x, y, z = line.split()[:4]
        yield element, float(x), float(y), float(z)


def _mol(lines: list[str]) -> Iterator[Atom]:
    for line in lines[4 : 4 + int(lines[3][:3])]:
        yield line[31:34].strip(), float(line[:10]), float(line[10:20]), float(line[20:30])


_READERS: Mapping[str, Callable[[list[str]], Iterator[Atom]]] = {".pdb": _pdb, ".xyz": _xyz, ".mol": _mol, ".sdf": _mol}
