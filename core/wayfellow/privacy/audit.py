"""Write the audit log. There is no way here to change or remove an entry, and the database refuses both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert

from wayfellow.deployment import Transaction
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import JSON


def record(
    tx: Transaction,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    programme_id: int | None = None,
    **details: JSON,
) -> AuditEntry:
    """Record an act of the actor, in the same transaction as the act itself; its id is known after a flush.

    ``action`` is a word with a dot, such as ``proposal.published``; ``details`` holds neither secrets nor free text.
    """
    entry = AuditEntry(**_values(tx, action, subject_kind, subject_id, programme_id, details))
    tx.session.add(entry)
    return entry


def record_all(
    tx: Transaction,
    action: str,
    subject_kind: str,
    subject_ids: Iterable[int],
    programme_id: int | None = None,
    **details: JSON,
) -> None:
    """Record the same act on many subjects, an entry for each, in one statement."""
    rows = [_values(tx, action, subject_kind, subject_id, programme_id, details) for subject_id in subject_ids]
    if rows:
        tx.session.execute(insert(AuditEntry), rows)


def _values(
    tx: Transaction,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    programme_id: int | None,
    details: Mapping[str, JSON],
) -> dict[str, Any]:
    return {
        "at": tx.now(),
        "actor_id": tx.actor.person_id,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "programme_id": programme_id,
        "details": dict(details),
    }
