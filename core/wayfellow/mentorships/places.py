"""Count mentors' places: who takes them, and how many are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.states import OCCUPYING, RESERVING
from wayfellow.mentorships.views import Places
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import MatchState, Role

_OFFERED, _TAKEN, _DRAFTED = "offered", "taken", "drafted"


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

    One statement, whatever the number of mentors.
    """
    offered = select(literal(_OFFERED), Membership.person_id, Membership.capacity).where(
        Membership.cycle_id == cycle_id, Membership.role == Role.MENTOR
    )
    parts = [offered, _counts(_TAKEN, Mentorship, _at_work(cycle_id)), _counts(_TAKEN, Proposal, _waiting(cycle_id))]
    if run_id is not None:
        parts.append(_counts(_DRAFTED, Proposal, _drafts_of(run_id)))
    if mentors is not None:
        only = sorted(set(mentors))
        parts = [part.where(part.selected_columns[1].in_(only)) for part in parts]
    found: dict[str, dict[int, int]] = {_OFFERED: {}, _TAKEN: {}, _DRAFTED: {}}
    for what, mentor_id, count in session.execute(union_all(*parts)):
        found[what][mentor_id] = found[what].get(mentor_id, 0) + count
    return PlaceBook(found[_OFFERED], found[_TAKEN], found[_DRAFTED])


def taken_places(session: Session, cycle_id: int) -> dict[int, int]:
    """Count per mentor the places taken by mentorships and by proposals that wait for an answer."""
    return dict(read_places(session, cycle_id).taken)


def occupied_places(session: Session, cycle_id: int, mentors: list[int] | None = None) -> dict[int, int]:
    """Count per mentor the places taken by mentorships alone."""
    query = _counts(_TAKEN, Mentorship, _at_work(cycle_id))
    if mentors is not None:
        query = query.where(Mentorship.mentor_id.in_(mentors))
    return {mentor_id: count for _, mentor_id, count in session.execute(query)}


def count_loads(session: Session, cycle_id: int, run_id: int) -> dict[int, int]:
    """Count a cycle's mentors by how many mentees they would have once a run's drafts are accepted."""
    held = union_all(
        _counts(_TAKEN, Mentorship, _at_work(cycle_id)),
        _counts(_TAKEN, Proposal, _waiting(cycle_id)),
        _counts(_DRAFTED, Proposal, _drafts_of(run_id)),
    ).subquery()
    _, mentor_id, count = held.c
    load = cast(func.coalesce(func.sum(count), 0), Integer)
    taking_part = (
        select(load.label("load"))
        .select_from(Membership)
        .outerjoin(held, mentor_id == Membership.person_id)
        .where(
            Membership.cycle_id == cycle_id,
            Membership.role == Role.MENTOR,
            Membership.state == MembershipState.APPROVED,
        )
        .group_by(Membership.person_id)
        .subquery()
    )
    return dict(session.execute(select(taking_part.c.load, func.count()).group_by(taking_part.c.load)).all())


def _at_work(cycle_id: int) -> ColumnElement[bool]:
    here = (Mentorship.cycle_id == cycle_id) & (Mentorship.kind == TieKind.MENTORSHIP)
    return here & Mentorship.state.in_(OCCUPYING)


def _waiting(cycle_id: int) -> ColumnElement[bool]:
    here = (Proposal.cycle_id == cycle_id) & (Proposal.kind == TieKind.MENTORSHIP)
    return here & Proposal.state.in_(RESERVING)


def _drafts_of(run_id: int) -> ColumnElement[bool]:
    return (Proposal.run_id == run_id) & (Proposal.state == MatchState.DRAFTED)


def _counts(what: str, model: type[Proposal] | type[Mentorship], where: ColumnElement[bool]) -> Select[str, int, int]:
    return select(literal(what), model.mentor_id, func.count()).where(where).group_by(model.mentor_id)
