"""Read how well others fit somebody who looks for them, and ask for it to be worked out where that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.goals.models import Goal
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import ask
from wayfellow.mentorships.requests.models import Fit
from wayfellow.mentorships.requests.parts import Part
from wayfellow.people.models import Person

#: The kind of job that works it out; its payload is {"membership_id": id}.
JOB_KIND = "requests.fit"


class FitState(StrEnum):
    """Say how what is known stands: as of today, being worked out, or not to be had."""

    READY = "ready"
    MISSING = "missing"
    WORKING = "working"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FitView:
    """Hold how well somebody fits: a ``score`` in [0, 1], their place from 1, and what both speak of."""

    score: float
    rank: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fits:
    """Hold what is known by the other's id, perhaps of yesterday; whoever is not in ``found`` fits little or not."""

    state: FitState
    found: Mapping[int, FitView] = field(default_factory=dict)


def read_fits(tx: Transaction, part: Part) -> Fits:
    """Return how well others fit the actor in one of their parts; three statements at most.

    What was worked out before the actor's profile or goals last changed, or on an earlier day, is shown and is MISSING.
    """
    row = tx.session.get(Fit, (part.cycle.id, tx.actor.person_id, part.role))
    found = {} if row is None else _views(row)
    since = _good_since(tx)
    if row is not None and row.worked_out_at >= since:
        return Fits(FitState.READY, found)
    state = tx.session.scalar(select(JobRow.state).where(JobRow.key == _key(part, since)))
    if state in (JobState.WAITING, JobState.RUNNING):
        return Fits(FitState.WORKING, found)
    return Fits(FitState.MISSING if state is None else FitState.FAILED, found)


def work_out_fits(tx: Transaction, part: Part) -> JobRow:
    """Ask for the actor's fits to be worked out; asking again changes nothing until they could have changed."""
    payload = {"membership_id": part.membership_id}
    return ask(tx, JOB_KIND, payload, key=_key(part, _good_since(tx)), programme_id=part.programme.id)


def _views(row: Fit) -> dict[int, FitView]:
    ordered = sorted(row.found.items(), key=lambda one: (-one[1][0], int(one[0])))
    return {
        int(other): FitView(score, rank, tuple(terms)) for rank, (other, (score, terms)) in enumerate(ordered, start=1)
    }


def _good_since(tx: Transaction) -> datetime:
    """Return since when fits hold: the start of the day, or the last change of what the actor says."""
    me = tx.actor.person_id
    goals = select(func.max(Goal.updated_at)).where(Goal.person_id == me).scalar_subquery()
    changed, aimed = tx.session.execute(select(Person.updated_at, goals).where(Person.id == me)).one()
    today = tx.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(moment for moment in (today, changed, aimed) if moment is not None)


def _key(part: Part, since: datetime) -> str:
    return f"{JOB_KIND}:{part.membership_id}:{since.isoformat()}"
