"""Ask for a code of an authenticator app after the first way in: time-based codes (RFC 6238), each good once."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import or_, select, update

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.notify.languages import speaking_to
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.secret import secret_key
from wayfellow.words import gettext
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.notices import tell_of_change
from wayfellow_web.accounts.recovery import forget_codes, make_codes, spend_code
from wayfellow_web.accounts.service import account_of
from wayfellow_web.accounts.sessions import close_others


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Hold what an authenticator app needs: an address for a QR code, and the same key to type."""

    uri: str
    key: str


def is_on(tx: Transaction, person_id: int) -> bool:
    """Tell whether a person is asked for a code."""
    wanted = select(Account.id).where(Account.person_id == person_id, Account.totp_secret.is_not(None))
    return tx.session.scalar(wanted) is not None


def begin(tx: Transaction, person_id: int) -> None:
    """Make a new secret that counts only once a code of it was entered; it is kept here, never in a cookie."""
    account_of(tx, person_id).totp_pending = _codes(tx).new().to_json()


def find_enrolment(tx: Transaction, person_id: int) -> Enrolment | None:
    """Return what the app is to be told, or None when nobody began."""
    wanted = select(Account.totp_pending, Person.email, Person.name).join(Person, Person.id == Account.person_id)
    row = tx.session.execute(wanted.where(Account.person_id == person_id)).one_or_none()
    if row is None or row.totp_pending is None:
        return None
    secret = _codes(tx).from_json(row.totp_pending)
    return Enrolment(secret.to_uri(label=(row.email or row.name).replace(":", " ")), secret.pretty_key())


def turn_on(tx: Transaction, person_id: int, code: str, here: str) -> list[str]:
    """Ask for codes from now on, and return ten recovery codes, which are shown this once.

    All browsers but the one with the secret ``here`` are signed out. The code that was entered is used up. Raises
    NotFound when nobody began, and InvalidInput when the code is not that of the new secret.
    """
    account = account_of(tx, person_id)
    if account.totp_pending is None:
        raise NotFound(gettext("Nothing waits to be set up. Begin again from the list of ways to come in."))
    counter = _match(tx, account.totp_pending, code, None)
    if counter is None:
        raise InvalidInput(
            gettext("That is not the code which the app shows now. Wait for the next one, and enter it.")
        )
    account.totp_secret, account.totp_pending, account.totp_counter = account.totp_pending, None, counter
    codes = make_codes(tx, account.id)
    close_others(tx, here)
    _tell(tx, person_id, "account.second_factor_on", gettext("You are now asked for a code when you sign in"))
    return codes


def renew_codes(tx: Transaction, person_id: int) -> list[str]:
    """Replace the recovery codes and return the new ones. Raises NotFound without a second factor."""
    account = account_of(tx, person_id)
    if account.totp_secret is None:
        raise NotFound(gettext("You are not asked for codes. Set the second factor up first."))
    _tell(tx, person_id, "account.recovery_codes_made", gettext("You have new recovery codes"))
    return make_codes(tx, account.id)


def turn_off(tx: Transaction, person_id: int) -> None:
    """Ask for codes no more."""
    account = account_of(tx, person_id)
    if account.totp_secret is not None:
        account.totp_secret = account.totp_pending = account.totp_counter = None
        forget_codes(tx, account.id)
        with speaking_to(tx, person_id):  # an administrator may have done it
            subject = gettext("You are no longer asked for a code when you sign in")
        _tell(tx, person_id, "account.second_factor_off", subject)


def use_code(tx: Transaction, person_id: int, typed: str) -> str:
    """Use a code of the app or a recovery code up, and return which it was.

    Raises InvalidInput for one that is wrong, used or too old.
    """
    account = account_of(tx, person_id)
    if account.totp_secret is not None and account.active:
        counter = _match(tx, account.totp_secret, typed, account.totp_counter)
        if counter is not None and _is_first(tx, account.id, counter):
            return "code"
        if counter is None and spend_code(tx, account.id, typed):
            _tell(tx, person_id, "account.recovery_code_used", gettext("A recovery code was used to sign in"))
            return "recovery code"
    raise InvalidInput(gettext("That code does not work. Enter the one that the app shows now; each works once."))


def _tell(tx: Transaction, person_id: int, action: str, subject: str) -> None:
    record(tx, action, "person", person_id)
    tell_of_change(tx, person_id, subject, "")


def _match(tx: Transaction, secret: str, code: str, last: int | None) -> int | None:
    """Return the number of the half minute to which a code belongs, or None for a wrong or used one."""
    try:
        found = _codes(tx).verify(code.strip(), secret, time=int(tx.now().timestamp()), last_counter=last)
    except TokenError:
        return None
    return int(found.counter)


def _is_first(tx: Transaction, account_id: int, counter: int) -> bool:
    """Note that a code was used; of two at once one wins."""
    unused = or_(Account.totp_counter.is_(None), Account.totp_counter < counter)
    mark = update(Account).where(Account.id == account_id, unused).values(totp_counter=counter)
    return tx.session.scalar(mark.returning(Account.id)) is not None


def _codes(tx: Transaction) -> type[TOTP]:
    """Return the maker of codes, whose secrets are kept encrypted with a key that only this installation has."""
    key = hmac.new(secret_key(tx.config).encode(), b"second factor", hashlib.sha256).hexdigest()
    issuer = tx.config.organisation.replace(":", " ")
    return TOTP.using(secrets={"1": key}, issuer=issuer)  # type: ignore[no-any-return]  # libpass brings no types
