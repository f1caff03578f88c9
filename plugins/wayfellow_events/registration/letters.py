"""Write what people read about their registration: where they stand, and what they can do next."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from wayfellow.deployment import Transaction
from wayfellow.notify.languages import speaking_to
from wayfellow.notify.service import tell
from wayfellow.notify.texts import Words, fill
from wayfellow.words import gettext, later
from wayfellow_events.events.models import Event
from wayfellow_events.kinds import CONFIRM, OFFER, REGISTRATION, TICKET
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.words import long_moment, when


class Letter(NamedTuple):
    """Hold the kind of a letter and its words, with places for ``{title}``, ``{when}``, ``{place}``, ``{until}``."""

    kind: str
    subject: str
    body: str


LETTERS = {
    State.UNCONFIRMED: Letter(
        CONFIRM,
        later("Confirm that you come: {title}"),
        later(
            "Somebody, probably you, asked for a place with this address.\n\n{title}\n{when}\n{place}\n\n"
            "Open the link below to confirm. If it was not you, leave it: nothing happens then."
        ),
    ),
    State.CONFIRMED: Letter(
        TICKET,
        later("Your ticket: {title}"),
        later(
            "You are in.\n\n{title}\n{when}\n{place}\n\nShow the code at the door, on your phone or printed. "
            "If you can't come, give your place back behind the link below, and somebody else gets it."
        ),
    ),
    State.REQUESTED: Letter(
        REGISTRATION,
        later("We have your registration: {title}"),
        later("The hosts look at each registration, and you hear from them.\n\n{title}\n{when}\n{place}"),
    ),
    State.WAITLISTED: Letter(
        REGISTRATION,
        later("You are on the waiting list: {title}"),
        later(
            "All places are taken now. You wait in the order in which people came, and hear from us when a place comes "
            "free.\n\n{title}\n{when}\n{place}"
        ),
    ),
    State.OFFERED: Letter(
        OFFER,
        later("A place is free for you: {title}"),
        later(
            "A place came free, and it is kept for you until {until}. Say yes or no behind the link below. If you say "
            "nothing, it goes to the next in the queue.\n\n{title}\n{when}\n{place}"
        ),
    ),
    State.EXPIRED: Letter(
        REGISTRATION,
        later("The place went on to the next: {title}"),
        later(
            "We did not hear from you in time, so the place that was kept for you went to the next in the queue. "
            "You can register again; you would then be at its end.\n\n{title}\n{when}\n{place}"
        ),
    ),
    State.DECLINED: Letter(
        REGISTRATION,
        later("Not this time: {title}"),
        later("The hosts can't give you a place this time. Thank you for your interest.\n\n{title}\n{when}\n{place}"),
    ),
    State.CANCELLED: Letter(
        REGISTRATION,
        later("Your registration has ended: {title}"),
        later(
            "You are not registered any more. If that is a mistake, register again while there are places."
            "\n\n{title}\n{when}\n{place}"
        ),
    ),
}


def write_letter(tx: Transaction, event: Event, registration: Registration, before: State, after: State) -> None:
    """Tell somebody that their registration moved; nobody gets a letter about what they just did and see."""
    if after is State.CANCELLED and (before is State.UNCONFIRMED or tx.actor.person_id == registration.person_id):
        return
    letter = LETTERS[after]
    with speaking_to(tx, registration.person_id):
        words = fill(Words(letter.subject, letter.body), _values(event, registration))
    tell(
        tx,
        registration.person_id,
        key=f"{letter.kind}:{registration.id}:{uuid.uuid4()}",
        subject=words.subject,
        body=words.body,
        kind=letter.kind,
        programme_id=event.programme_id,
    )


def _values(event: Event, registration: Registration) -> dict[str, str]:
    return {
        "title": event.title,
        "when": when(event),
        "place": event.place or event.link or gettext("The place follows."),
        "until": long_moment(event, registration.offered_until) if registration.offered_until else "",
    }
