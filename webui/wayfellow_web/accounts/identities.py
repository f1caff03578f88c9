"""Find out whose account it is that an OpenID provider vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from wayfellow.config_oidc import OidcSettings
from wayfellow.db import lock_table
from wayfellow.deployment import Transaction
from wayfellow.errors import WayfellowError
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.privacy.audit import record
from wayfellow_web.accounts.models import Account, Identity
from wayfellow_web.accounts.service import account_of


class Refused(Exception):
    """Say, for the log alone, why somebody whom the provider sent is not let in."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Hold what a provider vouches for.

    ``email`` is None unless the provider says that it is verified; ``shown_at`` is when the person last showed the
    provider who they are, None when it doesn't say.
    """

    subject: str
    email: str | None
    name: str
    shown_at: datetime | None


def find_account(tx: Transaction, settings: OidcSettings, vouched: Vouched) -> Account:
    """Return the account that the provider's subject opens; the first time, it is the one of the verified address.

    Raises Refused.
    """
    account = _bound(tx, settings.issuer, vouched.subject)
    if account is None:
        lock_table(tx.session, Identity)  # somebody who presses twice is bound once
        account = _bound(tx, settings.issuer, vouched.subject) or _bind(tx, settings, vouched)
    if not account.active:
        raise Refused("the account is switched off")
    return account


def issuers_of(tx: Transaction, person_id: int) -> list[str]:
    """Return the providers that sign a person in."""
    mine = select(Identity.issuer).join(Account, Account.id == Identity.account_id).order_by(Identity.issuer)
    return list(tx.session.scalars(mine.where(Account.person_id == person_id)))


def _bound(tx: Transaction, issuer: str, subject: str) -> Account | None:
    wanted = select(Account).join(Identity, Identity.account_id == Account.id)
    return tx.session.scalars(wanted.where(Identity.issuer == issuer, Identity.subject == subject)).one_or_none()


def _bind(tx: Transaction, settings: OidcSettings, vouched: Vouched) -> Account:
    if vouched.email is None:
        raise Refused("the provider names no verified e-mail address")
    account = account_of(tx, _person(tx, settings, vouched.email, vouched.name).id)
    taken = exists().where(Identity.account_id == account.id, Identity.issuer == settings.issuer)
    if tx.session.scalar(select(taken)):
        # An address that was given to somebody else must not open its first owner's account.
        raise Refused("the address belongs to somebody whom the provider knows by another subject")
    tx.session.add(
        Identity(account_id=account.id, issuer=settings.issuer, subject=vouched.subject, created_at=tx.now())
    )
    record(tx, "account.provider_bound", "person", account.person_id, issuer=settings.issuer)
    return account


def _person(tx: Transaction, settings: OidcSettings, email: str, name: str) -> Person:
    person = tx.session.scalar(select(Person).where(Person.email == email))
    if person is not None:
        return person
    if not settings.new_people:
        raise Refused("nobody here has the address")
    try:
        return create_person(tx, None, name=name or email.partition("@")[0], email=email)
    except WayfellowError as error:
        raise Refused(f"they can't be added: {error}") from error
