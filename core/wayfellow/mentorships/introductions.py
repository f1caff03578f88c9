"""Introduce the other person of each proposal: what they wrote that the two may read of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select

from wayfellow.deployment import Transaction
from wayfellow.matching.texts import read_texts
from wayfellow.mentorships.models import TieKind
from wayfellow.mentorships.views import ProposalView
from wayfellow.people.models import FieldDefinition, Person
from wayfellow.tabular.columns import CORE_COLUMNS
from wayfellow.types import Audience, Role
from wayfellow.words import gettext

_OPEN_TO_PAIR = (Audience.PAIR, Audience.PROGRAMME)
_JOB_TITLE = "job_title"


def introduce(tx: Transaction, proposals: Iterable[ProposalView]) -> Mapping[int, Mapping[str, str]]:
    """Return, by the id of each of the actor's proposals, what the other person says by label.

    Only what takes part in matching and the other half of a pair may read, without the job title, which the proposal
    names itself; of peers what they would say to a mentor and to a mentee. Six statements for mentors and as many for
    mentees, whatever the number of proposals.
    """
    found: dict[int, Mapping[str, str]] = {}
    mine = list(proposals)
    for role in (Role.MENTOR, Role.MENTEE):
        others = {one.id: one.other.id for one in mine if one.kind is TieKind.PEERS or one.side is not role}
        if others:
            labels, people = _labels(tx, role), select(Person.id).where(Person.id.in_(set(others.values())))
            said = _read(tx, people, role, labels)
            found |= {number: {**found.get(number, {}), **said.get(other, {})} for number, other in others.items()}
    return found


def _labels(tx: Transaction, role: Role) -> Mapping[str, str]:
    """Return the labels of what a pair may read of somebody with a role, by key."""
    own = {column.key: gettext(column.label) for column in CORE_COLUMNS if role in column.matched_for}
    query = select(FieldDefinition).order_by(FieldDefinition.position, FieldDefinition.id)
    declared = {
        field.key: gettext(field.label)
        for field in tx.session.scalars(query)
        if role in field.matched_for and field.audience in _OPEN_TO_PAIR and field.key != _JOB_TITLE
    }
    return own | declared


def _read(
    tx: Transaction, people: Select[int], role: Role, labels: Mapping[str, str]
) -> Mapping[int, Mapping[str, str]]:
    texts = read_texts(tx.session, people, role)
    return {
        person: {label: said[key] for key, label in labels.items() if key in said} for person, said in texts.items()
    }
