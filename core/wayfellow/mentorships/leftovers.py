"""List whom a run left without a mentor, and show how scores and mentees are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import ColumnElement, exists, func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.causes import Cause
from wayfellow.matching.models import Unmatched
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.places import read_places
from wayfellow.mentorships.queries import LIVE_PAIRS
from wayfellow.mentorships.views import MentorLoad, ScoreBand, UnmatchedGroup, UnmatchedView
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import Role

#: The cause of a mentee whose draft a coordinator excluded.
EXCLUDED_IN_REVIEW = "excluded_in_review"
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Cause.NO_MENTORS: "There was no mentor to match with",
        Cause.NO_PLACES: "No mentor who fits offers a place",
        Cause.NO_SCORER: "No plugin gave scores",
        Cause.EMPTY_PROFILE: "Nothing is written in the profile yet",
        Cause.EMPTY_MENTORS: "No mentor has written anything yet",
        Cause.NOTHING_SHARED: "No mentor has anything in common",
        Cause.ALL_FORBIDDEN: "Every mentor who fits is ruled out",
        Cause.ALL_FULL: "Every mentor who fits is full",
        Cause.LEFT_BY_QUOTA: "Left out by a quota",
        Cause.LEFT_BY_GROUP_SIZE: "Too few came together for another group",
        Cause.ODD_ONE_OUT: "The number of people is odd",
        Cause.ALL_PAIRED: "Everybody in question is in a pair",
        Cause.LEFT_BY_PLUGIN: "Left out by the plugin that chose the pairs",
        EXCLUDED_IN_REVIEW: "A coordinator excluded the proposed pair",
    }
)


def list_unmatched(
    tx: Transaction, run_id: int, *, cause: str | None = None, search: str = "", page: int = 1, size: int = 20
) -> Page[UnmatchedView]:
    """List the mentees without a mentor, by cause and name; ``cause`` keeps one group."""
    find_run(tx, run_id, "matching.read")
    where = [_left_over(run_id)]
    if cause is not None:
        where.append(Unmatched.cause == cause)
    where.extend(Person.search.contains(word, autoescape=True) for word in search_words(search))
    joined = select(Unmatched).join(Person, Person.id == Unmatched.mentee_id).where(*where)
    total = tx.session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    ordered = joined.order_by(Unmatched.cause, Person.sort_name, Person.id)
    rows = tx.session.scalars(ordered.limit(size).offset((page - 1) * size)).all()
    return Page(_views(tx, rows), total, page, size)


def group_unmatched(tx: Transaction, run_id: int, *, first: int = 5) -> Sequence[UnmatchedGroup]:
    """Group the mentees without a mentor by cause, the largest group first, with the ``first`` people of each."""
    find_run(tx, run_id, "matching.read")
    here = _left_over(run_id)
    sizes = tx.session.execute(select(Unmatched.cause, func.count()).where(here).group_by(Unmatched.cause))
    place = func.row_number().over(partition_by=Unmatched.cause, order_by=(Person.sort_name, Person.id))
    placed = (
        select(Unmatched.mentee_id, place.label("place"))
        .join(Person, Person.id == Unmatched.mentee_id)
        .where(here)
        .subquery()
    )
    shown = (
        select(Unmatched)
        .join(placed, placed.c.mentee_id == Unmatched.mentee_id)
        .where(Unmatched.run_id == run_id, placed.c.place <= first)
        .order_by(placed.c.place)
    )
    views = _views(tx, tx.session.scalars(shown).all())
    return [
        UnmatchedGroup(cause, _LABELS.get(cause, cause), count, tuple(view for view in views if view.cause == cause))
        for cause, count in sorted(sizes, key=lambda group: (-group[1], group[0]))
    ]


def get_unmatched(tx: Transaction, run_id: int, mentee_id: int) -> UnmatchedView:
    """Return one of the mentees without a mentor. Raises NotFound when the run left no such person over."""
    find_run(tx, run_id, "matching.read")
    row = tx.session.scalar(select(Unmatched).where(_left_over(run_id), Unmatched.mentee_id == mentee_id))
    if row is None:
        raise NotFound("This person is not among those whom the run left over. Go back to the list of pairs.")
    return _views(tx, [row])[0]


def count_unmatched(tx: Transaction, run_id: int) -> int:
    """Count the mentees whom a run leaves without a mentor, as its review stands now."""
    find_run(tx, run_id, "matching.read")
    return tx.session.scalar(select(func.count()).select_from(Unmatched).where(_left_over(run_id))) or 0


def score_histogram(tx: Transaction, run_id: int, *, bands: int = 20) -> Sequence[ScoreBand]:
    """Count the live pairs per band of scores, from the lowest band with a pair to the highest."""
    find_run(tx, run_id, "matching.read")
    scores = select(Proposal.score).where(Proposal.run_id == run_id, Proposal.state.in_(LIVE_PAIRS))
    counts = Counter(min(bands - 1, max(0, int(score * bands))) for score in tx.session.scalars(scores))
    if not counts:
        return []
    return [ScoreBand(b / bands, (b + 1) / bands, counts[b]) for b in range(min(counts), max(counts) + 1)]


def load_per_mentor(tx: Transaction, run_id: int) -> Sequence[MentorLoad]:
    """Count the cycle's mentors by how many mentees they would have once the run's drafts are accepted."""
    _, cycle = find_run(tx, run_id, "matching.read")
    book = read_places(tx.session, cycle.id, run_id)
    taking_part = select(Membership.person_id).where(
        Membership.cycle_id == cycle.id,
        Membership.role == Role.MENTOR,
        Membership.state == MembershipState.APPROVED,
    )
    places = (book.of(mentor_id) for mentor_id in tx.session.scalars(taking_part))
    counts = Counter(place.taken + place.drafted for place in places)
    return [MentorLoad(mentees, counts[mentees]) for mentees in range(max(counts, default=-1) + 1)]


def _left_over(run_id: int) -> ColumnElement[bool]:
    """Return the condition that a run left a mentee over, and review has not given them a mentor since."""
    paired = exists().where(
        Proposal.run_id == run_id, Proposal.mentee_id == Unmatched.mentee_id, Proposal.state.in_(LIVE_PAIRS)
    )
    return (Unmatched.run_id == run_id) & ~paired


def _views(tx: Transaction, rows: Sequence[Unmatched]) -> list[UnmatchedView]:
    people = person_refs(tx.session, (row.mentee_id for row in rows))
    return [UnmatchedView(people[row.mentee_id], row.cause, row.reason) for row in rows]
