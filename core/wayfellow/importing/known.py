"""Look up what is known already about the people of some rows: a handful of statements per batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wayfellow.goals.models import Goal, GoalState
from wayfellow.people.models import FieldValue, Person, PersonSkill, Skill, SkillStance
from wayfellow.programmes.models import Membership
from wayfellow.tabular.people import PersonRow


@dataclass(slots=True)
class Existing:
    """Be someone who is here already.

    ``goals`` are the texts of all their goals, ``replaceable`` the ids of open ones that came from an import.
    """

    id: int
    reference: str
    name: str
    email: str | None
    timezone: str
    values: dict[int, str] = field(default_factory=dict)
    skills: dict[SkillStance, list[str]] = field(default_factory=lambda: {stance: [] for stance in SkillStance})
    goals: set[str] = field(default_factory=set)
    replaceable: dict[str, int] = field(default_factory=dict)
    membership: tuple[int, int] | None = None  #: id and capacity


@dataclass(frozen=True, slots=True)
class Known:
    """Hold the people whom a batch of rows could mean, by reference and by address."""

    by_reference: Mapping[str, Existing]
    by_email: Mapping[str, Existing]


def look_up(session: Session, rows: Sequence[PersonRow], cycle_id: int, role: str) -> Known:
    """Return everybody whose reference or address occurs in the rows, with what is known of them. Six statements."""
    emails = {row.email for row in rows if row.email}
    references = {row.reference for row in rows if row.reference} | emails
    query = select(Person.id, Person.reference, Person.name, Person.email, Person.timezone)
    found = session.execute(query.where(or_(Person.reference.in_(references), Person.email.in_(emails))))
    people = {row[0]: Existing(*row) for row in found}
    if people:
        _add_answers(session, people)
        _add_goals(session, people)
        _add_memberships(session, people, cycle_id, role)
    return Known(
        {person.reference: person for person in people.values()},
        {person.email: person for person in people.values() if person.email},
    )


def _add_answers(session: Session, people: Mapping[int, Existing]) -> None:
    values = select(FieldValue.person_id, FieldValue.field_id, FieldValue.value)
    for person_id, field_id, value in session.execute(values.where(FieldValue.person_id.in_(people))):
        people[person_id].values[field_id] = value
    skills = select(PersonSkill.person_id, PersonSkill.stance, Skill.key).join(Skill, Skill.id == PersonSkill.skill_id)
    skills = skills.where(PersonSkill.person_id.in_(people)).order_by(PersonSkill.position, Skill.key)
    for person_id, stance, key in session.execute(skills):
        people[person_id].skills[SkillStance(stance)].append(key)


def _add_goals(session: Session, people: Mapping[int, Existing]) -> None:
    goals = select(Goal.id, Goal.person_id, Goal.text, Goal.origin, Goal.state).where(Goal.person_id.in_(people))
    for goal_id, person_id, text, origin, state in session.execute(goals):
        people[person_id].goals.add(text)
        if origin == "import" and state == GoalState.OPEN:
            people[person_id].replaceable[text] = goal_id


def _add_memberships(session: Session, people: Mapping[int, Existing], cycle_id: int, role: str) -> None:
    members = select(Membership.person_id, Membership.id, Membership.capacity)
    members = members.where(Membership.cycle_id == cycle_id, Membership.role == role, Membership.person_id.in_(people))
    for person_id, membership_id, capacity in session.execute(members):
        people[person_id].membership = (membership_id, capacity)
