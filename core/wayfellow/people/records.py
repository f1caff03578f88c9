"""Write what belongs to a person: the row itself, answers to fields, skills. No permissions are asked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from wayfellow.db import Base
from wayfellow.people.models import FieldDefinition, FieldValue, Person, PersonSkill, Skill, SkillStance
from wayfellow.people.search import fold, search_text

T = TypeVar("T")


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
    """Return the ids of skills by key, making those that are new; two statements per some thousand labels."""
    wanted = {skill_key(label): label for label in labels}
    found: dict[str, int] = {}
    for keys in chunks(sorted(wanted), 5000):  # in one order, so that two writers can't wait for each other
        query = select(Skill.key, Skill.id).where(Skill.key.in_(keys))
        here = dict(session.execute(query).all())
        missing = [{"key": key, "label": wanted[key]} for key in keys if key not in here]
        if missing:
            insert_ignoring(session, Skill, missing)
            here = dict(session.execute(query).all())
        found.update(here)
    return found


def insert_ignoring(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, passing over those that a rival was faster with."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(model).on_conflict_do_nothing(), rows)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut items into lists of at most ``size``."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def skill_key(label: str) -> str:
    """Return what makes two labels the same skill."""
    return label.casefold()[:200]
