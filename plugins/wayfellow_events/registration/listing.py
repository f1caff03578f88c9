"""List registrations: those of an event for its hosts, and everybody's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.words import gettext
from wayfellow_events.events.access import get_watched
from wayfellow_events.events.models import Event, TicketType
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.tickets.models import Ticket

_SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": Person.sort_name.expression,
    "kind": TicketType.name.expression,
    "state": Registration.state.expression,
    "since": Registration.state_since.expression,
    "queue": Registration.queued_at.expression,
}


@dataclass(frozen=True, slots=True)
class Guest:
    """Be one row of an event's list; ``ticket_state`` is "" without a ticket."""

    registration_id: int
    person_id: int
    name: str
    email: str
    badge_name: str
    kind: str
    state: State
    since: datetime
    ticket_id: int | None
    ticket_state: str


@dataclass(frozen=True, slots=True)
class Own:
    """Be one registration as its holder sees it."""

    registration: Registration
    event: Event
    kind: TicketType
    ticket: Ticket | None
    name: str
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class GuestQuery:
    """Hold what a list of registrations is asked for."""

    search: str = ""
    state: str = ""
    type_id: int | None = None
    sort: str = "name"
    page: int = 1
    size: int = 50


def list_guests(tx: Transaction, event_id: int, query: GuestQuery) -> Page[Guest]:
    """Return one page of an event's registrations. Raises NotFound."""
    event = get_watched(tx, event_id)
    wanted = [Registration.event_id == event.id]
    wanted += [Person.search.contains(word, autoescape=True) for word in search_words(query.search)]
    wanted += [Registration.state == query.state] if query.state else []
    wanted += [Registration.type_id == query.type_id] if query.type_id else []
    counted = select(func.count()).select_from(Registration).join(Person, Person.id == Registration.person_id)
    total = tx.session.scalar(counted.where(*wanted)) or 0
    number = min(max(query.page, 1), max(1, -(-total // query.size)))
    found = _guests().where(*wanted).order_by(*_order(query.sort))
    rows = tx.session.execute(found.limit(query.size).offset((number - 1) * query.size))
    return Page([_guest(*row) for row in rows], total, number, query.size)


def list_own(tx: Transaction) -> list[Own]:
    """Return the actor's registrations: what is to come first, the next at the top, then what is over."""
    rows = tx.session.execute(
        _own().where(Registration.person_id == tx.actor.person_id).order_by(Event.starts_at, Registration.id).limit(500)
    ).all()
    mine = [Own(*row) for row in rows]
    over = [own for own in mine if own.event.ends_at <= tx.now() or State(own.registration.state) not in ACTIVE]
    return [own for own in mine if own not in over] + over[::-1]


def get_own_view(tx: Transaction, registration_id: int) -> Own:
    """Return a registration of the actor's own with all that its page shows. Raises NotFound."""
    query = _own().where(Registration.id == registration_id, Registration.person_id == tx.actor.person_id)
    row = tx.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(gettext("This registration is not among yours. Look under “My tickets”."))
    return replace(Own(*row), ahead=count_ahead(tx, row[0]))


def find_mine(tx: Transaction, event_id: int) -> Registration | None:
    """Return the actor's registration for an event that is under way, if any."""
    mine = select(Registration).where(Registration.event_id == event_id, Registration.person_id == tx.actor.person_id)
    return tx.session.scalar(mine.where(Registration.state.in_(ACTIVE)))


def count_ahead(tx: Transaction, registration: Registration) -> int:
    """Return how many wait before somebody who waits."""
    if registration.state != State.WAITLISTED or registration.queued_at is None:
        return 0
    waiting = select(func.count()).select_from(Registration)
    waiting = waiting.where(
        Registration.event_id == registration.event_id,
        Registration.state == State.WAITLISTED,
        Registration.queued_at < registration.queued_at,
    )
    return tx.session.scalar(waiting) or 0


def _guests() -> Any:
    query = select(
        Registration.id,
        Person.id,
        Person.name,
        Person.email,
        Registration.badge_name,
        TicketType.name,
        Registration.state,
        Registration.state_since,
        Ticket.id,
        Ticket.state,
    )
    query = query.join(Person, Person.id == Registration.person_id)
    query = query.join(TicketType, TicketType.id == Registration.type_id)
    return query.outerjoin(Ticket, Ticket.registration_id == Registration.id)


def _guest(number: int, person: int, name: str, email: str | None, badge: str, kind: str, *rest: Any) -> Guest:
    state, since, ticket, ticket_state = rest
    return Guest(number, person, name, email or "", badge, kind, State(state), since, ticket, ticket_state or "")


def _own() -> Any:
    query = select(Registration, Event, TicketType, Ticket, Person.name)
    query = query.join(Event, Event.id == Registration.event_id).join(Person, Person.id == Registration.person_id)
    query = query.join(TicketType, TicketType.id == Registration.type_id)
    return query.outerjoin(Ticket, Ticket.registration_id == Registration.id)


def _order(sort: str) -> Sequence[ColumnElement[Any]]:
    column = _SORTS.get(sort.removeprefix("-"), _SORTS["name"])
    return (column.desc() if sort.startswith("-") else column.asc(), Person.sort_name.asc(), Registration.id.asc())
