"""Move a registration from state to state: the one place where places, tickets, letters and the audit log meet."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.privacy.audit import record
from wayfellow.words import gettext
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.registration.letters import write_letter
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.places import give_place_back, take_place
from wayfellow_events.registration.states import HOLDING, may_move
from wayfellow_events.tickets.issuing import issue_ticket, revoke_ticket


def confirm_or_queue(tx: Transaction, event: Event, registration: Registration) -> None:
    """Give a registration a place, or a place in the queue where there is none."""
    free = take_place(tx.session, event.id, registration.type_id)
    move(tx, event, registration, State.CONFIRMED if free else State.WAITLISTED)


def move(tx: Transaction, event: Event, registration: Registration, after: State, *, keeps_place: bool = False) -> None:
    """Move a registration; whoever moves it to a state that holds a place has taken that place before.

    A place that is left goes to the next in the queue, unless ``keeps_place`` keeps it for whom the caller gives it to.
    Raises Conflict when the state does not lead there.
    """
    before = State(registration.state)
    if not may_move(before, after):
        raise Conflict(gettext("This registration has moved on, so that can't be done any more. Reload the page."))
    now = tx.now()
    registration.state, registration.state_since = after, now
    registration.queued_at = now if after is State.WAITLISTED else registration.queued_at
    registration.offered_until = _offer_end(tx, event) if after is State.OFFERED else None
    tx.session.flush()
    if after is State.CONFIRMED:
        issue_ticket(tx, registration)
    elif before is State.CONFIRMED:
        revoke_ticket(tx, registration.id)
    record(tx, "registration.moved", "registration", registration.id, event.programme_id, before=before, after=after)
    write_letter(tx, event, registration, before, after)
    if before in HOLDING and after not in HOLDING and not keeps_place:
        give_place_back(tx.session, event.id, registration.type_id)
        fill(tx, event)


def fill(tx: Transaction, event: Event) -> int:
    """Offer places that are free to those who wait, in the order in which they came; return how many.

    Nobody is offered anything once the event has begun. A kind of ticket that is full is passed over, not waited for.
    """
    if event.state != EventState.SCHEDULED or event.starts_at <= tx.now():
        return 0
    offered, full = 0, set[int]()
    while (next_one := _next_waiting(tx, event.id, full)) is not None:
        if take_place(tx.session, event.id, next_one.type_id):
            move(tx, event, next_one, State.OFFERED)
            offered += 1
        else:
            full.add(next_one.type_id)
    return offered


def _next_waiting(tx: Transaction, event_id: int, full: set[int]) -> Registration | None:
    # Rows that somebody is just changing are passed over: waiting for them while one holds places could be for ever.
    waiting = select(Registration).where(Registration.event_id == event_id, Registration.state == State.WAITLISTED)
    waiting = waiting.where(Registration.type_id.not_in(full)).order_by(Registration.queued_at, Registration.id)
    return tx.session.scalar(waiting.limit(1).with_for_update(skip_locked=True))


def _offer_end(tx: Transaction, event: Event) -> datetime:
    return min(tx.now() + timedelta(hours=event.offer_hours), event.starts_at)
