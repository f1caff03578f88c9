"""Remind people of what they did not ask about: seldom, whoever reminds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.notify.models import Notice
from wayfellow.notify.service import NewNotice, tell, tell_all
from wayfellow.people.models import Person

#: How many nudges a person gets in how long, over all plugins and core together.
BUDGET, PERIOD = 2, timedelta(days=7)


def nudge(
    tx: Transaction,
    person_id: int,
    *,
    key: str,
    subject: str,
    body: str = "",
    kind: str = "general",
    programme_id: int | None = None,
) -> bool:
    """Leave a notice that nobody asked for, unless the person had two within seven days; tell whether it was left.

    The same ``key`` again changes nothing. A refused one may be tried again later. See ``notify.service.tell``.
    """
    # The row is held so that two workers can't both spend the last of the budget.
    held = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    if tx.session.scalar(held) is None or left(tx, person_id) <= 0:
        return False
    return tell(tx, person_id, key=key, subject=subject, body=body, kind=kind, programme_id=programme_id, nudge=True)


def nudge_all(tx: Transaction, notices: Sequence[NewNotice]) -> set[str]:
    """Leave many notices that nobody asked for, as ``nudge`` does; return the keys of those that are left by now.

    A bounded number of statements for some hundreds of notices.
    """
    people = sorted({one.person_id for one in notices})
    held = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    tx.session.execute(held.with_for_update(key_share=True))
    keys = [one.key for one in notices]
    there = set(tx.session.scalars(select(Notice.key).where(Notice.key.in_(keys))))
    spent, new = _spent(tx, people), []
    for one in notices:
        if one.key not in there and spent[one.person_id] < BUDGET:
            spent[one.person_id] += 1
            new.append(one._replace(nudge=True))
    tell_all(tx, new)
    return there | {one.key for one in new}


def _spent(tx: Transaction, people: Sequence[int]) -> Counter[int]:
    """Count the nudges of people that weigh on what they may get now."""
    recent = (Notice.person_id.in_(people), Notice.nudge, Notice.created_at > tx.now() - PERIOD)
    counts = select(Notice.person_id, func.count()).where(*recent).group_by(Notice.person_id)
    return Counter(dict(tx.session.execute(counts).all()))


def left(tx: Transaction, person_id: int) -> int:
    """Return how many nudges a person may get now."""
    return BUDGET - _spent(tx, [person_id])[person_id]
