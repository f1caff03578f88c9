"""Read what people's profiles, goals and skills say, in the words and columns that an imported file would have."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wayfellow.goals.models import Goal, GoalState
from wayfellow.people.models import FieldDefinition, FieldValue, Person, PersonSkill, Skill, SkillStance
from wayfellow.tabular.columns import CORE_COLUMNS, Kind
from wayfellow.types import Role

Texts = dict[int, dict[str, str]]
_STANCES = {SkillStance.OFFERS: Kind.OFFERS, SkillStance.WANTS: Kind.WANTS}


def matched_fields(session: Session, role: Role) -> dict[str, str]:
    """Return the labels of the columns whose text takes part in matching for a role, by key, sorted by key."""
    own = {column.key: column.label for column in CORE_COLUMNS if role in column.matched_for}
    query = select(FieldDefinition.key, FieldDefinition.label, FieldDefinition.matched_for)
    declared = {key: label for key, label, matched_for in session.execute(query) if role in matched_for}
    return dict(sorted((declared | own).items()))


def read_texts(session: Session, people: Select[int], role: Role) -> Texts:
    """Return the texts of people, named by a query of ids, by person and column; goals and skills one per line.

    Four statements, whatever the number of people.
    """
    lines: dict[int, dict[str, list[str]]] = {}
    for rows in (_values(session, people, role), _goals(session, people, role), _skills(session, people)):
        for person_id, key, text in rows:
            lines.setdefault(person_id, {}).setdefault(key, []).append(text)
    return {person: {key: "\n".join(texts) for key, texts in said.items()} for person, said in lines.items()}


def matched_texts(session: Session, person_id: int, role: Role) -> dict[str, str]:
    """Return what one person wrote that takes part in matching for a role, by label."""
    said = read_texts(session, select(Person.id).where(Person.id == person_id), role).get(person_id, {})
    return {label: said[key] for key, label in matched_fields(session, role).items() if key in said}


def _values(session: Session, people: Select[int], role: Role) -> Iterator[tuple[int, str, str]]:
    """Yield what the fields say that people of the role fill in."""
    definitions = select(FieldDefinition.id, FieldDefinition.key, FieldDefinition.roles)
    keys = {number: key for number, key, roles in session.execute(definitions) if role in roles}
    query = select(FieldValue.person_id, FieldValue.field_id, FieldValue.value)
    for person_id, field_id, value in session.execute(query.where(FieldValue.person_id.in_(people))):
        if field_id in keys and value:
            yield person_id, keys[field_id], value


def _goals(session: Session, people: Select[int], role: Role) -> Iterator[tuple[int, str, str]]:
    """Yield goals, and, of mentees, the kinds that they chose for goals of their own."""
    query = select(Goal.person_id, Goal.text, Goal.kind, Goal.origin)
    query = query.where(Goal.person_id.in_(people), Goal.state == GoalState.OPEN)
    for person_id, text, kind, origin in session.execute(query.order_by(Goal.person_id, Goal.position, Goal.id)):
        yield person_id, Kind.GOALS, text
        if role is Role.MENTEE and origin == "person":
            yield person_id, "goal_kinds", kind


def _skills(session: Session, people: Select[int]) -> Iterator[tuple[int, str, str]]:
    query = (
        select(PersonSkill.person_id, PersonSkill.stance, Skill.label)
        .join(Skill, Skill.id == PersonSkill.skill_id)
        .where(PersonSkill.person_id.in_(people))
        .order_by(PersonSkill.person_id, PersonSkill.position, Skill.id)
    )
    for person_id, stance, label in session.execute(query):
        yield person_id, _STANCES[SkillStance(stance)], label
