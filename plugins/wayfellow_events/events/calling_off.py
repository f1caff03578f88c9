"""Call an event off, and tell those who come that it changed or is off."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.notify.languages import languages_of
from wayfellow.notify.service import NewNotice, tell_all
from wayfellow.notify.texts import Words, fill
from wayfellow.privacy.audit import record
from wayfellow.words import later
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.facts import clean_text
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.kinds import CHANGED
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.words import when

CALLED_OFF = Words(later("Called off: {title}"), later("{title} does not take place.\n\nIt was planned for {when}."))
PLANNED_ANEW = Words(later("New time or place: {title}"), later("{title} has changed. It is now:\n\n{when}\n{place}"))


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
        tell_registered(tx, event, CALLED_OFF, note)
    return event


def tell_changed(tx: Transaction, event: Event) -> None:
    """Tell everybody who is registered when and where an event takes place now."""
    tell_registered(tx, event, PLANNED_ANEW)


def tell_registered(tx: Transaction, event: Event, words: Words, note: str = "") -> None:
    """Tell everybody whose registration is under way, each in their language; a bounded number of statements."""
    query = select(Registration.id, Registration.person_id).where(Registration.event_id == event.id)
    rows = tx.session.execute(query.where(Registration.state.in_(ACTIVE))).all()
    spoken, once = languages_of(tx, [person for _, person in rows]), uuid.uuid4()
    written = {language: _write(tx, event, words, note, language) for language in set(spoken.values())}
    tell_all(
        tx,
        [
            NewNotice(person, f"{CHANGED}:{number}:{once}", *written[spoken[person]], CHANGED, event.programme_id)
            for number, person in rows
        ],
    )


def _write(tx: Transaction, event: Event, words: Words, note: str, language: str) -> Words:
    with tx.host.words.speaking(language):
        said = fill(words, {"title": event.title, "when": when(event), "place": event.place or event.link})
    return said._replace(body=f"{said.body}\n\n{note}") if note else said
