"""Register somebody else by name and address: as a host, or by giving one's own ticket to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, Problem
from wayfellow.people.audience import programmes_of
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.tabular.values import clean_email, clean_line
from wayfellow.words import gettext, later
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.models import Audience
from wayfellow_events.registration.answering import get_own
from wayfellow_events.registration.models import Origin, Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import confirm_or_queue, move
from wayfellow_events.registration.registering import enter, require_open


def check_guest(form: Mapping[str, str]) -> tuple[str, str]:
    """Return a guest's name and address as they are kept. Raises InvalidInput."""
    problems, clean = [], {"name": "", "email": ""}
    for key, check in (("name", lambda text: clean_line(text, later("Your name"), 200)), ("email", clean_email)):
        try:
            clean[key] = check(form.get(key, "").strip())
        except ValueError as error:
            problems.append(Problem(str(error), column=key))
    if problems:
        raise InvalidInput(gettext("You are not registered yet. Mend what is marked."), tuple(problems))
    return clean["name"], clean["email"]


def add_person(tx: Transaction, event_id: int, type_id: int, name: str, email: str) -> Registration:
    """Register somebody as a host: they get a place or a place in the queue at once, and a letter.

    Raises NotFound, NotAllowed, InvalidInput, Conflict.
    """
    event = get_hosted(tx, event_id)
    kind = require_open(tx, event, type_id)
    name, email = check_guest({"name": name, "email": email})
    person_id = known_or_new(tx, email, name)
    registration = enter(tx, event, kind, person_id, {}, origin=Origin.HOST, must_answer=False)
    confirm_or_queue(tx, event, registration)
    return registration


def transfer(tx: Transaction, registration_id: int, name: str, email: str) -> Registration:
    """Give one's own place to somebody else, who gets a ticket of their own; nobody in the queue is passed over.

    Raises NotFound, InvalidInput, and Conflict, with the same words whether they are registered already or the ticket
    is not for them.
    """
    mine, event = get_own(tx, registration_id)
    if mine.state != State.CONFIRMED:
        raise Conflict(gettext("Only who has a place can give it to somebody else."))
    kind = require_open(tx, event, mine.type_id)
    name, email = check_guest({"name": name, "email": email})
    person_id = known_or_new(tx, email, name)
    refusal = Conflict(gettext("They can't take this ticket: they are registered already, or it is not for them."))
    if kind.audience != Audience.EVERYONE and event.programme_id not in programmes_of(
        tx.session, person_id, inside=True
    ):
        raise refusal
    try:
        theirs = enter(tx, event, kind, person_id, {}, origin=Origin.TRANSFER, must_answer=False)
    except Conflict as error:
        raise refusal from error
    move(tx, event, mine, State.CANCELLED, keeps_place=True)
    move(tx, event, theirs, State.CONFIRMED)
    return theirs


def known_or_new(tx: Transaction, email: str, name: str) -> int:
    """Return whose an address is; a newcomer becomes known under the name. Hosts need no other right for that."""
    known = tx.session.scalar(select(Person.id).where(Person.email == email))
    if known is not None:
        return known
    acting = replace(tx, actor=replace(tx.actor, is_system=True))
    return create_person(acting, None, name=name, email=email).id
