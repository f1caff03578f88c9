"""Let administrators help people who lost their second factor, and switch accounts off and on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, exists, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.notify.languages import speaking_to
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.words import gettext
from wayfellow_web.accounts.models import Account, Identity
from wayfellow_web.accounts.notices import tell_of_change
from wayfellow_web.accounts.second_factor import turn_off
from wayfellow_web.accounts.service import account_of
from wayfellow_web.accounts.sessions import close_all

PERMISSION = "accounts.manage"


@dataclass(frozen=True, slots=True)
class AccountState:
    """Say how somebody's account is; one that was never used is on, without a second factor or a provider's name."""

    active: bool = True
    second_factor: bool = False
    provider: bool = False


def state_of(tx: Transaction, person_id: int) -> AccountState | None:
    """Return how somebody's account is, or None to those who may not change it."""
    if not tx.may(PERMISSION):
        return None
    bound = exists().where(Identity.account_id == Account.id)
    wanted = select(Account.active, Account.totp_secret.is_not(None), bound).where(Account.person_id == person_id)
    row = tx.session.execute(wanted).one_or_none()
    return AccountState(*row) if row else AccountState()


def reset_second_factor(tx: Transaction, person_id: int) -> None:
    """Ask somebody for codes no more who lost app and recovery codes. Raises NotAllowed and NotFound."""
    _require(tx, person_id)
    record(tx, "account.second_factor_reset", "person", person_id)
    turn_off(tx, person_id)


def unbind_provider(tx: Transaction, person_id: int) -> None:
    """Forget what the provider calls somebody, so that their address counts once more. Raises NotAllowed, NotFound."""
    _require(tx, person_id)
    account = account_of(tx, person_id)
    tx.session.execute(delete(Identity).where(Identity.account_id == account.id))
    close_all(tx, account.id)
    record(tx, "account.provider_unbound", "person", person_id)


def switch(tx: Transaction, person_id: int, *, on: bool) -> None:
    """Switch an account on or off; off, all its browsers are signed out and no way in works.

    Raises NotAllowed, NotFound, and Conflict for one's own account.
    """
    _require(tx, person_id)
    if person_id == tx.actor.person_id:
        raise Conflict(gettext("You can't switch your own account off. Ask another administrator to do it."))
    account = account_of(tx, person_id)
    if account.active == on:
        return
    account.active = on
    close_all(tx, account.id)
    record(tx, "account.switched_on" if on else "account.switched_off", "person", person_id)
    if on:
        with speaking_to(tx, person_id):
            subject, body = gettext("Your account works again"), gettext("An administrator switched it on.")
        tell_of_change(tx, person_id, subject, body)


def _require(tx: Transaction, person_id: int) -> None:
    tx.require(PERMISSION)
    if tx.session.get(Person, person_id) is None:
        raise NotFound(gettext("There is no such person. Go back to the list of people."))
