"""Write what belongs to a person: the row itself, answers to fields, skills. No permissions are asked here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wayfellow.db import insert_once
from wayfellow.people.models import FieldDefinition, FieldValue, Person, PersonSkill, Skill, SkillStance
from wayfellow.people.search import fold, search_text


def refresh_search(session: Session, person: Person) -> None:
    """Write again what a person is searched and sorted by, after that changed."""
    person.search = search_text(person.name, person.email, person.reference, job_title_of(session, person.id))
    person.sort_name = fold(person.name)[:320]


def job_title_of(session: Session, person_id: int) -> str:
    """Return a person's job title, "" when they have none."""
    title = select(FieldValue.value).join(FieldDefinition, FieldDefinition.id == FieldValue.field_id)
    return session.scalar(title.where(FieldValue.person_id == person_id, FieldDefinition.key == "job_title")) or ""


def write_value(session: Session, person_id: int, field_id: int, value: str) -> bool:
    """Keep one answer ("" takes it away); tell whether it is different now."""
    row = session.get(FieldValue, (person_id, field_id))
    if (row.value if row else "") == value:
        return False
    if row is None:
        session.add(FieldValue(person_id=person_id, field_id=field_id, value=value))
    elif value:
        row.value = value
    else:
        session.delete(row)
    session.flush()
    return True


def read_skills(session: Session, person_id: int) -> dict[SkillStance, tuple[str, ...]]:
    """Return the labels of what a person offers and wants, in the order they gave."""
    query = select(PersonSkill.stance, Skill.label).join(Skill, Skill.id == PersonSkill.skill_id)
    query = query.where(PersonSkill.person_id == person_id).order_by(PersonSkill.position, Skill.key)
    found: dict[SkillStance, list[str]] = {stance: [] for stance in SkillStance}
    for stance, label in session.execute(query):
        found[SkillStance(stance)].append(label)
    return {stance: tuple(labels) for stance, labels in found.items()}


def write_skills(session: Session, person_id: int, stance: SkillStance, labels: Sequence[str]) -> bool:
    """Keep what a person offers or wants, replacing what they said before; tell whether it is different now."""
    before = read_skills(session, person_id)[stance]
    if [skill_key(label) for label in before] == [skill_key(label) for label in labels]:
        return False
    ids = skill_ids(session, labels)
    session.execute(delete(PersonSkill).where(PersonSkill.person_id == person_id, PersonSkill.stance == stance))
    session.add_all(
        PersonSkill(person_id=person_id, skill_id=ids[skill_key(label)], stance=stance, position=position)
        for position, label in enumerate(labels)
    )
    session.flush()
    return True


def skill_ids(session: Session, labels: Iterable[str]) -> dict[str, int]:
    """Return the ids of skills by key, making those that are new."""
    wanted = {skill_key(label): label for label in labels}
    query = select(Skill.key, Skill.id).where(Skill.key.in_(wanted))
    found = dict(session.execute(query).all())
    missing = sorted(wanted.keys() - found.keys())  # in one order, so that two writers can't wait for each other
    for key in missing:
        insert_once(session, Skill, key=key, label=wanted[key])
    return dict(session.execute(query).all()) if missing else found


def skill_key(label: str) -> str:
    """Return what makes two labels the same skill."""
    return label.casefold()[:200]
