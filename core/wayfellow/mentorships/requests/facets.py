"""Narrow a directory by what profiles say to the whole programme: fields, skills, time zones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, literal, select

from wayfellow.deployment import Transaction
from wayfellow.people.fields import StoredField, load_fields
from wayfellow.people.models import FieldValue, Person, PersonSkill, Skill, SkillStance
from wayfellow.people.records import skill_key
from wayfellow.types import Audience, FieldType, Role
from wayfellow.words import gettext

SKILL, TIMEZONE = "skill", "timezone"
#: How many values of a facet are offered, the most common ones.
_OFFERED = 40
_FACETED = (FieldType.TEXT, FieldType.CHOICE, FieldType.TAGS, FieldType.NUMBER)
#: What names people one by one narrows nothing; it is searched.
_SEARCHED_ONLY = ("job_title",)


@dataclass(frozen=True, slots=True)
class Facet:
    """Hold one way to narrow a directory; ``options`` are (value, how many people), by value."""

    key: str
    label: str
    options: Sequence[tuple[str, int]]


def open_fields(tx: Transaction, role: Role) -> list[StoredField]:
    """Return the fields of people of a role that the whole programme may read, in the order of forms."""
    fields = load_fields(tx).values()
    return [one for one in fields if one.definition.audience is Audience.PROGRAMME and role in one.definition.roles]


def facet_keys(tx: Transaction, role: Role) -> list[str]:
    """Return the keys by which a directory of people of a role can be narrowed."""
    return [*(one.definition.key for one in _faceted(open_fields(tx, role))), SKILL, TIMEZONE]


def stance_of(role: Role) -> SkillStance:
    """Return which skills a role is looked for by: what mentors offer, what mentees want to learn."""
    return SkillStance.OFFERS if role is Role.MENTOR else SkillStance.WANTS


def list_facets(tx: Transaction, fields: Sequence[StoredField], role: Role, people: Select[int]) -> list[Facet]:
    """Return the ways to narrow a directory of ``people`` that leave a choice; three statements."""
    counts = _count_fields(tx, fields, people)
    facets = [
        Facet(one.definition.key, gettext(one.definition.label), _options(counts[one.id])) for one in _faceted(fields)
    ]
    skills = select(Skill.label, func.count()).join(PersonSkill, PersonSkill.skill_id == Skill.id)
    skills = skills.where(PersonSkill.person_id.in_(people), PersonSkill.stance == stance_of(role))
    zones = select(Person.timezone, func.count()).where(Person.id.in_(people)).group_by(Person.timezone)
    for key, label, query in (
        (SKILL, gettext("Skill"), skills.group_by(Skill.label)),
        (TIMEZONE, gettext("Time zone"), zones),
    ):
        facets.append(Facet(key, label, _options(Counter(dict(tx.session.execute(query).all())))))
    return [facet for facet in facets if len(facet.options) > 1]


def conditions(fields: Sequence[StoredField], role: Role, chosen: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions on ``Person`` of what was chosen; a facet that is not there narrows nothing."""
    wanted: list[ColumnElement[bool]] = []
    for one in _faceted(fields):
        value = chosen.get(one.definition.key, "")
        if value:
            wanted.append(Person.id.in_(_saying(one, value)))
    if chosen.get(SKILL):
        skilled = select(PersonSkill.person_id).join(Skill, Skill.id == PersonSkill.skill_id)
        key = skill_key(chosen[SKILL])
        wanted.append(Person.id.in_(skilled.where(Skill.key == key, PersonSkill.stance == stance_of(role))))
    if chosen.get(TIMEZONE):
        wanted.append(Person.timezone == chosen[TIMEZONE])
    return wanted


def _faceted(fields: Sequence[StoredField]) -> list[StoredField]:
    return [one for one in fields if one.definition.type in _FACETED and one.definition.key not in _SEARCHED_ONLY]


def _saying(field: StoredField, value: str) -> Select[int]:
    said = select(FieldValue.person_id).where(FieldValue.field_id == field.id)
    if field.definition.type is FieldType.TAGS:
        lines = literal("\n") + FieldValue.value + literal("\n")
        return said.where(lines.contains(f"\n{value}\n", autoescape=True))
    return said.where(FieldValue.value == value)


def _count_fields(tx: Transaction, fields: Sequence[StoredField], people: Select[int]) -> dict[int, Counter[str]]:
    faceted = _faceted(fields)
    counts: dict[int, Counter[str]] = {one.id: Counter() for one in faceted}
    tags = {one.id for one in faceted if one.definition.type is FieldType.TAGS}
    query = select(FieldValue.field_id, FieldValue.value, func.count()).where(
        FieldValue.field_id.in_(counts), FieldValue.person_id.in_(people)
    )
    for field_id, value, count in tx.session.execute(query.group_by(FieldValue.field_id, FieldValue.value)):
        for said in value.split("\n") if field_id in tags else (value,):
            counts[field_id][said] += count
    return counts


def _options(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.most_common(_OFFERED), key=lambda option: option[0].casefold())
