"""Say, before a run is asked for, what it would find."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.goals.models import Goal, GoalState
from wayfellow.matching.runs import find_cycle
from wayfellow.people.models import FieldDefinition, FieldValue, PersonSkill, SkillStance
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import Role


@dataclass(frozen=True, slots=True)
class Readiness:
    """Count a cycle's approved people and places; the silent wrote nothing that could be compared."""

    mentors: int
    places: int
    mentees: int
    silent_mentors: int
    silent_mentees: int


def count_ready(tx: Transaction, cycle_id: int) -> Readiness:
    """Count who would take part in a run of a cycle now; four statements. Raises NotFound, NotAllowed."""
    find_cycle(tx, cycle_id, "matching.read")
    mentors, places, silent_mentors = _count(tx.session, cycle_id, Role.MENTOR)
    mentees, _, silent_mentees = _count(tx.session, cycle_id, Role.MENTEE)
    return Readiness(mentors, places, mentees, silent_mentors, silent_mentees)


def _count(session: Session, cycle_id: int, role: Role) -> tuple[int, int, int]:
    here = (Membership.cycle_id == cycle_id) & (Membership.role == role)
    silent = func.count().filter(~_says_something(session, role))
    query = select(func.count(), func.coalesce(func.sum(Membership.capacity), 0), silent)
    row = session.execute(query.where(here, Membership.state == MembershipState.APPROVED)).one()
    return row[0], row[1], row[2]


def _says_something(session: Session, role: Role) -> ColumnElement[bool]:
    """Return the condition that a member wrote a text that takes part in matching for the role."""
    definitions = select(FieldDefinition.id, FieldDefinition.matched_for, FieldDefinition.roles)
    fields = [number for number, matched, roles in session.execute(definitions) if role in matched and role in roles]
    stance = SkillStance.OFFERS if role is Role.MENTOR else SkillStance.WANTS
    mine = (FieldValue.person_id == Membership.person_id) & FieldValue.field_id.in_(fields) & (FieldValue.value != "")
    skilled = (PersonSkill.person_id == Membership.person_id) & (PersonSkill.stance == stance)
    said = exists().where(mine) | exists().where(skilled)
    if role is Role.MENTEE:
        said |= exists().where((Goal.person_id == Membership.person_id) & (Goal.state == GoalState.OPEN))
    return said
