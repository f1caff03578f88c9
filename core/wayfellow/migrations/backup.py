"""Copy the embedded database before anything changes it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect

from wayfellow.errors import WayfellowError


def back_up(engine: Engine, data_dir: Path, now: datetime) -> Path | None:
    """Copy a SQLite database to ``<data_dir>/backups`` and check the copy; None when there is nothing to copy.

    To restore it, stop Wayfellow and put the copy in the place of the database file. Raises WayfellowError.
    """
    source = engine.url.database
    if engine.dialect.name != "sqlite" or source is None or not inspect(engine).get_table_names():
        return None
    folder = data_dir / "backups"
    copy = folder / f"{Path(source).stem}-{now:%Y%m%d-%H%M%S-%f}.sqlite"
    unfinished = copy.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(Path(source), unfinished)
        unfinished.rename(copy)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            unfinished.unlink()
        raise WayfellowError(
            f"The backup {copy} could not be written: {error}. Nothing was changed. "
            "Make room or mend the folder's permissions, then run the upgrade again."
        ) from error
    return copy


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=10)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged ({verdict})")
    with target.open("rb+") as file:
        os.fsync(file.fileno())
