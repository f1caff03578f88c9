"""End what can't come about any more once a mentorship has begun, so that nobody waits for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from wayfellow.deployment import Transaction
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.refs import person_refs
from wayfellow.mentorships import letters
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.notices import send_all
from wayfellow.mentorships.staff.letters import found_another
from wayfellow.mentorships.states import LIVE, move_all
from wayfellow.mentorships.views import Letter
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState

#: A request in these states is known to whoever is asked, and reserves no place.
_ASKED = (MatchState.REQUESTED, MatchState.MORE_INFO)


def supersede(tx: Transaction, accepted: Proposal, cycle: Cycle, *, room: int) -> None:
    """End the mentee's other proposals in the cycle, and requests to a mentor who has no ``room`` any more.

    The others are told kindly, each once; who was only in line to be asked never hears of it. The caller holds the
    cycle and both people. Conversations go on beside a mentorship, and end nothing.
    """
    if accepted.kind != TieKind.MENTORSHIP:
        return
    others = (Proposal.cycle_id == cycle.id, Proposal.id != accepted.id, Proposal.kind == TieKind.MENTORSHIP)
    wanted: ColumnElement[bool] = and_(Proposal.mentee_id == accepted.mentee_id, Proposal.state.in_(LIVE))
    if room <= 0:
        wanted = or_(wanted, and_(Proposal.mentor_id == accepted.mentor_id, Proposal.state.in_(_ASKED)))
    query = select(Proposal).where(*others, wanted).order_by(Proposal.id)
    ended = tx.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    if not ended:
        return
    unheard = {one.id for one in ended if one.state == MatchState.QUEUED} | _blocked(tx, ended)
    move_all(tx, ended, MatchState.SUPERSEDED, cycle.programme_id)
    people = person_refs(tx.session, {person for one in ended for person in (one.mentee_id, one.mentor_id)})

    def write(one: Proposal) -> Letter:
        mentee, mentor = people[one.mentee_id], people[one.mentor_id]
        if mentee.id == accepted.mentee_id:
            return found_another(mentor, mentee)
        return letters.no_place(mentee, mentor, to_mentee=True)

    send_all(tx, [(one, write(one)) for one in ended if one.id not in unheard])


def _blocked(tx: Transaction, ended: Sequence[Proposal]) -> set[int]:
    blocked = is_blocked(Proposal.mentee_id, Proposal.mentor_id)
    return set(tx.session.scalars(select(Proposal.id).where(Proposal.id.in_([one.id for one in ended]), blocked)))
