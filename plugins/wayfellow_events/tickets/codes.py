"""Make codes that can be shown again but not be read from the database.

A code is 160 bits in base32. Only its SHA-256 is looked up. Its holder must see it again, in the page, in a mail, on
another device; so a random seed is kept, and the code is derived from that seed with the deployment's secret key, which
lies outside the database. Whoever gets a copy of the database alone can therefore make no ticket, and nothing has to be
encrypted and decrypted. When the secret key is changed, codes that people hold still open the door, as their hashes are
unchanged; they can't be shown again, and a new one takes their place.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from wayfellow.config import Config
from wayfellow.secret import secret_key

#: Bytes of a code: 160 bits.
SIZE = 20
#: Letters of the short codes: none that is taken for another when it is read out.
SHORT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Secret:
    """Hold what is kept of a new code: the seed that it is derived from, and its hash."""

    seed: str
    hash: str


def new_secret(config: Config, purpose: str) -> Secret:
    """Make a code for a purpose, such as ``ticket``, and return what may be kept of it."""
    seed = secrets.token_hex(SIZE)
    return Secret(seed, digest(derive(config, purpose, seed)))


def derive(config: Config, purpose: str, seed: str) -> str:
    """Return the code of a seed: 32 letters and digits."""
    key = hmac.digest(secret_key(config).encode(), b"wayfellow events " + purpose.encode(), hashlib.sha256)
    return base64.b32encode(hmac.digest(key, seed.encode(), hashlib.sha256)[:SIZE]).decode("ascii")


def digest(code: str) -> str:
    """Return what a code is looked up by; white space and case do not matter, as scanners and people vary them."""
    return hashlib.sha256("".join(code.split()).upper().encode()).hexdigest()


def new_short() -> str:
    """Return a code that is short enough to be read out."""
    return "".join(secrets.choice(SHORT_LETTERS) for _ in range(SHORT_LENGTH))
