"""Keep uploaded files under the data folder until they are imported, and no longer."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import BinaryIO

from wayfellow.errors import InvalidInput
from wayfellow.tabular.limits import UPLOAD
from wayfellow.words import gettext

FOLDER = "uploads"
_CHUNK = 1 << 20


def store(data_dir: Path, stream: BinaryIO, name: str) -> str:
    """Write a stream below the data folder under a random name; return the path relative to the folder.

    Raises InvalidInput, and keeps nothing, when the file is larger than uploads may be.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / secrets.token_hex(16)
    size = 0
    with path.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > UPLOAD.bytes:
                break
            file.write(chunk)
    if size > UPLOAD.bytes:
        path.unlink()
        raise InvalidInput(
            gettext(
                "%(name)s has more than %(megabytes)s MB. Split it into several files.",
                name=name,
                megabytes=UPLOAD.bytes >> 20,
            )
        )
    return f"{FOLDER}/{path.name}"


def remove(data_dir: Path, path: str) -> None:
    """Delete an uploaded file; one that is gone already is fine."""
    (data_dir / path).unlink(missing_ok=True)


def remove_strays(data_dir: Path, known: set[str], older_than: float) -> int:
    """Delete files that no import knows and that are older than so many seconds; return how many."""
    folder, limit, count = data_dir / FOLDER, time.time() - older_than, 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if f"{FOLDER}/{path.name}" not in known and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            count += 1
    return count


def shown_name(filename: str) -> str:
    """Return a file's name as pages show it: without folders and control characters, at most 200 characters."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in name if char.isprintable()).strip()[-200:] or "file"
