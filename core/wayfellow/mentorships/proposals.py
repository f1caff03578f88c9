"""Answer proposals: the last of two consents makes a mentorship, in one transaction that checks again."""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.mentorships.views import DeclineReason, ProposalView


def answer_proposal(
    tx: Transaction, proposal_id: int, agrees: bool, reason: DeclineReason | None = None, note: str = ""
) -> ProposalView:
    """Say yes or no to a proposal, as one of its two people; the same answer again changes nothing.

    A yes that comes when the mentor's last place has gone ends the proposal as superseded: the view's ``outcome``
    says so. Raises InvalidInput for a no without a reason, Conflict for another answer once the proposal has ended,
    NotFound for anybody else.
    """
    raise NotImplementedError


def take_back(tx: Transaction, proposal_id: int) -> ProposalView:
    """Withdraw one's own yes while the other side has not answered. Raises Conflict once the proposal has ended."""
    raise NotImplementedError
