"""Tell people what they should know, once, and let them read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import func, insert, select, update

from wayfellow.db import insert_once
from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.notify.models import Notice
from wayfellow.notify.outbox import post
from wayfellow.paging import Page
from wayfellow.words import gettext

SUBJECT_LENGTH = 200


def tell(
    tx: Transaction,
    person_id: int,
    *,
    key: str,
    subject: str,
    body: str = "",
    kind: str = "general",
    programme_id: int | None = None,
    nudge: bool = False,
) -> bool:
    """Leave a notice for a person and send it as they wish; the same ``key`` again changes nothing.

    ``key`` names the fact and the person, such as ``proposal.published:12:34``; ``kind`` is what people choose about,
    ``programme_id`` the programme whose coordinators see whether it arrived; ``nudge`` counts against the week's
    few (see ``notify.nudges``). A ``subject`` of more than 200 characters is cut. Return whether it is new.
    """
    if len(subject) > SUBJECT_LENGTH:
        subject = f"{subject[: SUBJECT_LENGTH - 1]}…"
    notice = {"person_id": person_id, "subject": subject, "body": body, "created_at": tx.now(), "kind": kind}
    new = insert_once(tx.session, Notice, key=key, programme_id=programme_id, nudge=nudge, **notice)
    if new:
        post(tx, [key])
    return new


class NewNotice(NamedTuple):
    """Hold a notice to leave; ``tell`` says what the parts are."""

    person_id: int
    key: str
    subject: str
    body: str
    kind: str = "general"
    programme_id: int | None = None
    nudge: bool = False


def tell_all(tx: Transaction, notices: Iterable[NewNotice]) -> None:
    """Leave many notices in few statements, and send them; the caller knows that their keys are new."""
    rows = [notice._asdict() | {"created_at": tx.now()} for notice in notices]
    if rows:
        tx.session.execute(insert(Notice), rows)
        post(tx, [row["key"] for row in rows])


def list_notices(tx: Transaction, *, unread_only: bool = False, page: int = 1, size: int = 50) -> Page[Notice]:
    """Return the actor's own notices: unread before read, the newest first."""
    mine = [Notice.person_id == tx.actor.person_id]
    if unread_only:
        mine.append(Notice.read_at.is_(None))
    total = tx.session.scalar(select(func.count()).select_from(Notice).where(*mine)) or 0
    order = (Notice.read_at.is_not(None), Notice.created_at.desc(), Notice.id.desc())
    query = select(Notice).where(*mine).order_by(*order).limit(size).offset((page - 1) * size)
    return Page(tx.session.scalars(query).all(), total, page, size)


def count_unread(tx: Transaction) -> int:
    """Return how many notices the actor has not read."""
    mine = select(func.count()).select_from(Notice)
    return tx.session.scalar(mine.where(Notice.person_id == tx.actor.person_id, Notice.read_at.is_(None))) or 0


def mark_read(tx: Transaction, notice_id: int) -> Notice:
    """Mark one of the actor's own notices as read; the first time counts. Raises NotFound for anyone else's."""
    notice = tx.session.get(Notice, notice_id)
    if notice is None or tx.actor.person_id is None or notice.person_id != tx.actor.person_id:
        raise NotFound(gettext("This notice is not among yours. Go back to your notices."))
    if notice.read_at is None:
        notice.read_at = tx.now()
    return notice


def mark_as_seen(tx: Transaction, keys: Collection[str]) -> None:
    """Mark notices as read by their keys, so that they are kept as a trace and nobody is asked to look at them."""
    tx.session.execute(update(Notice).where(Notice.key.in_(keys), Notice.read_at.is_(None)).values(read_at=tx.now()))


def mark_all_read(tx: Transaction) -> None:
    """Mark all of the actor's own notices as read."""
    mine = update(Notice).where(Notice.person_id == tx.actor.person_id, Notice.read_at.is_(None))
    tx.session.execute(mine.values(read_at=tx.now()))
