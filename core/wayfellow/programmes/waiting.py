"""Say where people stand on the waiting list of a cycle."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from wayfellow.deployment import Transaction
from wayfellow.programmes.models import Membership, MembershipState


def waiting_places(tx: Transaction, person_id: int) -> dict[int, int]:
    """Return a person's places on waiting lists by membership, counted from 1; one statement.

    Each role of a cycle has a list of its own, in the order in which people came onto it.
    """
    mine, other = aliased(Membership), aliased(Membership)
    same = and_(other.cycle_id == mine.cycle_id, other.role == mine.role, other.state == MembershipState.WAITLISTED)
    earlier = or_(other.state_since < mine.state_since, and_(other.state_since == mine.state_since, other.id < mine.id))
    query = select(mine.id, func.count(other.id)).outerjoin(other, and_(same, earlier))
    query = query.where(mine.person_id == person_id, mine.state == MembershipState.WAITLISTED).group_by(mine.id)
    return {member_id: count + 1 for member_id, count in tx.session.execute(query)}
