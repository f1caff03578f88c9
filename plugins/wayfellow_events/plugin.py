"""Bring events to the host. Whatever is slow to import is imported when a hook asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from wayfellow.markers import hookimpl
from wayfellow.types import Migrations, Permission, Role

if TYPE_CHECKING:
    from wayfellow.db import Base

_STAFF = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.EVENT_HOST})

PERMISSIONS = (
    Permission("events.read", "see the events of a programme and who is registered", _STAFF | {Role.AUDITOR}),
    Permission("events.edit", "make and change events, and decide on registrations", _STAFF),
    Permission("events.export", "export lists of registrations", _STAFF),
)


@hookimpl
def register_models() -> Iterable[type[Base]]:
    """Name the tables of events, registrations and tickets."""
    from wayfellow_events.tables import TABLES

    return TABLES


@hookimpl
def register_migrations() -> Migrations:
    """Point to the revisions of these tables."""
    return Migrations(Path(__file__).parent / "migrations" / "versions")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    """Name what hosts may do; members need none of it, they do what an event's visibility says."""
    return PERMISSIONS
