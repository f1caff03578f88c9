"""Say who runs an event, who stands at its door, and who is invited."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound, Problem
from wayfellow.people.models import Person
from wayfellow.people.records import insert_ignoring
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_email
from wayfellow.words import gettext
from wayfellow_events.events.access import get_hosted, get_watched
from wayfellow_events.events.models import Duty, Invitation, TeamMember


@dataclass(frozen=True, slots=True)
class Helper:
    """Be one of an event's team."""

    person_id: int
    name: str
    duty: Duty


def list_team(tx: Transaction, event_id: int) -> list[Helper]:
    """Return an event's team by name. Raises NotFound."""
    event = get_watched(tx, event_id)
    query = select(Person.id, Person.name, TeamMember.duty).join(TeamMember, TeamMember.person_id == Person.id)
    rows = tx.session.execute(query.where(TeamMember.event_id == event.id).order_by(Person.sort_name, Person.id))
    return [Helper(person_id, name, Duty(duty)) for person_id, name, duty in rows]


def add_helper(tx: Transaction, event_id: int, email: str, duty: str) -> None:
    """Let somebody who is known here run an event or stand at its door.

    Raises NotFound, NotAllowed, and InvalidInput whose problems name ``email`` or ``duty``.
    """
    event = get_hosted(tx, event_id)
    if duty not in set(Duty):
        raise _wrong("duty", gettext("Choose what they do from the list."))
    person_id = _person(tx, email)
    member = tx.session.get(TeamMember, (event.id, person_id))
    if member is None:
        tx.session.add(TeamMember(event_id=event.id, person_id=person_id, duty=Duty(duty)))
    else:
        member.duty = Duty(duty)
    tx.session.flush()
    record(tx, "event.helper_added", "event", event.id, event.programme_id, person=person_id, duty=duty)


def remove_helper(tx: Transaction, event_id: int, person_id: int) -> tuple[str, str]:
    """Take somebody out of an event's team; return the address and duty that add them again.

    Raises NotFound, NotAllowed.
    """
    event = get_hosted(tx, event_id)
    member = tx.session.get(TeamMember, (event.id, person_id))
    if member is None:
        raise NotFound(gettext("This person is not of the team any more. Reload the page."))
    tx.session.delete(member)
    tx.session.flush()
    record(tx, "event.helper_removed", "event", event.id, event.programme_id, person=person_id)
    email = tx.session.scalar(select(Person.email).where(Person.id == person_id)) or ""
    return email, member.duty


def invite(tx: Transaction, event_id: int, email: str) -> None:
    """Let somebody who is known here find an event; twice is the same as once.

    Raises NotFound, NotAllowed, and InvalidInput whose problem names ``email``.
    """
    event = get_hosted(tx, event_id)
    person_id = _person(tx, email)
    insert_ignoring(tx.session, Invitation, [{"event_id": event.id, "person_id": person_id, "invited_at": tx.now()}])
    record(tx, "event.invited", "event", event.id, event.programme_id, person=person_id)


def _person(tx: Transaction, email: str) -> int:
    try:
        address = clean_email(email)
    except ValueError as error:
        raise _wrong("email", str(error)) from error
    person_id = tx.session.scalar(select(Person.id).where(Person.email == address))
    if person_id is None:
        raise _wrong("email", gettext("Nobody here has this address. Ask a coordinator to add the person first."))
    return person_id


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(gettext("Nobody was added."), (Problem(sentence, column=field),))
