"""Turn consents into a mentorship, if everything still holds."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.matching.exclusions import find_exclusion, is_blocked
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships import letters
from wayfellow.mentorships.letters import LetterTo
from wayfellow.mentorships.models import Asks, Mentorship, Origin, Proposal, TieKind
from wayfellow.mentorships.notices import programmes_of, send
from wayfellow.mentorships.partners import count_partners, is_at_work
from wayfellow.mentorships.places import occupied_places
from wayfellow.mentorships.requests import letters as request_letters
from wayfellow.mentorships.requests.choices import close_others, pass_on
from wayfellow.mentorships.staff import letters as staff_letters
from wayfellow.mentorships.states import move
from wayfellow.mentorships.superseding import supersede
from wayfellow.mentorships.terms import Terms, terms_of_proposal
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.programmes.rules import read_rules
from wayfellow.types import MatchState

#: Writes a letter to the first about the second.
Write = Callable[[PersonRef, PersonRef], LetterTo]


def settle(tx: Transaction, proposal: Proposal, cycle: Cycle, *, approved: bool = False) -> None:
    """Start the mentorship of a proposal to which all who are asked said yes, or end it when it does not hold any more.

    Where a coordinator has the last word, it waits for that first, unless ``approved``. The caller holds the cycle,
    both people and the proposal, so that nothing changes between check and effect.
    """
    terms = terms_of_proposal(tx.session, proposal)
    capacity = _capacity(tx.session, proposal, terms)
    if capacity is None or not _is_possible(tx.session, proposal, cycle, terms):
        _end(tx, proposal, cycle, letters.not_possible)
    elif _is_full(tx.session, proposal, terms, capacity):
        mentee = proposal.mentee_id
        _end(tx, proposal, cycle, lambda to, other: letters.no_place(to, other, to_mentee=to.id == mentee))
    elif not approved and _needs_approval(tx, proposal):
        move(tx, proposal, MatchState.AWAITING_ADMIN, cycle.programme_id)
        _tell_both(tx, proposal, staff_letters.awaiting)
    else:
        _start(tx, proposal, cycle)
        supersede(tx, proposal, cycle, terms, capacity)


def _needs_approval(tx: Transaction, proposal: Proposal) -> bool:
    """Tell whether a coordinator has the last word; one who arranged the pair alone has had it."""
    if proposal.kind == TieKind.CONVERSATION or proposal.asks == Asks.NOBODY:
        return False
    return read_rules(programmes_of(tx, [proposal])[proposal.cycle_id]).approval


def _is_full(session: Session, proposal: Proposal, terms: Terms, capacity: int) -> bool:
    if not terms.take_places:
        return False
    occupied = occupied_places(session, proposal.cycle_id, terms, [proposal.mentor_id])
    return occupied.get(proposal.mentor_id, 0) >= capacity


def _capacity(session: Session, proposal: Proposal, terms: Terms) -> int | None:
    """Return the mentor's capacity, a peer's 1, the rows held until the end; None unless both take part."""
    here = select(Membership).where(
        Membership.cycle_id == proposal.cycle_id,
        Membership.state == MembershipState.APPROVED,
        (Membership.person_id == proposal.mentor_id) & Membership.role.in_(terms.offering)
        | (Membership.person_id == proposal.mentee_id) & Membership.role.in_(terms.asking),
    )
    held = here.order_by(Membership.id).with_for_update().execution_options(populate_existing=True)
    members = {member.person_id: member for member in session.scalars(held)}
    if len(members) < 2:
        return None
    return 1 if terms.are_peers else members[proposal.mentor_id].capacity


def _is_possible(session: Session, proposal: Proposal, cycle: Cycle, terms: Terms) -> bool:
    """Tell whether the two may be together, and neither has as many others as the run gives."""
    pair = proposal.mentee_id, proposal.mentor_id
    blocked = session.scalar(select(is_blocked(*pair)))
    ruled_out = find_exclusion(session, cycle.programme_id, *pair) is not None
    if terms.are_peers:
        ruled_out = ruled_out or find_exclusion(session, cycle.programme_id, *pair[::-1]) is not None
    partners = count_partners(session, cycle.id, terms, pair if terms.are_peers else pair[:1], waiting=False)
    has_room = max(partners.values(), default=0) < terms.wanted and not _are_together(session, proposal)
    return not blocked and not ruled_out and (has_room or not terms.take_places)


def _are_together(session: Session, proposal: Proposal) -> bool:
    same = (Mentorship.mentee_id == proposal.mentee_id) & (Mentorship.mentor_id == proposal.mentor_id)
    here = is_at_work(proposal.cycle_id) & same & (Mentorship.kind == proposal.kind)
    return session.scalar(select(Mentorship.id).where(here).limit(1)) is not None


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
    _tell_both(tx, proposal, _good_news(proposal))
    close_others(tx, proposal)


def _good_news(proposal: Proposal) -> Write:
    if proposal.kind == TieKind.CONVERSATION:
        return request_letters.agreed
    if proposal.asks == Asks.BOTH:
        return letters.accepted
    return lambda to, other: staff_letters.arranged(to, other, proposal.message)


def _end(tx: Transaction, proposal: Proposal, cycle: Cycle, write: Write) -> None:
    move(tx, proposal, MatchState.SUPERSEDED, cycle.programme_id)
    if proposal.origin == Origin.REQUEST:
        pass_on(tx, proposal, request_letters.gone)
    else:
        _tell_both(tx, proposal, write)


def _tell_both(tx: Transaction, proposal: Proposal, write: Write) -> None:
    people = person_refs(tx.session, (proposal.mentee_id, proposal.mentor_id))
    mentee, mentor = people[proposal.mentee_id], people[proposal.mentor_id]
    send(tx, proposal, write(mentee, mentor))
    send(tx, proposal, write(mentor, mentee))
