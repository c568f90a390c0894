"""Runs kept on the disk between readings: columns of numbers as they are in memory, everything else as JSON.

A log is known by its path and a fingerprint of its files. The index of a folder also remembers where the parts of a log lie, so
that one that has not changed is neither searched for nor looked into. What does not fit, is damaged, or was written by another
version is as good as not there: the log is read again.
"""

from reportgen.store.answers import Answers
from reportgen.store.codec import Arrays, CannotBeStored, logged_json, logged_of
from reportgen.store.continued import Continuation, Continued, checksum
from reportgen.store.fingerprint import Fingerprint, files_of, fingerprint, is_recent
from reportgen.store.folder import cache_folder
from reportgen.store.segment import Packed, packed, unpacked
from reportgen.store.store import Store
from reportgen.store.temporary import temporary_in

__all__ = [
    "Answers",
    "Arrays",
    "CannotBeStored",
    "Continuation",
    "Continued",
    "Fingerprint",
    "Packed",
    "Store",
    "cache_folder",
    "checksum",
    "files_of",
    "fingerprint",
    "is_recent",
    "logged_json",
    "logged_of",
    "packed",
    "temporary_in",
    "unpacked",
]
