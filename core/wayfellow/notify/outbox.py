"""Write, with the notices, how they go on their way: one delivery for each channel that a person wants."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert, select, update

from wayfellow.config import Config
from wayfellow.deployment import Transaction
from wayfellow.jobs.service import ask
from wayfellow.notify.kinds import EMAIL, channels, find_kind
from wayfellow.notify.models import Delivery, DeliveryState, Notice
from wayfellow.notify.preferences import choice_of, choices_of, times_of
from wayfellow.notify.times import Times, at_once, next_digest
from wayfellow.people.models import Person
from wayfellow.secret import secret_key
from wayfellow.types import Delivering

JOB_KIND = "notify.send"
_CHUNK = 5000


def post(tx: Transaction, keys: Iterable[str]) -> None:
    """Put new notices on their way, in the transaction that leaves them; a bounded number of statements."""
    ways, wanted = tuple(channels(tx)), list(keys)
    if not ways:
        return
    now = tx.now()  # one moment for all, so that one job looks for them
    rows: list[dict[str, Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        rows += _rows(tx, now, ways, wanted[start : start + _CHUNK])
    if rows:
        tx.session.execute(insert(Delivery), rows)
        for due in {row["due_at"] for row in rows}:
            wake(tx, due)


def wake(tx: Transaction, due: datetime) -> None:
    """Have a worker look for messages at a moment; the regular look finds what slips through."""
    now = tx.now()
    word = f"{JOB_KIND}:{due.isoformat()}" if due > now else f"{JOB_KIND}:{uuid.uuid4()}"
    ask(tx, JOB_KIND, {}, key=word, not_before=max(due, now))


def hold_back(tx: Transaction, keys: Iterable[str]) -> None:
    """Do not send what waits to be sent of some notices, by their keys; what has gone out has gone out."""
    named = select(Notice.id).where(Notice.key.in_(list(keys)))
    waiting = update(Delivery).where(Delivery.notice_id.in_(named), Delivery.state == DeliveryState.WAITING)
    tx.session.execute(waiting.values(state=DeliveryState.CANCELLED).execution_options(synchronize_session=False))


def message_id(config: Config, name: str) -> str:
    """Return a Message-ID that is the same each time, and says nothing about what it names."""
    digest = hmac.new(secret_key(config).encode(), name.encode(), hashlib.sha256).hexdigest()[:40]
    return f"<{digest}@{urlsplit(config.base_url or '').hostname or 'wayfellow.invalid'}>"


def _rows(tx: Transaction, now: datetime, ways: Sequence[str], keys: Sequence[str]) -> list[dict[str, Any]]:
    query = select(Notice.id, Notice.key, Notice.kind, Notice.person_id, Person.email)
    found = tx.session.execute(query.join(Person, Person.id == Notice.person_id).where(Notice.key.in_(keys))).all()
    people = {person_id for _, _, _, person_id, _ in found}
    choices, times = choices_of(tx, people), times_of(tx, people)
    rows = []
    for notice_id, key, kind, person_id, email in found:
        for channel in ways:
            if channel != EMAIL or email:
                hours = Times() if find_kind(tx, kind).is_enclosing else times[person_id]
                way = _way(now, choice_of(tx, choices[person_id], kind, channel), hours)
                if way is not None:
                    digest, due = way
                    name = None if digest else message_id(tx.config, f"{channel}:{key}")
                    rows.append(_row(tx, notice_id, channel, digest, due, name))
    return rows


def _way(now: datetime, choice: Delivering, times: Times) -> tuple[bool, datetime] | None:
    """Return whether a notice goes with a digest, and when; None when the person does not want it."""
    if choice is Delivering.NEVER:
        return None
    if choice is Delivering.DIGEST:
        return True, next_digest(times, now)
    return False, at_once(times, now)


def _row(
    tx: Transaction, notice_id: int, channel: str, digest: bool, due: datetime, name: str | None
) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "channel": channel,
        "state": DeliveryState.WAITING,
        "digest": digest,
        "due_at": due,
        "message_id": name,
        "attempts": 0,
        "created_at": tx.now(),
    }
