"""Count mentors' places, and the one that each peer has: who takes them, and how many are left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from wayfellow.mentorships.models import Mentorship, Proposal
from wayfellow.mentorships.partners import is_at_work, is_waiting
from wayfellow.mentorships.terms import USUAL, Terms
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
    session: Session,
    cycle_id: int,
    terms: Terms = USUAL,
    run_id: int | None = None,
    mentors: Iterable[int] | None = None,
) -> PlaceBook:
    """Read the places of a cycle's mentors or peers, or of some of them, with a run's drafts when one is named.

    One statement, whatever the number of people.
    """
    parts = [_offered(cycle_id, terms), *_taken(cycle_id, terms)]
    if run_id is not None:
        parts += _counts(_DRAFTED, Proposal, _drafts_of(run_id), terms)
    if mentors is not None:
        only = sorted(set(mentors))
        parts = [part.where(part.selected_columns[1].in_(only)) for part in parts]
    found: dict[str, dict[int, int]] = {_OFFERED: {}, _TAKEN: {}, _DRAFTED: {}}
    for what, mentor_id, count in session.execute(union_all(*parts)):
        found[what][mentor_id] = found[what].get(mentor_id, 0) + count
    return PlaceBook(found[_OFFERED], found[_TAKEN], found[_DRAFTED])


def occupied_places(session: Session, cycle_id: int, terms: Terms, mentors: Collection[int]) -> dict[int, int]:
    """Count per mentor the places taken by mentorships alone."""
    found: dict[int, int] = {}
    for query in _counts(_TAKEN, Mentorship, is_at_work(cycle_id), terms):
        for _, mentor_id, count in session.execute(query.where(query.selected_columns[1].in_(mentors))):
            found[mentor_id] = found.get(mentor_id, 0) + count
    return found


def count_loads(session: Session, cycle_id: int, run_id: int, terms: Terms) -> dict[int, int]:
    """Count a cycle's mentors by how many mentees they would have once a run's drafts are accepted."""
    drafted = _counts(_DRAFTED, Proposal, _drafts_of(run_id), terms)
    held = union_all(*_taken(cycle_id, terms), *drafted).subquery()
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


def _offered(cycle_id: int, terms: Terms) -> Select[str, int, int]:
    here = (Membership.cycle_id == cycle_id) & Membership.role.in_(terms.offering)
    if terms.are_peers:
        approved = here & (Membership.state == MembershipState.APPROVED)
        return select(literal(_OFFERED), Membership.person_id, literal(1)).where(approved).distinct()
    return select(literal(_OFFERED), Membership.person_id, Membership.capacity * terms.per_place).where(here)


def _taken(cycle_id: int, terms: Terms) -> list[Select[str, int, int]]:
    return [
        *_counts(_TAKEN, Mentorship, is_at_work(cycle_id), terms),
        *_counts(_TAKEN, Proposal, is_waiting(cycle_id), terms),
    ]


def _drafts_of(run_id: int) -> ColumnElement[bool]:
    return (Proposal.run_id == run_id) & (Proposal.state == MatchState.DRAFTED)


def _counts(
    what: str, model: type[Proposal] | type[Mentorship], where: ColumnElement[bool], terms: Terms
) -> list[Select[str, int, int]]:
    columns = (model.mentee_id, model.mentor_id) if terms.are_peers else (model.mentor_id,)
    here = where & (model.kind == terms.kind)
    return [select(literal(what), column, func.count()).where(here).group_by(column) for column in columns]
