"""Name people in lists, many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session

from wayfellow.matching.views import PersonRef
from wayfellow.people.models import FieldDefinition, FieldValue, Person

#: How many ids go into one statement; SQLite takes at most 32,766 parameters.
_CHUNK = 10_000


@cache
def job_title() -> ScalarSelect[str]:
    """Return the column expression of a person's job title, None when the profile says none."""
    return (
        select(FieldValue.value)
        .join(FieldDefinition, FieldDefinition.id == FieldValue.field_id)
        .where(FieldDefinition.key == "job_title", FieldValue.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )


def person_refs(session: Session, people: Iterable[int] | Select[int]) -> dict[int, PersonRef]:
    """Return people by id, named by their ids or by a query of ids."""
    columns = select(Person.id, Person.name, job_title())
    if isinstance(people, Select):
        queries = [columns.where(Person.id.in_(people))]
    else:
        ids = sorted(set(people))
        queries = [columns.where(Person.id.in_(ids[start : start + _CHUNK])) for start in range(0, len(ids), _CHUNK)]
    return {
        person_id: PersonRef(person_id, name, title or "")
        for query in queries
        for person_id, name, title in session.execute(query)
    }
