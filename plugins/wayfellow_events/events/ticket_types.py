"""Change the kinds of tickets of an event, and say which of them somebody can have now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound, Problem
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_line
from wayfellow.words import gettext, later, ngettext
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.facts import Reader, clean_moment, clean_places
from wayfellow_events.events.models import Audience, Event, TicketType
from wayfellow_events.registration.models import Registration


class Window(StrEnum):
    """Name whether a kind of ticket can be had."""

    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Offer:
    """Be a kind of ticket as people see it; ``left`` None means that there is no limit."""

    kind: TicketType
    window: Window
    left: int | None

    @property
    def is_full(self) -> bool:
        """Tell whether whoever registers now waits."""
        return self.left == 0


def list_types(tx: Transaction, event_id: int) -> Sequence[TicketType]:
    """Return the kinds of tickets of an event in their order."""
    query = select(TicketType).where(TicketType.event_id == event_id)
    return tx.session.scalars(query.order_by(TicketType.position, TicketType.id)).all()


def offers_of(tx: Transaction, event: Event, kinds: Sequence[TicketType]) -> list[Offer]:
    """Return kinds of tickets with what is left of each."""
    of_event = _left(event.capacity, event.taken)
    return [Offer(kind, _window(kind, tx.now()), _least(_left(kind.capacity, kind.taken), of_event)) for kind in kinds]


def save_type(tx: Transaction, event_id: int, type_id: int | None, form: Mapping[str, str]) -> TicketType:
    """Add a kind of ticket (None), or change one. The caller offers what comes free to those who wait.

    Raises NotFound, NotAllowed, and InvalidInput with one problem per field.
    """
    event = get_hosted(tx, event_id, lock=True)
    kind = get_type(tx, event, type_id) if type_id is not None else TicketType(event_id=event.id, taken=0)
    reader = Reader(form)
    name = reader.read("name", lambda text: clean_line(text, later("The name"), 80), "")
    audience = reader.read("audience", _clean_audience, Audience.MEMBERS)
    capacity = reader.read("capacity", clean_places, None)
    opens = reader.read("opens_at", lambda text: _maybe(text, event, later("The opening")), None)
    closes = reader.read("closes_at", lambda text: _maybe(text, event, later("The closing")), None)
    others = [other for other in list_types(tx, event.id) if other.id != type_id]
    if any(other.name.casefold() == name.casefold() for other in others):
        reader.problems.append(
            Problem(gettext("There are “%(name)s” tickets already. Choose another name.", name=name), column="name")
        )
    if capacity is not None and capacity < kind.taken:
        reader.problems.append(
            Problem(
                ngettext(
                    "%(num)s is taken already. Write at least that.",
                    "%(num)s are taken already. Write at least that.",
                    kind.taken,
                ),
                column="capacity",
            )
        )
    if opens and closes and closes <= opens:
        reader.problems.append(
            Problem(gettext("It would close before it opens. Choose a later end."), column="closes_at")
        )
    reader.refuse(gettext("The kind of ticket is not saved yet. Mend what is marked."))
    kind.name, kind.audience, kind.capacity, kind.opens_at, kind.closes_at = name, audience, capacity, opens, closes
    if type_id is None:
        kind.position = max((other.position for other in others), default=-1) + 1
        tx.session.add(kind)
    tx.session.flush()
    record(tx, "event.ticket_type_saved", "event", event.id, event.programme_id, ticket_type=kind.id)
    return kind


def remove_type(tx: Transaction, event_id: int, type_id: int) -> None:
    """Remove a kind of ticket that nobody asked for. Raises NotFound, NotAllowed, Conflict."""
    event = get_hosted(tx, event_id, lock=True)
    kind = get_type(tx, event, type_id)
    if tx.session.scalar(select(Registration.id).where(Registration.type_id == kind.id).limit(1)) is not None:
        raise Conflict(
            gettext("People registered with “%(name)s” tickets, so they stay. Close them instead.", name=kind.name)
        )
    if len(list_types(tx, event.id)) == 1:
        raise Conflict(gettext("An event needs one kind of ticket. Add another before you remove this one."))
    tx.session.delete(kind)
    tx.session.flush()
    record(tx, "event.ticket_type_removed", "event", event.id, event.programme_id, ticket_type=type_id)


def get_type(tx: Transaction, event: Event, type_id: int) -> TicketType:
    """Return a kind of ticket of an event. Raises NotFound."""
    kind = tx.session.get(TicketType, type_id)
    if kind is None or kind.event_id != event.id:
        raise NotFound(gettext("This kind of ticket is not here any more. Reload the page."))
    return kind


def _clean_audience(text: str) -> Audience:
    try:
        return Audience(text)
    except ValueError as error:
        raise ValueError(gettext("Choose from the list who may take these tickets.")) from error


def _maybe(text: str, event: Event, what: str) -> datetime | None:
    return clean_moment(text, event.timezone, what) if text else None


def _window(kind: TicketType, now: datetime) -> Window:
    if kind.opens_at is not None and now < kind.opens_at:
        return Window.BEFORE
    return Window.AFTER if kind.closes_at is not None and kind.closes_at <= now else Window.OPEN


def _left(capacity: int | None, taken: int) -> int | None:
    return None if capacity is None else max(0, capacity - taken)


def _least(one: int | None, other: int | None) -> int | None:
    known = [number for number in (one, other) if number is not None]
    return min(known) if known else None
