"""Say how large a file may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the largest sizes that are read: ``bytes`` of the file, ``unpacked`` bytes of an XLSX file's parts.

    The defaults suit an operator's own files on the command line; uploads get narrower ones.
    """

    bytes: int = 1 << 30
    unpacked: int = 1 << 30
    rows: int = 1_000_000
    columns: int = 200


#: What the web takes from a browser.
UPLOAD = Limits(bytes=32 << 20, unpacked=256 << 20, rows=100_000)
