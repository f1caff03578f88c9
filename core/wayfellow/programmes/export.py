"""Write the people of a cycle into a file that an import understands again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.people.fields import StoredField, load_fields
from wayfellow.people.models import FieldValue, PersonSkill, Skill, SkillStance
from wayfellow.people.records import chunks
from wayfellow.privacy.audit import record
from wayfellow.programmes.listing import Member, MemberQuery, list_ids, load_members
from wayfellow.programmes.models import MembershipState
from wayfellow.programmes.service import get_cycle
from wayfellow.tabular.writing import FORMATS
from wayfellow.types import Audience, FieldType, Format, Role
from wayfellow.words import gettext

_HEAD = ("person_id", "name", "email", "role", "state", "capacity", "timezone")
_BATCH = 500


def export_members(
    tx: Transaction,
    cycle_id: int,
    suffix: str = "csv",
    *,
    search: str = "",
    role: Role | None = None,
    state: MembershipState | None = None,
    sort: str = "name",
) -> tuple[Format, Iterator[bytes]]:
    """Return a format and the file's bytes: the people that the same query lists, with their profiles and skills.

    Consume the bytes inside the transaction, which must be one that writes: exports are recorded. Answers for the
    person alone are left out. Three statements per 500 people. Raises NotAllowed, and NotFound, also for a suffix
    that nobody writes.
    """
    formats = {known.suffix: known for known in (*FORMATS, *tx.host.formats)}
    if suffix not in formats:
        raise NotFound(
            gettext(
                "Lists can't be written as %(suffix)s. Choose one of these: %(known)s.",
                suffix=suffix,
                known=", ".join(formats),
            )
        )
    programme_id = get_cycle(tx, cycle_id).programme_id
    tx.require("people.export", programme_id)
    ids = list_ids(tx, cycle_id, MemberQuery(search, role, state, sort))
    record(tx, "people.exported", "cycle", cycle_id, programme_id, people=len(ids), format=suffix)
    fields = [stored for stored in load_fields(tx).values() if stored.definition.audience is not Audience.SELF]
    header = (*_HEAD, *(stored.definition.key for stored in fields), "skills", "skills_to_learn")
    return formats[suffix], formats[suffix].write(header, _rows(tx, ids, fields))


def _rows(tx: Transaction, ids: Sequence[int], fields: Sequence[StoredField]) -> Iterator[Sequence[object]]:
    for chunk in chunks(ids, _BATCH):
        members = load_members(tx, chunk)
        people = [member.person_id for member in members]
        values, skills = _values(tx, people), _skills(tx, people)
        for member in members:
            answers = [_shown(stored, values.get((member.person_id, stored.id), "")) for stored in fields]
            lists = ["; ".join(skills.get((member.person_id, stance), ())) for stance in SkillStance]
            yield (*_head(member), *answers, *lists)


def _shown(stored: StoredField, value: str) -> str:
    return value.replace("\n", "; ") if stored.definition.type is FieldType.TAGS else value


def _head(member: Member) -> Sequence[object]:
    capacity = member.capacity if member.role == Role.MENTOR else None
    return member.reference, member.name, member.email, member.role, member.state, capacity, member.timezone


def _values(tx: Transaction, people: Sequence[int]) -> dict[tuple[int, int], str]:
    query = select(FieldValue.person_id, FieldValue.field_id, FieldValue.value)
    rows = tx.session.execute(query.where(FieldValue.person_id.in_(people)))
    return {(person_id, field_id): value for person_id, field_id, value in rows}


def _skills(tx: Transaction, people: Sequence[int]) -> dict[tuple[int, SkillStance], list[str]]:
    query = select(PersonSkill.person_id, PersonSkill.stance, Skill.label).join(Skill, Skill.id == PersonSkill.skill_id)
    query = query.where(PersonSkill.person_id.in_(people)).order_by(PersonSkill.position, Skill.key)
    found: dict[tuple[int, SkillStance], list[str]] = {}
    for person_id, stance, label in tx.session.execute(query):
        found.setdefault((person_id, SkillStance(stance)), []).append(label)
    return found
