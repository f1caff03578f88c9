"""Write what mails about registrations carry: the link, the QR picture, and the calendar file."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.types import Attachment, Enclosure
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.events.calendar import attachment_of
from wayfellow_events.events.models import Event
from wayfellow_events.kinds import CHANGED, CONFIRM, OFFER, TICKET
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.registering import LINK
from wayfellow_events.tickets.codes import derive, digest, new_secret
from wayfellow_events.tickets.issuing import code_of
from wayfellow_events.tickets.models import Ticket, TicketState
from wayfellow_events.tickets.pictures import png_of

_WHY: Mapping[str, str] = Wordlist(
    {
        CONFIRM: later("Confirm, or say that it was not you:"),
        OFFER: later("Say yes or no:"),
        TICKET: later("Your ticket, and the way to give it back:"),
        CHANGED: later("Your registration:"),
    }
)


def enclose(tx: Transaction, key: str) -> Enclosure:
    """Return what a mail about one registration carries, by the key of its notice."""
    kind, number, _ = key.split(":", 2)
    query = select(Registration, Event).join(Event, Event.id == Registration.event_id)
    row = tx.session.execute(query.where(Registration.id == int(number))).one_or_none()
    if row is None:
        return Enclosure(gettext("This registration is not here any more."))
    registration, event = row[0], row[1]
    text = f"{_WHY[kind]}\n{link_of(tx, registration)}"
    files = [attachment_of(event, tx.config.organisation, tx.now())] if kind in (TICKET, CHANGED) else []
    if kind == TICKET and registration.state == State.CONFIRMED:
        files = [*_picture(tx, registration), *files]
    return Enclosure(text, tuple(files))


def link_of(tx: Transaction, registration: Registration) -> str:
    """Return the address by which somebody without an account manages a registration."""
    token = derive(tx.config, LINK, registration.link_seed)
    if digest(token) != registration.link_hash:  # the secret key was changed since: this mail brings a new link
        secret = new_secret(tx.config, LINK)
        registration.link_seed, registration.link_hash = secret.seed, secret.hash
        token = derive(tx.config, LINK, secret.seed)
    return f"{(tx.config.base_url or '').rstrip('/')}/x/events/r/{token}"


def _picture(tx: Transaction, registration: Registration) -> list[Attachment]:
    ticket = tx.session.scalar(select(Ticket).where(Ticket.registration_id == registration.id))
    code = code_of(tx, ticket) if ticket is not None and ticket.state == TicketState.VALID else None
    return [Attachment("ticket.png", "image/png", png_of(code))] if code else []
