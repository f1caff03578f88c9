"""Load what a directory shows of people, as many as a page holds, in a number of statements that stays the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import Origin, Proposal
from wayfellow.mentorships.requests.activity import answer_times, last_acts
from wayfellow.mentorships.requests.choices import other_of
from wayfellow.mentorships.requests.facets import stance_of
from wayfellow.mentorships.requests.fits import Fits, FitView
from wayfellow.mentorships.requests.parts import Part
from wayfellow.mentorships.states import LIVE
from wayfellow.people.fields import StoredField
from wayfellow.people.models import FieldValue, Person, PersonSkill, Skill
from wayfellow.types import FieldType, MatchState
from wayfellow.words import gettext


class Standing(StrEnum):
    """Say whether somebody in a directory can be asked for a mentorship."""

    FREE = "free"
    FULL = "full"
    PAUSED = "paused"


class Row(NamedTuple):
    """Be somebody in a directory before their card is loaded; ``free`` counts a mentor's free places."""

    person_id: int
    sort_name: str
    standing: Standing
    free: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what is open between the actor and somebody; ``by_me`` tells who asked."""

    request_id: int
    state: MatchState
    by_me: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Hold somebody as a directory shows them: what the whole programme may read, and never an address.

    ``about`` is the first longer text of the profile, ``facts`` the shorter ones by label; ``fit`` is None for whom
    nothing is known or little fits; ``answers_in`` is the usual time to answer, None where too few answers are known.
    """

    person: PersonRef
    timezone: str
    standing: Standing
    free: int
    about: str
    skills: tuple[str, ...]
    facts: Mapping[str, str]
    fit: FitView | None
    last_active: datetime | None
    answers_in: timedelta | None
    asked: Asked | None


def load_cards(
    tx: Transaction, part: Part, fields: Sequence[StoredField], fits: Fits, rows: Sequence[Row]
) -> list[Card]:
    """Return the cards of some people in their order; seven statements."""
    ids = [row.person_id for row in rows]
    if not ids:
        return []
    people, values, skills = person_refs(tx.session, ids), _values(tx, fields, ids), _skills(tx, part, ids)
    zones = dict(tx.session.execute(select(Person.id, Person.timezone).where(Person.id.in_(ids))).all())
    acts, taken, asked = last_acts(tx.session, ids), answer_times(tx.session, ids), _asked(tx, part, ids)
    return [
        Card(
            person=people[row.person_id],
            timezone=zones[row.person_id],
            standing=row.standing,
            free=row.free,
            about=_about(fields, values.get(row.person_id, {})),
            skills=tuple(skills.get(row.person_id, ())),
            facts=_facts(fields, values.get(row.person_id, {})),
            fit=fits.found.get(row.person_id),
            last_active=acts.get(row.person_id),
            answers_in=taken.get(row.person_id),
            asked=asked.get(row.person_id),
        )
        for row in rows
    ]


def _values(tx: Transaction, fields: Sequence[StoredField], ids: Sequence[int]) -> dict[int, dict[int, str]]:
    query = select(FieldValue.person_id, FieldValue.field_id, FieldValue.value).where(
        FieldValue.person_id.in_(ids), FieldValue.field_id.in_([one.id for one in fields])
    )
    found: dict[int, dict[int, str]] = {}
    for person_id, field_id, value in tx.session.execute(query):
        found.setdefault(person_id, {})[field_id] = value
    return found


def _skills(tx: Transaction, part: Part, ids: Sequence[int]) -> dict[int, list[str]]:
    query = select(PersonSkill.person_id, Skill.label).join(Skill, Skill.id == PersonSkill.skill_id)
    query = query.where(PersonSkill.person_id.in_(ids), PersonSkill.stance == stance_of(part.other_role))
    found: dict[int, list[str]] = {}
    for person_id, label in tx.session.execute(query.order_by(PersonSkill.position, Skill.key)):
        found.setdefault(person_id, []).append(label)
    return found


def _asked(tx: Transaction, part: Part, ids: Sequence[int]) -> dict[int, Asked]:
    """Return what is open with some people; what they have in line for the actor is nothing the actor may know."""
    me = tx.actor.person_id
    mine, other = (Proposal.mentee_id, Proposal.mentor_id)
    if part.pair(1, 2) == (2, 1):
        mine, other = other, mine
    query = select(Proposal).where(
        Proposal.cycle_id == part.cycle.id,
        mine == me,
        other.in_(ids),
        Proposal.origin == Origin.REQUEST,
        Proposal.state.in_(LIVE),
        (Proposal.asked_by == me) | Proposal.asked_at.is_not(None),
    )
    return {
        other_of(one, me): Asked(one.id, MatchState(one.state), one.asked_by == me)
        for one in tx.session.scalars(query)
        if me is not None
    }


def _about(fields: Sequence[StoredField], said: Mapping[int, str]) -> str:
    longer = (said[one.id] for one in fields if one.definition.type is FieldType.LONG_TEXT and one.id in said)
    return next(longer, "")


def _facts(fields: Sequence[StoredField], said: Mapping[int, str]) -> dict[str, str]:
    return {
        gettext(one.definition.label): said[one.id].replace("\n", ", ")
        for one in fields
        if one.id in said and one.definition.type is not FieldType.LONG_TEXT and one.definition.key != "job_title"
    }
