"""Give phones what they need to judge tickets without a network, so that a lost one tells nothing.

A row is found by the hash of a ticket's code and is sealed under a key that comes from the code itself: only who has
scanned the ticket can open it. Rows lie in 64 buckets by the first letters of their hash. A phone says which state of
each bucket it has, in its cursor, and gets those that changed; what is missing in a bucket that it gets is gone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import and_, select

from wayfellow.deployment import Transaction
from wayfellow.people.models import Person
from wayfellow_events.door.models import Area, Point, Presence
from wayfellow_events.door.reading import Post, mentions
from wayfellow_events.events.models import Moment, TicketType
from wayfellow_events.registration.answers import answers_of, list_questions
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.codes import derive
from wayfellow_events.tickets.issuing import PURPOSE
from wayfellow_events.tickets.models import Ticket, TicketCode

BUCKETS, MARK = 64, 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """Be what changed since a cursor: ``buckets`` are replaced as a whole by the ``rows`` that fall into them."""

    cursor: str
    buckets: Sequence[int]
    rows: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Row:
    index: str
    seed: str
    plain: bytes


def read_roster(tx: Transaction, post: Post, since: str = "") -> Sheet:
    """Return what a device needs that has the state ``since``; all of it for a cursor that is none."""
    buckets: list[list[_Row]] = [[] for _ in range(BUCKETS)]
    for row in _rows(tx, post):
        buckets[bucket_of(row.index)].append(row)
    marks = [_mark(bucket) for bucket in buckets]
    had = [since[at : at + MARK] for at in range(0, len(since), MARK)] if len(since) == BUCKETS * MARK else []
    changed = [at for at, mark in enumerate(marks) if not had or had[at] != mark]
    sealed = [_sealed(tx, post.event.id, row) for at in changed for row in buckets[at]]
    return Sheet("".join(marks), changed, sealed)


def bucket_of(index: str) -> int:
    """Return where a row lies by the hash of its code."""
    return int(index[:2], 16) % BUCKETS


def key_for(code: str, event_id: int) -> bytes:
    """Return the key that a row is sealed under, from the code on the ticket."""
    salt = f"wayfellow roster {event_id}".encode()
    return HKDF(SHA256(), 32, salt=salt, info=b"row").derive(code.encode())


def _sealed(tx: Transaction, event_id: int, row: _Row) -> dict[str, str]:
    code = derive(tx.config, PURPOSE, row.seed)
    # The same content is sealed the same way, so that answers can be compared; a nonce never serves two contents.
    nonce = hashlib.sha256(code.encode() + row.plain).digest()[:12]
    sealed = AESGCM(key_for(code, event_id)).encrypt(nonce, row.plain, row.index.encode())
    return {"index": row.index, "sealed": base64.b64encode(nonce + sealed).decode("ascii")}


def _mark(bucket: Iterable[_Row]) -> str:
    whole = hashlib.sha256()
    for row in sorted(bucket, key=lambda one: one.index):
        whole.update(row.index.encode() + row.plain)
    return base64.urlsafe_b64encode(whole.digest()).decode("ascii")[:MARK]


def _rows(tx: Transaction, post: Post) -> Iterable[_Row]:
    event_id = post.event.id
    query = select(TicketCode, Ticket, Registration, TicketType.name, Person.name)
    query = query.join(Ticket, Ticket.id == TicketCode.ticket_id)
    query = query.join(Registration, Registration.id == Ticket.registration_id)
    query = query.join(TicketType, TicketType.id == Registration.type_id)
    query = query.join(Person, Person.id == Registration.person_id).where(Ticket.event_id == event_id)
    found = tx.session.execute(query).all()
    presences = _presences(tx, event_id)
    answers, asks = _questions(tx, post, [row.Registration.id for row in found])
    for row in found:
        code, ticket, registration, kind, name = row
        given = answers.get(registration.id, {})
        content = {
            "event": event_id,
            "type": registration.type_id,
            "type_name": kind,
            "holder": registration.badge_name or name,
            "short": ticket.short,
            "registration": registration.state,
            "state": ticket.state,
            "code_state": code.state,
            "answers": {str(key): text for key, text in given.items()},
            "asks": [label for number, label in asks if number not in given],
            "presence": presences.get(ticket.id, {}),
        }
        yield _Row(code.hash, code.seed, json.dumps(content, sort_keys=True, ensure_ascii=False).encode())


def _questions(
    tx: Transaction, post: Post, registration_ids: Sequence[int]
) -> tuple[dict[int, dict[int, str]], list[tuple[int, str]]]:
    """Return the answers that rules or questions of the door need, and those questions; nothing where none do."""
    rules = tx.session.scalars(select(Point.rules).where(Point.event_id == post.event.id)).all()
    if not post.asks and not any(mentions(one, "answer") for one in rules):
        return {}, []
    asked = list_questions(tx, post.event.id, Moment.DOOR) if post.asks else ()
    return answers_of(tx, registration_ids), [(one.id, one.label) for one in asked if one.required]


def _presences(tx: Transaction, event_id: int) -> dict[int, dict[str, Any]]:
    query = select(Presence).join(Area, and_(Area.id == Presence.area_id, Area.event_id == event_id))
    found: dict[int, dict[str, Any]] = {}
    for one in tx.session.scalars(query):
        moments = {"first_at": one.first_at, "last_at": one.last_at}
        found.setdefault(one.ticket_id, {})[str(one.area_id)] = {
            "inside": one.inside,
            "entries": one.entries,
            "gate": one.gate,
            "by": one.by,
            **{key: moment.isoformat() if moment else None for key, moment in moments.items()},
        }
    return found
