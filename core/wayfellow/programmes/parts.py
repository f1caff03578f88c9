"""Say how one person takes part in a cycle."""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.programmes.listing import Member, load_members
from wayfellow.programmes.models import Membership
from wayfellow.programmes.service import get_cycle


def list_parts(tx: Transaction, cycle_id: int, person_id: int) -> list[Member]:
    """Return a person's memberships of a cycle, mentee before mentor; none when they take no part.

    Raises NotFound, NotAllowed.
    """
    tx.require("people.read", get_cycle(tx, cycle_id).programme_id)
    wanted = select(Membership.id).where(Membership.cycle_id == cycle_id, Membership.person_id == person_id)
    return load_members(tx, tx.session.scalars(wanted.order_by(Membership.role)).all())
