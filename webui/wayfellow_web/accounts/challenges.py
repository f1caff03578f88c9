"""Give out the challenges that passkeys sign, and take each back once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import session
from sqlalchemy import delete

from wayfellow.db import insert_once
from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput
from wayfellow.words import gettext
from wayfellow_web.accounts.models import SpentChallenge
from wayfellow_web.accounts.secret import digest
from wayfellow_web.site import deployment

LIFETIME = timedelta(minutes=5)


def new_challenge() -> bytes:
    """Return 256 random bits, and note in the cookie which and when; nothing is written for strangers who only look."""
    challenge = secrets.token_bytes(32)
    session["challenge"] = (challenge.hex(), deployment().clock().isoformat())
    return challenge


def take_challenge(tx: Transaction) -> bytes:
    """Spend this browser's challenge and return it; a copied cookie does not bring it back.

    Raises InvalidInput when there is none, or it is spent or too old.
    """
    held, at = session.pop("challenge", None) or ("", "")
    now = tx.now()
    tx.session.execute(delete(SpentChallenge).where(SpentChallenge.at <= now - LIFETIME))
    if not held or now - datetime.fromisoformat(at) >= LIFETIME:
        raise InvalidInput(gettext("That took too long. Try again."))
    if not insert_once(tx.session, SpentChallenge, key=digest(held), at=now):
        raise InvalidInput(gettext("That was used already. Try again."))
    return bytes.fromhex(held)
