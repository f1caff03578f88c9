"""Find people at the door by name, where somebody has no ticket at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotAllowed
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.words import gettext
from wayfellow_events.door.models import Presence, Right
from wayfellow_events.door.reading import Post
from wayfellow_events.events.models import TicketType
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.models import Ticket

FEWEST, MOST = 3, 20


@dataclass(frozen=True, slots=True)
class Hit:
    """Be somebody with a ticket; ``short`` is what a device with the right checks them in by."""

    holder: str
    type: str
    short: str
    registration: str
    state: str
    inside: bool
    last_at: datetime | None


def search_guests(tx: Transaction, post: Post, query: str) -> Sequence[Hit]:
    """Return people of the event whose name or short code has all words, by name; one statement.

    Raises NotAllowed without the right to search, InvalidInput for fewer than three letters.
    """
    if Right.SEARCH not in post.device.rights:
        raise NotAllowed(gettext("This device may not search people. Scan the code of their ticket."))
    words = search_words(query)
    if max(map(len, words), default=0) < FEWEST or len(query) > 100:
        raise InvalidInput(gettext("Type three letters of a name or more, up to 100."))
    inside = and_(Presence.ticket_id == Ticket.id, Presence.area_id == post.area.id)
    shown = (Person.name, Registration.badge_name, TicketType.name, Ticket.short, Registration.state, Ticket.state)
    found = select(*shown, Presence.inside, Presence.last_at).select_from(Ticket)
    found = found.join(Registration, Registration.id == Ticket.registration_id)
    found = found.join(TicketType, TicketType.id == Registration.type_id)
    found = found.join(Person, Person.id == Registration.person_id).outerjoin(Presence, inside)
    names = and_(*(Person.sort_name.contains(word, autoescape=True) for word in words))
    by_code = Ticket.short == query.replace("-", "").strip().upper()
    found = found.where(Ticket.event_id == post.event.id, names | by_code)
    rows = tx.session.execute(found.order_by(Person.sort_name, Ticket.id).limit(MOST))
    return [
        Hit(badge or name, kind, short, registration, state, bool(inside), at)
        for name, badge, kind, short, registration, state, inside, at in rows
    ]
