"""Do what time asks for: let offers expire, end what guests did not confirm, and remind people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.notify.languages import languages_of
from wayfellow.notify.service import tell
from wayfellow.notify.texts import Words
from wayfellow.notify.texts import fill as fill_in
from wayfellow.types import JSON
from wayfellow.words import later
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.kinds import REMINDER
from wayfellow_events.registration.guests import drop_unconfirmed
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import fill, move
from wayfellow_events.words import when

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

#: How long before an event people are reminded.
REMIND_BEFORE = timedelta(hours=24)
REMINDER_WORDS = Words(
    later("Tomorrow or sooner: {title}"),
    later(
        "{title}\n{when}\n{place}\n\nYour ticket is in the mail that you got, and under “My tickets”. "
        "If you can't come, give your place back there."
    ),
)
_AT_ONCE = 500


def run_clock(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Do all that is due now."""
    done: dict[str, JSON] = {}
    with context.finish(done) as tx:
        done["expired"] = expire_offers(tx)
        done["dropped"] = drop_unconfirmed(tx)
        done["offered"] = refill(tx)
        done["reminded"] = remind(tx)
    return done


def expire_offers(tx: Transaction) -> int:
    """Let offers expire whose time is over; each place goes on to the next in the queue. Return how many."""
    over = select(Registration, Event).join(Event, Event.id == Registration.event_id)
    over = over.where(Registration.state == State.OFFERED, Registration.offered_until <= tx.now())
    over = over.order_by(Registration.offered_until).limit(_AT_ONCE)
    rows = tx.session.execute(over.with_for_update(of=Registration, skip_locked=True)).all()
    for registration, event in rows:
        move(tx, event, registration, State.EXPIRED)
    return len(rows)


def refill(tx: Transaction) -> int:
    """Offer places that are free to those who wait, such as those of people whose data was erased; return how many."""
    waiting = select(Registration.event_id).where(Registration.state == State.WAITLISTED)
    events = select(Event).where(Event.id.in_(waiting), Event.starts_at > tx.now()).order_by(Event.id)
    return sum(fill(tx, event) for event in tx.session.scalars(events).all())


def remind(tx: Transaction) -> int:
    """Remind those who hold a ticket of what begins within a day, each once per time it is planned for."""
    now = tx.now()
    soon = select(Registration.id, Registration.person_id, Event).join(Event, Event.id == Registration.event_id)
    soon = soon.where(Registration.state == State.CONFIRMED, Event.state == EventState.SCHEDULED)
    soon = soon.where(Event.starts_at > now, Event.starts_at <= now + REMIND_BEFORE)
    reminded = 0
    rows = tx.session.execute(soon.order_by(Registration.id)).all()
    spoken = languages_of(tx, [person_id for _, person_id, _ in rows])
    for number, person_id, event in rows:
        with tx.host.words.speaking(spoken[person_id]):
            values = {"title": event.title, "when": when(event), "place": event.place or event.link}
            words = fill_in(REMINDER_WORDS, values)
        reminded += tell(
            tx,
            person_id,
            key=f"{REMINDER}:{number}:{event.starts_at:%Y%m%d%H%M}",
            subject=words.subject,
            body=words.body,
            kind=REMINDER,
            programme_id=event.programme_id,
        )
    return reminded
