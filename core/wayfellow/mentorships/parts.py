"""Say how the actor takes part in programmes: as what, and how many of a mentor's places are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.states import OCCUPYING, RESERVING
from wayfellow.mentorships.views import Places
from wayfellow.programmes.models import Cycle, CycleState, Membership, MembershipState, Programme
from wayfellow.programmes.standing import Who, choices
from wayfellow.programmes.waiting import waiting_places
from wayfellow.types import Role

_OVER = (CycleState.COMPLETED, CycleState.CANCELLED, CycleState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class MyPart:
    """Hold one way in which the actor takes part; ``places`` count mentorships and proposals, None for mentees.

    ``waits_as`` is the place on the waiting list, counted from 1, None for who is not on it; ``back_on`` the day on
    which one means to be back from a pause; ``can_do`` where one may move oneself.
    """

    membership_id: int
    programme_id: int
    programme: str
    cycle: str
    role: Role
    state: str
    places: Places | None
    waits_as: int | None
    back_on: date | None
    can_do: frozenset[MembershipState]


def list_my_parts(tx: Transaction) -> Sequence[MyPart]:
    """List how the actor takes part in cycles that are not over, the newest first; four statements."""
    me = tx.actor.person_id
    if me is None:
        return []
    query = (
        select(Membership, Cycle.name, Programme.id, Programme.name)
        .join(Cycle, Cycle.id == Membership.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Membership.person_id == me, Cycle.state.not_in(_OVER))
        .order_by(Cycle.id.desc(), Membership.role)
    )
    taken, waiting = _taken(tx, me), waiting_places(tx, me)
    return [
        MyPart(
            membership_id=member.id,
            programme_id=programme_id,
            programme=programme,
            cycle=cycle,
            role=Role(member.role),
            state=member.state,
            places=Places(member.capacity, taken.get(member.cycle_id, 0), 0) if member.role == Role.MENTOR else None,
            waits_as=waiting.get(member.id),
            back_on=member.back_on,
            can_do=choices(member.state, Who.SELF),
        )
        for member, cycle, programme_id, programme in tx.session.execute(query)
    ]


def _taken(tx: Transaction, me: int) -> dict[int, int]:
    """Return how many of a mentor's places are taken, by cycle."""
    taken: dict[int, int] = {}
    for model, states in ((Mentorship, OCCUPYING), (Proposal, RESERVING)):
        here = (model.mentor_id == me) & (model.kind == TieKind.MENTORSHIP) & model.state.in_(states)
        query = select(model.cycle_id, func.count()).where(here)
        for cycle_id, count in tx.session.execute(query.group_by(model.cycle_id)):
            taken[cycle_id] = taken.get(cycle_id, 0) + count
    return taken
