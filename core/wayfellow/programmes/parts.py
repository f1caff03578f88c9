"""Say how one person takes part in a cycle."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.programmes.listing import Member, load_members
from wayfellow.programmes.models import Membership
from wayfellow.programmes.service import get_cycle
from wayfellow.words import gettext


def list_parts(tx: Transaction, cycle_id: int, person_id: int) -> list[Member]:
    """Return a person's memberships of a cycle, mentee before mentor; none when they take no part.

    Raises NotFound, NotAllowed.
    """
    tx.require("people.read", get_cycle(tx, cycle_id).programme_id)
    wanted = select(Membership.id).where(Membership.cycle_id == cycle_id, Membership.person_id == person_id)
    return load_members(tx, tx.session.scalars(wanted.order_by(Membership.role)).all())


def require_members(tx: Transaction, cycle_id: int, ids: Collection[int]) -> None:
    """Raise NotFound unless all memberships are of a cycle, NotAllowed unless the actor may change its people."""
    tx.require("people.edit", get_cycle(tx, cycle_id).programme_id)
    wanted = set(ids)
    here = select(func.count()).where(Membership.id.in_(wanted), Membership.cycle_id == cycle_id)
    if tx.session.scalar(here) != len(wanted):
        raise NotFound(gettext("Somebody is not in this cycle any more. Load the list again."))
