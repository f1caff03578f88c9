"""Write what people read about their registration: where they stand, and what they can do next."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from wayfellow.deployment import Transaction
from wayfellow.notify.service import tell
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


_WHERE = "{title}\n{when}\n{place}"
LETTERS = {
    State.UNCONFIRMED: Letter(
        CONFIRM,
        "Confirm that you come: {title}",
        f"Somebody, probably you, asked for a place with this address.\n\n{_WHERE}\n\n"
        "Open the link below to confirm. If it was not you, leave it: nothing happens then.",
    ),
    State.CONFIRMED: Letter(
        TICKET,
        "Your ticket: {title}",
        f"You are in.\n\n{_WHERE}\n\nShow the code at the door, on your phone or printed. If you can't come, give your "
        "place back behind the link below, and somebody else gets it.",
    ),
    State.REQUESTED: Letter(
        REGISTRATION,
        "We have your registration: {title}",
        f"The hosts look at each registration, and you hear from them.\n\n{_WHERE}",
    ),
    State.WAITLISTED: Letter(
        REGISTRATION,
        "You are on the waiting list: {title}",
        f"All places are taken now. You wait in the order in which people came, and hear from us when a place comes "
        f"free.\n\n{_WHERE}",
    ),
    State.OFFERED: Letter(
        OFFER,
        "A place is free for you: {title}",
        f"A place came free, and it is kept for you until {{until}}. Say yes or no behind the link below. If you say "
        f"nothing, it goes to the next in the queue.\n\n{_WHERE}",
    ),
    State.EXPIRED: Letter(
        REGISTRATION,
        "The place went on to the next: {title}",
        f"We did not hear from you in time, so the place that was kept for you went to the next in the queue. You can "
        f"register again; you would then be at its end.\n\n{_WHERE}",
    ),
    State.DECLINED: Letter(
        REGISTRATION,
        "Not this time: {title}",
        f"The hosts can't give you a place this time. Thank you for your interest.\n\n{_WHERE}",
    ),
    State.CANCELLED: Letter(
        REGISTRATION,
        "Your registration has ended: {title}",
        f"You are not registered any more. If that is a mistake, register again while there are places.\n\n{_WHERE}",
    ),
}


def write_letter(tx: Transaction, event: Event, registration: Registration, before: State, after: State) -> None:
    """Tell somebody that their registration moved; nobody gets a letter about what they just did and see."""
    if after is State.CANCELLED and (before is State.UNCONFIRMED or tx.actor.person_id == registration.person_id):
        return
    letter = LETTERS[after]
    values = {
        "title": event.title,
        "when": when(event),
        "place": event.place or event.link or "The place follows.",
        "until": long_moment(event, registration.offered_until) if registration.offered_until else "",
    }
    tell(
        tx,
        registration.person_id,
        key=f"{letter.kind}:{registration.id}:{uuid.uuid4()}",
        subject=_fill(letter.subject, values),
        body=_fill(letter.body, values),
        kind=letter.kind,
        programme_id=event.programme_id,
    )


def _fill(text: str, values: dict[str, str]) -> str:
    return text.format_map(values)
