"""Count mentors' places: who takes them, and how many are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from wayfellow.mentorships.models import Mentorship, Proposal
from wayfellow.mentorships.states import OCCUPYING
from wayfellow.mentorships.views import Places
from wayfellow.programmes.models import Membership
from wayfellow.types import MatchState, Role


@dataclass(frozen=True, slots=True)
class PlaceBook:
    """Hold mentors' places in a cycle by person: what they offer, what is taken, and what a run drafted."""

    capacity: Mapping[int, int]
    taken: Mapping[int, int]
    drafted: Mapping[int, int] = field(default_factory=dict)

    def of(self, mentor_id: int) -> Places:
        """Return one mentor's places; someone who offers none has none."""
        return Places(self.capacity.get(mentor_id, 0), self.taken.get(mentor_id, 0), self.drafted.get(mentor_id, 0))


def read_places(
    session: Session, cycle_id: int, run_id: int | None = None, mentors: Iterable[int] | None = None
) -> PlaceBook:
    """Read the places of a cycle's mentors, or of some of them, with a run's drafts when one is named.

    Four statements, whatever the number of mentors.
    """
    only = None if mentors is None else sorted(set(mentors))
    drafted = {} if run_id is None else _count(session, Proposal, only, _drafts_of(run_id))
    return PlaceBook(_capacities(session, cycle_id, only), taken_places(session, cycle_id, only), drafted)


def taken_places(session: Session, cycle_id: int, mentors: list[int] | None = None) -> dict[int, int]:
    """Count per mentor the places taken by mentorships and by proposals that wait for an answer."""
    taken = occupied_places(session, cycle_id, mentors)
    waiting = (Proposal.cycle_id == cycle_id) & (Proposal.state == MatchState.PROPOSED)
    for mentor_id, count in _count(session, Proposal, mentors, waiting).items():
        taken[mentor_id] = taken.get(mentor_id, 0) + count
    return taken


def occupied_places(session: Session, cycle_id: int, mentors: list[int] | None = None) -> dict[int, int]:
    """Count per mentor the places taken by mentorships alone."""
    at_work = (Mentorship.cycle_id == cycle_id) & Mentorship.state.in_(OCCUPYING)
    return _count(session, Mentorship, mentors, at_work)


def _drafts_of(run_id: int) -> ColumnElement[bool]:
    return (Proposal.run_id == run_id) & (Proposal.state == MatchState.DRAFTED)


def _capacities(session: Session, cycle_id: int, mentors: list[int] | None) -> dict[int, int]:
    query = select(Membership.person_id, Membership.capacity).where(
        Membership.cycle_id == cycle_id, Membership.role == Role.MENTOR
    )
    if mentors is not None:
        query = query.where(Membership.person_id.in_(mentors))
    return dict(session.execute(query).all())


def _count(
    session: Session,
    model: type[Proposal] | type[Mentorship],
    mentors: list[int] | None,
    where: ColumnElement[bool],
) -> dict[int, int]:
    query = select(model.mentor_id, func.count()).where(where).group_by(model.mentor_id)
    if mentors is not None:
        query = query.where(model.mentor_id.in_(mentors))
    return dict(session.execute(query).all())
