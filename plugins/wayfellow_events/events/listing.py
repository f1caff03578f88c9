"""List events: search, filter, sort, pages; and what a page says about the places of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from wayfellow.deployment import Transaction
from wayfellow.paging import Page
from wayfellow.people.search import search_words
from wayfellow_events.events.access import READ, visible_to
from wayfellow_events.events.models import Event, EventState, TeamMember
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State

UPCOMING, PAST, CALLED_OFF = "upcoming", "past", "called_off"
_SORTS: Mapping[str, ColumnElement[Any]] = {
    "when": Event.starts_at.expression,
    "title": Event.search.expression,
    "taken": Event.taken.expression,
}


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Hold what a list of events is asked for; ``standing`` is one of the three above, "" for all."""

    search: str = ""
    standing: str = UPCOMING
    sort: str = "when"
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class EventRow:
    """Be one event of a list, with how many wait for a place and ask for one."""

    event: Event
    waiting: int
    requested: int


def list_events(tx: Transaction, query: EventQuery, programme_id: int | None = None) -> Page[EventRow]:
    """Return one page of the events that the actor finds, or of those of a programme that they run.

    Raises NotAllowed for a programme whose events they may not see all of.
    """
    found = select(Event)
    if programme_id is None:
        found = found.where(visible_to(tx))
    else:
        tx.require(READ, programme_id)
        found = found.where(Event.programme_id == programme_id)
    found = found.where(*_standing(tx, query.standing))
    found = found.where(*(Event.search.contains(word, autoescape=True) for word in search_words(query.search)))
    total = tx.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = min(max(query.page, 1), max(1, -(-total // query.size)))
    page = _sorted(found, query).limit(query.size).offset((number - 1) * query.size)
    events = tx.session.scalars(page).all()
    counts = count_states(tx, [event.id for event in events])
    rows = [
        EventRow(e, counts.get((e.id, State.WAITLISTED), 0), counts.get((e.id, State.REQUESTED), 0)) for e in events
    ]
    return Page(rows, total, number, query.size)


def count_standings(tx: Transaction, programme_id: int) -> dict[str, int]:
    """Return how many events of a programme are to come, over, and called off; one statement. Raises NotAllowed."""
    tx.require(READ, programme_id)
    counted = [func.count().filter(*_standing(tx, name)) for name in (UPCOMING, PAST, CALLED_OFF)]
    row = tx.session.execute(select(*counted).select_from(Event).where(Event.programme_id == programme_id)).one()
    return dict(zip((UPCOMING, PAST, CALLED_OFF), row, strict=True))


def count_states(tx: Transaction, event_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return how many registrations of events are in each state; one statement."""
    counted = select(Registration.event_id, Registration.state, func.count())
    counted = counted.where(Registration.event_id.in_(event_ids)).group_by(Registration.event_id, Registration.state)
    return {(event_id, state): count for event_id, state, count in tx.session.execute(counted)}


def list_run_by(tx: Transaction) -> Sequence[Event]:
    """Return the events to come of whose team the actor is, the next first."""
    mine = select(Event).join(TeamMember, TeamMember.event_id == Event.id)
    mine = mine.where(TeamMember.person_id == tx.actor.person_id, Event.ends_at > tx.now())
    return tx.session.scalars(mine.order_by(Event.starts_at, Event.id).limit(50)).all()


def _standing(tx: Transaction, name: str) -> list[ColumnElement[bool]]:
    off = Event.state == EventState.CANCELLED
    return {
        UPCOMING: [~off, Event.ends_at > tx.now()],
        PAST: [~off, Event.ends_at <= tx.now()],
        CALLED_OFF: [off],
    }.get(name, [])


def _sorted(found: Select[Event], query: EventQuery) -> Select[Event]:
    column = _SORTS.get(query.sort.removeprefix("-"), _SORTS["when"])
    return found.order_by(column.desc() if query.sort.startswith("-") else column.asc(), Event.id)
