"""Hand what people said of their chats to the runs that come after, and say how many have said something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.matching.chemistry.ratings import LOWEST, Chat
from wayfellow.matching.runs import find_run
from wayfellow.mentorships.models import ChatRating, Proposal, TieKind
from wayfellow.types import MatchProblem, MatchState
from wayfellow.words import gettext


@dataclass(frozen=True, slots=True)
class StoredChat:
    """Hold a chat of a cycle by the ids of its people, and what each said of it."""

    mentee_id: int
    mentor_id: int
    mentee_rating: int | None
    mentor_rating: int | None


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """Hold how many chats a run has, and of how many the mentees, and the mentors, have said how they were."""

    chats: int
    by_mentees: int
    by_mentors: int


def count_ratings(tx: Transaction, run_id: int) -> RatingCounts:
    """Count of how many of a run's chats people have said how they were. Needs ``matching.read``; one statement."""
    find_run(tx, run_id, "matching.read")
    by_mentee, by_mentor = aliased(ChatRating), aliased(ChatRating)
    query = (
        select(func.count(), func.count(by_mentee.rating), func.count(by_mentor.rating))
        .select_from(Proposal)
        .outerjoin(by_mentee, _of(by_mentee, Proposal.mentee_id))
        .outerjoin(by_mentor, _of(by_mentor, Proposal.mentor_id))
        .where(Proposal.run_id == run_id, Proposal.kind == TieKind.CHAT, Proposal.state == MatchState.PROPOSED)
    )
    return RatingCounts(*tx.session.execute(query).one())


def check_chats(tx: Transaction, cycle_id: int) -> None:
    """Raise InvalidInput where pairs can't go by what people said of chats, since nobody was asked to have one."""
    if not count_chats(tx, cycle_id):
        sentence = gettext("Nobody was asked to have a chat in this cycle yet. Choose chats first, and publish them.")
        raise InvalidInput(sentence, (Problem(sentence, column="mode"),))


def count_chats(tx: Transaction, cycle_id: int) -> int:
    """Count the chats that people of a cycle were asked to have."""
    return tx.session.scalar(select(func.count()).select_from(Proposal).where(*_published(cycle_id))) or 0


def read_chats(session: Session, cycle_id: int) -> Sequence[StoredChat]:
    """Return the chats of a cycle, with what people said of them; one statement."""
    by_mentee, by_mentor = aliased(ChatRating), aliased(ChatRating)
    query = (
        select(Proposal.mentee_id, Proposal.mentor_id, by_mentee.rating, by_mentor.rating)
        .outerjoin(by_mentee, _of(by_mentee, Proposal.mentee_id))
        .outerjoin(by_mentor, _of(by_mentor, Proposal.mentor_id))
        .where(*_published(cycle_id))
    )
    return [StoredChat(*row) for row in session.execute(query.order_by(Proposal.mentee_id, Proposal.mentor_id))]


def refused(chats: Iterable[StoredChat]) -> set[tuple[int, int]]:
    """Return the pairs (mentee, mentor) of whom one said never."""
    return {(one.mentee_id, one.mentor_id) for one in chats if LOWEST in (one.mentee_rating, one.mentor_rating)}


def keyed(chats: Iterable[StoredChat], problem: MatchProblem) -> list[Chat]:
    """Return the chats of people who take part, by their keys in a problem."""
    mentees, mentors = (
        _keys(problem.mentees.ids.tolist(), problem.mentees.keys),
        _keys(problem.mentors.ids.tolist(), problem.mentors.keys),
    )
    return [
        Chat(mentees[one.mentee_id], mentors[one.mentor_id], one.mentee_rating, one.mentor_rating)
        for one in chats
        if one.mentee_id in mentees and one.mentor_id in mentors
    ]


def _keys(ids: Iterable[int], keys: Iterable[str]) -> Mapping[int, str]:
    return dict(zip(ids, keys, strict=True))


def _published(cycle_id: int) -> tuple[ColumnElement[bool], ...]:
    return Proposal.cycle_id == cycle_id, Proposal.kind == TieKind.CHAT, Proposal.state == MatchState.PROPOSED


def _of(rating: type[ChatRating], person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return and_(rating.proposal_id == Proposal.id, rating.person_id == person)
