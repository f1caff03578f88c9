"""Say, before a run is asked for, what it would find."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.goals.models import Goal, GoalState
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_cycle
from wayfellow.matching.topics import Named, Topic, thin_topics
from wayfellow.matching.views import PersonRef
from wayfellow.people.models import FieldDefinition, FieldValue, Person, PersonSkill, Skill, SkillStance
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import Role


@dataclass(frozen=True, slots=True)
class Readiness:
    """Count a cycle's approved people and places; the silent wrote nothing that could be compared.

    ``paused_mentors`` do not take part until they are approved again.
    """

    mentors: int
    places: int
    mentees: int
    silent_mentors: int
    silent_mentees: int
    paused_mentors: int = 0


@dataclass(frozen=True, slots=True)
class Gaps:
    """Hold what is worth a look before a run: the first silent people of each side, by name, and thin topics."""

    silent_mentors: tuple[PersonRef, ...]
    silent_mentees: tuple[PersonRef, ...]
    topics: tuple[Topic, ...]


def count_ready(tx: Transaction, cycle_id: int) -> Readiness:
    """Count who would take part in a run of a cycle now; five statements. Raises NotFound, NotAllowed."""
    find_cycle(tx, cycle_id, "matching.read")
    mentors, places, silent_mentors = _count(tx.session, cycle_id, Role.MENTOR)
    mentees, _, silent_mentees = _count(tx.session, cycle_id, Role.MENTEE)
    paused = select(func.count()).where(*_members(cycle_id, Role.MENTOR, MembershipState.PAUSED))
    return Readiness(mentors, places, mentees, silent_mentors, silent_mentees, tx.session.scalar(paused) or 0)


def find_gaps(tx: Transaction, cycle_id: int, *, first: int = 5) -> Gaps:
    """Return the ``first`` of what is worth a look before a run of a cycle; eight statements.

    A mentor who offers a skill counts there with all their places, whatever else they offer.
    """
    find_cycle(tx, cycle_id, "matching.read")
    wanted, offered = _skills(tx.session, cycle_id, Role.MENTEE), _skills(tx.session, cycle_id, Role.MENTOR)
    return Gaps(
        silent_mentors=_silent(tx.session, cycle_id, Role.MENTOR, first),
        silent_mentees=_silent(tx.session, cycle_id, Role.MENTEE, first),
        topics=tuple(thin_topics(wanted, offered)[:first]),
    )


def _count(session: Session, cycle_id: int, role: Role) -> tuple[int, int, int]:
    silent = func.count().filter(~_says_something(session, role))
    query = select(func.count(), func.coalesce(func.sum(Membership.capacity), 0), silent)
    row = session.execute(query.where(*_members(cycle_id, role))).one()
    return row[0], row[1], row[2]


def _members(
    cycle_id: int, role: Role, state: MembershipState = MembershipState.APPROVED
) -> tuple[ColumnElement[bool], ...]:
    return Membership.cycle_id == cycle_id, Membership.role == role, Membership.state == state


def _silent(session: Session, cycle_id: int, role: Role, first: int) -> tuple[PersonRef, ...]:
    people = select(Person.id).join(Membership, Membership.person_id == Person.id).where(*_members(cycle_id, role))
    quiet = people.where(~_says_something(session, role)).order_by(Person.sort_name, Person.id).limit(first)
    ids = session.scalars(quiet).all()
    refs = person_refs(session, ids)
    return tuple(refs[person_id] for person_id in ids)


def _skills(session: Session, cycle_id: int, role: Role) -> list[Named]:
    stance = SkillStance.OFFERS if role is Role.MENTOR else SkillStance.WANTS
    query = (
        select(Skill.label, func.count(), func.sum(Membership.capacity))
        .join(PersonSkill, PersonSkill.skill_id == Skill.id)
        .join(Membership, Membership.person_id == PersonSkill.person_id)
        .where(*_members(cycle_id, role), PersonSkill.stance == stance)
        .group_by(Skill.id, Skill.label)
    )
    return [(label, people, places) for label, people, places in session.execute(query)]


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
