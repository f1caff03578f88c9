"""List what a participant sees of their own: proposals and mentorships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.models import Candidate
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import Asks, Consent, Mentorship, Origin, Proposal, TieKind
from wayfellow.mentorships.states import ANSWERABLE
from wayfellow.mentorships.views import MentorshipView, ProposalView
from wayfellow.people.models import Person
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.rules import last_day
from wayfellow.types import MatchState, Role
from wayfellow.words import gettext

_MOST = 100
#: Drafts are the coordinators' alone.
_SHOWN = tuple(state for state in MatchState if state not in (MatchState.DRAFTED, MatchState.DISCARDED))


def list_my_proposals(tx: Transaction) -> Sequence[ProposalView]:
    """List the actor's proposals, those that wait for an answer first, then newest first, at most 100.

    What people ask of one another is in ``requests.mine``. While either of two people blocks the other, nothing shows
    that did not come to a mentorship.
    """
    me = tx.actor.person_id
    if me is None:
        return []
    waiting = Proposal.state.in_(ANSWERABLE)
    hidden = and_(Proposal.state != MatchState.ACCEPTED, is_blocked(Proposal.mentee_id, Proposal.mentor_id))
    shown = and_(Proposal.origin != Origin.REQUEST, ~hidden)
    return _proposals(tx.session, me, shown, case((waiting, 0), else_=1))


def get_my_proposal(tx: Transaction, proposal_id: int) -> ProposalView:
    """Return one of the actor's proposals or requests. Raises NotFound when it is not theirs, or not sent yet."""
    me = tx.actor.person_id
    heard = or_(Proposal.origin != Origin.REQUEST, Proposal.asked_by == me, Proposal.asked_at.is_not(None))
    found = _proposals(tx.session, me, (Proposal.id == proposal_id) & heard) if me is not None else []
    if not found:
        raise NotFound(gettext("There is no such proposal among yours. Go back to your home page."))
    return found[0]


def list_my_mentorships(tx: Transaction) -> Sequence[MentorshipView]:
    """List the actor's mentorships, newest first, at most 100."""
    me = tx.actor.person_id
    if me is None:
        return []
    query = (
        select(Mentorship, Cycle.name, Programme.id, Programme.name)
        .join(Cycle, Cycle.id == Mentorship.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(or_(Mentorship.mentee_id == me, Mentorship.mentor_id == me))
    )
    rows = tx.session.execute(query.order_by(Mentorship.started_at.desc(), Mentorship.id.desc()).limit(_MOST)).all()
    others = {_other(row[0], me) for row in rows}
    people, emails = person_refs(tx.session, others), _emails(tx.session, others)
    return [
        MentorshipView(
            id=mentorship.id,
            programme_id=programme_id,
            programme=programme,
            cycle=cycle,
            side=_side(mentorship, me),
            other=people[_other(mentorship, me)],
            other_email=emails[_other(mentorship, me)],
            state=MatchState(mentorship.state),
            started_at=mentorship.started_at,
            ended_at=mentorship.ended_at,
            kind=TieKind(mentorship.kind),
        )
        for mentorship, cycle, programme_id, programme in rows
    ]


def _proposals(session: Session, me: int, where: ColumnElement[bool], *order: ColumnElement[int]) -> list[ProposalView]:
    """Read someone's proposals: five statements, whatever their number."""
    kept = and_(
        Candidate.run_id == Proposal.run_id,
        Candidate.mentee_id == Proposal.mentee_id,
        Candidate.mentor_id == Proposal.mentor_id,
    )
    query = (
        select(Proposal, Candidate.explanation, Cycle.name, Programme)
        .join(Cycle, Cycle.id == Proposal.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .outerjoin(Candidate, kept)
        .where(
            or_(Proposal.mentee_id == me, Proposal.mentor_id == me),
            Proposal.state.in_(_SHOWN),
            Proposal.kind != TieKind.CHAT,
            where,
        )
        .order_by(*order, Proposal.changed_at.desc(), Proposal.id.desc())
        .limit(_MOST)
    )
    rows = session.execute(query).all()
    others = {_other(row[0], me) for row in rows}
    people, emails = person_refs(session, others), _emails(session, others)
    said = _answers(session, [row[0].id for row in rows])
    return [
        _view(me, proposal, explanation, (programme, cycle), people, emails, said.get(proposal.id, {}))
        for proposal, explanation, cycle, programme in rows
    ]


def _view(
    me: int,
    proposal: Proposal,
    explanation: list[Any] | None,
    place: tuple[Programme, str],
    people: Mapping[int, PersonRef],
    emails: Mapping[int, str | None],
    answers: Mapping[int, bool],
) -> ProposalView:
    other, state, mine = people[_other(proposal, me)], MatchState(proposal.state), answers.get(me)
    open_now = state in ANSWERABLE
    programme, cycle = place
    by_hand = proposal.origin == Origin.HAND
    return ProposalView(
        proposal.id,
        programme.id,
        programme.name,
        cycle,
        side=_side(proposal, me),
        other=other,
        other_email=emails[other.id] if state is MatchState.ACCEPTED else None,
        terms=top_terms(read_parts(explanation or [])),
        state=state,
        mine=mine,
        theirs=answers.get(other.id) or None,
        changed_at=proposal.changed_at,
        outcome=_outcome(state, mine, answers.get(other.id), other),
        may_answer=open_now and mine is None,
        may_take_back=open_now and mine is True and proposal.origin != Origin.REQUEST,
        answer_until=last_day(programme, proposal.expires_at) if open_now and proposal.expires_at else None,
        staff_note=proposal.message if by_hand else "",
        is_asked=proposal.asks in (Asks.BOTH, _side(proposal, me)),
        kind=TieKind(proposal.kind),
    )


def _outcome(state: MatchState, mine: bool | None, theirs: bool | None, other: PersonRef) -> str:
    if state is MatchState.PROPOSED:
        if mine:
            return gettext("You said yes. Now it is up to %(name)s.", name=other.name)
        return (
            gettext("%(name)s said yes. Now it is up to you.", name=other.name)
            if theirs
            else gettext("Neither of you has answered yet.")
        )
    if state is MatchState.AWAITING_ADMIN:
        return gettext(
            "You and %(name)s both said yes. A coordinator looks at it once more, and you hear from us.",
            name=other.name,
        )
    if state is MatchState.EXPIRED:
        return (
            gettext("%(name)s did not answer in time.", name=other.name)
            if mine
            else gettext("The time to answer is over.")
        )
    if state is MatchState.WITHDRAWN:
        return gettext("This proposal was taken back.")
    if state is MatchState.ACCEPTED:
        return gettext("You and %(name)s both said yes.", name=other.name)
    if state is MatchState.DECLINED:
        if mine and theirs:
            return gettext("You both said yes, and a coordinator decided for another way.")
        return (
            gettext("You said no.") if mine is False else gettext("%(name)s can't take this on now.", name=other.name)
        )
    if state is MatchState.SUPERSEDED:
        return gettext(
            "This pair can't go ahead. Your notices say why, and your coordinator will look for another way."
        )
    return gettext("This proposal has ended.")


def _answers(session: Session, proposals: Sequence[int]) -> Mapping[int, dict[int, bool]]:
    said: dict[int, dict[int, bool]] = {}
    query = select(Consent.proposal_id, Consent.person_id, Consent.agrees).where(Consent.proposal_id.in_(proposals))
    for proposal_id, person_id, agrees in session.execute(query):
        said.setdefault(proposal_id, {})[person_id] = agrees
    return said


def _emails(session: Session, people: set[int]) -> dict[int, str | None]:
    return dict(session.execute(select(Person.id, Person.email).where(Person.id.in_(people))).all())


def _other(pair: Proposal | Mentorship, me: int) -> int:
    return pair.mentor_id if pair.mentee_id == me else pair.mentee_id


def _side(pair: Proposal | Mentorship, me: int) -> Role:
    return Role.MENTEE if pair.mentee_id == me else Role.MENTOR
