"""Remind people of what waits for their answer, and end what nobody answered in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from wayfellow.deployment import Transaction
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import MATCHABLE
from wayfellow.mentorships.holding import hold_all
from wayfellow.mentorships.letters import LetterTo
from wayfellow.mentorships.models import Asks, Consent, Origin, Proposal
from wayfellow.mentorships.notices import programmes_of, send_all, write_all
from wayfellow.mentorships.requests.choices import pass_on
from wayfellow.mentorships.requests.letters import unanswered
from wayfellow.mentorships.staff import letters
from wayfellow.mentorships.states import ANSWERABLE, move_all
from wayfellow.mentorships.views import Letter
from wayfellow.notify.nudges import nudge_all
from wayfellow.notify.service import NewNotice
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.rules import last_day, read_rules
from wayfellow.types import JSON, SYSTEM, Job, MatchState
from wayfellow.words import later

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

JOB_KIND = "proposals.expire"
#: How many proposals one transaction looks at, so that nobody who answers meanwhile waits long.
BATCH = 200
#: People are reminded when this part of their time is left.
LAST_PART = 3

_WAITING = Proposal.state.in_(ANSWERABLE)
_BLOCKED = is_blocked(Proposal.mentee_id, Proposal.mentor_id)


def watch_the_time(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """End what ran out, then remind of what soon will; each proposal once, however often this is begun again."""
    counts: dict[str, JSON] = {}
    for name, act in (("expired", expire), ("reminded", remind)):
        last: int | None = 0
        done = 0
        while last is not None:
            context.progress(name, done)
            with context.deployment.transaction(SYSTEM) as tx:
                last, count = act(tx, after=last)
            done += count
        counts[name] = done
    with context.finish(counts):
        return counts


def expire(tx: Transaction, *, after: int = 0) -> tuple[int | None, int]:
    """End the first proposals that ran out beyond an id; return the last one's id, None at the end, and how many.

    Both people are told kindly, whoever had said yes in other words. Two people of whom one blocked the other hear
    nothing. Whoever asked has their next choice asked.
    """
    due = and_(_WAITING, Proposal.expires_at <= tx.now())
    ids = _first(tx, due, after)
    held = hold_all(tx, ids, due)
    blocked = _blocked(tx, held)
    said = _yeses(tx, held)
    for programme_id, ended in _by_programme(tx, held).items():
        move_all(tx, ended, MatchState.EXPIRED, programme_id)

    def write(one: Proposal, to: int, people: Mapping[int, Any]) -> LetterTo:
        return letters.expired(people[to], people[_other(one, to)], said_yes=(one.id, to) in said)

    def readers(one: Proposal) -> list[int]:
        both = (one.mentee_id, one.mentor_id)
        return [person for person in both if one.origin != Origin.REQUEST or person != one.asked_by]

    send_all(tx, _letters(tx, [one for one in held if one.id not in blocked], readers, write))
    for one in held:
        if one.origin == Origin.REQUEST and one.id not in blocked:
            pass_on(tx, one, unanswered)
    return _next(ids), len(held)


def remind(tx: Transaction, *, after: int = 0) -> tuple[int | None, int]:
    """Remind whoever has not answered the first proposals beyond an id of which a third of the time is left.

    Nobody gets more than the week's few nudges; who had them already is tried again next time. Returns as ``expire``.
    """
    ids = _first(tx, and_(_soon(tx), ~_BLOCKED), after)
    found = tx.session.scalars(select(Proposal).where(Proposal.id.in_(ids)).order_by(Proposal.id)).all()
    said = _yeses(tx, found)
    places = programmes_of(tx, found)
    days = {one.id: last_day(places[one.cycle_id], one.expires_at) for one in found if one.expires_at}

    def asked(one: Proposal) -> list[int]:
        sides = {Asks.MENTEE: one.mentee_id, Asks.MENTOR: one.mentor_id}
        wanted = [sides[Asks(one.asks)]] if one.asks in sides else sides.values()
        return [person for person in wanted if (one.id, person) not in said]

    def write(one: Proposal, to: int, people: Mapping[int, Any]) -> LetterTo:
        return letters.reminder(people[to], people[_other(one, to)], days[one.id])

    written = _letters(tx, found, asked, write)
    worded = write_all(tx, [letter for _, letter in written])
    notices = [_reminder(one, letter, places) for (one, _), letter in zip(written, worded, strict=True)]
    left = nudge_all(tx, notices)
    missing = {one.id for (one, _), notice in zip(written, notices, strict=True) if notice.key not in left}
    reminded = [one for one in found if one.id not in missing]
    for one in reminded:
        one.reminded_at = tx.now()
    return _next(ids), len(reminded)


def _soon(tx: Transaction) -> ColumnElement[bool]:
    """Return the condition that a third of the time to answer, which is the programme's, is left."""
    now, by_time = tx.now(), dict[timedelta, list[int]]()
    for programme in tx.session.scalars(select(Programme)):
        by_time.setdefault(read_rules(programme).answer_time, []).append(programme.id)
    soon = [
        Cycle.programme_id.in_(programmes) & (Proposal.expires_at <= now + time / LAST_PART)
        for time, programmes in by_time.items()
    ]
    here = (Cycle.state.in_(MATCHABLE), Proposal.reminded_at.is_(None), Proposal.expires_at > now)
    return and_(_WAITING, *here, or_(false(), *soon))


def _first(tx: Transaction, due: ColumnElement[bool], after: int) -> list[int]:
    query = select(Proposal.id).join(Cycle, Cycle.id == Proposal.cycle_id)
    query = query.where(due, Proposal.id > after)
    return list(tx.session.scalars(query.order_by(Proposal.id).limit(BATCH)))


def _next(ids: Sequence[int]) -> int | None:
    return ids[-1] if len(ids) == BATCH else None


def _blocked(tx: Transaction, proposals: Sequence[Proposal]) -> set[int]:
    ids = [one.id for one in proposals]
    return set(tx.session.scalars(select(Proposal.id).where(Proposal.id.in_(ids), _BLOCKED)))


def _yeses(tx: Transaction, proposals: Sequence[Proposal]) -> set[tuple[int, int]]:
    """Return who said yes to which of these proposals, as (proposal, person)."""
    ids = [one.id for one in proposals]
    query = select(Consent.proposal_id, Consent.person_id).where(Consent.proposal_id.in_(ids), Consent.agrees)
    return {(proposal, person) for proposal, person in tx.session.execute(query)}


def _letters(
    tx: Transaction,
    proposals: Sequence[Proposal],
    readers: Callable[[Proposal], Iterable[int]],
    write: Callable[[Proposal, int, Mapping[int, Any]], LetterTo],
) -> list[tuple[Proposal, LetterTo]]:
    people = person_refs(tx.session, {person for one in proposals for person in (one.mentee_id, one.mentor_id)})
    return [(one, write(one, to, people)) for one in proposals for to in readers(one)]


def _reminder(one: Proposal, letter: Letter, places: Mapping[int, Programme]) -> NewNotice:
    key, programme_id = f"proposal.reminder:{one.id}:{letter.to.id}", places[one.cycle_id].id
    return NewNotice(letter.to.id, key, letter.subject, letter.body, "proposal.reminder", programme_id)


def _by_programme(tx: Transaction, proposals: Sequence[Proposal]) -> dict[int, list[Proposal]]:
    found, places = dict[int, list[Proposal]](), programmes_of(tx, proposals)
    for one in proposals:
        found.setdefault(places[one.cycle_id].id, []).append(one)
    return found


def _other(one: Proposal, person_id: int) -> int:
    return one.mentor_id if person_id == one.mentee_id else one.mentee_id


JOBS = (Job(JOB_KIND, watch_the_time, label=later("Time to answer"), every=timedelta(hours=1)),)
