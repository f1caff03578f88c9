"""Issue tickets, give them new codes, block and revoke them, and find them by what is scanned."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.privacy.audit import record
from wayfellow.words import gettext
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.models import Event
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.codes import derive, digest, new_secret, new_short
from wayfellow_events.tickets.models import CodeState, Ticket, TicketCode, TicketState

#: What ticket codes are derived for; see :mod:`wayfellow_events.tickets.codes`.
PURPOSE = "ticket"


@dataclass(frozen=True, slots=True)
class Found:
    """Be what a scanned code stands for; ``code_state`` says whether a newer one replaced it."""

    ticket: Ticket
    registration: Registration
    code_state: CodeState


def issue_ticket(tx: Transaction, registration: Registration) -> Ticket:
    """Give a registration that holds a place its ticket; one that was revoked comes to life with a new code."""
    ticket = tx.session.scalar(select(Ticket).where(Ticket.registration_id == registration.id))
    if ticket is None:
        ticket = Ticket(event_id=registration.event_id, registration_id=registration.id, issued_at=tx.now())
        ticket.short = _free_short(tx, registration.event_id)
        tx.session.add(ticket)
        tx.session.flush()
    ticket.state, ticket.issued_at = TicketState.VALID, tx.now()
    _renew(tx, ticket)
    return ticket


def revoke_ticket(tx: Transaction, registration_id: int) -> None:
    """Take the ticket of a registration that gave its place back; without one nothing happens."""
    taken = update(Ticket).where(Ticket.registration_id == registration_id).values(state=TicketState.REVOKED)
    tx.session.execute(taken)


def replace_code(tx: Transaction, ticket_id: int) -> Ticket:
    """Give a ticket a new code, so that the old one opens nothing: for one that was lost or passed around.

    Holders may do so for their own ticket, hosts for all of their event. Raises NotFound, NotAllowed, Conflict.
    """
    ticket, registration = _find(tx, ticket_id)
    if tx.actor.person_id is None or registration.person_id != tx.actor.person_id:
        get_hosted(tx, ticket.event_id)
    if ticket.state == TicketState.REVOKED:
        raise Conflict(gettext("This ticket was given back, so it gets no new code. Register again first."))
    _renew(tx, ticket)
    record(tx, "ticket.replaced", "ticket", ticket.id, _programme(tx, ticket))
    return ticket


def set_blocked(tx: Transaction, ticket_id: int, blocked: bool) -> Ticket:
    """Block a ticket so that it opens nothing for now, or let it open the door again.

    Raises NotFound, NotAllowed, and Conflict for one that was given back.
    """
    ticket, _ = _find(tx, ticket_id)
    get_hosted(tx, ticket.event_id)
    if ticket.state == TicketState.REVOKED:
        raise Conflict(gettext("This ticket was given back, so it is neither blocked nor freed. Reload the list."))
    ticket.state = TicketState.BLOCKED if blocked else TicketState.VALID
    tx.session.flush()
    record(tx, "ticket.blocked" if blocked else "ticket.freed", "ticket", ticket.id, _programme(tx, ticket))
    return ticket


def ticket_of(tx: Transaction, registration_id: int) -> Ticket:
    """Return the ticket of a registration; the caller has checked who asks. Raises Conflict where there is none."""
    ticket = tx.session.scalar(select(Ticket).where(Ticket.registration_id == registration_id))
    if ticket is None:
        raise Conflict(gettext("There is no ticket yet: only who has a place gets one. Reload the list."))
    return ticket


def find_by_code(tx: Transaction, event_id: int | None, code: str) -> Found | None:
    """Return what a scanned code stands for, by its hash alone; None for a code that nobody issued.

    ``event_id`` None finds codes of every event, for the door to tell a foreign ticket from an unknown one. One
    statement; the caller has checked that the actor stands at a door.
    """
    query = select(Ticket, Registration, TicketCode.state).join(TicketCode, TicketCode.ticket_id == Ticket.id)
    query = query.join(Registration, Registration.id == Ticket.registration_id)
    query = query.where(TicketCode.hash == digest(code))
    row = tx.session.execute(query if event_id is None else query.where(Ticket.event_id == event_id)).one_or_none()
    return None if row is None else Found(row[0], row[1], CodeState(row[2]))


def code_of(tx: Transaction, ticket: Ticket) -> str | None:
    """Return the code of a ticket for its holder to show; None when the secret key was changed since it was made."""
    row = tx.session.scalar(
        select(TicketCode).where(TicketCode.ticket_id == ticket.id, TicketCode.state == CodeState.CURRENT)
    )
    code = derive(tx.config, PURPOSE, row.seed) if row else ""
    return code if row and digest(code) == row.hash else None


def _renew(tx: Transaction, ticket: Ticket) -> None:
    old = update(TicketCode).where(TicketCode.ticket_id == ticket.id, TicketCode.state == CodeState.CURRENT)
    tx.session.execute(old.values(state=CodeState.REPLACED))
    secret = new_secret(tx.config, PURPOSE)
    tx.session.add(TicketCode(hash=secret.hash, seed=secret.seed, ticket_id=ticket.id, made_at=tx.now()))
    tx.session.flush()


def _free_short(tx: Transaction, event_id: int) -> str:
    while True:  # of 10^11 codes an event uses few, so a second try is rare and a third will not be seen
        short = new_short()
        if tx.session.scalar(select(Ticket.id).where(Ticket.event_id == event_id, Ticket.short == short)) is None:
            return short


def _find(tx: Transaction, ticket_id: int) -> tuple[Ticket, Registration]:
    query = select(Ticket, Registration).join(Registration, Registration.id == Ticket.registration_id)
    row = tx.session.execute(query.where(Ticket.id == ticket_id)).one_or_none()
    if row is None:
        raise NotFound(gettext("This ticket is not here any more. Reload the list of registrations."))
    return row[0], row[1]


def _programme(tx: Transaction, ticket: Ticket) -> int | None:
    return tx.session.scalar(select(Event.programme_id).where(Event.id == ticket.event_id))
