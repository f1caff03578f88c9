"""Turn two consents into a mentorship, if everything still holds."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.matching.exclusions import find_exclusion, is_blocked
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships import letters
from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.notices import send
from wayfellow.mentorships.places import occupied_places
from wayfellow.mentorships.states import OCCUPYING, move
from wayfellow.mentorships.views import Letter
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.types import MatchState, Role

#: Writes a letter to the first about the second.
Write = Callable[[PersonRef, PersonRef], Letter]


def settle(tx: Transaction, proposal: Proposal, cycle: Cycle) -> None:
    """Start the mentorship of a proposal to which both said yes, or end the proposal when it does not hold any more.

    The caller holds the cycle, both people and the proposal, so that nothing changes between check and effect.
    """
    capacity = _capacity(tx.session, proposal)
    if capacity is None or not _is_possible(tx.session, proposal, cycle):
        _end(tx, proposal, cycle, letters.not_possible)
    elif proposal.kind == TieKind.MENTORSHIP and _is_full(tx.session, proposal, capacity):
        mentee = proposal.mentee_id
        _end(tx, proposal, cycle, lambda to, other: letters.no_place(to, other, to_mentee=to.id == mentee))
    else:
        _start(tx, proposal, cycle)


def _is_full(session: Session, proposal: Proposal, capacity: int) -> bool:
    occupied = occupied_places(session, proposal.cycle_id, [proposal.mentor_id])
    return occupied.get(proposal.mentor_id, 0) >= capacity


def _capacity(session: Session, proposal: Proposal) -> int | None:
    """Return the mentor's capacity, its row held until the end; None unless both take part in the cycle."""
    here = select(Membership).where(
        Membership.cycle_id == proposal.cycle_id,
        Membership.state == MembershipState.APPROVED,
        (Membership.person_id == proposal.mentor_id) & (Membership.role == Role.MENTOR)
        | (Membership.person_id == proposal.mentee_id) & (Membership.role == Role.MENTEE),
    )
    held = here.order_by(Membership.id).with_for_update().execution_options(populate_existing=True)
    members = {member.role: member for member in session.scalars(held)}
    return members[Role.MENTOR].capacity if len(members) == 2 else None


def _is_possible(session: Session, proposal: Proposal, cycle: Cycle) -> bool:
    mentee, mentor = proposal.mentee_id, proposal.mentor_id
    blocked = session.scalar(select(is_blocked(mentee, mentor)))
    taken = select(Mentorship.id).where(
        Mentorship.cycle_id == cycle.id,
        Mentorship.mentee_id == mentee,
        Mentorship.kind == TieKind.MENTORSHIP,
        Mentorship.state.in_(OCCUPYING),
    )
    excluded = find_exclusion(session, cycle.programme_id, mentee, mentor)
    if blocked or excluded is not None:
        return False
    return proposal.kind == TieKind.CONVERSATION or session.scalar(taken.limit(1)) is None


def _start(tx: Transaction, proposal: Proposal, cycle: Cycle) -> None:
    move(tx, proposal, MatchState.ACCEPTED, cycle.programme_id)
    mentorship = Mentorship(
        cycle_id=cycle.id,
        proposal_id=proposal.id,
        mentee_id=proposal.mentee_id,
        mentor_id=proposal.mentor_id,
        kind=proposal.kind,
        state=MatchState.ACTIVE,
        started_at=tx.now(),
    )
    tx.session.add(mentorship)
    tx.session.flush()
    record(tx, "mentorship.started", "mentorship", mentorship.id, cycle.programme_id, proposal_id=proposal.id)
    _tell_both(tx, proposal, letters.accepted)


def _end(tx: Transaction, proposal: Proposal, cycle: Cycle, write: Write) -> None:
    move(tx, proposal, MatchState.SUPERSEDED, cycle.programme_id)
    _tell_both(tx, proposal, write)


def _tell_both(tx: Transaction, proposal: Proposal, write: Write) -> None:
    people = person_refs(tx.session, (proposal.mentee_id, proposal.mentor_id))
    mentee, mentor = people[proposal.mentee_id], people[proposal.mentor_id]
    send(tx, proposal, write(mentee, mentor))
    send(tx, proposal, write(mentor, mentee))
