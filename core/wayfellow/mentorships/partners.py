"""Say who is together with whom in a cycle: in mentorships, and in proposals that wait for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.states import OCCUPYING, RESERVING
from wayfellow.mentorships.terms import Terms
from wayfellow.types import MatchState

Model = type[Proposal] | type[Mentorship]


def is_at_work(cycle_id: int) -> ColumnElement[bool]:
    """Return the condition of mentorships of a cycle that are at work."""
    return (Mentorship.cycle_id == cycle_id) & Mentorship.state.in_(OCCUPYING)


def is_waiting(cycle_id: int) -> ColumnElement[bool]:
    """Return the condition of proposals of a cycle that reserve a place until they are answered; chats stay so."""
    return (Proposal.cycle_id == cycle_id) & Proposal.state.in_(RESERVING)


def asking_columns(model: Model, kind: TieKind) -> tuple[InstrumentedAttribute[int], ...]:
    """Return the columns of those who get somebody: the mentee's, of peers both."""
    return (model.mentee_id, model.mentor_id) if kind is TieKind.PEERS else (model.mentee_id,)


def count_partners(
    session: Session, cycle_id: int, terms: Terms, people: Collection[int] | None = None, *, waiting: bool = True
) -> Counter[int]:
    """Count how many others mentees, or peers, have already on such terms: at most four statements.

    ``people`` narrows it; without ``waiting``, mentorships count alone.
    """
    found = Counter[int]()
    for model, here in _together(cycle_id, waiting=waiting):
        for column in asking_columns(model, terms.kind):
            query = select(column, func.count()).where(here, model.kind == terms.kind).group_by(column)
            if people is not None:
                query = query.where(column.in_(people))
            found.update(dict(session.execute(query).all()))
    return found


def pairs_together(session: Session, cycle_id: int, terms: Terms) -> set[tuple[int, int]]:
    """Return the pairs of a cycle, both ways, that are together, so that no run proposes them; two statements.

    Chats and conversations bind nobody, but no two people have two chats.
    """
    found = set()
    for model, here in _together(cycle_id):
        query = select(model.mentee_id, model.mentor_id).where(here, _binds(model, terms))
        found |= {pair for one, other in session.execute(query) for pair in ((one, other), (other, one))}
    return found


def partners_of(session: Session, cycle_id: int, terms: Terms, person_id: int, run_id: int) -> set[int]:
    """Return with whom somebody is together, or in a run's drafts; four statements."""
    drafts = (Proposal.run_id == run_id) & (Proposal.state == MatchState.DRAFTED)
    places: list[tuple[Model, ColumnElement[bool]]] = [*_together(cycle_id), (Proposal, drafts)]
    found: set[int] = set()
    for model, here in places:
        either = (model.mentee_id == person_id) | (model.mentor_id == person_id)
        rows = session.execute(select(model.mentee_id, model.mentor_id).where(here, _binds(model, terms), either))
        found |= {other if one == person_id else one for one, other in rows}
    return found


def _together(cycle_id: int, *, waiting: bool = True) -> Iterator[tuple[Model, ColumnElement[bool]]]:
    yield Mentorship, is_at_work(cycle_id)
    if waiting:
        yield Proposal, is_waiting(cycle_id)


def _binds(model: Model, terms: Terms) -> ColumnElement[bool]:
    return model.kind.in_({TieKind.MENTORSHIP, TieKind.PEERS, terms.kind})
