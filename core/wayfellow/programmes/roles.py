"""Give people duties, and say who an actor is."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.people.audience import GONE
from wayfellow.people.models import Person
from wayfellow.people.service import find_person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Membership, RoleAssignment
from wayfellow.types import Actor, Role, RoleGrant

_BY_MEMBERSHIP = frozenset({Role.MENTOR, Role.MENTEE})


def actor_for(session: Session, person_id: int) -> Actor:
    """Return who a person is: their duties, and mentor or mentee in each programme that they take part in.

    Those who are out of a cycle (rejected, withdrawn, removed) are nothing by it. Three statements. Raises NotFound.
    """
    name = session.scalar(select(Person.name).where(Person.id == person_id))
    if name is None:
        raise NotFound("This person is not here any more.")
    duties = select(RoleAssignment.role, RoleAssignment.programme_id).where(RoleAssignment.person_id == person_id)
    parts = select(Membership.role, Cycle.programme_id).join(Cycle, Cycle.id == Membership.cycle_id).distinct()
    parts = parts.where(Membership.person_id == person_id, Membership.state.not_in(GONE))
    found = [*session.execute(duties), *session.execute(parts)]
    return Actor(person_id, name, frozenset(RoleGrant(Role(role), programme) for role, programme in found))


def grant_role(tx: Transaction, person_id: int, role: Role, programme_id: int | None) -> None:
    """Give a person a duty in a programme, or in the whole deployment (None); twice is the same as once.

    Only administrators give duties in the deployment, or make administrators. Raises NotFound, NotAllowed, and
    InvalidInput for mentor and mentee, which people are by taking part in a cycle.
    """
    _require(tx, role, programme_id)
    find_person(tx, person_id)
    if tx.session.scalar(_assignment(person_id, role, programme_id)) is None:
        tx.session.add(RoleAssignment(person_id=person_id, role=role, programme_id=programme_id))
        tx.session.flush()
        record(tx, "role.granted", "person", person_id, programme_id, role=role)


def revoke_role(tx: Transaction, person_id: int, role: Role, programme_id: int | None) -> None:
    """Take a duty from a person; without it nothing happens. Raises NotAllowed, InvalidInput."""
    _require(tx, role, programme_id)
    duty = tx.session.scalar(_assignment(person_id, role, programme_id))
    if duty is not None:
        tx.session.delete(duty)
        tx.session.flush()
        record(tx, "role.revoked", "person", person_id, programme_id, role=role)


def _require(tx: Transaction, role: Role, programme_id: int | None) -> None:
    if role in _BY_MEMBERSHIP:
        raise InvalidInput(f"A {role} is who takes part in a cycle as one. Add them to the cycle's people instead.")
    if programme_id is None or role is Role.ADMINISTRATOR:
        tx.require("roles.grant")
    else:
        tx.require("programme.edit", programme_id)


def _assignment(person_id: int, role: Role, programme_id: int | None) -> Select[RoleAssignment]:
    return select(RoleAssignment).where(
        RoleAssignment.person_id == person_id,
        RoleAssignment.role == role,
        RoleAssignment.programme_id.is_(None) if programme_id is None else RoleAssignment.programme_id == programme_id,
    )
