"""List what a run drafted, for the review board; each list takes a bounded number of SQL statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from wayfellow.deployment import Transaction
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.models import Candidate, MatchRun
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.places import PlaceBook, read_places
from wayfellow.mentorships.terms import terms_of
from wayfellow.mentorships.views import AnswerCounts, DraftCounts, DraftFilter, DraftSort, PairView
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.types import MatchState
from wayfellow.words import gettext, ngettext

#: The states of pairs that a run's board shows; a discarded draft is gone from it.
LIVE_PAIRS = tuple(state for state in MatchState if state is not MatchState.DISCARDED)
#: A pair deserves a second look below this part of the run's median score, or beyond this rank for the mentee.
LOW_SHARE, LOW_RANK = 0.5, 10
#: The states that the tabs of a published run show.
_STATES_OF: Mapping[DraftFilter, Collection[MatchState]] = {
    DraftFilter.WAITING: (MatchState.PROPOSED,),
    DraftFilter.ACCEPTED: (MatchState.ACCEPTED,),
    DraftFilter.ENDED: (MatchState.DECLINED, MatchState.EXPIRED, MatchState.WITHDRAWN, MatchState.SUPERSEDED),
}

Ts = TypeVarTuple("Ts")
_Mentee, _Mentor = aliased(Person), aliased(Person)
_ORDERS: dict[DraftSort, tuple[Any, ...]] = {
    DraftSort.SCORE: (Proposal.score.desc(), Proposal.id),
    DraftSort.SCORE_ASCENDING: (Proposal.score, Proposal.id),
    DraftSort.MENTOR: (_Mentor.sort_name, _Mentor.id, Proposal.score.desc(), Proposal.id),
    DraftSort.MENTEE: (_Mentee.sort_name, _Mentee.id, Proposal.id),
}


def list_drafts(
    tx: Transaction,
    run_id: int,
    *,
    filter: DraftFilter = DraftFilter.ALL,  # noqa: A002
    search: str = "",
    sort: DraftSort = DraftSort.SCORE,
    page: int = 1,
    size: int = 20,
) -> Page[PairView]:
    """List the live pairs of a run. After publishing they are proposals.

    Each word of ``search`` must be part of either name, or of what both say that makes the score.
    """
    run, _ = find_run(tx, run_id, "matching.read")
    where = [*_pairs_of(run), *_only(run, filter), *_found(search)]
    by_name = bool(search) or sort in (DraftSort.MENTOR, DraftSort.MENTEE)
    total = tx.session.scalar(_joined(select(func.count()), bool(search)).where(*where)) or 0
    ids = _joined(select(Proposal.id), by_name).where(*where).order_by(*_ORDERS[sort])
    return Page(
        read_pairs(tx.session, run, tx.session.scalars(ids.limit(size).offset((page - 1) * size)).all()),
        total,
        page,
        size,
    )


def count_drafts(tx: Transaction, run_id: int) -> DraftCounts:
    """Count the pairs of each tab of the board."""
    run, _ = find_run(tx, run_id, "matching.read")
    locked, closer = (func.count().filter(*_only(run, tab)) for tab in (DraftFilter.LOCKED, DraftFilter.LOOK_CLOSER))
    mentees = func.count(Proposal.mentee_id.distinct())
    query = select(func.count(), locked, closer, mentees).where(*_pairs_of(run))
    return DraftCounts(*tx.session.execute(query).one())


def count_answers(tx: Transaction, run_id: int) -> AnswerCounts:
    """Count the pairs of a published run by how they were answered."""
    run, _ = find_run(tx, run_id, "matching.read")
    waiting, accepted, ended = (func.count().filter(Proposal.state.in_(states)) for states in _STATES_OF.values())
    query = select(waiting, accepted, ended).where(Proposal.run_id == run.id)
    return AnswerCounts(*tx.session.execute(query).one())


def read_pairs(session: Session, run: MatchRun, ids: Sequence[int]) -> list[PairView]:
    """Return pairs of a run by their ids, in the order of the ids. Four statements at most, whatever their number."""
    terms = terms_of(run)
    query = _with_candidates(select(Proposal, Candidate.explanation)).where(Proposal.id.in_(ids))
    rows = {proposal.id: (proposal, explanation) for proposal, explanation in session.execute(query)}
    pairs = [(proposal.mentee_id, proposal.mentor_id) for proposal, _ in rows.values()]
    people = person_refs(session, {person for pair in pairs for person in pair})
    book = read_places(session, run.cycle_id, terms, run.id, {mentor for _, mentor in pairs})
    counted = _count_mentors(session, run, {mentee for mentee, _ in pairs}) if terms.wanted > 1 else {}
    return [_pair(run, *rows[number], people, book, counted.get(number, (1, 1))) for number in ids]


def _count_mentors(session: Session, run: MatchRun, mentees: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return which of its mentee's pairs in the run each pair is, the best first from 1, and how many they have."""
    best_first = (Proposal.score.desc(), Proposal.id)
    number = func.row_number().over(partition_by=Proposal.mentee_id, order_by=best_first)
    query = select(Proposal.id, number, func.count().over(partition_by=Proposal.mentee_id))
    rows = session.execute(query.where(*_pairs_of(run), Proposal.mentee_id.in_(mentees)))
    return {proposal_id: (place, of) for proposal_id, place, of in rows}


def _pair(
    run: MatchRun, proposal: Proposal, said: Any, people: Any, book: PlaceBook, counted: tuple[int, int]
) -> PairView:
    parts = read_parts(said or ())
    pair = PairView(
        proposal_id=proposal.id,
        run_id=run.id,
        state=MatchState(proposal.state),
        mentee=people[proposal.mentee_id],
        mentor=people[proposal.mentor_id],
        score=proposal.score,
        rank=proposal.rank,
        parts=parts,
        terms=top_terms(parts),
        locked=proposal.locked,
        places=book.of(proposal.mentor_id),
        look_closer=(),
        number=counted[0],
        of_mentee=counted[1],
    )
    return replace(pair, look_closer=_doubts(run, pair))


def _doubts(run: MatchRun, pair: PairView) -> tuple[str, ...]:
    doubts = []
    if pair.score < _low_score(run):
        doubts.append(gettext("The score is below half of this run's median."))
    if pair.rank is not None and pair.rank > LOW_RANK:
        doubts.append(_behind(run, pair.rank - 1, pair.mentee.name))
    return tuple(doubts)


def _behind(run: MatchRun, ahead: int, name: str) -> str:
    if terms_of(run).are_peers:
        return ngettext("%(num)s other fits %(name)s better.", "%(num)s others fit %(name)s better.", ahead, name=name)
    return ngettext(
        "%(num)s other mentor fits %(name)s better.", "%(num)s other mentors fit %(name)s better.", ahead, name=name
    )


def _low_score(run: MatchRun) -> float:
    return LOW_SHARE * (run.summary.get("median") or 0.0)


def _pairs_of(run: MatchRun) -> list[ColumnElement[bool]]:
    return [Proposal.run_id == run.id, Proposal.state.in_(LIVE_PAIRS)]


def _only(run: MatchRun, tab: DraftFilter) -> Collection[ColumnElement[bool]]:
    if tab is DraftFilter.LOCKED:
        return [Proposal.locked.is_(True)]
    if tab is DraftFilter.LOOK_CLOSER:
        return [or_(Proposal.score < _low_score(run), Proposal.rank > LOW_RANK)]
    if tab in _STATES_OF:
        return [Proposal.state.in_(_STATES_OF[tab])]
    return []


def _found(search: str) -> Collection[ColumnElement[bool]]:
    columns = _Mentee.search, _Mentor.search, Proposal.search
    return [or_(*(column.contains(word, autoescape=True) for column in columns)) for word in search_words(search)]


def _joined(query: Select[*Ts], people: bool) -> Select[*Ts]:
    """Return a query over proposals that joins no more than it takes: thousands of rows wait for every join."""
    if not people:
        return query.select_from(Proposal)
    joined = query.select_from(Proposal).join(_Mentee, _Mentee.id == Proposal.mentee_id)
    return joined.join(_Mentor, _Mentor.id == Proposal.mentor_id)


def _with_candidates(query: Select[*Ts]) -> Select[*Ts]:
    kept = (
        (Candidate.run_id == Proposal.run_id)
        & (Candidate.mentee_id == Proposal.mentee_id)
        & (Candidate.mentor_id == Proposal.mentor_id)
    )
    return query.select_from(Proposal).outerjoin(Candidate, kept)
