"""Keep passkeys (WebAuthn level 2): made, used, named and removed; the device always checks who holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_line
from wayfellow.words import gettext, later, said
from wayfellow_web.accounts.models import Account, Passkey
from wayfellow_web.accounts.notices import tell_of_change
from wayfellow_web.accounts.service import account_of

_REFUSED = later("That passkey does not work here. Try again, or come in another way.")


@dataclass(frozen=True, slots=True)
class Place:
    """Say where passkeys are asked for: ``host`` is what they are bound to, ``origin`` the start of the address."""

    host: str
    origin: str


def registration_options(tx: Transaction, person_id: int, place: Place, challenge: bytes) -> str:
    """Return, as JSON, what the browser is to make: a passkey by which the device finds the person itself."""
    account, person = account_of(tx, person_id), tx.session.get_one(Person, person_id)
    made = generate_registration_options(
        rp_id=place.host,
        rp_name=tx.config.organisation,
        user_id=account.fs_uniquifier.encode(),
        user_name=person.email or person.name,
        user_display_name=person.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in list_keys(tx, person_id)],
    )
    return options_to_json(made)


def add_key(tx: Transaction, person_id: int, place: Place, challenge: bytes, credential: str, name: str) -> None:
    """Keep a passkey that the browser made. Raises InvalidInput when it is not what was asked for, or has no name."""
    try:
        name = clean_line(name, later("The name"), 80)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise InvalidInput(gettext("The passkey could not be kept. Try again, or with another device.")) from error
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    account = account_of(tx, person_id)
    key = Passkey(account_id=account.id, credential_id=made.credential_id, public_key=made.credential_public_key)
    key.sign_count, key.name, key.created_at = made.sign_count, name, tx.now()
    tx.session.add(key)
    record(tx, "account.passkey_added", "person", person_id)
    tell_of_change(tx, person_id, gettext("A passkey was added"), gettext("It is called “%(name)s”.", name=name))


def sign_in_options(place: Place, challenge: bytes) -> str:
    """Return, as JSON, what the browser is to sign; it names nobody, so it tells nothing of who is known here."""
    required = UserVerificationRequirement.REQUIRED
    asked = generate_authentication_options(rp_id=place.host, challenge=challenge, user_verification=required)
    return options_to_json(asked)


def find_by_passkey(tx: Transaction, place: Place, challenge: bytes, credential: str) -> Account:
    """Return the account that a signed challenge opens. Raises InvalidInput, with the same words, for all else."""
    try:
        given = parse_authentication_credential_json(credential)
        wanted = select(Passkey, Account).join(Account, Account.id == Passkey.account_id)
        row = tx.session.execute(wanted.where(Passkey.credential_id == base64url_to_bytes(given.id))).one_or_none()
        if row is None:
            raise InvalidInput(said(_REFUSED))
        key, account = row
        used = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise InvalidInput(said(_REFUSED)) from error
    if not account.active or given.response.user_handle != account.fs_uniquifier.encode():
        raise InvalidInput(said(_REFUSED))
    key.sign_count, key.used_at = used.new_sign_count, tx.now()
    return account


def list_keys(tx: Transaction, person_id: int) -> Sequence[Passkey]:
    """Return a person's passkeys, the oldest first."""
    mine = select(Passkey).join(Account, Account.id == Passkey.account_id).where(Account.person_id == person_id)
    return tx.session.scalars(mine.order_by(Passkey.id)).all()


def remove_key(tx: Transaction, person_id: int, passkey_id: int) -> None:
    """Remove one of a person's passkeys. Raises NotFound for others'."""
    mine = select(Account.id).where(Account.person_id == person_id)
    gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id.in_(mine)).returning(Passkey.name)
    name = tx.session.scalar(gone)
    if name is None:
        raise NotFound(gettext("This passkey is not among yours. Go back to your passkeys."))
    record(tx, "account.passkey_removed", "person", person_id)
    tell_of_change(tx, person_id, gettext("A passkey was removed"), gettext("It was called “%(name)s”.", name=name))
