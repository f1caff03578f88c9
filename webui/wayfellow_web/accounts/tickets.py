"""Make one-time links, and spend each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NoReturn

from sqlalchemy import ColumnElement, select, update

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.people.models import Person
from wayfellow.words import gettext
from wayfellow_web.accounts.models import Ticket
from wayfellow_web.accounts.secret import digest, new_secret


class Purpose(StrEnum):
    """Name why a link was made."""

    SIGN_IN = "sign-in"
    INVITATION = "invitation"
    SECOND_FACTOR = "second-factor"
    NEW_EMAIL = "new-email"


LIFETIMES = {
    Purpose.SIGN_IN: timedelta(minutes=10),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.SECOND_FACTOR: timedelta(minutes=10),
    Purpose.NEW_EMAIL: timedelta(hours=1),
}
#: What signs in by itself.
LINKS = (Purpose.SIGN_IN, Purpose.INVITATION)


def issue_ticket(tx: Transaction, person_id: int, purpose: Purpose, lifetime: timedelta | None = None) -> str:
    """Make a ticket and return its token, which nothing keeps; the caller has checked that the actor may."""
    token, now = new_secret(), tx.now()
    tx.session.add(
        Ticket(
            token_hash=digest(token),
            purpose=purpose,
            person_id=person_id,
            created_by=tx.actor.person_id,
            created_at=now,
            expires_at=now + (lifetime or LIFETIMES[purpose]),
        )
    )
    return token


def holder_of(tx: Transaction, token: str, purposes: Sequence[Purpose] = LINKS) -> Person:
    """Return whom an unspent ticket of one of these purposes is for.

    Raises NotFound, with the same words for a ticket that is unknown, used or too old.
    """
    wanted = select(Person).join(Ticket, Ticket.person_id == Person.id).where(*_good(tx, token, purposes))
    return tx.session.scalars(wanted).one_or_none() or _refuse()


def spend_ticket(tx: Transaction, token: str, purposes: Sequence[Purpose] = LINKS) -> int:
    """Use a ticket up and return its person's id; of two that come at once, one wins.

    Raises NotFound, with the same words for a ticket that is unknown, used or too old.
    """
    spent = update(Ticket).where(*_good(tx, token, purposes)).values(used_at=tx.now()).returning(Ticket.person_id)
    person_id = tx.session.scalars(spent).one_or_none()
    return _refuse() if person_id is None else person_id


def void_tickets(tx: Transaction, person_id: int, purposes: Sequence[Purpose]) -> None:
    """Use up all open tickets of a person for some purposes."""
    open_ones = update(Ticket).where(Ticket.person_id == person_id, Ticket.used_at.is_(None))
    tx.session.execute(open_ones.where(Ticket.purpose.in_(purposes)).values(used_at=tx.now()))


def _good(tx: Transaction, token: str, purposes: Sequence[Purpose]) -> tuple[ColumnElement[bool], ...]:
    unspent = Ticket.used_at.is_(None), Ticket.expires_at > tx.now()
    return Ticket.token_hash == digest(token), Ticket.purpose.in_(purposes), *unspent


def _refuse() -> NoReturn:
    raise NotFound(
        gettext("This link does not work any more. Links work once and for a limited time: ask for a new one.")
    )
