"""Compare two runs of a cycle: whose pair stays, moves, comes or goes, and what the runs were asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.matching.diff import Change, ChangeKind, compare_pairs
from wayfellow.matching.models import Candidate, MatchRun, RunState, Unmatched
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.matching.tries import ORIGIN, STATE
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.queries import LIVE_PAIRS
from wayfellow.mentorships.terms import terms_of
from wayfellow.mentorships.views import ChangeSort, ChangeView, Comparison, InputChange
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.programmes.models import Membership
from wayfellow.words import gettext

#: Settings that say where a run comes from, not what it was asked.
_LINKS = ("keep_locked_from", ORIGIN, STATE)
_Order = Callable[[Change[int]], Any]


def compare_runs(
    tx: Transaction,
    before_id: int,
    after_id: int,
    *,
    kind: ChangeKind | None = None,
    search: str = "",
    sort: ChangeSort = ChangeSort.LOSS,
    page: int = 1,
    size: int = 20,
) -> Comparison:
    """Compare a run with another of the same cycle. Needs ``matching.read``; a bounded number of SQL statements.

    A run stands for its pairs as review left them; when other runs took the place of all its drafts, for the pairs
    that it chose. ``search`` looks in the names of the mentee and both mentors.
    Raises NotFound for runs of two cycles, Conflict for a run that is not done.
    """
    before, after = _find(tx, before_id), _find(tx, after_id)
    if before.cycle_id != after.cycle_id:
        raise NotFound(gettext("The two runs belong to different cycles. Choose two of one cycle."))
    if terms_of(before).kind is not terms_of(after).kind:
        raise Conflict(
            gettext(
                "Run %(before)s and run %(after)s bring people together in two ways. Choose another.",
                before=before.number,
                after=after.number,
            )
        )
    changes = compare_pairs(_pairs(tx.session, before), _pairs(tx.session, after), _left_over(tx.session, after))
    counts = Counter(change.kind for change in changes)
    shown = [change for change in _found(tx.session, after.cycle_id, changes, search) if kind in (None, change.kind)]
    shown.sort(key=_order(tx.session, after.cycle_id, sort))
    rows = shown[(page - 1) * size : page * size]
    return Comparison(
        counts={kind: counts[kind] for kind in ChangeKind},
        total=sum(counts.values()),
        changes=Page(_views(tx.session, rows), len(shown), page, size),
        inputs=tuple(_input_changes(before, after)),
    )


def _find(tx: Transaction, run_id: int) -> MatchRun:
    run, _ = find_run(tx, run_id, "matching.read")
    if run.state != RunState.DONE:
        raise Conflict(
            gettext("Run %(number)s is not done, so it has no pairs to compare. Choose one that is.", number=run.number)
        )
    return run


def _pairs(session: Session, run: MatchRun) -> dict[tuple[int, int], float]:
    live = select(Proposal.mentee_id, Proposal.mentor_id, Proposal.score).where(
        Proposal.run_id == run.id, Proposal.state.in_(LIVE_PAIRS)
    )
    chosen = select(Candidate.mentee_id, Candidate.mentor_id, Candidate.score).where(
        Candidate.run_id == run.id, Candidate.assigned.is_(True)
    )
    rows = session.execute(live).all() or session.execute(chosen).all()
    pairs = {(mentee, mentor): score for mentee, mentor, score in rows}
    turned = {(mentor, mentee): score for (mentee, mentor), score in pairs.items()} if terms_of(run).are_peers else {}
    return pairs | turned


def _left_over(session: Session, run: MatchRun) -> set[int]:
    return set(session.scalars(select(Unmatched.mentee_id).where(Unmatched.run_id == run.id)))


def _found(session: Session, cycle_id: int, changes: Sequence[Change[int]], search: str) -> list[Change[int]]:
    """Return the changes in which each word of a search is part of somebody's name."""
    words = search_words(search)
    if not words:
        return list(changes)
    named = [Person.search.contains(word, autoescape=True) for word in words]
    found = select(Person.id, Person.search).where(Person.id.in_(_members(cycle_id)), or_(*named))
    texts: dict[int, str] = dict(session.execute(found).all())

    def has_all(change: Change[int]) -> bool:
        people = (texts.get(number, "") for number in (change.mentee, change.before, change.after) if number)
        text = "\n".join(people)
        return all(word in text for word in words)

    return [change for change in changes if has_all(change)]


def _order(session: Session, cycle_id: int, sort: ChangeSort) -> _Order:
    if sort is ChangeSort.LOSS:
        return lambda change: (change.gain, change.mentee)
    if sort is ChangeSort.SCORE_ASCENDING:
        return lambda change: (change.score_after or 0.0, change.mentee)
    query = select(Person.id, Person.sort_name).where(Person.id.in_(_members(cycle_id)))
    names: dict[int, str] = dict(session.execute(query).all())
    return lambda change: (names.get(change.mentee, ""), change.mentee)


def _members(cycle_id: int) -> Select[int]:
    return select(Membership.person_id).where(Membership.cycle_id == cycle_id)


def _views(session: Session, changes: Sequence[Change[int]]) -> list[ChangeView]:
    ids = {number for change in changes for number in (change.mentee, change.before, change.after) if number}
    people = person_refs(session, ids)
    return [
        ChangeView(
            kind=change.kind,
            mentee=people[change.mentee],
            before=people[change.before] if change.before else None,
            after=people[change.after] if change.after else None,
            score_before=change.score_before,
            score_after=change.score_after,
        )
        for change in changes
    ]


def _input_changes(before: MatchRun, after: MatchRun) -> list[InputChange]:
    one, other = _input(before), _input(after)
    names = sorted(one.keys() | other.keys())
    return [InputChange(name, one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)]


def _input(run: MatchRun) -> dict[str, str]:
    """Return what a run was asked, flat, in words that can be compared."""
    asked = {"seed": run.seed, "input": (run.input_hash or "")[:8], "failed scorers": ", ".join(run.degraded)}
    if run.settings.get(ORIGIN) and not run.settings.get("keep_locked_from"):
        asked["locks"] = "let go"
    settings = {name: value for name, value in run.settings.items() if name not in _LINKS}
    return {name: str(value) for name, value in _flat({**asked, **settings, "version": run.versions}) if value != ""}


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        inside = isinstance(value, Mapping)
        found += _flat(value, f"{prefix}{name}.") if inside else [(f"{prefix}{name}", value)]
    return found
