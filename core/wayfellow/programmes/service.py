"""Create, find and list programmes and their cycles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.people.search import fold
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, CycleState, Programme
from wayfellow.tabular.values import clean_line, clean_timezone, tidy
from wayfellow.words import gettext, later

_OVER = (CycleState.COMPLETED, CycleState.CANCELLED, CycleState.ARCHIVED)


def create_programme(tx: Transaction, name: str, *, description: str = "", timezone: str = "UTC") -> Programme:
    """Create a programme. Raises NotAllowed, and InvalidInput whose problems name ``name`` or ``timezone``."""
    tx.require("programme.create")
    try:
        name, description = clean_line(name, later("The programme's name"), 200), tidy(description)
    except ValueError as error:
        raise InvalidInput(str(error), (Problem(str(error), column="name"),)) from error
    try:
        timezone = clean_timezone(timezone)
    except ValueError as error:
        raise InvalidInput(str(error), (Problem(str(error), column="timezone"),)) from error
    programme = Programme(
        slug=_free_slug(tx, name), name=name, description=description, timezone=timezone, created_at=tx.now()
    )
    tx.session.add(programme)
    tx.session.flush()
    record(tx, "programme.created", "programme", programme.id, programme.id)
    return programme


def list_programmes(tx: Transaction) -> Sequence[Programme]:
    """Return the programmes that the actor has a part or a duty in, by name; all of them for the deployment's staff."""
    query = select(Programme).order_by(Programme.name, Programme.id)
    if not _sees_all(tx):
        query = query.where(Programme.id.in_({grant.programme_id for grant in tx.actor.grants}))
    return tx.session.scalars(query).all()


def get_programme(tx: Transaction, programme_id: int) -> Programme:
    """Return a programme. Raises NotFound when there is none, or the actor has neither part nor duty in it."""
    programme = tx.session.get(Programme, programme_id)
    if programme is None or not (_sees_all(tx) or any(g.programme_id == programme_id for g in tx.actor.grants)):
        raise NotFound(
            gettext("This programme is not here, or not for you to see. Choose one from the list of programmes.")
        )
    return programme


def create_cycle(
    tx: Transaction,
    programme_id: int,
    name: str,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    state: CycleState = CycleState.OPEN,
) -> Cycle:
    """Create a round of a programme. Raises NotFound, NotAllowed, InvalidInput, and Conflict when the name is taken."""
    get_programme(tx, programme_id)
    tx.require("programme.edit", programme_id)
    try:
        name = clean_line(name, later("The cycle's name"), 200)
    except ValueError as error:
        raise InvalidInput(str(error), (Problem(str(error), column="name"),)) from error
    if starts_on and ends_on and ends_on < starts_on:
        sentence = gettext(
            "The cycle would end on %(ends_on)s, before it starts on %(starts_on)s. Choose a later end.",
            ends_on=ends_on,
            starts_on=starts_on,
        )
        raise InvalidInput(sentence, (Problem(sentence, column="ends_on"),))
    if tx.session.scalar(select(Cycle.id).where(Cycle.programme_id == programme_id, Cycle.name == name)):
        raise Conflict(gettext("The programme has a cycle “%(name)s” already. Choose another name.", name=name))
    cycle = Cycle(programme_id=programme_id, name=name, starts_on=starts_on, ends_on=ends_on, state=state)
    tx.session.add(cycle)
    tx.session.flush()
    record(tx, "cycle.created", "cycle", cycle.id, programme_id)
    return cycle


def set_cycle_state(tx: Transaction, cycle_id: int, state: CycleState) -> Cycle:
    """Move a cycle to another state; the same state again changes nothing. Raises NotFound, NotAllowed."""
    cycle = get_cycle(tx, cycle_id)
    tx.require("programme.edit", cycle.programme_id)
    if cycle.state != state:
        record(tx, "cycle.moved", "cycle", cycle.id, cycle.programme_id, before=cycle.state, after=state)
        cycle.state = state
        tx.session.flush()
    return cycle


def get_cycle(tx: Transaction, cycle_id: int) -> Cycle:
    """Return a cycle of a programme that the actor may see. Raises NotFound."""
    cycle = tx.session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound(gettext("This cycle is not here any more. Choose one from the programme's page."))
    get_programme(tx, cycle.programme_id)
    return cycle


def list_cycles(tx: Transaction, programme_id: int) -> Sequence[Cycle]:
    """Return a programme's cycles, the newest first. Raises NotFound."""
    get_programme(tx, programme_id)
    return tx.session.scalars(select(Cycle).where(Cycle.programme_id == programme_id).order_by(Cycle.id.desc())).all()


def current_cycle(tx: Transaction, programme_id: int) -> Cycle | None:
    """Return the newest cycle that is not over, else the newest; None when there is none yet. Raises NotFound."""
    cycles = list_cycles(tx, programme_id)
    return next((cycle for cycle in cycles if cycle.state not in _OVER), cycles[0] if cycles else None)


def _sees_all(tx: Transaction) -> bool:
    return tx.may("programme.read")


def _free_slug(tx: Transaction, name: str) -> str:
    base = "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:56].strip("-") or "programme"
    taken = set(tx.session.scalars(select(Programme.slug).where(Programme.slug.startswith(base, autoescape=True))))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
