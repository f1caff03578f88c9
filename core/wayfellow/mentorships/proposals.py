"""Answer proposals: the last of two consents makes a mentorship, in one transaction that checks again."""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import check_matchable
from wayfellow.mentorships import letters
from wayfellow.mentorships.accepting import settle
from wayfellow.mentorships.holding import hold_all
from wayfellow.mentorships.home import get_my_proposal
from wayfellow.mentorships.models import Asks, Consent, Origin, Proposal, TieKind
from wayfellow.mentorships.notices import send
from wayfellow.mentorships.requests.choices import pass_on, was_sent
from wayfellow.mentorships.states import ANSWERABLE, move
from wayfellow.mentorships.views import DeclineReason, ProposalView
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState
from wayfellow.words import gettext

MAX_NOTE = 2000


def answer_proposal(
    tx: Transaction, proposal_id: int, agrees: bool, reason: DeclineReason | None = None, note: str = ""
) -> ProposalView:
    """Say yes or no to a proposal, as one of its two people; the same answer again changes nothing.

    A yes that comes when the mentor's last place has gone ends the proposal as superseded: the view's ``outcome``
    says so. Raises InvalidInput for a no without a reason, Conflict for another answer once the proposal has ended,
    NotFound for anybody else.
    """
    proposal, cycle, me = _hold(tx, proposal_id)
    said = _consent(tx, proposal_id, me)
    if said is not None and said.agrees == agrees:
        return get_my_proposal(tx, proposal_id)
    _check_open(tx, proposal, cycle)
    _check_answer(agrees, reason, note)
    said = said or Consent(proposal_id=proposal_id, person_id=me)
    said.agrees, said.given_at = agrees, tx.now()
    said.reason, said.note = (None, "") if agrees else (reason, note.strip())
    tx.session.add(said)
    record(tx, "consent.given", "proposal", proposal_id, cycle.programme_id, agrees=agrees)
    other = proposal.mentor_id if me == proposal.mentee_id else proposal.mentee_id
    if not agrees:
        _decline(tx, proposal, cycle, me, other)
    elif all_agree(tx, proposal):
        settle(tx, proposal, cycle)
    tx.session.flush()
    return get_my_proposal(tx, proposal_id)


def take_back(tx: Transaction, proposal_id: int) -> ProposalView:
    """Withdraw one's own yes while the other side has not answered. Raises Conflict once the proposal has ended."""
    proposal, cycle, me = _hold(tx, proposal_id)
    said = _consent(tx, proposal_id, me)
    if said is not None:
        _check_open(tx, proposal, cycle)
        if proposal.asked_by == me:
            raise Conflict(
                gettext("You asked for this yourself. Take the whole request back instead, on your home page.")
            )
        tx.session.delete(said)
        record(tx, "consent.taken_back", "proposal", proposal_id, cycle.programme_id)
        tx.session.flush()
    return get_my_proposal(tx, proposal_id)


def _hold(tx: Transaction, proposal_id: int) -> tuple[Proposal, Cycle, int]:
    """Return the actor's proposal, held against everything that could change what it depends on."""
    me = tx.actor.person_id
    found = tx.session.get(Proposal, proposal_id)
    if found is None or me not in (found.mentee_id, found.mentor_id) or me is None or found.kind == TieKind.CHAT:
        raise NotFound(gettext("There is no such proposal among yours. Go back to your home page."))
    cycle = tx.session.get_one(Cycle, found.cycle_id)
    tx.require("proposals.answer", cycle.programme_id)
    (proposal,) = hold_all(tx, [proposal_id])
    if proposal.state in (MatchState.DRAFTED, MatchState.DISCARDED) or not was_sent(proposal):
        raise NotFound(gettext("There is no such proposal among yours. Go back to your home page."))
    return proposal, cycle, me


def all_agree(tx: Transaction, proposal: Proposal) -> bool:
    """Tell whether everybody whose yes a proposal takes has said yes."""
    sides = {Asks.MENTEE: {proposal.mentee_id}, Asks.MENTOR: {proposal.mentor_id}, Asks.NOBODY: set[int]()}
    asked = sides.get(Asks(proposal.asks), {proposal.mentee_id, proposal.mentor_id})
    said = select(Consent.person_id).where(Consent.proposal_id == proposal.id, Consent.agrees)
    return asked <= set(tx.session.scalars(said))


def _consent(tx: Transaction, proposal_id: int, person_id: int) -> Consent | None:
    query = select(Consent).where(Consent.proposal_id == proposal_id, Consent.person_id == person_id)
    return tx.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _check_open(tx: Transaction, proposal: Proposal, cycle: Cycle) -> None:
    if proposal.state not in ANSWERABLE:
        outcome = get_my_proposal(tx, proposal.id).outcome
        raise Conflict(
            gettext(
                "This proposal has ended, so the answer can't change. %(outcome)s Ask your coordinator for help.",
                outcome=outcome,
            )
        )
    check_matchable(cycle)


def _check_answer(agrees: bool, reason: DeclineReason | None, note: str) -> None:
    problems = []
    if not agrees and reason is None:
        problems.append(Problem(gettext("Choose the reason that comes closest."), column="reason"))
    if len(note) > MAX_NOTE:
        count, most = f"{len(note):,}", f"{MAX_NOTE:,}"
        why = gettext("The note has %(count)s characters; keep it to %(most)s.", count=count, most=most)
        problems.append(Problem(why, column="note"))
    if problems:
        why = " ".join(problem.message for problem in problems)
        raise InvalidInput(gettext("Your answer was not saved yet: %(problems)s", problems=why), tuple(problems))


def _decline(tx: Transaction, proposal: Proposal, cycle: Cycle, me: int, other: int) -> None:
    move(tx, proposal, MatchState.DECLINED, cycle.programme_id)
    if proposal.origin == Origin.REQUEST:
        pass_on(tx, proposal)
        return
    people = person_refs(tx.session, (me, other))
    send(tx, proposal, letters.declined(people[other], people[me]))
