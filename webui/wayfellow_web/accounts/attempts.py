"""Count what strangers try, so that nobody guesses for long and nobody is flooded with mail.

Counted by network and by what is tried from there, never by account alone: else a stranger could lock a member out.
The codes of second factors are counted by account, since only who has shown a first factor gets to try one.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import TooMany
from wayfellow.secret import secret_key
from wayfellow.words import gettext
from wayfellow_web.accounts.models import Attempt

PERIOD = timedelta(minutes=15)


class Act(StrEnum):
    """Name what is tried."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105  the name of an act
    CODE = "code"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Limit:
    """Hold how often within :data:`PERIOD` a network may try one thing, and all things together.

    Without ``network``, a thing is counted wherever it is tried from: only for what no stranger gets to.
    """

    target: int
    network: int | None


LIMITS = {
    Act.LINK: Limit(target=5, network=30),
    Act.PASSWORD: Limit(target=10, network=60),
    Act.CODE: Limit(target=10, network=None),
    # Nothing is guessed there, and a whole office may come at nine; it is only that the provider is asked for each.
    Act.PROVIDER: Limit(target=600, network=600),
}


def count_attempt(tx: Transaction, act: Act, target: str, address: str | None) -> None:
    """Note an attempt on a target, such as an e-mail address, from an IP address.

    Run it in a transaction of its own, so that it stays when what is tried fails. Raises TooMany at the limit; such
    attempts are not noted, so that waiting helps.
    """
    now, limit = tx.now(), LIMITS[act]
    network = f"anywhere:{target}" if limit.network is None else network_of(address)
    tx.session.execute(delete(Attempt).where(Attempt.at <= now - PERIOD))
    ours = _keyed(tx, f"{act}:{network}")
    both = _keyed(tx, f"{act}:{network}:{target}")
    tried = select(func.count(), func.count().filter(Attempt.target == both)).where(Attempt.network == ours)
    from_there, on_target = tx.session.execute(tried).one()
    if on_target >= limit.target or from_there >= (limit.network or limit.target):
        raise TooMany(gettext("That was tried too often. Wait a quarter of an hour, then try again."))
    tx.session.add(Attempt(network=ours, target=both, at=now))


def network_of(address: str | None) -> str:
    """Return the network that one household or office has: a whole IPv4 address, or the first half of an IPv6 one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((mapped, 64), strict=False)) if mapped.version == 6 else str(mapped)


def _keyed(tx: Transaction, text: str) -> str:
    """Return a digest that only this installation can make, so that the table holds no addresses."""
    return hmac.new(secret_key(tx.config).encode(), text.encode(), hashlib.sha256).hexdigest()
