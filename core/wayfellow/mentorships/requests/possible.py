"""Say whether two people of a cycle may agree on something now, before either is asked and again before it is sent."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.matching.exclusions import find_exclusion, is_blocked
from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.places import read_places
from wayfellow.mentorships.states import OCCUPYING, RESERVING
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.types import Role
from wayfellow.words import gettext, later, said

_NOT_HERE = later("This person can't be asked at the moment. Look for somebody else in the directory.")


def objection(session: Session, cycle: Cycle, mentee_id: int, mentor_id: int, kind: TieKind) -> str:
    """Return a sentence on why the two can't agree on something now, "" where they can; it never tells of a block."""
    if not _both_take_part(session, cycle, mentee_id, mentor_id) or session.scalar(
        select(is_blocked(mentee_id, mentor_id))
    ):
        return said(_NOT_HERE)
    if find_exclusion(session, cycle.programme_id, mentee_id, mentor_id) is not None:
        return said(_NOT_HERE)
    if _are_together(session, cycle.id, mentee_id, mentor_id, kind):
        return gettext("The two of you have agreed on this already, or are about to. Look at your home page.")
    if kind is TieKind.CONVERSATION:
        return ""
    if _is_taken(session, cycle.id, mentee_id):
        return gettext("The mentee has a mentor in this cycle, or a proposal to answer first.")
    if read_places(session, cycle.id, mentors=[mentor_id]).of(mentor_id).free <= 0:
        return gettext("The mentor has no place free at the moment. Look again later, or choose somebody with room.")
    return ""


def _both_take_part(session: Session, cycle: Cycle, mentee_id: int, mentor_id: int) -> bool:
    here = select(Membership.role).where(
        Membership.cycle_id == cycle.id,
        Membership.state == MembershipState.APPROVED,
        (Membership.person_id == mentor_id) & (Membership.role == Role.MENTOR)
        | (Membership.person_id == mentee_id) & (Membership.role == Role.MENTEE),
    )
    return len(session.scalars(here).all()) == 2


def _are_together(session: Session, cycle_id: int, mentee_id: int, mentor_id: int, kind: TieKind) -> bool:
    """Tell whether the two have one of the kind at work, or a proposal of a coordinator's for it."""
    both = (Mentorship.cycle_id == cycle_id, Mentorship.mentee_id == mentee_id, Mentorship.mentor_id == mentor_id)
    at_work = select(Mentorship.id).where(*both, Mentorship.kind == kind, Mentorship.state.in_(OCCUPYING))
    return session.scalar(at_work.limit(1)) is not None


def _is_taken(session: Session, cycle_id: int, mentee_id: int) -> bool:
    at_work = select(Mentorship.id).where(
        Mentorship.cycle_id == cycle_id,
        Mentorship.mentee_id == mentee_id,
        Mentorship.kind == TieKind.MENTORSHIP,
        Mentorship.state.in_(OCCUPYING),
    )
    proposed = select(Proposal.id).where(
        Proposal.cycle_id == cycle_id,
        Proposal.mentee_id == mentee_id,
        Proposal.kind == TieKind.MENTORSHIP,
        Proposal.state.in_(RESERVING),
    )
    return session.scalar(at_work.union_all(proposed).limit(1)) is not None
