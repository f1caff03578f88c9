"""Say when people were last seen at work here, and how long they take to answer, from what is kept anyway."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wayfellow.mentorships.models import Consent, Origin, Proposal
from wayfellow.privacy.models import AuditEntry

#: So many answers are needed before anything is said of how long somebody takes, and so many of the newest count.
_FEWEST, _NEWEST = 2, 10


def last_acts(session: Session, people: Collection[int] | Select[int]) -> dict[int, datetime]:
    """Return when each of some people last did something that the audit log holds; one statement."""
    query = select(AuditEntry.actor_id, func.max(AuditEntry.at)).where(AuditEntry.actor_id.in_(people))
    return {person: at for person, at in session.execute(query.group_by(AuditEntry.actor_id)) if person is not None}


def answer_times(session: Session, people: Collection[int]) -> Mapping[int, timedelta]:
    """Return the median time that each of some people took to answer when asked, the longer of two; one statement.

    Whoever answered fewer than twice is left out, since nothing can be said of them yet.
    """
    query = (
        select(Consent.person_id, Proposal.asked_at, Consent.given_at)
        .join(Proposal, Proposal.id == Consent.proposal_id)
        .where(
            Consent.person_id.in_(people),
            Proposal.origin == Origin.REQUEST,
            Proposal.asked_by != Consent.person_id,
            Proposal.asked_at.is_not(None),
        )
        .order_by(Consent.given_at.desc())
    )
    taken: dict[int, list[timedelta]] = {}
    for person, asked_at, given_at in session.execute(query):
        if asked_at is not None:
            taken.setdefault(person, []).append(given_at - asked_at)
    return {person: _median(times[:_NEWEST]) for person, times in taken.items() if len(times) >= _FEWEST}


def _median(times: list[timedelta]) -> timedelta:
    return sorted(times)[len(times) // 2]
