"""Remind people of what they did not ask about: seldom, whoever reminds them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.notify.models import Notice
from wayfellow.notify.service import tell
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


def left(tx: Transaction, person_id: int) -> int:
    """Return how many nudges a person may get now."""
    recent = select(func.count()).select_from(Notice).where(Notice.person_id == person_id, Notice.nudge)
    return BUDGET - (tx.session.scalar(recent.where(Notice.created_at > tx.now() - PERIOD)) or 0)
