"""Give people duties, and say who an actor is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from wayfellow.db import lock_table
from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.people.audience import GONE
from wayfellow.people.models import Person
from wayfellow.people.service import create_person, find_person
from wayfellow.permissions import ROLES
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Membership, RoleAssignment
from wayfellow.tabular.values import clean_email
from wayfellow.types import Actor, Role, RoleGrant
from wayfellow.words import gettext

_BY_MEMBERSHIP = frozenset({Role.MENTOR, Role.MENTEE})

#: The duties that people have in one programme, and those in the whole deployment.
PROGRAMME_DUTIES = (Role.COORDINATOR, Role.EVENT_HOST, Role.DOOR_STAFF, Role.SAFEGUARDING_LEAD)
DEPLOYMENT_DUTIES = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Duty:
    """Be one person's duty as a list shows it."""

    person_id: int
    name: str
    email: str
    role: Role


def actor_for(session: Session, person_id: int) -> Actor:
    """Return who a person is: their duties, and mentor or mentee in each programme that they take part in.

    Those who are out of a cycle (rejected, withdrawn, removed) are nothing by it. Three statements. Raises NotFound.
    """
    name = session.scalar(select(Person.name).where(Person.id == person_id))
    if name is None:
        raise NotFound(gettext("This person is not here any more."))
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
    """Take a duty from a person; without it nothing happens.

    Raises NotAllowed, InvalidInput, and Conflict for the last administrator.
    """
    _require(tx, role, programme_id)
    if role is Role.ADMINISTRATOR:
        require_another(tx, person_id)
    duty = tx.session.scalar(_assignment(person_id, role, programme_id))
    if duty is not None:
        tx.session.delete(duty)
        tx.session.flush()
        record(tx, "role.revoked", "person", person_id, programme_id, role=role)


def list_duties(tx: Transaction, programme_id: int | None) -> list[Duty]:
    """Return who has which duty in a programme, or in the whole deployment (None), by name. Raises NotAllowed."""
    tx.require("programme.edit" if programme_id else "roles.grant", programme_id)
    held = select(Person.id, Person.name, Person.email, RoleAssignment.role)
    held = held.join(RoleAssignment, RoleAssignment.person_id == Person.id)
    rows = tx.session.execute(
        held.where(_held_in(programme_id)).order_by(Person.sort_name, Person.id, RoleAssignment.role)
    )
    return [Duty(person_id, name, email or "", Role(role)) for person_id, name, email, role in rows]


def appoint(tx: Transaction, email: str, name: str, role: Role, programme_id: int | None) -> Person:
    """Give a duty to whoever has an e-mail address, and add them under ``name`` if nobody has it yet.

    Raises NotAllowed, and InvalidInput whose problems name ``email``, ``name`` or ``role``.
    """
    if role not in (PROGRAMME_DUTIES if programme_id else DEPLOYMENT_DUTIES):
        raise _wrong("role", gettext("Choose one of the duties in the list."))
    _require(tx, role, programme_id)
    try:
        email = clean_email(email)
    except ValueError as error:
        raise _wrong("email", str(error)) from error
    person = tx.session.scalar(select(Person).where(Person.email == email))
    if person is None:
        if not name.strip():
            raise _wrong("name", gettext("Nobody here has this address yet. Enter their name to add them."))
        person = create_person(tx, programme_id, name=name, email=email)
    grant_role(tx, person.id, role, programme_id)
    return person


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(gettext("Nobody was given a duty."), (Problem(sentence, column=field),))


def _require(tx: Transaction, role: Role, programme_id: int | None) -> None:
    if role in _BY_MEMBERSHIP:
        raise InvalidInput(
            gettext(
                "A %(role)s is who takes part in a cycle as one. Add them to the cycle's people instead.",
                role=ROLES[role],
            )
        )
    if programme_id is None or role is Role.ADMINISTRATOR:
        tx.require("roles.grant")
    else:
        tx.require("programme.edit", programme_id)


def require_another(tx: Transaction, person_id: int) -> None:
    """Raise Conflict unless somebody else is administrator; of two who leave at once, one stays."""
    lock_table(tx.session, RoleAssignment)
    others = (RoleAssignment.role == Role.ADMINISTRATOR, RoleAssignment.person_id != person_id)
    if not tx.session.scalar(select(exists().where(*others))):
        raise Conflict(gettext("Nobody else is administrator. Make somebody else one first."))


def _assignment(person_id: int, role: Role, programme_id: int | None) -> Select[RoleAssignment]:
    return select(RoleAssignment).where(
        RoleAssignment.person_id == person_id,
        RoleAssignment.role == role,
        _held_in(programme_id),
    )


def _held_in(programme_id: int | None) -> ColumnElement[bool]:
    column = RoleAssignment.programme_id
    return column.is_(None) if programme_id is None else column == programme_id
