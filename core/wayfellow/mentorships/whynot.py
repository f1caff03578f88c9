"""Say why a run gave a mentee no other mentor, and what would have let more people have one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.models import Candidate
from wayfellow.matching.reasons import read_barred, read_relaxation, read_why_not
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.matching.sentences import NAMES, say_way, say_why_not
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.queries import LIVE_PAIRS
from wayfellow.mentorships.views import BarredView, WayView
from wayfellow.people.models import Person

#: So many forbidden mentors stand on the page of a pair.
BARRED = 5


def because(candidate: Candidate, holders: Sequence[str]) -> str:
    """Return why the run did not choose a candidate who scored higher than its choice, "" when it says nothing.

    ``holders`` name those who have the mentor's places now.
    """
    stored = (candidate.reasons or {}).get("why_not")
    return say_why_not(read_why_not(stored), holders) if stored else ""


def read_holders(session: Session, run_id: int, mentors: Collection[int]) -> dict[int, list[str]]:
    """Return who has mentors' places in a run, each as a name with points, the highest score first."""
    query = (
        select(Proposal.mentor_id, Person.name, Proposal.score)
        .join(Person, Person.id == Proposal.mentee_id)
        .where(Proposal.run_id == run_id, Proposal.mentor_id.in_(mentors), Proposal.state.in_(LIVE_PAIRS))
        .order_by(Proposal.score.desc(), Proposal.id)
    )
    found: dict[int, list[str]] = {}
    for mentor_id, name, score in session.execute(query):
        found.setdefault(mentor_id, []).append(f"{name} ({round(100 * score)})")
    return found


def list_barred(session: Session, reasons: Mapping[str, Any] | None, mentee_id: int) -> tuple[BarredView, ...]:
    """Return the first mentors whom rules forbid though they scored higher; never those behind a block.

    ``reasons`` are those of the run's choice for the mentee. Two statements at most.
    """
    barred = read_barred((reasons or {}).get("barred", ())[:BARRED])
    if not barred:
        return ()
    people = person_refs(session, {one.mentor for one in barred})
    blocked = set(session.scalars(select(Person.id).where(Person.id.in_(people), is_blocked(Person.id, mentee_id))))
    return tuple(
        BarredView(people[one.mentor], one.score, say_why_not(one.why_not))
        for one in barred
        if one.mentor in people and one.mentor not in blocked
    )


def list_ways(tx: Transaction, run_id: int) -> Sequence[WayView]:
    """List what would have let more people have a mentor, as the run ended; three statements."""
    run, _ = find_run(tx, run_id, "matching.read")
    found = [read_relaxation(one) for one in run.summary.get("relaxations", ())]
    mentors = {one.mentor for one in found if one.mentor is not None}
    people = person_refs(tx.session, mentors | {mentee for one in found for mentee in one.mentees[:NAMES]})
    ways = []
    for one in found:
        mentor = people.get(one.mentor) if one.mentor is not None else None
        if mentor is None and one.mentor is not None:
            continue
        names = [people[mentee].name for mentee in one.mentees[:NAMES] if mentee in people]
        ways.append(WayView(one.way, mentor, one.matched, say_way(one, mentor.name if mentor else "", names)))
    return ways
