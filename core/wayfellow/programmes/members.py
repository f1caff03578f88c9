"""List and change who takes part in a cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.paging import Page
from wayfellow.people.service import find_person
from wayfellow.permissions import ROLES
from wayfellow.privacy.audit import record
from wayfellow.programmes.listing import Member, MemberQuery, list_ids, load_members
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.programmes.service import get_cycle
from wayfellow.tabular.values import MAX_CAPACITY
from wayfellow.types import Role
from wayfellow.words import gettext

__all__ = ["Member", "MemberCounts", "add_member", "count_members", "list_members", "set_capacity"]

#: The longest page that a list gives.
MAX_SIZE = 500


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """Count the people of a cycle: ``by_state`` for each (role, state), ``places`` those of approved mentors."""

    by_state: Mapping[tuple[str, str], int]
    places: int

    def of(self, role: Role, state: MembershipState | None = MembershipState.APPROVED) -> int:
        """Return how many people have a role, in one state or (None) in any."""
        return sum(n for key, n in self.by_state.items() if key[0] == role and state in (None, key[1]))


def list_members(
    tx: Transaction,
    cycle_id: int,
    *,
    search: str = "",
    role: Role | None = None,
    state: MembershipState | None = None,
    sort: str = "name",
    page: int = 1,
    size: int = 50,
) -> Page[Member]:
    """Return one page of the people of a cycle, without those whom a plugin hides.

    ``search``: every word occurs in the name, e-mail, reference or job title, whatever its case and accents. ``sort``:
    ``name``, ``email``, ``reference``, ``role``, ``state``, ``capacity``, ``added``, ``applied`` or ``since``, with
    ``-`` in front for the other direction; anything else sorts by name. Pages beyond the last give the last. Raises
    NotFound, NotAllowed.
    """
    ids = list_ids(tx, cycle_id, MemberQuery(search, role, state, sort))
    size = min(max(size, 1), MAX_SIZE)
    page = min(max(page, 1), max(1, -(-len(ids) // size)))
    return Page(load_members(tx, ids[(page - 1) * size : page * size]), len(ids), page, size)


def count_members(tx: Transaction, cycle_id: int) -> MemberCounts:
    """Count the people of a cycle by role and state, and the mentors' places. Raises NotFound, NotAllowed."""
    tx.require("people.read", get_cycle(tx, cycle_id).programme_id)
    query = select(Membership.role, Membership.state, func.count(), func.sum(Membership.capacity))
    rows = tx.session.execute(
        query.where(Membership.cycle_id == cycle_id).group_by(Membership.role, Membership.state)
    ).all()
    places = sum(places for role, state, _, places in rows if (role, state) == (Role.MENTOR, MembershipState.APPROVED))
    return MemberCounts({(role, state): count for role, state, count, _ in rows}, places)


def add_member(
    tx: Transaction,
    cycle_id: int,
    person_id: int,
    role: Role,
    *,
    capacity: int = 1,
    state: MembershipState = MembershipState.APPROVED,
) -> Membership:
    """Let a person take part in a cycle as mentor or mentee.

    Raises NotFound, NotAllowed, InvalidInput, and Conflict when they do so already.
    """
    cycle = get_cycle(tx, cycle_id)
    tx.require("people.edit", cycle.programme_id)
    find_person(tx, person_id)
    _check_capacity(capacity)
    if role not in (Role.MENTOR, Role.MENTEE):
        raise InvalidInput(gettext("A %(role)s takes no part in matching. Choose mentor or mentee.", role=ROLES[role]))
    same = select(Membership.id).where(
        Membership.cycle_id == cycle_id, Membership.person_id == person_id, Membership.role == role
    )
    if tx.session.scalar(same) is not None:
        raise Conflict(
            gettext("The person is a %(role)s of this cycle already. Change their state instead.", role=ROLES[role])
        )
    member = Membership(
        cycle_id=cycle_id,
        person_id=person_id,
        role=role,
        capacity=capacity,
        state=state,
        created_at=tx.now(),
        state_since=tx.now(),
    )
    tx.session.add(member)
    tx.session.flush()
    record(tx, "member.added", "person", person_id, cycle.programme_id, role=role)
    return member


def set_capacity(tx: Transaction, membership_id: int, capacity: int) -> Membership:
    """Say how many mentees a mentor takes, 0 to 1000; mentors may say so themselves.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    member, programme_id = _find(tx, membership_id)
    if tx.actor.person_id != member.person_id or not tx.may("profile.edit", programme_id):
        tx.require("people.edit", programme_id)
    _check_capacity(capacity)
    if member.capacity != capacity:
        before, member.capacity = member.capacity, capacity
        record(tx, "member.capacity", "person", member.person_id, programme_id, before=before, after=capacity)
    tx.session.flush()
    return member


def _find(tx: Transaction, membership_id: int) -> tuple[Membership, int]:
    query = select(Membership, Cycle.programme_id).join(Cycle, Cycle.id == Membership.cycle_id)
    found = tx.session.execute(query.where(Membership.id == membership_id)).one_or_none()
    if found is None:
        raise NotFound(gettext("This person is not in the cycle any more. Reload the list of people."))
    return found[0], found[1]


def _check_capacity(capacity: int) -> None:
    if not 0 <= capacity <= MAX_CAPACITY:
        sentence = gettext(
            "%(capacity)s is no number of places. Choose a whole number from 0 to %(most)s.",
            capacity=capacity,
            most=MAX_CAPACITY,
        )
        raise InvalidInput(sentence, (Problem(sentence, column="capacity", value=str(capacity)),))
