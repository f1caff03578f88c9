"""Show what became of messages, and send again what did not arrive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.notify.models import Delivery, DeliveryState, Notice
from wayfellow.notify.outbox import wake
from wayfellow.paging import Page, in_order
from wayfellow.people.models import Person
from wayfellow.people.search import fold
from wayfellow.privacy.audit import record
from wayfellow.words import gettext

#: What did not arrive for certain, and may be sent again by hand.
OPEN_ENDS = frozenset({DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.MAYBE_SENT})
#: What a list of messages may be sorted by.
SORTS = {"asked": Delivery.id, "name": Person.sort_name, "subject": Notice.subject, "state": Delivery.state}


@dataclass(frozen=True, slots=True)
class Shown:
    """Be one delivery as lists show it; ``at`` is when it was sent, is due, or was tried last."""

    id: int
    person_id: int
    name: str
    subject: str
    channel: str
    state: str
    asked_at: datetime
    at: datetime
    error: str
    digest: bool

    @property
    def may_be_sent_again(self) -> bool:
        """Tell whether it can be sent again by hand."""
        return self.state in OPEN_ENDS


def deliveries_of(tx: Transaction, notices: Iterable[Notice]) -> dict[int, list[Shown]]:
    """Return, by the id of each of the actor's own notices, how it went on its way; one statement."""
    ids = [notice.id for notice in notices]
    found: dict[int, list[Shown]] = {number: [] for number in ids}
    mine = _listed().where(Delivery.notice_id.in_(ids), Notice.person_id == tx.actor.person_id)
    for row in tx.session.execute(mine.order_by(Delivery.channel)) if ids else ():
        found[row.Delivery.notice_id].append(_shown(row))
    return found


def list_deliveries(
    tx: Transaction,
    programme_id: int,
    *,
    search: str = "",
    state: str = "",
    sort: str = "-asked",
    page: int = 1,
    size: int = 50,
) -> Page[Shown]:
    """Return how messages of a programme went on their way.

    ``sort`` is one of :data:`SORTS`, with ``-`` before it for the other way round; the newest stand first. Who may
    see all of the deployment also sees those that are of no programme. Raises NotAllowed.
    """
    wanted = _wanted(tx, programme_id, search) + ([Delivery.state == state] if state else [])
    count = select(func.count()).select_from(Delivery).join(Notice, Notice.id == Delivery.notice_id)
    total = tx.session.scalar(count.join(Person, Person.id == Notice.person_id).where(*wanted)) or 0
    query = _listed().where(*wanted).order_by(*in_order(SORTS, sort, Delivery.id))
    query = query.limit(size).offset((page - 1) * size)
    return Page([_shown(row) for row in tx.session.execute(query)], total, page, size)


def count_deliveries(tx: Transaction, programme_id: int, search: str = "") -> Mapping[str, int]:
    """Return how many messages of a programme are in each state. Raises NotAllowed."""
    query = select(Delivery.state, func.count()).join(Notice, Notice.id == Delivery.notice_id)
    query = query.join(Person, Person.id == Notice.person_id).where(*_wanted(tx, programme_id, search))
    return dict(tx.session.execute(query.group_by(Delivery.state)).all())


def send_again(tx: Transaction, delivery_id: int) -> Delivery:
    """Send a message again that failed, bounced, or was maybe sent. Raises NotFound, NotAllowed, Conflict."""
    found = select(Delivery, Notice.programme_id).join(Notice, Notice.id == Delivery.notice_id)
    row = tx.session.execute(found.where(Delivery.id == delivery_id).with_for_update(of=Delivery)).first()
    if row is None:
        raise NotFound(gettext("This message is not there any more. Go back to the list of messages."))
    delivery, programme_id = row
    tx.require("messages.retry", programme_id)
    if delivery.state not in OPEN_ENDS:
        raise Conflict(gettext("This message is on its way or has arrived, so it is not sent again. Reload the list."))
    delivery.state, delivery.due_at, delivery.attempts = DeliveryState.WAITING, tx.now(), 0
    delivery.error = delivery.lease_token = None
    tx.session.flush()
    wake(tx, tx.now())
    record(tx, "message.sent_again", "delivery", delivery.id, programme_id)
    return delivery


def _wanted(tx: Transaction, programme_id: int, search: str) -> list[ColumnElement[bool]]:
    tx.require("messages.read", programme_id)
    of_none = [Notice.programme_id.is_(None)] if tx.may("messages.read") else []
    words = [Person.search.contains(word, autoescape=True) for word in fold(search).split()]
    return [or_(Notice.programme_id == programme_id, *of_none), *words]


def _listed() -> Select[Delivery, str, int, str]:
    query = select(Delivery, Notice.subject, Notice.person_id, Person.name)
    return query.join(Notice, Notice.id == Delivery.notice_id).join(Person, Person.id == Notice.person_id)


def _shown(row: Any) -> Shown:
    delivery: Delivery = row.Delivery
    waits = delivery.state == DeliveryState.WAITING
    return Shown(
        id=delivery.id,
        person_id=row.person_id,
        name=row.name,
        subject=row.subject,
        channel=delivery.channel,
        state=delivery.state,
        asked_at=delivery.created_at,
        at=delivery.sent_at or (delivery.due_at if waits else delivery.tried_at or delivery.created_at),
        error=delivery.error or "",
        digest=delivery.digest,
    )
