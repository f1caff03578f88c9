"""Keep passwords as Argon2id hashes, for those who want one beside links by mail."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.words import gettext
from wayfellow_web.accounts.common_passwords import COMMON_PASSWORDS
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.notices import tell_of_change
from wayfellow_web.accounts.secret import new_secret
from wayfellow_web.accounts.service import account_of
from wayfellow_web.accounts.sessions import close_others

#: How many signs a password has at least and at most; NIST SP 800-63B asks for length, and not for kinds of signs.
SHORTEST, LONGEST = 10, 200

_HASHER = PasswordHasher()  # Argon2id with the cost of RFC 9106, section 4, second choice


def find_by_password(tx: Transaction, email: str, password: str) -> Account | None:
    """Return the account that an e-mail address and a password open, or None.

    An unknown address, a person without a password and an account that is off take the same work as a wrong password,
    so that neither the answer nor its time tells who is here.
    """
    wanted = select(Account).join(Person, Person.id == Account.person_id)
    account = tx.session.scalars(wanted.where(Person.email == email.strip().lower())).one_or_none()
    right = _matches(account.password_hash if account else None, password)
    return account if account is not None and account.active and right else None


def is_my_password(tx: Transaction, password: str) -> bool:
    """Tell whether a password is the actor's own; without one none is."""
    return _matches(_my_hash(tx), password)


def has_password(tx: Transaction) -> bool:
    """Tell whether the actor has a password."""
    return _my_hash(tx) is not None


def set_password(tx: Transaction, password: str, again: str, here: str) -> None:
    """Give the actor a password; all their browsers but the one with the secret ``here`` are signed out.

    Raises InvalidInput whose problems name the fields ``password`` and ``again``.
    """
    account = account_of(tx, _me(tx))
    _check(tx, password, again)
    account.password_hash = _HASHER.hash(_plain(password))
    _changed(tx, here, "account.password_set", gettext("Your password was changed"))


def drop_password(tx: Transaction, here: str) -> None:
    """Take the actor's password away, so that they come in by other ways alone; other browsers are signed out."""
    account = account_of(tx, _me(tx))
    if account.password_hash is not None:
        account.password_hash = None
        _changed(tx, here, "account.password_removed", gettext("Your password was removed"))


def _changed(tx: Transaction, here: str, action: str, subject: str) -> None:
    close_others(tx, here)
    record(tx, action, "person", _me(tx))
    tell_of_change(tx, _me(tx), subject, gettext("All other browsers are signed out."))


def _check(tx: Transaction, password: str, again: str) -> None:
    email = tx.session.get_one(Person, _me(tx)).email or ""
    plain, problem = _plain(password).casefold(), ""
    if len(password) < SHORTEST:
        problem = gettext(
            "The password has %(count)s signs; give it at least %(least)s. A few words do well.",
            count=len(password),
            least=SHORTEST,
        )
    elif len(password) > LONGEST:
        problem = gettext("The password has %(count)s signs; %(most)s are the most.", count=len(password), most=LONGEST)
    elif plain in COMMON_PASSWORDS or len(set(plain)) < 4:
        problem = gettext("That password is among those that are guessed first. Choose another, such as a few words.")
    elif email and plain in (email, email.partition("@")[0]):
        problem = gettext("Your e-mail address is guessed first. Choose another password, such as a few words.")
    if problem:
        raise InvalidInput(gettext("The password is not changed yet."), (Problem(problem, column="password"),))
    if password != again:
        problem = gettext("The two are not the same. Enter the password once more in both fields.")
        raise InvalidInput(gettext("The password is not changed yet."), (Problem(problem, column="again"),))


def _matches(known: str | None, password: str) -> bool:
    try:
        _HASHER.verify(known or _nobodys_hash(), _plain(password[: LONGEST + 1]))
    except VerificationError:
        return False
    return known is not None


def _plain(password: str) -> str:
    """Return a password in one form however a keyboard composed it."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(new_secret())


def _my_hash(tx: Transaction) -> str | None:
    return tx.session.scalar(select(Account.password_hash).where(Account.person_id == tx.actor.person_id))


def _me(tx: Transaction) -> int:
    if tx.actor.person_id is None:
        raise RuntimeError("Only somebody who is signed in has a password of their own.")
    return tx.actor.person_id
