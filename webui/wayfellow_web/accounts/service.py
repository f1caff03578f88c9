"""Sign people in and out, and make links for them without giving anybody rights they lack."""

from __future__ import annotations

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotAllowed, NotFound
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.roles import actor_for
from wayfellow.types import Actor, Role
from wayfellow.words import gettext
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.tickets import Purpose, issue_ticket, spend_ticket

PARTICIPANTS = {Role.MENTOR, Role.MENTEE}


def redeem(tx: Transaction, token: str) -> Account:
    """Spend a ticket and return the account that it opens, made at the first sign-in.

    Raises NotFound when the ticket does not work, NotAllowed when the account was switched off.
    """
    person_id = spend_ticket(tx, token)
    account = account_of(tx, person_id)
    if not account.active:
        raise NotAllowed(gettext("This account is switched off. Ask the coordinator of your programme."))
    return account


def note_sign_in(tx: Transaction, person_id: int, by: str) -> None:
    """Write down that somebody showed who they are, and by which way."""
    record(tx, "account.signed_in", "person", person_id, by=by)


def account_of(tx: Transaction, person_id: int) -> Account:
    """Return a person's account, made now if there is none yet."""
    account = tx.session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()
    if account is None:
        account = Account(person_id=person_id, created_at=tx.now())
        tx.session.add(account)
        tx.session.flush()
    return account


def invite(tx: Transaction, person_id: int) -> str:
    """Make an invitation link for a person and return its token.

    Raises NotFound, and NotAllowed unless :func:`may_invite`.
    """
    require_invitable(tx, person_id)
    record(tx, "account.invited", "person", person_id)
    return issue_ticket(tx, person_id, Purpose.INVITATION)


def require_invitable(tx: Transaction, person_id: int) -> Person:
    """Return a person for whom the actor may make a link.

    Raises NotFound, and NotAllowed unless :func:`may_invite`.
    """
    person = tx.session.get(Person, person_id)
    if person is None:
        raise NotFound(gettext("There is no such person. Go back to the list of people."))
    target = actor_for(tx.session, person_id)
    if not may_invite(tx, target):
        raise NotAllowed(
            gettext(
                "You can make links for mentors and mentees all of whose programmes you coordinate. "
                "Ask an administrator to make this one."
            )
        )
    return person


def may_invite(tx: Transaction, target: Actor) -> bool:
    """Tell whether the actor may make a link for someone.

    A link lets its maker be that person. So administrators may make one for anybody, and coordinators only for people
    who are mentors or mentees and nothing else, and only if they coordinate every programme those take part in.
    """
    if tx.actor.is_system or tx.actor.holds([Role.ADMINISTRATOR], None):
        return True
    return bool(target.grants) and all(
        grant.role in PARTICIPANTS and tx.may("accounts.invite", grant.programme_id) for grant in target.grants
    )


def find_by_email(tx: Transaction, email: str) -> Person:
    """Return the person with an e-mail address, however it is capitalised.

    Raises NotFound.
    """
    found = tx.session.scalars(select(Person).where(func.lower(Person.email) == email.strip().lower())).first()
    if found is None:
        raise NotFound(f"Nobody here has the e-mail address {email!r}. Check the spelling, or import the person first.")
    return found
