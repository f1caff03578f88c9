"""Change who is inside: only ever from the version that was judged, so that of two at once one is judged again.

Rows are changed in one order, the ticket's presence before the area, so that two scans never wait for each other. The
area comes last, as all gates share it: it is held no longer than the commit takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

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
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = {"inside": True, "last_at": step.at, "gate": step.gate, "by": step.by, "last_key": step.key}
    row = {"area_id": step.area_id, "ticket_id": step.ticket_id, "entries": 1, "first_at": step.at, "version": 1}
    again: dict[str, Any] = {"entries": Presence.entries + 1, "version": Presence.version + 1}
    again["first_at"] = case((Presence.first_at.is_(None), step.at), else_=Presence.first_at)
    statement = insert(Presence).values(**row, **new)
    statement = statement.on_conflict_do_update(
        index_elements=["area_id", "ticket_id"], set_=new | again, where=Presence.version == step.version
    )
    if session.scalar(statement.returning(Presence.version)) is None:
        raise Overtaken


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
    room = or_(Area.capacity.is_(None), Area.headcount + inside <= Area.capacity)
    free = () if beyond or inside <= 0 else (room,)
    new = {"headcount": Area.headcount + inside, "arrived": Area.arrived + arrived}
    changed = update(Area).where(Area.id == area_id, *free).values(**new).returning(Area.headcount, Area.arrived)
    row = session.execute(changed, execution_options={"synchronize_session": False}).one_or_none()
    if row is None:
        raise Overtaken
    return row[0], row[1]


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
