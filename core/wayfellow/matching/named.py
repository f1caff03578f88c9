"""Find whom people name in their profiles, so that an address and an ID mean the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wayfellow.matching.problem import PersonInput
from wayfellow.tabular.columns import PEOPLE_FIELDS


def name_by_key(people: Iterable[PersonInput], by_email: Mapping[str, str]) -> list[PersonInput]:
    """Return people whose fields name others by their keys; ``by_email`` holds keys by address in small letters.

    Whoever takes no part stays as written, which changes nothing, since nobody can be paired with them.
    """
    return [_named(person, by_email) for person in people]


def _named(person: PersonInput, by_email: Mapping[str, str]) -> PersonInput:
    named = {
        field: "\n".join(by_email.get(line.strip().casefold(), line) for line in person.fields[field].split("\n"))
        for field in PEOPLE_FIELDS
        if person.fields.get(field)
    }
    return replace(person, fields={**person.fields, **named}) if named else person
