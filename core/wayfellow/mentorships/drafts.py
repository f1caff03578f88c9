"""Review what a run drafted: lock, exclude, replace, give the left-over a mentor, and take any of it back.

All of it needs ``matching.review`` and raises Conflict once the run is published.
"""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.mentorships.views import Undo


def lock(tx: Transaction, proposal_id: int, locked: bool) -> Undo:
    """Lock a drafted pair so that the next run keeps it, or unlock it; the same again changes nothing."""
    raise NotImplementedError


def exclude(tx: Transaction, proposal_id: int, reason: str = "") -> Undo:
    """Discard a drafted pair and never match the two in this programme; the mentee is left over for now."""
    raise NotImplementedError


def replace(tx: Transaction, proposal_id: int, mentor_id: int) -> tuple[int, Undo]:
    """Give a drafted pair's mentee another of their candidates; return the new draft's id.

    Raises Conflict, saying why, when that mentor is no candidate, not possible for this pair, or has no free place.
    """
    raise NotImplementedError


def propose_unmatched(tx: Transaction, run_id: int, mentee_id: int, mentor_id: int) -> tuple[int, Undo]:
    """Give a mentee whom the run left over one of their candidates; return the new draft's id.

    Raises Conflict as ``replace`` does, and when the mentee has a draft by now.
    """
    raise NotImplementedError


def undo(tx: Transaction, act_id: int) -> str:
    """Take an act of review back and return a sentence that says so.

    Taking back twice changes nothing. Raises Conflict, saying why, when what came after stands in the way.
    """
    raise NotImplementedError
