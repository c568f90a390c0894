"""Runs kept on the disk between readings: columns of numbers as they are in memory, everything else as JSON.

A log is known by its path and a fingerprint of its files. What does not fit, is damaged, or was written by another
version is as good as not there: the log is read again.
"""

from reportgen.store.fingerprint import files_of, fingerprint
from reportgen.store.segment import Packed, packed, unpacked
from reportgen.store.store import Store, cache_folder

__all__ = ["Packed", "Store", "cache_folder", "files_of", "fingerprint", "packed", "unpacked"]
