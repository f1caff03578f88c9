"""List whom a participant may ask: by how well they fit, whether they have room, and what profiles say to all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Select, select

from wayfellow.deployment import Transaction
from wayfellow.matching.models import Exclusion
from wayfellow.mentorships.partners import count_partners
from wayfellow.mentorships.places import read_places
from wayfellow.mentorships.requests.activity import last_acts
from wayfellow.mentorships.requests.cards import Card, Row, Standing, load_cards
from wayfellow.mentorships.requests.facets import Facet, conditions, list_facets, open_fields
from wayfellow.mentorships.requests.fits import Fits
from wayfellow.mentorships.requests.models import HiddenPerson
from wayfellow.mentorships.requests.parts import Part
from wayfellow.mentorships.terms import USUAL
from wayfellow.paging import Page
from wayfellow.people.fields import StoredField
from wayfellow.people.models import Block, FieldValue, Person, PersonSkill, Skill
from wayfellow.people.search import fold, search_words
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import Role

#: The orders of a directory; the first is the usual. Whoever has room comes first in all but that by name.
SORTS = ("fit", "room", "active", "name")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Query:
    """Hold what a directory is asked for; ``chosen`` are values of facets by their keys."""

    search: str = ""
    with_room: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = SORTS[0]


@dataclass(frozen=True, slots=True)
class Directory:
    """Hold one page of a directory, the ways to narrow it, and how many people it has unnarrowed."""

    cards: Page[Card]
    facets: Sequence[Facet]
    total: int


class _Found(NamedTuple):
    person_id: int
    sort_name: str
    state: str


def list_directory(
    tx: Transaction, part: Part, fits: Fits, query: Query, *, page: int = 1, size: int = 20
) -> Directory:
    """Return one page of those whom the actor may ask in one of their parts, as they may see them.

    Left out are those whom either blocks, whom a coordinator excluded, whom the actor hid, and whom a plugin hides.
    The number of statements does not grow with people. Pages beyond the last give the last.
    """
    fields, here = open_fields(tx, part.other_role), _listed(part, tx.actor.person_id)
    everybody = _read(tx, here)
    narrowed = everybody
    if query.chosen:
        wanted = conditions(fields, part.other_role, query.chosen)
        kept = set(tx.session.scalars(select(Person.id).where(Person.id.in_(_ids(here)), *wanted)))
        narrowed = [one for one in narrowed if one.person_id in kept]
    if query.search:
        narrowed = _search(tx, narrowed, fields, part, query.search)
    room = _room(tx, part)
    rows = [_row(one, part, room) for one in narrowed]
    if query.with_room:
        rows = [row for row in rows if row.standing is Standing.FREE]
    ordered = _sorted(tx, rows, fits, query.sort, here)
    number = min(max(page, 1), max(1, -(-len(ordered) // size)))
    shown = load_cards(tx, part, fields, fits, ordered[(number - 1) * size : number * size])
    facets = list_facets(tx, fields, part.other_role, _ids(here))
    return Directory(Page(shown, len(ordered), number, size), facets, len(everybody))


def get_card(tx: Transaction, part: Part, fits: Fits, person_id: int) -> Card | None:
    """Return one person as the directory shows them, None for whom it does not hold; whom the actor hid is there."""
    here = _members(part, tx.actor.person_id).where(Person.id == person_id)
    found = _read(tx, here)
    if not found:
        return None
    room = _room(tx, part, person_id)
    (card,) = load_cards(tx, part, open_fields(tx, part.other_role), fits, [_row(found[0], part, room)])
    return card


def _listed(part: Part, me: int | None) -> Select[int, str, str]:
    hidden: Select[int] = select(HiddenPerson.hidden_id).where(HiddenPerson.person_id == me)
    return _members(part, me).where(Person.id.not_in(hidden))


def _members(part: Part, me: int | None) -> Select[int, str, str]:
    """Return the query of those on the other side whom the actor may be brought together with."""
    blocked: Select[int] = select(Block.blocked_id).where(Block.person_id == me)
    blocking: Select[int] = select(Block.person_id).where(Block.blocked_id == me)
    mine, other = (Exclusion.mentee_id, Exclusion.mentor_id)
    if part.role is Role.MENTOR:
        mine, other = other, mine
    excluded = select(other).where(Exclusion.programme_id == part.programme.id, mine == me)
    return (
        select(Person.id, Person.sort_name, Membership.state)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.cycle_id == part.cycle.id,
            Membership.role == part.other_role,
            Membership.state.in_((MembershipState.APPROVED, MembershipState.PAUSED)),
            Person.id != me,
            Person.id.not_in(blocked),
            Person.id.not_in(blocking),
            Person.id.not_in(excluded),
        )
    )


def _ids(query: Select[int, str, str]) -> Select[int]:
    return query.with_only_columns(Person.id)


def _read(tx: Transaction, query: Select[int, str, str]) -> list[_Found]:
    """Return who is found and no plugin hides."""
    rows = [_Found(*row) for row in tx.session.execute(query)]
    if not rows:
        return rows
    import numpy as np

    ids = np.fromiter((row.person_id for row in rows), dtype=np.int64, count=len(rows))
    visible = tx.host.filter_visible(tx.actor, "people.read", ids, tx.session)
    return [row for row, shown in zip(rows, visible.tolist(), strict=True) if shown]


def _room(tx: Transaction, part: Part, person_id: int | None = None) -> Mapping[int, int]:
    """Return the free places of mentors, or 0 for each mentee who has a mentor, by person."""
    if part.other_role is Role.MENTEE:
        return dict.fromkeys(count_partners(tx.session, part.cycle.id, USUAL), 0)
    book = read_places(tx.session, part.cycle.id, mentors=None if person_id is None else [person_id])
    return {mentor: book.of(mentor).free for mentor in book.capacity}


def _row(one: _Found, part: Part, room: Mapping[int, int]) -> Row:
    free = room.get(one.person_id, 1)
    if one.state == MembershipState.PAUSED:
        return Row(one.person_id, one.sort_name, Standing.PAUSED, free)
    return Row(one.person_id, one.sort_name, Standing.FREE if free else Standing.FULL, free)


def _search(
    tx: Transaction, found: Sequence[_Found], fields: Collection[StoredField], part: Part, search: str
) -> list[_Found]:
    """Keep those whose name, skills or open fields hold every word, whatever case and accents; two statements.

    The addresses of people are not looked through, so that nobody finds out what they are.
    """
    people = _ids(_listed(part, tx.actor.person_id))
    said: dict[int, list[str]] = {one.person_id: [one.sort_name] for one in found}
    values = select(FieldValue.person_id, FieldValue.value).where(
        FieldValue.field_id.in_([one.id for one in fields]), FieldValue.person_id.in_(people)
    )
    skills = select(PersonSkill.person_id, Skill.label).join(Skill, Skill.id == PersonSkill.skill_id)
    for query in (values, skills.where(PersonSkill.person_id.in_(people))):
        for person_id, text in tx.session.execute(query):
            if person_id in said:
                said[person_id].append(text)
    words = search_words(search)
    return [one for one in found if _holds("\n".join(said[one.person_id]), words)]


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.lower() if text.isascii() else fold(text)
    return all(word in folded for word in words)


def _sorted(tx: Transaction, rows: list[Row], fits: Fits, sort: str, here: Select[int, str, str]) -> list[Row]:
    rows = sorted(rows, key=lambda row: (row.sort_name, row.person_id))
    if sort == "name":
        return rows
    if sort == "active":
        acts = last_acts(tx.session, _ids(here))
        rows.sort(key=lambda row: acts.get(row.person_id, _LONG_AGO), reverse=True)
    elif sort == "room":
        rows.sort(key=lambda row: -row.free)
    else:
        rows.sort(key=lambda row: -fits.found[row.person_id].score if row.person_id in fits.found else 0.0)
    return sorted(rows, key=lambda row: row.standing is not Standing.FREE)
