"""Write the audit log. There is no way here to change or remove an entry, and the database refuses both."""

from __future__ import annotations

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
    entry = AuditEntry(
        at=tx.now(),
        actor_id=tx.actor.person_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        programme_id=programme_id,
        details=details,
    )
    tx.session.add(entry)
    return entry
