"""List every mentor who scored higher for a mentee than the one the run chose, each with why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.models import Candidate, MatchRun, Unmatched
from wayfellow.matching.reasons import WhyNot, read_barred, read_why_not
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.matching.sentences import say_why_not
from wayfellow.mentorships.views import BetterMentors, BetterView
from wayfellow.mentorships.whynot import read_holders
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.words import gettext


@dataclass(frozen=True, slots=True)
class _Better:
    """Hold one mentor as stored; ``rank`` is None where the pair is forbidden."""

    mentor_id: int
    score: float
    rank: int | None
    why_not: WhyNot


def list_better(tx: Transaction, run_id: int, mentee_id: int, *, page: int = 1, size: int = 10) -> BetterMentors:
    """List who scored higher for a mentee than their mentor in a run, all mentors for whom it left over.

    A run keeps the first fifty who were allowed and the first twenty who were not. Needs ``matching.read``; eight
    statements at most. Raises NotFound when the mentee had no part in the run.
    """
    run, _ = find_run(tx, run_id, "matching.read")
    chosen, left_over = _chosen(tx.session, run, mentee_id), tx.session.get(Unmatched, (run.id, mentee_id))
    said = chosen or left_over
    if said is None:
        raise NotFound(gettext("This person had no part in the run as a mentee. Go back to the list of pairs."))
    found = _merged(said.reasons or {})
    hidden = _blocked(tx.session, mentee_id, [one.mentor_id for one in found])
    found = [one for one in found if one.mentor_id not in hidden]
    rows = found[(page - 1) * size : page * size]
    people = person_refs(tx.session, {mentee_id, *(one.mentor_id for one in rows)} | _mentor(chosen))
    holders = read_holders(tx.session, run.id, {one.mentor_id for one in rows if one.rank is not None})
    views = [
        BetterView(people[one.mentor_id], one.score, one.rank, say_why_not(one.why_not, holders.get(one.mentor_id, ())))
        for one in rows
        if one.mentor_id in people
    ]
    return BetterMentors(
        mentee=people[mentee_id],
        mentor=people.get(chosen.mentor_id) if chosen is not None else None,
        score=chosen.score if chosen is not None else None,
        rank=chosen.rank if chosen is not None else None,
        others=Page(views, len(found), page, size),
    )


def count_better(reasons: Mapping[str, Any] | None) -> int:
    """Count the mentors whom the stored reasons of a chosen pair or of someone left over name."""
    return sum(len((reasons or {}).get(kind, ())) for kind in ("better", "barred"))


def _chosen(session: Session, run: MatchRun, mentee_id: int) -> Candidate | None:
    """Return the run's own choice, of several the last; a mentee has few candidates, and the index is for them."""
    own = session.scalars(select(Candidate).where(Candidate.run_id == run.id, Candidate.mentee_id == mentee_id))
    return max((one for one in own if one.assigned), key=lambda one: one.rank, default=None)


def _mentor(chosen: Candidate | None) -> set[int]:
    return {chosen.mentor_id} if chosen is not None else set()


def _merged(reasons: Mapping[str, Any]) -> list[_Better]:
    """Return who was allowed and who was not in one list, the highest score first."""
    allowed = [
        _Better(mentor, score, rank, read_why_not(said)) for mentor, score, rank, said in reasons.get("better", ())
    ]
    barred = [_Better(one.mentor, one.score, None, one.why_not) for one in read_barred(reasons.get("barred", ()))]
    return sorted([*allowed, *barred], key=lambda one: (-one.score, one.mentor_id))


def _blocked(session: Session, mentee_id: int, mentors: Sequence[int]) -> set[int]:
    """Return the mentors behind a block, who are never named, whatever the run knew."""
    query = select(Person.id).where(Person.id.in_(mentors), is_blocked(Person.id, mentee_id))
    return set(session.scalars(query))
