"""Say who may see an event, run it, and stand at its door: the one place where that is judged."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from sqlalchemy import ColumnElement, and_, exists, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotAllowed, NotFound
from wayfellow.words import gettext
from wayfellow_events.events.models import Duty, Event, Invitation, TeamMember, Visibility
from wayfellow_events.registration.models import Registration

READ, EDIT, EXPORT = "events.read", "events.edit", "events.export"


def get_event(tx: Transaction, event_id: int) -> Event:
    """Return an event that the actor may see. Raises NotFound, with the same words for one that does not exist."""
    event = tx.session.scalar(select(Event).where(Event.id == event_id, visible_to(tx)))
    return event or refuse()


def find_by_slug(tx: Transaction, slug: str) -> Event:
    """Return an event by the name in its address. Raises NotFound as :func:`get_event` does."""
    event = tx.session.scalar(select(Event).where(Event.slug == slug, visible_to(tx)))
    return event or refuse()


def get_hosted(tx: Transaction, event_id: int, *, lock: bool = False) -> Event:
    """Return an event that the actor may change; ``lock`` makes rivals wait until this transaction ends.

    Raises NotFound for those who may not even see it, NotAllowed for those who may only look.
    """
    event = get_watched(tx, event_id)
    if not is_host(tx, event):
        raise NotAllowed(gettext("Only the hosts of this event may do that. Ask one of them."))
    if lock:
        tx.session.refresh(event, with_for_update=True)
    return event


def get_watched(tx: Transaction, event_id: int) -> Event:
    """Return an event whose registrations the actor may see. Raises NotFound."""
    event = tx.session.get(Event, event_id)
    if event is None or not (tx.may(READ, event.programme_id) or has_duty(tx, event.id)):
        refuse()
    return event


def is_host(tx: Transaction, event: Event) -> bool:
    """Tell whether the actor may change an event: by their duty in the programme, or as one of its hosts."""
    return tx.may(EDIT, event.programme_id) or has_duty(tx, event.id, (Duty.HOST,))


def has_duty(tx: Transaction, event_id: int, duties: Collection[Duty] = tuple(Duty)) -> bool:
    """Tell whether the actor is one of an event's team."""
    me = tx.actor.person_id
    if me is None:
        return False
    mine = select(TeamMember.duty).where(TeamMember.event_id == event_id, TeamMember.person_id == me)
    return tx.once(("events.duty", event_id), lambda: tx.session.scalar(mine)) in duties


def visible_to(tx: Transaction) -> ColumnElement[bool]:
    """Return the condition under which the actor finds an event."""
    public = Event.visibility == Visibility.PUBLIC
    me = tx.actor.person_id
    if tx.actor.is_system or tx.may(READ):
        return Event.id.is_not(None)
    if me is None:
        return public
    programmes = {grant.programme_id for grant in tx.actor.grants if grant.programme_id is not None}
    read = [programme for programme in programmes if tx.may(READ, programme)]
    of_mine = exists().where(Registration.event_id == Event.id, Registration.person_id == me)
    invited = exists().where(Invitation.event_id == Event.id, Invitation.person_id == me)
    team = exists().where(TeamMember.event_id == Event.id, TeamMember.person_id == me)
    inside = and_(Event.visibility == Visibility.PROGRAMME, Event.programme_id.in_(programmes))
    return or_(public, inside, Event.programme_id.in_(read), of_mine, invited, team)


def refuse() -> NoReturn:
    """Raise NotFound for an event that is not there or not for the actor to see."""
    raise NotFound(gettext("This event is not here, or not for you to see. Look at the list of events."))
