"""Search, filter and sort the people of a cycle, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, select

from wayfellow.deployment import Transaction
from wayfellow.people.models import FieldDefinition, FieldValue, Person
from wayfellow.people.search import search_words
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.programmes.service import get_cycle
from wayfellow.types import Role

_SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": Person.sort_name.expression,
    "email": func.coalesce(Person.email, ""),
    "reference": Person.reference.expression,
    "role": Membership.role.expression,
    "state": Membership.state.expression,
    "capacity": Membership.capacity.expression,
    "added": Membership.id.expression,
    "applied": func.coalesce(Membership.applied_at, Membership.created_at),
    "since": func.coalesce(Membership.state_since, Membership.created_at),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Be one row of the list of people; ``capacity`` counts for mentors alone.

    ``applied_at`` is when they applied or were added, ``since`` when they came to their state;
    ``back_on`` is the day on which who pauses means to be back, None where they named none.
    """

    membership_id: int
    person_id: int
    name: str
    email: str | None
    reference: str
    role: str
    state: str
    capacity: int
    job_title: str
    timezone: str
    applied_at: datetime
    since: datetime
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Hold what a list of people is asked for; see :func:`wayfellow.programmes.members.list_members`."""

    search: str = ""
    role: Role | None = None
    state: MembershipState | None = None
    sort: str = "name"


def list_ids(tx: Transaction, cycle_id: int, query: MemberQuery) -> list[int]:
    """Return the ids of the memberships that a query finds and no plugin hides, sorted. Raises NotFound, NotAllowed."""
    tx.require("people.read", get_cycle(tx, cycle_id).programme_id)
    found = select(Membership.id, Membership.person_id).join(Person, Person.id == Membership.person_id)
    found = found.where(Membership.cycle_id == cycle_id, *_filters(query)).order_by(*_order(query.sort))
    rows = tx.session.execute(found).all()
    if tx.actor.is_system:
        return [row.id for row in rows]
    import numpy as np

    people = np.fromiter((row.person_id for row in rows), dtype=np.int64, count=len(rows))
    visible = tx.host.filter_visible(tx.actor, "people.read", people, tx.session)
    return [row.id for row, shown in zip(rows, visible.tolist(), strict=True) if shown]


def _filters(query: MemberQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Person.search.contains(word, autoescape=True) for word in search_words(query.search)
    ]
    if query.role is not None:
        wanted.append(Membership.role == query.role)
    if query.state is not None:
        wanted.append(Membership.state == query.state)
    return wanted


def _order(sort: str) -> list[ColumnElement[Any]]:
    column = _SORTS.get(sort.removeprefix("-"), _SORTS["name"])
    first = column.desc() if sort.startswith("-") else column.asc()
    return [first, Person.sort_name.asc(), Membership.id.asc()]


def load_members(tx: Transaction, ids: Sequence[int]) -> list[Member]:
    """Return the rows of memberships in the order of their ids, with one statement; at most some thousands."""
    if not ids:
        return []
    title = select(FieldDefinition.id).where(FieldDefinition.key == "job_title").scalar_subquery()
    rows = tx.session.execute(
        select(
            Membership.id,
            Person.id,
            Person.name,
            Person.email,
            Person.reference,
            Membership.role,
            Membership.state,
            Membership.capacity,
            func.coalesce(FieldValue.value, ""),
            Person.timezone,
            func.coalesce(Membership.applied_at, Membership.created_at),
            func.coalesce(Membership.state_since, Membership.created_at),
            Membership.back_on,
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(FieldValue, and_(FieldValue.person_id == Person.id, FieldValue.field_id == title))
        .where(Membership.id.in_(ids))
    )
    members = {row[0]: Member(*cast("tuple[Any, ...]", row)) for row in rows}
    return [members[member_id] for member_id in ids if member_id in members]
