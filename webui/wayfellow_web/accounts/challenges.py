"""Give out secrets that a browser hands back once: what passkeys sign, and what a sign-in by a provider begins with."""

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

PASSKEY = "challenge"
PROVIDER = "provider"
#: How long after it was given out each counts; at a provider people may have to find a device first.
LIFETIMES = {PASSKEY: timedelta(minutes=5), PROVIDER: timedelta(minutes=15)}


def new_challenge(purpose: str = PASSKEY) -> bytes:
    """Return 256 random bits, and note in the cookie which and when; nothing is written for strangers who only look."""
    challenge = secrets.token_bytes(32)
    session[purpose] = (challenge.hex(), deployment().clock().isoformat())
    return challenge


def take_challenge(tx: Transaction, purpose: str = PASSKEY) -> bytes:
    """Spend this browser's challenge and return it; a copied cookie does not bring it back.

    Raises InvalidInput when there is none, or it is spent or too old.
    """
    held, at = session.pop(purpose, None) or ("", "")
    now = tx.now()
    tx.session.execute(delete(SpentChallenge).where(SpentChallenge.at <= now - max(LIFETIMES.values())))
    if not held or now - datetime.fromisoformat(at) >= LIFETIMES[purpose]:
        raise InvalidInput(gettext("That took too long. Try again."))
    if not insert_once(tx.session, SpentChallenge, key=digest(held), at=now):
        raise InvalidInput(gettext("That was used already. Try again."))
    return bytes.fromhex(held)
