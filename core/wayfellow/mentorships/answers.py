"""Say to coordinators how the two people of each proposal answered, and why somebody said no."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.matching.runs import find_run
from wayfellow.mentorships.models import Consent, Proposal
from wayfellow.types import Role


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Hold one side's answer; ``reason`` (a DeclineReason) and ``note`` are "" for a yes, and for mere readers."""

    side: Role
    agrees: bool
    reason: str
    note: str
    given_at: datetime


def read_answers(tx: Transaction, run_id: int, proposals: Collection[int]) -> Mapping[int, Mapping[Role, AnswerView]]:
    """Return the answers to proposals of a run, by proposal and side. Needs ``matching.read``.

    Why somebody said no is for those who may ``matching.review`` alone.
    """
    _, cycle = find_run(tx, run_id, "matching.read")
    reviews = tx.may("matching.review", cycle.programme_id)
    query = (
        select(Proposal.id, Proposal.mentor_id, Consent)
        .join(Consent, Consent.proposal_id == Proposal.id)
        .where(Proposal.run_id == run_id, Proposal.id.in_(proposals))
    )
    found: dict[int, dict[Role, AnswerView]] = {}
    for proposal_id, mentor_id, said in tx.session.execute(query):
        side = Role.MENTOR if said.person_id == mentor_id else Role.MENTEE
        reason, note = (said.reason or "", said.note) if reviews else ("", "")
        found.setdefault(proposal_id, {})[side] = AnswerView(side, said.agrees, reason, note, said.given_at)
    return found
