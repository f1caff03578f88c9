"""Forget strangers who asked to join and never opened their link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select

from wayfellow.deployment import Transaction
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record_all
from wayfellow.programmes.models import Membership, RoleAssignment
from wayfellow.types import JSON
from wayfellow_web.accounts.models import Account, Newcomer

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

#: How long a stranger's address is kept; the link itself is over after ten minutes.
KEPT = timedelta(days=14)


def note_newcomer(tx: Transaction, person_id: int) -> None:
    """Note that somebody is known here only because an address was typed in."""
    tx.session.add(Newcomer(person_id=person_id, created_at=tx.now()))


def tidy(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Remove those who never came in, and let go of the note about those who did, or whom somebody took in."""
    result: dict[str, JSON] = {}
    with context.finish(result) as tx:
        result["removed"] = _tidy(tx)
    return result


def _tidy(tx: Transaction) -> int:
    old = Newcomer.created_at <= tx.now() - KEPT
    taken_in = [
        exists().where(model.person_id == Newcomer.person_id) for model in (Account, Membership, RoleAssignment)
    ]
    gone = tx.session.scalars(select(Newcomer.person_id).where(old, *(~one for one in taken_in))).all()
    tx.session.execute(delete(Newcomer).where(old))
    record_all(tx, "person.never_came", "person", gone)
    tx.session.execute(delete(Person).where(Person.id.in_(gone)))  # with their notices and links
    return len(gone)
