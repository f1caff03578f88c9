"""Count places, so that no event is ever oversold: one conditional update, whoever comes at the same time.

Nothing is read first. The update of the event's row makes rivals wait for each other, on SQLite as on PostgreSQL; the
event comes before the kind of ticket every time, so that two of them never wait for one another.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Session

from wayfellow_events.events.models import Event, TicketType


def take_place(session: Session, event_id: int, type_id: int) -> bool:
    """Take a place of the event and of the kind of ticket, both or neither; tell whether there was one."""
    if not _take(session, Event, event_id):
        return False
    if _take(session, TicketType, type_id):
        return True
    _give_back(session, Event, event_id)
    return False


def add_place(session: Session, event_id: int, type_id: int) -> None:
    """Take a place though there may be none: for whom the hosts let in beyond the limit."""
    for model, row_id in ((Event, event_id), (TicketType, type_id)):
        session.execute(update(model).where(model.id == row_id).values(taken=model.taken + 1))


def give_place_back(session: Session, event_id: int, type_id: int) -> None:
    """Give a place of the event and of the kind of ticket back."""
    _give_back(session, Event, event_id)
    _give_back(session, TicketType, type_id)


def _take(session: Session, model: type[Event] | type[TicketType], row_id: int) -> bool:
    free = or_(model.capacity.is_(None), model.taken < model.capacity)
    taken = update(model).where(model.id == row_id, free).values(taken=model.taken + 1)
    result = session.execute(taken, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount == 1


def _give_back(session: Session, model: type[Event] | type[TicketType], row_id: int) -> None:
    given = update(model).where(model.id == row_id, model.taken > 0).values(taken=model.taken - 1)
    session.execute(given, execution_options={"synchronize_session": False})
