"""Wake the workers of this process at once when a job is asked for, instead of at their next look."""

from __future__ import annotations

from threading import Event, Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

_bells: WeakKeyDictionary[Engine, Event] = WeakKeyDictionary()
_lock = Lock()


def bell(engine: Engine) -> Event:
    """Return the bell of a database in this process: set when a job was asked for and committed."""
    with _lock:
        return _bells.setdefault(engine, Event())
