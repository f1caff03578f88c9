"""End what can't come about any more once a mentorship has begun, so that nobody waits for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select

from wayfellow.deployment import Transaction
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.refs import person_refs
from wayfellow.mentorships.models import Origin, Proposal, TieKind
from wayfellow.mentorships.notices import send
from wayfellow.mentorships.partners import count_partners
from wayfellow.mentorships.places import occupied_places
from wayfellow.mentorships.requests.choices import next_choice, pass_on, tell_closed
from wayfellow.mentorships.requests.letters import gone
from wayfellow.mentorships.staff.letters import found_another
from wayfellow.mentorships.states import LIVE, move_all
from wayfellow.mentorships.terms import Terms
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState

#: A request in these states was sent, and reserves no place.
_OPEN = (MatchState.REQUESTED, MatchState.MORE_INFO)


def supersede(tx: Transaction, accepted: Proposal, cycle: Cycle, terms: Terms, capacity: int) -> None:
    """End the mentee's other proposals once there are mentors enough, and requests to a mentor who has no place left.

    The others are told kindly, each once, and the next choice of whoever asked is asked; the mentee's own requests are
    left to ``requests.choices``. The caller holds the cycle and both people. What is no mentorship ends nothing.
    """
    if accepted.kind != TieKind.MENTORSHIP:
        return
    mentee, mentor, asked = accepted.mentee_id, accepted.mentor_id, Proposal.origin == Origin.REQUEST
    wanted: list[ColumnElement[bool]] = []
    if count_partners(tx.session, cycle.id, terms, [mentee], waiting=False)[mentee] >= terms.wanted:
        wanted.append(and_(Proposal.mentee_id == mentee, ~asked, Proposal.state.in_(LIVE)))
    if occupied_places(tx.session, cycle.id, terms, [mentor]).get(mentor, 0) >= capacity:
        wanted.append(and_(Proposal.mentor_id == mentor, asked, Proposal.state.in_(_OPEN)))
    others = (Proposal.cycle_id == cycle.id, Proposal.id != accepted.id, Proposal.kind == TieKind.MENTORSHIP)
    query = select(Proposal).where(*others, or_(false(), *wanted)).order_by(Proposal.id)
    ended = tx.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    if not ended:
        return
    blocked = _blocked(tx, ended)
    move_all(tx, ended, MatchState.SUPERSEDED, cycle.programme_id)
    people = person_refs(tx.session, {person for one in ended for person in (one.mentee_id, one.mentor_id)})
    for one in ended:
        if one.origin != Origin.REQUEST:
            letter = found_another(people[one.mentor_id], people[one.mentee_id])
            if one.id not in blocked:
                send(tx, one, letter)
        elif one.id in blocked:
            next_choice(tx, one)
        elif one.asked_by == accepted.mentor_id:
            tell_closed(tx, one, accepted.mentor_id)
        else:
            pass_on(tx, one, gone)


def _blocked(tx: Transaction, ended: Sequence[Proposal]) -> set[int]:
    blocked = is_blocked(Proposal.mentee_id, Proposal.mentor_id)
    return set(tx.session.scalars(select(Proposal.id).where(Proposal.id.in_([one.id for one in ended]), blocked)))
