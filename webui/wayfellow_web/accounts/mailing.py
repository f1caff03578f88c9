"""Send links by mail: to sign in, without telling a stranger who is known here, and to invite people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, WayfellowError
from wayfellow.jobs.service import ask
from wayfellow.notify.kinds import all_kinds
from wayfellow.notify.languages import languages_of, speaking_to
from wayfellow.notify.service import NewNotice, mark_as_seen, tell, tell_all
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.privacy.audit import record, record_all
from wayfellow.types import JSON
from wayfellow.words import gettext, later
from wayfellow_web.accounts.letters import INVITATION, SIGN_IN, words_of, write_in, write_letter
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.newcomers import note_newcomer
from wayfellow_web.accounts.service import require_invitable
from wayfellow_web.accounts.tickets import Purpose, issue_ticket
from wayfellow_web.plugin import INVITATION as INVITATION_KIND
from wayfellow_web.plugin import MAIL_LINK
from wayfellow_web.plugin import SIGN_IN as SIGN_IN_KIND

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

_OPEN = {
    Purpose.SIGN_IN: later("Open this link within ten minutes; it works once:\n%(link)s"),
    Purpose.INVITATION: later("Open this link within seven days; it works once:\n%(link)s"),
}


def can_mail(tx: Transaction) -> bool:
    """Tell whether links can be sent by mail here."""
    return tx.config.mail is not None and SIGN_IN_KIND in all_kinds(tx)


def ask_for_link(tx: Transaction, email: str) -> None:
    """Ask that a link is sent to an address, as ``clean_email`` returns it, if it is somebody's.

    Nothing here shows whether it is: the same work is written down for an address that nobody has, so that neither the
    answer nor its time tells.
    """
    person_id = tx.session.scalar(select(Person.id).where(Person.email == email))
    ask(tx, MAIL_LINK, {"person_id": person_id}, key=f"{MAIL_LINK}:{uuid.uuid4()}")


def ask_to_join(tx: Transaction, email: str, name: str) -> None:
    """Ask that a link is sent to an address; whoever has it becomes known under the name if they are not yet.

    The answer and its time are the same for an address that is known, whose person keeps the name they have.
    """
    person_id = tx.session.scalar(select(Person.id).where(Person.email == email))
    payload = {"person_id": person_id, "email": email, "name": name.strip()[:200]}
    ask(tx, MAIL_LINK, payload, key=f"{MAIL_LINK}:{uuid.uuid4()}")


def mail_link(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Put the letter with a sign-in link on its way, to a person whose account is not switched off."""
    with context.finish({}) as tx:
        person = tx.session.get(Person, payload["person_id"]) if payload["person_id"] else _newcomer(tx, payload)
        if person is not None and _is_active(tx, person.id):
            with speaking_to(tx, person.id):
                subject, body = write_letter(tx, SIGN_IN, person.name)
            key = f"{SIGN_IN_KIND}:{context.job_id}"
            tell(tx, person.id, key=key, subject=subject, body=body, kind=SIGN_IN_KIND)
            mark_as_seen(tx, [key])  # whoever reads it in the browser is in already
            record(tx, "account.link_asked", "person", person.id)
    return {}


def _newcomer(tx: Transaction, payload: Mapping[str, Any]) -> Person | None:
    """Return the person who asked to join, made now unless the same address asked twice; None when nobody did."""
    if not payload.get("email"):
        return None
    known = tx.session.scalar(select(Person).where(Person.email == payload["email"]))
    if known is not None:
        return known
    try:
        newcomer = create_person(tx, None, name=payload["name"], email=payload["email"])
    except WayfellowError:  # an address or a name that can't be kept gets no mail
        return None
    note_newcomer(tx, newcomer.id)
    return newcomer


def invite_by_mail(tx: Transaction, person_id: int, programme_id: int) -> None:
    """Put an invitation with a link on its way.

    Raises NotFound and NotAllowed as ``invite`` does, and Conflict for somebody without an address or where no mail is
    sent.
    """
    person = require_invitable(tx, person_id)
    if not can_mail(tx) or not person.email:
        raise Conflict(
            gettext("No mail can be sent to %(name)s. Make a link here, and hand it over yourself.", name=person.name)
        )
    write_invitations(tx, [(person_id, person.name)], programme_id, by="mail")


def write_invitations(tx: Transaction, people: Sequence[tuple[int, str]], programme_id: int, *, by: str) -> None:
    """Put an invitation on its way to each (person's id, name); the caller has checked that the actor may."""
    words = words_of(tx, INVITATION)
    languages = languages_of(tx, [person_id for person_id, _ in people])
    notices = []
    for person_id, name in people:
        with tx.host.words.speaking(languages[person_id]):
            subject, body = write_in(tx, words, name)
        key = f"{INVITATION_KIND}:{person_id}:{uuid.uuid4()}"
        notices.append(NewNotice(person_id, key, subject, body, INVITATION_KIND, programme_id))
    tell_all(tx, notices)
    mark_as_seen(tx, [notice.key for notice in notices])
    record_all(tx, "account.invited", "person", [person_id for person_id, _ in people], programme_id, by=by)


def enclose_link(tx: Transaction, person_id: int, purpose: Purpose) -> str:
    """Make a ticket and return the sentence with its link, for a mail that is just being handed over."""
    if not _is_active(tx, person_id):
        return gettext("Your account is switched off now. Ask the coordinator of your programme.")
    base = (tx.config.base_url or "").rstrip("/")
    token = issue_ticket(tx, person_id, purpose)
    return gettext(_OPEN[purpose], link=f"{base}/sign-in/{token}")


def _is_active(tx: Transaction, person_id: int) -> bool:
    return tx.session.scalar(select(Account.active).where(Account.person_id == person_id)) is not False
