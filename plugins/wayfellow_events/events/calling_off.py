"""Call an event off, and tell those who come that it changed or is off."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.notify.service import NewNotice, tell_all
from wayfellow.privacy.audit import record
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.facts import clean_text
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.kinds import CHANGED
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.words import when


def call_off(tx: Transaction, event_id: int, note: str = "") -> Event:
    """Call an event off and tell everybody who is registered; twice is the same as once. Raises NotFound, NotAllowed.

    Registrations stay as they are, so that it is known who was to come; no ticket opens the door any more. Raises
    InvalidInput for words that can't be kept.
    """
    try:
        note = clean_text(note)
    except ValueError as error:
        raise InvalidInput(str(error), (Problem(str(error), column="note"),)) from error
    event = get_hosted(tx, event_id, lock=True)
    if event.state != EventState.CANCELLED:
        event.state, event.updated_at = EventState.CANCELLED, tx.now()
        event.sequence += 1
        tx.session.flush()
        record(tx, "event.called_off", "event", event.id, event.programme_id)
        words = f"{event.title} does not take place.\n\nIt was planned for {when(event)}."
        tell_registered(tx, event, f"Called off: {event.title}", "\n\n".join(part for part in (words, note) if part))
    return event


def tell_changed(tx: Transaction, event: Event) -> None:
    """Tell everybody who is registered when and where an event takes place now."""
    body = f"{event.title} has changed. It is now:\n\n{when(event)}\n{event.place or event.link}"
    tell_registered(tx, event, f"New time or place: {event.title}", body)


def tell_registered(tx: Transaction, event: Event, subject: str, body: str) -> None:
    """Tell everybody whose registration is under way; a bounded number of statements."""
    query = select(Registration.id, Registration.person_id).where(Registration.event_id == event.id)
    rows = tx.session.execute(query.where(Registration.state.in_(ACTIVE))).all()
    once = uuid.uuid4()
    tell_all(
        tx,
        [
            NewNotice(person, f"{CHANGED}:{number}:{once}", subject[:200], body, CHANGED, event.programme_id)
            for number, person in rows
        ],
    )
