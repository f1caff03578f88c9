"""Register guests by their e-mail address, without telling anybody whether it is known here.

The form answers the same for every address, and as fast: all it does is ask for work. The mail that the work sends goes
to the address alone, and only who reads it there can confirm. Guests become people like everybody else, without a part
in any programme; so their data is handed over and erased in the same way.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, WayfellowError
from wayfellow.jobs.service import ask
from wayfellow.types import JSON
from wayfellow.words import gettext
from wayfellow_events.events.access import find_by_slug
from wayfellow_events.events.models import Audience, Event, Moment
from wayfellow_events.kinds import GUEST_JOB
from wayfellow_events.registration.answers import check_answers, list_questions
from wayfellow_events.registration.letters import write_letter
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import move
from wayfellow_events.registration.others import check_guest, known_or_new
from wayfellow_events.registration.registering import enter, require_open, settle
from wayfellow_events.registration.states import ACTIVE

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

#: How long a guest may take to confirm.
PATIENCE = timedelta(days=2)


def ask_as_guest(tx: Transaction, slug: str, type_id: int, form: Mapping[str, str]) -> str:
    """Check a stranger's form and ask that a link to confirm is sent; return the address.

    Raises NotFound, Conflict when guests can't register for this event now, and InvalidInput with a problem per field.
    """
    event = find_by_slug(tx, slug)
    if tx.config.mail is None:
        raise Conflict(
            gettext("Guests can't register on this page, as no mail is sent from here. Ask the hosts of the event.")
        )
    kind = require_open(tx, event, type_id)
    if kind.audience != Audience.EVERYONE:
        raise Conflict(
            gettext(
                "“%(name)s” tickets are for people of the programme. Sign in first, or choose another kind.",
                name=kind.name,
            )
        )
    name, email = check_guest(form)
    answers = {key: text for key, text in form.items() if key.startswith("question-")}
    check_answers(list_questions(tx, event.id, Moment.REGISTRATION), answers)
    payload = {"event_id": event.id, "type_id": kind.id, "name": name, "email": email, "answers": answers}
    ask(tx, GUEST_JOB, payload, key=f"{GUEST_JOB}:{uuid.uuid4()}")
    return email


def run_guest(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Write a guest's registration down and send the link; whoever is registered already gets their letter again."""
    with context.finish({}) as tx:
        event = tx.session.get(Event, payload["event_id"])
        if event is not None:
            person_id = known_or_new(tx, payload["email"], payload["name"])
            _enter_or_remind(tx, event, person_id, payload)
    return {}


def confirm_guest(tx: Transaction, registration: Registration, event: Event) -> None:
    """Confirm what the address was asked about; twice is the same as once. Raises Conflict."""
    if registration.state == State.UNCONFIRMED:
        require_open(tx, event, registration.type_id)
        settle(tx, event, registration)


def drop_unconfirmed(tx: Transaction) -> int:
    """End the registrations of guests who did not confirm; return how many."""
    late = select(Registration, Event).join(Event, Event.id == Registration.event_id)
    late = late.where(Registration.state == State.UNCONFIRMED, Registration.state_since < tx.now() - PATIENCE)
    rows = tx.session.execute(late.limit(500).with_for_update(of=Registration, skip_locked=True)).all()
    for registration, event in rows:
        move(tx, event, registration, State.CANCELLED)
    return len(rows)


def _enter_or_remind(tx: Transaction, event: Event, person_id: int, payload: Mapping[str, Any]) -> None:
    known = select(Registration).where(Registration.event_id == event.id, Registration.person_id == person_id)
    registration = tx.session.scalar(known)
    if registration is not None and State(registration.state) in ACTIVE:
        write_letter(tx, event, registration, State.CANCELLED, State(registration.state))
        return
    try:
        kind = require_open(tx, event, payload["type_id"])
    except WayfellowError:  # it closed in the meantime; the page says so to whoever looks again
        return
    move(tx, event, enter(tx, event, kind, person_id, payload["answers"]), State.UNCONFIRMED)
