"""Write to people in their own languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.people.models import Person
from wayfellow.people.records import chunks


@contextmanager
def speaking_to(tx: Transaction, person_id: int) -> Iterator[None]:
    """Say things in a person's language within the ``with`` block."""
    language = tx.session.scalar(select(Person.language).where(Person.id == person_id))
    with tx.host.words.speaking(language or tx.config.language):
        yield


def languages_of(tx: Transaction, person_ids: Collection[int]) -> dict[int, str]:
    """Return the languages to write in, by person; a statement for some thousand people."""
    found: dict[int, str] = {}
    for ids in chunks(person_ids, 5000):
        query = select(Person.id, Person.language).where(Person.id.in_(ids))
        found |= {person_id: language or tx.config.language for person_id, language in tx.session.execute(query)}
    return found
