"""Keep the pairs that must not be matched, and say which pairs those and people's blocks rule out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.matching.models import Exclusion
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.paging import Page
from wayfellow.people.models import Block
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Membership
from wayfellow.words import gettext

MAX_REASON = 2000


@dataclass(frozen=True, slots=True)
class ExclusionView:
    """Hold one excluded pair as a list shows it."""

    id: int
    mentee: PersonRef
    mentor: PersonRef
    reason: str
    created_at: datetime


def add_exclusion(tx: Transaction, programme_id: int, mentee_id: int, mentor_id: int, reason: str = "") -> Exclusion:
    """Exclude a pair in a programme; excluding it again keeps the first reason. Needs ``matching.review``."""
    tx.require("matching.review", programme_id)
    if len(reason) > MAX_REASON:
        raise InvalidInput(
            gettext(
                "The reason has %(length)s characters; keep it to %(most)s.",
                length=f"{len(reason):,}",
                most=f"{MAX_REASON:,}",
            )
        )
    found = find_exclusion(tx.session, programme_id, mentee_id, mentor_id)
    if found is not None:
        return found
    found = Exclusion(
        programme_id=programme_id,
        mentee_id=mentee_id,
        mentor_id=mentor_id,
        reason=reason.strip(),
        created_by=tx.actor.person_id,
        created_at=tx.now(),
    )
    tx.session.add(found)
    tx.session.flush()
    record(tx, "exclusion.added", "exclusion", found.id, programme_id, mentee_id=mentee_id, mentor_id=mentor_id)
    return found


def remove_exclusion(tx: Transaction, exclusion_id: int) -> None:
    """Allow an excluded pair again. Needs ``matching.review``."""
    found = tx.session.get(Exclusion, exclusion_id)
    if found is None:
        raise NotFound(gettext("This exclusion is gone already. Load the list again."))
    tx.require("matching.review", found.programme_id)
    pair = {"mentee_id": found.mentee_id, "mentor_id": found.mentor_id}
    record(tx, "exclusion.removed", "exclusion", exclusion_id, found.programme_id, **pair)
    tx.session.delete(found)
    tx.session.flush()


def find_exclusion(session: Session, programme_id: int, mentee_id: int, mentor_id: int) -> Exclusion | None:
    """Return the exclusion of a pair, if there is one."""
    return session.scalars(
        select(Exclusion).where(
            Exclusion.programme_id == programme_id,
            Exclusion.mentee_id == mentee_id,
            Exclusion.mentor_id == mentor_id,
        )
    ).one_or_none()


def list_exclusions(tx: Transaction, programme_id: int, *, page: int = 1, size: int = 50) -> Page[ExclusionView]:
    """List a programme's excluded pairs, the newest first. Needs ``matching.read``."""
    tx.require("matching.read", programme_id)
    mine = Exclusion.programme_id == programme_id
    total = tx.session.scalar(select(func.count()).select_from(Exclusion).where(mine)) or 0
    query = select(Exclusion).where(mine).order_by(Exclusion.id.desc()).limit(size).offset((page - 1) * size)
    rows = tx.session.scalars(query).all()
    people = person_refs(tx.session, {person for row in rows for person in (row.mentee_id, row.mentor_id)})
    views = [
        ExclusionView(row.id, people[row.mentee_id], people[row.mentor_id], row.reason, row.created_at) for row in rows
    ]
    return Page(views, total, page, size)


def excluded_pairs(session: Session, programme_id: int) -> set[tuple[int, int]]:
    """Return the (mentee, mentor) ids that coordinators excluded in a programme."""
    query = select(Exclusion.mentee_id, Exclusion.mentor_id).where(Exclusion.programme_id == programme_id)
    return {(one, other) for one, other in session.execute(query)}


def blocked_pairs(session: Session, cycle_id: int) -> set[tuple[int, int]]:
    """Return both directions of every block between people of a cycle; never tell anyone who made it."""
    members: Select[int] = select(Membership.person_id).where(Membership.cycle_id == cycle_id)
    query = select(Block.person_id, Block.blocked_id).where(Block.person_id.in_(members), Block.blocked_id.in_(members))
    pairs = {(one, other) for one, other in session.execute(query)}
    return pairs | {(other, one) for one, other in pairs}


def is_blocked(one: InstrumentedAttribute[int] | int, other: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the condition that either of two people blocks the other."""
    return exists().where(
        or_(
            and_(Block.person_id == one, Block.blocked_id == other),
            and_(Block.person_id == other, Block.blocked_id == one),
        )
    )
