"""Count a cycle's proposals by where they stand."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.mentorships.models import Proposal
from wayfellow.programmes.service import get_cycle
from wayfellow.types import MatchState


def count_proposals(tx: Transaction, cycle_id: int) -> Mapping[MatchState, int]:
    """Return how many proposals of a cycle are in each state; states without any are absent.

    Raises NotFound, NotAllowed.
    """
    tx.require("matching.read", get_cycle(tx, cycle_id).programme_id)
    counts = select(Proposal.state, func.count()).where(Proposal.cycle_id == cycle_id).group_by(Proposal.state)
    return {MatchState(state): count for state, count in tx.session.execute(counts)}
