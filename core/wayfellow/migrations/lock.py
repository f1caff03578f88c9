"""Let one process at a time change the tables of a database; the lock goes with the process, however it ends."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from wayfellow.errors import Conflict

#: Any number will do, as long as it stays the same: the advisory lock's name in PostgreSQL.
_LOCK_NUMBER = 0x57A7FE110


@contextmanager
def alone(engine: Engine, data_dir: Path, say: Callable[[str], None], patience: float = 600.0) -> Iterator[None]:
    """Hold the lock, waiting for another process for at most so many seconds. Raises Conflict after that."""
    hold = _hold_sqlite(data_dir / "upgrade.lock") if engine.dialect.name == "sqlite" else _hold_postgresql(engine)
    with hold as try_to_lock:
        until = time.monotonic() + patience
        if not try_to_lock():
            say("Another process is upgrading this database. Waiting for it to finish.")
            while not try_to_lock():
                if time.monotonic() > until:
                    raise Conflict(
                        "Another process is still upgrading this database. Look what it does, then try again."
                    )
                time.sleep(0.1)
        yield


@contextmanager
def _hold_sqlite(path: Path) -> Iterator[Callable[[], bool]]:
    """Lock by an empty database beside the data: it works alike on every system, unlike locks of files."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)

    def try_to_lock() -> bool:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise
        return True

    try:
        yield try_to_lock
    finally:
        connection.close()


@contextmanager
def _hold_postgresql(engine: Engine) -> Iterator[Callable[[], bool]]:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        number = {"number": _LOCK_NUMBER}
        try:
            yield lambda: bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number))
        finally:
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
