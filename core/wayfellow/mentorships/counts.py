"""Count a cycle's proposals by where they stand."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, or_, select

from wayfellow.deployment import Transaction
from wayfellow.matching.models import MatchRun
from wayfellow.matching.tries import is_no_try
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.programmes.service import get_cycle
from wayfellow.types import MatchState


def count_proposals(tx: Transaction, cycle_id: int) -> Mapping[MatchState, int]:
    """Return how many proposals of a cycle are in each state, without tries and chats; states without any are absent.

    Raises NotFound, NotAllowed.
    """
    tx.require("matching.read", get_cycle(tx, cycle_id).programme_id)
    tried = select(MatchRun.id).where(MatchRun.cycle_id == cycle_id, ~is_no_try())
    here = (Proposal.cycle_id == cycle_id) & (Proposal.kind != TieKind.CHAT)
    counted = here & or_(Proposal.run_id.is_(None), Proposal.run_id.not_in(tried))
    counts = select(Proposal.state, func.count()).where(counted).group_by(Proposal.state)
    return {MatchState(state): count for state, count in tx.session.execute(counts)}
