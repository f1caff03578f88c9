"""Let holders take or leave what is offered, and cancel; let hosts decide."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.words import gettext
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import confirm_or_queue, move
from wayfellow_events.registration.places import add_place
from wayfellow_events.tickets.codes import digest


def get_own(tx: Transaction, registration_id: int) -> tuple[Registration, Event]:
    """Return a registration of the actor's own, held for this transaction. Raises NotFound for anyone else's."""
    found = _find(tx, Registration.id == registration_id)
    if found is None or tx.actor.person_id is None or found[0].person_id != tx.actor.person_id:
        raise NotFound(gettext("This registration is not among yours. Look under “My tickets”."))
    return found


def find_by_link(tx: Transaction, token: str) -> tuple[Registration, Event]:
    """Return the registration that a link is for, to look at; its holder acts through get_own. Raises NotFound."""
    found = _find(tx, Registration.link_hash == digest(token), lock=False)
    if found is None:
        raise NotFound(gettext("This link does not lead to a registration. Open the newest mail about the event."))
    return found


def get_of_event(tx: Transaction, registration_id: int) -> tuple[Registration, Event]:
    """Return a registration to a host of its event. Raises NotFound, NotAllowed."""
    found = _find(tx, Registration.id == registration_id)
    if found is None:
        raise NotFound(gettext("This registration is not here any more. Reload the list."))
    get_hosted(tx, found[0].event_id)
    return found


def accept_offer(tx: Transaction, registration: Registration, event: Event) -> None:
    """Take the place that was kept. Raises Conflict when the time is over or there is none."""
    if registration.state == State.CONFIRMED:
        return
    _require_on(event)
    if registration.state != State.OFFERED or (registration.offered_until or tx.now()) <= tx.now():
        raise Conflict(gettext("No place is kept for you any more. Register again to wait for the next."))
    move(tx, event, registration, State.CONFIRMED)


def cancel(tx: Transaction, registration: Registration, event: Event) -> None:
    """Give a registration up; twice is the same as once. A place that it held goes to the next in the queue."""
    if registration.state != State.CANCELLED:
        move(tx, event, registration, State.CANCELLED)


def approve(tx: Transaction, registration_id: int) -> Registration:
    """Give somebody who asked, or was turned down, a place or a place in the queue.

    Raises NotFound, NotAllowed, Conflict.
    """
    registration, event = get_of_event(tx, registration_id)
    _require_on(event)
    if registration.state == State.WAITLISTED:
        raise Conflict(gettext("All places are taken. Raise the number of places, or let them in beyond it."))
    confirm_or_queue(tx, event, registration)
    return registration


def let_in(tx: Transaction, registration_id: int) -> Registration:
    """Give somebody who waits a place beyond the limit. Raises NotFound, NotAllowed, Conflict."""
    registration, event = get_of_event(tx, registration_id)
    _require_on(event)
    if registration.state not in (State.WAITLISTED, State.REQUESTED):
        raise Conflict(gettext("Only who waits or asked can be let in. Reload the list."))
    add_place(tx.session, event.id, registration.type_id)
    move(tx, event, registration, State.CONFIRMED)
    return registration


def decline(tx: Transaction, registration_id: int) -> Registration:
    """Turn somebody down; a place that they held goes on. Raises NotFound, NotAllowed, Conflict."""
    registration, event = get_of_event(tx, registration_id)
    move(tx, event, registration, State.DECLINED)
    return registration


def _require_on(event: Event) -> None:
    if event.state == EventState.CANCELLED:
        raise Conflict(gettext("%(title)s is called off, so nobody gets a place any more.", title=event.title))


def _find(tx: Transaction, condition: ColumnElement[bool], *, lock: bool = True) -> tuple[Registration, Event] | None:
    query = select(Registration, Event).join(Event, Event.id == Registration.event_id).where(condition)
    row = tx.session.execute(query.with_for_update(of=Registration) if lock else query).one_or_none()
    return None if row is None else (row[0], row[1])
