"""List whom a run left without a mentor, and show how scores and mentees are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.causes import Cause
from wayfellow.matching.models import Candidate, MatchRun, Unmatched
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.partners import asking_columns
from wayfellow.mentorships.places import count_loads
from wayfellow.mentorships.queries import LIVE_PAIRS
from wayfellow.mentorships.terms import Terms, terms_of
from wayfellow.mentorships.views import MentorLoad, ScoreBand, UnmatchedGroup, UnmatchedView
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.words import Wordlist, gettext, later

#: The causes of somebody whose draft a coordinator excluded, or whose partner a coordinator gave to somebody else.
EXCLUDED_IN_REVIEW, REPLACED_IN_REVIEW = "excluded_in_review", "replaced_in_review"
REASONS: Mapping[str, str] = MappingProxyType(
    {
        EXCLUDED_IN_REVIEW: "A coordinator excluded the pair that this run had proposed.",
        REPLACED_IN_REVIEW: "A coordinator gave the partner whom this run had proposed to somebody else.",
    }
)
_LABELS: Mapping[str, str] = Wordlist(
    {
        Cause.NO_MENTORS: later("There was no mentor to match with"),
        Cause.NO_PLACES: later("No mentor who fits offers a place"),
        Cause.NO_SCORER: later("No plugin gave scores"),
        Cause.EMPTY_PROFILE: later("Nothing is written in the profile yet"),
        Cause.EMPTY_MENTORS: later("No mentor has written anything yet"),
        Cause.NOTHING_SHARED: later("No mentor has anything in common"),
        Cause.ALL_FORBIDDEN: later("Every mentor who fits is ruled out"),
        Cause.ALL_FULL: later("Every mentor who fits is full"),
        Cause.LEFT_BY_QUOTA: later("Left out by a quota"),
        Cause.LEFT_BY_GROUP_SIZE: later("Too few came together for another group"),
        Cause.ODD_ONE_OUT: later("The number of people is odd"),
        Cause.ALL_PAIRED: later("Everybody in question is in a pair"),
        Cause.LEFT_BY_PLUGIN: later("Left out by the plugin that chose the pairs"),
        EXCLUDED_IN_REVIEW: later("A coordinator excluded the proposed pair"),
        REPLACED_IN_REVIEW: later("A coordinator gave the partner to somebody else"),
    }
)
_LABELS_OF_PEERS: Mapping[str, str] = Wordlist(
    {
        Cause.NO_MENTORS: later("There was nobody else in the pool"),
        Cause.NOTHING_SHARED: later("Nobody has anything in common"),
        Cause.ALL_FORBIDDEN: later("Everybody who fits is ruled out"),
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
    run, _ = find_run(tx, run_id, "matching.read")
    labels = {**_LABELS, **_LABELS_OF_PEERS} if terms_of(run).are_peers else _LABELS
    here = _left_over(run_id)
    rows = tx.session.execute(_first_of_each(), {"run": run_id, "first": first}).all() if first else ()
    people = person_refs(tx.session, (row.mentee_id for row in rows))
    views = [UnmatchedView(people[row.mentee_id], row.cause, row.reason) for row in rows]
    sizes: dict[str, int] = {row.cause: row.size for row in rows}
    if not first:
        counted = select(Unmatched.cause, func.count()).where(here).group_by(Unmatched.cause)
        sizes = dict(tx.session.execute(counted).all())
    return [
        UnmatchedGroup(cause, labels.get(cause, cause), count, tuple(view for view in views if view.cause == cause))
        for cause, count in sorted(sizes.items(), key=lambda group: (-group[1], group[0]))
    ]


@cache
def _first_of_each() -> Select[int, str, str, int]:
    """Return the query of the first people of each cause by name, each with how many share the cause; made once."""
    run_id = bindparam("run", type_=Integer)
    placed = (
        select(
            Unmatched.mentee_id,
            func.row_number().over(partition_by=Unmatched.cause, order_by=(Person.sort_name, Person.id)).label("place"),
            func.count().over(partition_by=Unmatched.cause).label("size"),
        )
        .join(Person, Person.id == Unmatched.mentee_id)
        .where(_left_over(run_id))
        .subquery()
    )
    return (
        select(Unmatched.mentee_id, Unmatched.cause, Unmatched.reason, placed.c.size)
        .join(placed, placed.c.mentee_id == Unmatched.mentee_id)
        .where(Unmatched.run_id == run_id, placed.c.place <= bindparam("first", type_=Integer))
        .order_by(placed.c.place)
    )


def get_unmatched(tx: Transaction, run_id: int, mentee_id: int) -> UnmatchedView:
    """Return a mentee who has fewer mentors than the run gives; without any, with the reason.

    Raises NotFound for anybody else.
    """
    run, _ = find_run(tx, run_id, "matching.read")
    row = tx.session.scalar(select(Unmatched).where(_left_over(run_id), Unmatched.mentee_id == mentee_id))
    if row is not None:
        return _views(tx, [row])[0]
    if not is_short(tx.session, run, mentee_id):
        raise NotFound(gettext("This person is not among those whom the run left over. Go back to the list of pairs."))
    return UnmatchedView(person_refs(tx.session, [mentee_id])[mentee_id], "", "")


def is_short(session: Session, run: MatchRun, mentee_id: int) -> bool:
    """Tell whether a run has candidates for a mentee, and by now fewer pairs than it gives each."""
    kept = select(Candidate.id).where(Candidate.run_id == run.id, Candidate.mentee_id == mentee_id).limit(1)
    terms = terms_of(run)
    return session.scalar(kept) is not None and count_drafts_of(session, run.id, terms, mentee_id) < terms.wanted


def count_drafts_of(session: Session, run_id: int, terms: Terms, person_id: int) -> int:
    """Count the live pairs of a run in which somebody gets one."""
    mine = or_(*(column == person_id for column in asking_columns(Proposal, terms.kind)))
    live = select(func.count()).where(Proposal.run_id == run_id, Proposal.state.in_(LIVE_PAIRS), mine)
    return session.scalar(live) or 0


def count_unmatched(tx: Transaction, run_id: int) -> int:
    """Count the mentees whom a run leaves without a mentor, as its review stands now."""
    find_run(tx, run_id, "matching.read")
    return tx.session.scalar(select(func.count()).select_from(Unmatched).where(_left_over(run_id))) or 0


def score_histogram(tx: Transaction, run_id: int, *, bands: int = 20) -> Sequence[ScoreBand]:
    """Count the live pairs per band of scores, from the lowest band with a pair to the highest."""
    find_run(tx, run_id, "matching.read")
    found = (0, *tx.session.execute(_counts_below(bands), {"run_id": run_id}).one())
    counts = [after - before for before, after in pairwise(found)]
    held = [band for band, pairs in enumerate(counts) if pairs]
    return [ScoreBand(b / bands, (b + 1) / bands, counts[b]) for b in range(held[0], held[-1] + 1)] if held else []


@cache
def _counts_below(bands: int) -> Select[*tuple[Any, ...]]:
    """Return the query that counts a run's live pairs below each band's end; it is made once, since it is long."""
    mine = (Proposal.run_id == bindparam("run_id")) & Proposal.state.in_(LIVE_PAIRS)
    below = [func.count().filter(Proposal.score < edge / bands) for edge in range(1, bands)]
    return select(*below, func.count()).where(mine)


def load_per_mentor(tx: Transaction, run_id: int) -> Sequence[MentorLoad]:
    """Count the cycle's mentors by how many mentees they would have once the run's drafts are accepted.

    There is nothing to count of peers.
    """
    run, cycle = find_run(tx, run_id, "matching.read")
    terms = terms_of(run)
    counts = {} if terms.are_peers else count_loads(tx.session, cycle.id, run_id, terms)
    return [MentorLoad(mentees, counts.get(mentees, 0)) for mentees in range(max(counts, default=-1) + 1)]


def _left_over(run_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that a run left a mentee over, and review has not given them a mentor since."""
    theirs = (Proposal.mentee_id == Unmatched.mentee_id) | (
        (Proposal.kind == TieKind.PEERS) & (Proposal.mentor_id == Unmatched.mentee_id)
    )
    paired = exists().where(Proposal.run_id == run_id, theirs, Proposal.state.in_(LIVE_PAIRS))
    return (Unmatched.run_id == run_id) & ~paired


def _views(tx: Transaction, rows: Sequence[Unmatched]) -> list[UnmatchedView]:
    people = person_refs(tx.session, (row.mentee_id for row in rows))
    return [UnmatchedView(people[row.mentee_id], row.cause, row.reason) for row in rows]
