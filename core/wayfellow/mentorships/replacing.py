"""Say which drafts a run takes the place of, and so which pairs are together now when it starts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from wayfellow.matching.models import MatchRun
from wayfellow.matching.tries import ORIGIN
from wayfellow.mentorships.models import Proposal
from wayfellow.types import MatchState


def current_pairs(session: Session, run: MatchRun) -> set[tuple[int, int]]:
    """Return the pairs (mentee, mentor) that are together now and that a run decides anew.

    Proposals and mentorships are none of them: their mentees take no part in a run, so they stay as they are.
    """
    query = select(Proposal.mentee_id, Proposal.mentor_id).join(MatchRun, MatchRun.id == Proposal.run_id)
    drafts = query.where(_is_before(run), Proposal.state == MatchState.DRAFTED)
    return {(one, other) for one, other in session.execute(drafts)}


def replaced_drafts(session: Session, run: MatchRun) -> list[Proposal]:
    """Return the drafts that a run takes the place of, with their runs locked against other writers."""
    held = select(MatchRun.id).where(_is_before(run)).order_by(MatchRun.id)
    ids = session.scalars(held.with_for_update(key_share=True)).all()
    drafts = select(Proposal).where(Proposal.run_id.in_(ids), Proposal.state == MatchState.DRAFTED)
    return list(session.scalars(drafts.execution_options(populate_existing=True)))


def _is_before(run: MatchRun) -> ColumnElement[bool]:
    """Return the condition of runs whose drafts give way: those it came from, and what published ones left out."""
    origins = [run.settings.get("keep_locked_from"), run.settings.get(ORIGIN)]
    replaced = or_(MatchRun.id.in_([number for number in origins if number]), MatchRun.published_at.is_not(None))
    return (MatchRun.cycle_id == run.cycle_id) & replaced
