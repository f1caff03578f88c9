"""Explain one pair: its texts, what its score is made of, and who else there was."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.deployment import Transaction
from wayfellow.mentorships.views import Alternative, PairDetail


def get_pair(tx: Transaction, proposal_id: int) -> PairDetail:
    """Return all that the page of one pair shows."""
    raise NotImplementedError


def alternatives(tx: Transaction, proposal_id: int) -> Sequence[Alternative]:
    """List the other mentors that the run kept for a pair's mentee, best first, each with why not."""
    raise NotImplementedError


def alternatives_for(tx: Transaction, run_id: int, mentee_id: int) -> Sequence[Alternative]:
    """List the mentors that the run kept for a mentee whom it left over, best first, each with why not."""
    raise NotImplementedError
