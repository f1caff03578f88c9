"""Change a person's e-mail address once it is shown to be theirs: the link goes to the new one, a notice to the old."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.notify.service import mark_as_seen, tell
from wayfellow.people.addresses import change_email, is_taken
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_email
from wayfellow.words import gettext
from wayfellow_web.accounts.mailing import can_mail
from wayfellow_web.accounts.models import EmailChange
from wayfellow_web.accounts.tickets import Purpose, issue_ticket, spend_ticket, void_tickets
from wayfellow_web.plugin import EMAIL_CHANGED, NEW_EMAIL

_PURPOSE = (Purpose.NEW_EMAIL,)


def ask_for_change(tx: Transaction, person_id: int, email: str) -> None:
    """Send a link to a new address; for one that is somebody else's nothing is sent, and nobody is told so.

    Whose it is is looked up only as the mail is handed over, so that neither the answer nor its time tells.
    Raises ValueError with a sentence for what is no address or the person's own, Conflict where no mail can be sent.
    """
    person, email = tx.session.get_one(Person, person_id), clean_email(email)
    if not can_mail(tx) or not person.email:
        raise Conflict(
            gettext("No mail can be sent to you from here. Ask a coordinator of your programme for the change.")
        )
    if email == person.email:
        raise ValueError(gettext("That is your address already."))
    void_tickets(tx, person_id, _PURPOSE)
    change = _change_of(tx, person_id) or EmailChange(person_id=person_id)
    change.old, change.new = person.email, email
    tx.session.add(change)
    record(tx, "account.email_change_asked", "person", person_id)
    body = gettext("Dear %(name)s,\n\nyou asked that messages and links come to this address.", name=person.name)
    _tell(tx, person_id, NEW_EMAIL, gettext("Is this your new address?"), body)


def enclose_link(tx: Transaction, person_id: int) -> str:
    """Make the link, for a mail that is just being handed over to the new address."""
    base = (tx.config.base_url or "").rstrip("/")
    token = issue_ticket(tx, person_id, Purpose.NEW_EMAIL)
    link = f"{base}/new-email/{token}"
    return gettext(
        "Open this link within an hour; it works once:\n%(link)s\nIf that was not you, do nothing.", link=link
    )


def find_new(tx: Transaction, person_id: int) -> str | None:
    """Return the address that waits to be shown to be a person's, or None when it is somebody else's."""
    change = _change_of(tx, person_id)
    return change.new if change and not is_taken(tx, change.new, person_id) else None


def find_old(tx: Transaction, person_id: int) -> str | None:
    """Return the address that a person had before."""
    change = _change_of(tx, person_id)
    return change.old if change else None


def confirm(tx: Transaction, token: str) -> str:
    """Spend the link that went to a new address and return the address, which is the person's from now on.

    All other open links of the person are void. Raises NotFound, with the same words for a link that is unknown, used,
    too old, or of an address that somebody else has by now.
    """
    person_id = spend_ticket(tx, token, _PURPOSE)
    change = _change_of(tx, person_id)
    if change is None or is_taken(tx, change.new, person_id):
        raise NotFound(gettext("This link does not work any more. Ask for a new one."))
    change_email(tx, person_id, change.new)
    void_tickets(tx, person_id, tuple(Purpose))
    record(tx, "account.email_changed", "person", person_id)
    body = gettext("Messages and links go to another address from now on, which you or somebody in your browser gave.")
    _tell(tx, person_id, EMAIL_CHANGED, gettext("Your address was changed"), body)
    return change.new


def _change_of(tx: Transaction, person_id: int) -> EmailChange | None:
    return tx.session.scalars(select(EmailChange).where(EmailChange.person_id == person_id)).one_or_none()


def _tell(tx: Transaction, person_id: int, kind: str, subject: str, body: str) -> None:
    key = f"{kind}:{person_id}:{uuid.uuid4()}"
    tell(tx, person_id, key=key, subject=subject, body=body, kind=kind)
    if kind == NEW_EMAIL:
        mark_as_seen(tx, [key])
