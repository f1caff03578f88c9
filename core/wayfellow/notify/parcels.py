"""Take what is due to be sent, by lease, and write down what came of it.

A parcel is what travels as one message: one delivery, or those of a digest. Before it is handed over it is marked as
being sent; a worker that dies in between leaves it so, and nobody can tell whether it arrived. Then it is "maybe sent",
and sent again only by hand.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update

from wayfellow.deployment import Transaction
from wayfellow.notify.models import Delivery, DeliveryState, Notice
from wayfellow.notify.outbox import message_id

#: How long one message may take; shorter than the lease of the job, so that whoever takes that sees what was left.
LEASE = timedelta(seconds=50)
#: How often a message is tried: with the growing waits, for two days.
MAX_ATTEMPTS = 16
LOST = "The worker stopped while it handed the message over, so it may have arrived. Send it again only if it did not."


@dataclass(frozen=True, slots=True)
class Parcel:
    """Hold a message that this worker has the lease of."""

    token: str
    message_id: str
    channel: str
    person_id: int
    notices: Sequence[Notice]
    digest: bool
    attempts: int


def take(tx: Transaction) -> Parcel | None:
    """Take the parcel that is due the longest, and mark it as being sent; None when nothing is due."""
    _mark_lost(tx)
    row = tx.session.execute(_due(tx).limit(1)).first()
    if row is None:
        return None
    first, notice = row
    rows = [(first, notice)]
    if first.digest:
        together = _due(tx).where(Notice.person_id == notice.person_id, Delivery.channel == first.channel)
        together = together.where(Delivery.digest, Delivery.message_id.is_not_distinct_from(first.message_id))
        rows = [(delivery, said) for delivery, said in tx.session.execute(together)]
    token = str(uuid.uuid4())
    name = first.message_id or message_id(tx.config, f"digest:{first.id}")
    for delivery, _ in rows:
        delivery.state, delivery.lease_token, delivery.lease_until = DeliveryState.SENDING, token, tx.now() + LEASE
        delivery.message_id, delivery.tried_at, delivery.attempts = name, tx.now(), delivery.attempts + 1
    notices = [said for _, said in rows]
    return Parcel(token, name, first.channel, notice.person_id, notices, first.digest, first.attempts)


def settle(tx: Transaction, parcel: Parcel, state: DeliveryState, error: str | None = None) -> None:
    """Write down what became of a parcel, also when it was given up for lost in the meantime."""
    sent = tx.now() if state is DeliveryState.SENT else None
    _write(tx, parcel, state=state, error=error, sent_at=sent, lease_until=None)


def put_back(tx: Transaction, parcel: Parcel, error: str) -> datetime | None:
    """Have a parcel tried again and return when; None when it was tried for long enough, and is given up."""
    if parcel.attempts >= MAX_ATTEMPTS:
        settle(tx, parcel, DeliveryState.FAILED, f"{error} It was given up after {parcel.attempts} attempts.")
        return None
    later = tx.now() + wait_after(parcel.attempts)
    _write(tx, parcel, state=DeliveryState.WAITING, error=error, due_at=later, lease_until=None, lease_token=None)
    return later


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after a failed attempt (counted from 1): 1, 4, 16, 64 minutes, then 4 hours."""
    return min(timedelta(minutes=4 ** (max(attempt, 1) - 1)), timedelta(hours=4))


def next_lease_end(tx: Transaction) -> datetime | None:
    """Return when the first parcel that is being sent now counts as lost, unless its worker settles it before."""
    return tx.session.scalar(select(func.min(Delivery.lease_until)).where(Delivery.state == DeliveryState.SENDING))


def _due(tx: Transaction) -> Select[Delivery, Notice]:
    query = select(Delivery, Notice).join(Notice, Notice.id == Delivery.notice_id)
    query = query.where(Delivery.state == DeliveryState.WAITING, Delivery.due_at <= tx.now())
    return query.order_by(Delivery.due_at, Delivery.id).with_for_update(skip_locked=True, of=Delivery)


def _mark_lost(tx: Transaction) -> None:
    lost = update(Delivery).where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until <= tx.now())
    tx.session.execute(lost.values(state=DeliveryState.MAYBE_SENT, error=LOST, lease_until=None))


def _write(tx: Transaction, parcel: Parcel, **values: object) -> None:
    mine = update(Delivery).where(Delivery.message_id == parcel.message_id, Delivery.lease_token == parcel.token)
    tx.session.execute(mine.values(**values))
