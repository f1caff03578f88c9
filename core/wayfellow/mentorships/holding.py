"""Hold proposals against everything that could change what they depend on, always in the same order.

Locks go from cycles (their state stays, and no run is published meanwhile) over people (no block or other answer of
theirs comes between) to proposals, each by id, so that no two transactions wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select

from wayfellow.deployment import Transaction
from wayfellow.mentorships.models import Proposal
from wayfellow.people.models import Person
from wayfellow.programmes.models import Cycle

_FRESH = {"populate_existing": True}


def hold_all(tx: Transaction, ids: Collection[int], where: ColumnElement[bool] | None = None) -> Sequence[Proposal]:
    """Lock proposals with all that they depend on, and return those that are there and still meet a condition."""
    if not ids:
        return []
    rows = tx.session.execute(
        select(Proposal.cycle_id, Proposal.mentee_id, Proposal.mentor_id).where(Proposal.id.in_(ids))
    ).all()
    cycles = select(Cycle).where(Cycle.id.in_({row.cycle_id for row in rows})).order_by(Cycle.id)
    tx.session.scalars(cycles.with_for_update(read=True).execution_options(**_FRESH)).all()
    hold_people(tx, {person for row in rows for person in (row.mentee_id, row.mentor_id)})
    held = select(Proposal).where(Proposal.id.in_(ids)).order_by(Proposal.id)
    if where is not None:
        held = held.where(where)
    return tx.session.scalars(held.with_for_update().execution_options(**_FRESH)).all()


def hold_people(tx: Transaction, people: Collection[int]) -> None:
    """Lock people, so that no answer of theirs and no block comes between."""
    query = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    tx.session.execute(query.with_for_update()).all()
