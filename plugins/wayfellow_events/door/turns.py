"""Let scans wait for each other in this process before SQLite makes them.

SQLite lets one write at a time and the others look again after a pause, so that with eight gates some would wait for
seconds while others pass; a lock wakes the next one at once. PostgreSQL lets them write side by side.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


def turn(engine: Engine) -> AbstractContextManager[object]:
    """Return what to hold while a scan is written."""
    return _TURNS.setdefault(engine, Lock()) if engine.dialect.name == "sqlite" else nullcontext()
