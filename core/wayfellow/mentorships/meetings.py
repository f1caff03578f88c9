"""Say who was brought together before, and how long ago."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.matching.models import MatchRun
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState

#: Pairs in these states were never told of each other.
_UNSEEN = (MatchState.DRAFTED, MatchState.DISCARDED)


def earlier_meetings(session: Session, programme_id: int) -> dict[tuple[int, int], int]:
    """Return how many rounds ago each pair (mentee, mentor) of a programme was proposed last, 1 for the latest round.

    A round is a published run of any of the programme's cycles, whatever became of its proposals.
    """
    rounds = (
        select(MatchRun.id)
        .join(Cycle, Cycle.id == MatchRun.cycle_id)
        .where(Cycle.programme_id == programme_id, MatchRun.published_at.is_not(None))
        .order_by(MatchRun.published_at.desc(), MatchRun.id.desc())
    )
    ago = {run_id: number for number, run_id in enumerate(session.scalars(rounds), start=1)}
    query = select(Proposal.run_id, Proposal.mentee_id, Proposal.mentor_id).join(Cycle, Cycle.id == Proposal.cycle_id)
    here = (Cycle.programme_id == programme_id) & (Proposal.kind == TieKind.MENTORSHIP)
    seen = query.where(here, Proposal.state.not_in(_UNSEEN))
    met: dict[tuple[int, int], int] = {}
    for run_id, mentee_id, mentor_id in session.execute(seen):
        if run_id in ago:
            pair = mentee_id, mentor_id
            met[pair] = min(ago[run_id], met.get(pair, ago[run_id]))
    return met
