"""Check, pair by pair but in a bounded number of SQL statements, whether a run's drafts still hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.matching.exclusions import blocked_pairs, excluded_pairs
from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.places import PlaceBook, read_places
from wayfellow.mentorships.states import OCCUPYING, RESERVING
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.types import Role


class DraftRow(NamedTuple):
    """Hold what a draft is judged by."""

    id: int
    mentee_id: int
    mentor_id: int
    score: float
    locked: bool


D = TypeVar("D", Proposal, DraftRow)


def failing_drafts(session: Session, cycle: Cycle, drafts: Sequence[D]) -> list[tuple[D, str]]:
    """Return the drafts that can't be published, each with a reason.

    Where a mentor has fewer places than drafts, locked drafts come first, then those with the best scores. Six
    statements, whatever the number of drafts.
    """
    facts, given = _read_facts(session, cycle), Counter[int]()
    failing = []
    for draft in sorted(drafts, key=lambda draft: (not draft.locked, -draft.score, draft.id)):
        why = next(facts.objections(draft, given[draft.mentor_id]), "")
        if why:
            failing.append((draft, why))
        else:
            given[draft.mentor_id] += 1
    return failing


def busy_mentees(session: Session, cycle_id: int) -> set[int]:
    """Return the mentees of a cycle who have a mentorship, or a proposal that waits for an answer."""
    at_work = select(Mentorship.mentee_id).where(
        Mentorship.cycle_id == cycle_id, Mentorship.kind == TieKind.MENTORSHIP, Mentorship.state.in_(OCCUPYING)
    )
    waiting = select(Proposal.mentee_id).where(
        Proposal.cycle_id == cycle_id, Proposal.kind == TieKind.MENTORSHIP, Proposal.state.in_(RESERVING)
    )
    return set(session.scalars(at_work)) | set(session.scalars(waiting))


@dataclass(frozen=True, slots=True)
class _Facts:
    """Hold what drafts are judged by."""

    approved: set[tuple[int, str]]
    blocked: set[tuple[int, int]]
    excluded: set[tuple[int, int]]
    busy: set[int]
    book: PlaceBook

    def objections(self, draft: Proposal | DraftRow, given: int) -> Iterator[str]:
        """Say what stands in the way of a draft, when ``given`` others of its mentor go first."""
        pair = draft.mentee_id, draft.mentor_id
        if (draft.mentee_id, Role.MENTEE) not in self.approved:
            yield "The mentee is not taking part any more."
        if (draft.mentor_id, Role.MENTOR) not in self.approved:
            yield "The mentor is not taking part any more."
        if pair in self.excluded:
            yield "A coordinator excluded this pair."
        if pair in self.blocked:
            yield "This pair is not possible."
        if draft.mentee_id in self.busy:
            yield "The mentee has a mentor, or another proposal, by now."
        places = self.book.of(draft.mentor_id)
        if places.capacity - places.taken - given <= 0:
            yield "The mentor has no place left."


def _read_facts(session: Session, cycle: Cycle) -> _Facts:
    members = select(Membership.person_id, Membership.role).where(
        Membership.cycle_id == cycle.id, Membership.state == MembershipState.APPROVED
    )
    return _Facts(
        approved={(one, other) for one, other in session.execute(members)},
        blocked=blocked_pairs(session, cycle.id),
        excluded=excluded_pairs(session, cycle.programme_id),
        busy=busy_mentees(session, cycle.id),
        book=read_places(session, cycle.id),
    )
