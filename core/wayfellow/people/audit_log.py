"""Read the audit log with the names of people in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from wayfellow.deployment import Transaction
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import fold
from wayfellow.privacy.audit import record
from wayfellow.privacy.models import AuditEntry
from wayfellow.words import gettext

#: Who acts when nobody is signed in: the program's own work, and whoever sits at its console.
NOBODY = "Wayfellow"
#: So many entries an export holds at most, the newest ones.
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say which entries are looked for.

    ``search`` holds words of a person who acted or was acted on, ``area`` the first word of an action, such as
    ``account``; ``since`` and ``until`` bound the moment, the second one exclusive.
    """

    search: str = ""
    area: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Be one entry as lists show it; ``subject`` is a person's name, else the kind and the id of a thing."""

    at: datetime
    actor: str
    action: str
    subject: str
    programme_id: int | None
    details: Mapping[str, Any]


def list_entries(tx: Transaction, wanted: Wanted, *, page: int = 1, size: int = 50) -> Page[Shown]:
    """Return entries, the newest first. Raises NotAllowed."""
    tx.require("audit.read")
    conditions = _conditions(wanted)
    total = tx.session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    rows = tx.session.scalars(_newest(conditions).limit(size).offset((page - 1) * size)).all()
    return Page(list(_named(tx, rows)), total, page, size)


def list_areas(tx: Transaction) -> list[str]:
    """Return the first words of all actions that were ever recorded. Raises NotAllowed."""
    tx.require("audit.read")
    actions = tx.session.scalars(select(AuditEntry.action).distinct())
    return sorted({action.partition(".")[0] for action in actions})


def export_entries(tx: Transaction, wanted: Wanted) -> list[Shown]:
    """Return the newest :data:`MOST_EXPORTED` entries, and record that they were handed over. Raises NotAllowed."""
    tx.require("audit.read")
    rows = tx.session.scalars(_newest(_conditions(wanted)).limit(MOST_EXPORTED)).all()
    record(tx, "audit.exported", "audit_entry", None, entries=len(rows))
    return list(_named(tx, rows))


def _newest(conditions: Sequence[ColumnElement[bool]]) -> Select[AuditEntry]:
    return select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if words := fold(wanted.search).split():
        people = select(Person.id).where(*(Person.search.contains(word, autoescape=True) for word in words))
        acted_on = and_(AuditEntry.subject_kind == "person", AuditEntry.subject_id.in_(people))
        found.append(or_(AuditEntry.actor_id.in_(people), acted_on))
    if wanted.area:
        found.append(AuditEntry.action.startswith(f"{wanted.area}.", autoescape=True))
    if wanted.since:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until:
        found.append(AuditEntry.at < wanted.until)
    return found


def _named(tx: Transaction, rows: Sequence[AuditEntry]) -> Iterator[Shown]:
    acted_on = {row.subject_id for row in rows if row.subject_kind == "person" and row.subject_id}
    names = _names(tx, acted_on | {row.actor_id for row in rows if row.actor_id})
    for row in rows:
        subject = row.subject_kind.replace("_", " ") + (f" {row.subject_id}" if row.subject_id else "")
        if row.subject_kind == "person":
            subject = names.get(row.subject_id or 0, gettext("somebody who is not here any more"))
        actor = names.get(row.actor_id, "") if row.actor_id else NOBODY
        yield Shown(row.at, actor, row.action, subject, row.programme_id, row.details)


def _names(tx: Transaction, ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 10_000):
        chunk = wanted[start : start + 10_000]
        found |= dict(tx.session.execute(select(Person.id, Person.name).where(Person.id.in_(chunk))).all())
    return found


def was_recorded(tx: Transaction, action: str) -> bool:
    """Tell whether an act was ever done here."""
    return bool(tx.session.scalar(select(exists().where(AuditEntry.action == action))))
