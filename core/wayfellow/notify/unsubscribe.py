"""Make and read the links in mails that stop a kind of message with one click (RFC 8058), without signing in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple

from wayfellow.config import Config
from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.notify.kinds import find_kind
from wayfellow.notify.preferences import set_choice
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.secret import secret_key
from wayfellow.types import Delivering, MessageKind
from wayfellow.words import gettext


class Wish(NamedTuple):
    """Hold who wants what no longer."""

    person_id: int
    channel: str
    kind: str


def make_token(config: Config, wish: Wish) -> str:
    """Return a token that stands for a wish; it never ends, because a mail may be read years later."""
    text = f"{wish.person_id}:{wish.channel}:{wish.kind}".encode()
    return f"{_coded(text)}.{_coded(_sign(config, text))}"


def read_token(tx: Transaction, token: str) -> tuple[Wish, MessageKind]:
    """Return what a token stands for. Raises NotFound for one that was not made here, or whose person is gone."""
    text, _, signature = token.partition(".")
    try:
        said, signed = _decoded(text), _decoded(signature)
    except (ValueError, binascii.Error):
        said, signed = b"", b""
    if not hmac.compare_digest(_sign(tx.config, said), signed):
        raise NotFound(
            gettext("This link is not complete. Copy all of it from the mail, or sign in and choose under Me.")
        )
    number, channel, kind = said.decode().split(":", 2)
    if tx.session.get(Person, int(number)) is None:
        raise NotFound(gettext("Whoever this mail was for is not here any more, so nothing comes any more either."))
    return Wish(int(number), channel, kind), find_kind(tx, kind)


def unsubscribe(tx: Transaction, token: str) -> MessageKind:
    """Send no more messages of the kind that the token names, and return it; twice is the same as once.

    Raises NotFound.
    """
    wish, kind = read_token(tx, token)
    set_choice(tx, wish.person_id, wish.kind, wish.channel, Delivering.NEVER)
    record(tx, "messages.unsubscribed", "person", wish.person_id, kind=wish.kind, channel=wish.channel)
    return kind


def _sign(config: Config, text: bytes) -> bytes:
    return hmac.new(secret_key(config).encode(), b"unsubscribe:" + text, hashlib.sha256).digest()[:16]


def _coded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
