"""List what a participant sees of their own: proposals and mentorships."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.deployment import Transaction
from wayfellow.mentorships.views import MentorshipView, ProposalView


def list_my_proposals(tx: Transaction) -> Sequence[ProposalView]:
    """List the actor's proposals, those that wait for them first, then newest first, at most 100."""
    raise NotImplementedError


def get_my_proposal(tx: Transaction, proposal_id: int) -> ProposalView:
    """Return one of the actor's proposals. Raises NotFound when it is not theirs."""
    raise NotImplementedError


def list_my_mentorships(tx: Transaction) -> Sequence[MentorshipView]:
    """List the actor's mentorships, newest first, at most 100."""
    raise NotImplementedError
