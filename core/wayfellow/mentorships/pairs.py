"""Explain one pair: its texts, what its score is made of, and who else there was."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.models import Candidate, MatchRun
from wayfellow.matching.runs import find_run
from wayfellow.matching.texts import matched_texts
from wayfellow.mentorships.alternatives import list_alternatives, read_candidates
from wayfellow.mentorships.better import count_better
from wayfellow.mentorships.drafts import is_open
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.queries import LIVE_PAIRS, read_pairs
from wayfellow.mentorships.terms import terms_of
from wayfellow.mentorships.views import Alternative, PairDetail, PairView
from wayfellow.mentorships.whynot import list_barred
from wayfellow.types import Role
from wayfellow.words import gettext


def get_pair(tx: Transaction, proposal_id: int) -> PairDetail:
    """Return all that the page of one pair shows."""
    proposal, run = _find(tx, proposal_id)
    pair = read_pairs(tx.session, run, [proposal_id])[0]
    kept = read_candidates(tx.session, run, pair.mentee.id)
    chosen = next((one.reasons for one in kept if one.assigned), None)
    rank, candidates = _rank_for_mentor(tx.session, run, pair, kept)
    before, after, position, of = _neighbours(tx.session, run.id, proposal)
    terms = terms_of(run)
    return PairDetail(
        pair=pair,
        run_number=run.number,
        kind=terms.kind,
        editable=is_open(run),
        mentee_texts=_texts(tx.session, pair.mentee.id, terms.asking),
        mentor_texts=_texts(tx.session, pair.mentor.id, terms.offering),
        rank_for_mentor=rank,
        candidates_of_mentor=candidates,
        alternatives=tuple(list_alternatives(tx.session, run, pair.mentee.id, than=pair, kept=kept)),
        barred=list_barred(tx.session, chosen, pair.mentee.id),
        better=count_better(chosen),
        position=position,
        of=of,
        previous_id=before,
        next_id=after,
    )


def alternatives(tx: Transaction, proposal_id: int) -> Sequence[Alternative]:
    """List the other mentors that the run kept for a pair's mentee, best first, each with why not."""
    proposal, run = _find(tx, proposal_id)
    pair = read_pairs(tx.session, run, [proposal.id])[0]
    return list_alternatives(tx.session, run, proposal.mentee_id, than=pair)


def alternatives_for(tx: Transaction, run_id: int, mentee_id: int) -> Sequence[Alternative]:
    """List the mentors that the run kept for a mentee whom it left over, best first, each with why not."""
    run, _ = find_run(tx, run_id, "matching.read")
    return list_alternatives(tx.session, run, mentee_id)


def _find(tx: Transaction, proposal_id: int) -> tuple[Proposal, MatchRun]:
    proposal = tx.session.get(Proposal, proposal_id)
    if proposal is None or proposal.run_id is None:
        raise NotFound(gettext("There is no such pair. Go back to the list of pairs."))
    return proposal, find_run(tx, proposal.run_id, "matching.read")[0]


def _texts(session: Session, person_id: int, roles: Sequence[Role]) -> dict[str, str]:
    """Return what somebody wrote that takes part in matching, by label; of peers for each role of the pool."""
    found: dict[str, str] = {}
    for role in roles:
        found |= matched_texts(session, person_id, role)
    return found


def _rank_for_mentor(
    session: Session, run: MatchRun, pair: PairView, kept: Sequence[Candidate]
) -> tuple[int | None, int]:
    """Return which place the mentee has among the mentees for whom the mentor was kept, and how many those are.

    0 stands for all mentees whose candidate the mentor was.
    """
    stored = next((one.rank_for_mentor for one in kept if one.mentor_id == pair.mentor.id), None)
    if stored is not None:
        return stored, 0
    rival = (Candidate.run_id == run.id) & (Candidate.mentor_id == pair.mentor.id)
    better = func.count().filter(Candidate.score > pair.score, Candidate.mentee_id != pair.mentee.id)
    ahead, total = session.execute(select(better, func.count()).where(rival)).one()
    return (ahead + 1 if pair.rank is not None else None), total


def _neighbours(session: Session, run_id: int, proposal: Proposal) -> tuple[int | None, int | None, int, int]:
    """Return the ids of the pairs before and after by score, this one's place counted from 1, and their number."""
    ordered = (
        select(
            Proposal.id,
            func.lag(Proposal.id).over(order_by=_BEST_FIRST).label("before"),
            func.lead(Proposal.id).over(order_by=_BEST_FIRST).label("after"),
            func.row_number().over(order_by=_BEST_FIRST).label("position"),
            func.count().over().label("total"),
        )
        .where(Proposal.run_id == run_id, Proposal.state.in_(LIVE_PAIRS))
        .subquery()
    )
    columns = ordered.c.before, ordered.c.after, ordered.c.position, ordered.c.total
    row = session.execute(select(*columns).where(ordered.c.id == proposal.id)).one_or_none()
    return row or (None, None, 0, 0)


_BEST_FIRST = (Proposal.score.desc(), Proposal.id)
