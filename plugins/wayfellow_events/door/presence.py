"""Change who is inside: only ever from the version that was judged, so that of two at once one is judged again.

Rows are changed in one order, the ticket's presence before the area, so that two scans never wait for each other. The
area comes last, as all gates share it: it is held no longer than the commit takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Integer, Table, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from wayfellow.db import UTCDateTime
from wayfellow_events.door.models import Area, Kind, Presence, Scan


class Overtaken(Exception):
    """Say that somebody was faster: roll back, and judge again."""


@dataclass(frozen=True, slots=True)
class Step:
    """Be a change of one ticket's presence; ``version`` is the one that was judged, 0 where there was none."""

    area_id: int
    ticket_id: int
    version: int
    kind: Kind
    at: datetime
    gate: str
    by: str
    key: str


def enter(session: Session, step: Step) -> None:
    """Note an entry. Raises Overtaken."""
    known = {"area_id": step.area_id, "ticket_id": step.ticket_id, "seen": step.version, "at": step.at}
    known |= {"gate": step.gate, "by": step.by, "last_key": step.key}
    if session.scalar(_enter(session.get_bind().dialect.name), known) is None:
        raise Overtaken


@cache
def _enter(dialect: str) -> Any:
    table, columns = Presence.__table__, Presence.__table__.c
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    at = bindparam("at", type_=UTCDateTime())
    said = {"inside": True, "last_at": at, **{name: bindparam(name) for name in ("gate", "by", "last_key")}}
    row = {"area_id": bindparam("area_id"), "ticket_id": bindparam("ticket_id"), "entries": 1, "first_at": at}
    again = {"entries": columns.entries + 1, "version": columns.version + 1}
    again["first_at"] = func.coalesce(columns.first_at, at)
    statement = insert(table).values(**row, **said, version=1)
    statement = statement.on_conflict_do_update(
        index_elements=["area_id", "ticket_id"], set_=said | again, where=columns.version == bindparam("seen")
    )
    return statement.returning(columns.version)


def leave(session: Session, step: Step) -> None:
    """Note an exit. Raises Overtaken."""
    mine = (Presence.area_id == step.area_id, Presence.ticket_id == step.ticket_id, Presence.version == step.version)
    gone = update(Presence).where(*mine).values(inside=False, version=step.version + 1)
    result = session.execute(gone, execution_options={"synchronize_session": False})
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise Overtaken


def count(session: Session, area_id: int, inside: int, arrived: int, *, beyond: bool = False) -> tuple[int, int]:
    """Change an area's counters and return them; a full area lets nobody in but ``beyond`` its capacity.

    Raises Overtaken when the last place went to somebody else in the meantime.
    """
    known = {"area": area_id, "inside": inside, "arrived": arrived}
    row = session.execute(_count(not beyond and inside > 0), known).one_or_none()
    if row is None:
        raise Overtaken
    return row[0], row[1]


@cache
def _count(needs_room: bool) -> Any:
    columns = Area.__table__.c
    inside, arrived = bindparam("inside", type_=Integer), bindparam("arrived", type_=Integer)
    room = or_(columns.capacity.is_(None), columns.headcount + inside <= columns.capacity)
    changed = update(cast("Table", Area.__table__)).where(
        columns.id == bindparam("area"), *((room,) if needs_room else ())
    )
    new = {"headcount": columns.headcount + inside, "arrived": columns.arrived + arrived}
    return changed.values(new).returning(columns.headcount, columns.arrived)


def log(session: Session, row: dict[str, Any]) -> bool:
    """Write a scan down unless its key was used, whoever is faster; tell whether it is new."""
    return session.scalar(_log(session.get_bind().dialect.name), row) is not None


@cache
def _log(dialect: str) -> Any:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = Scan.__table__
    return insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.key)


@dataclass(frozen=True, slots=True)
class State:
    """Be what a log comes to for one ticket in one area."""

    inside: bool = False
    entries: int = 0
    first: Scan | None = None
    last: Scan | None = None


def replay(scans: Iterable[Scan]) -> State:
    """Return what scans come to that count and were not taken back, in the order in which they were taken."""
    inside, entries, first, last = False, 0, None, None
    for scan in scans:
        inside = scan.kind == Kind.ENTRY
        if inside:
            entries, first, last = entries + 1, first or scan, scan
    return State(inside, entries, first, last)


def counted(session: Session, area_id: int, ticket_id: int) -> list[Scan]:
    """Return the scans of a ticket in an area that count and were not taken back, in order."""
    undo = aliased(Scan)
    query = select(Scan).outerjoin(undo, undo.undoes == Scan.key).where(undo.id.is_(None), Scan.counts)
    query = query.where(Scan.area_id == area_id, Scan.ticket_id == ticket_id, Scan.kind != Kind.UNDO)
    return list(session.scalars(query.order_by(Scan.id)))
