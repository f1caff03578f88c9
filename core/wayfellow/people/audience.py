"""Say what someone may read of a person: the one place where profiles' audiences are judged."""

from __future__ import annotations

from sqlalchemy import Exists, TableClause, and_, column, exists, or_, select, table, union
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.people.models import Block
from wayfellow.types import Audience, MatchState, Role
from wayfellow.words import gettext

# Tables of areas above this one, named by what is read of them, so that people need not know programmes.
_membership = table("membership", column("person_id"), column("cycle_id"), column("state"))
_cycle = table("cycle", column("id"), column("programme_id"))
_duty = table("role_assignment", column("person_id"), column("programme_id"))
_proposal = table("proposal", column("mentee_id"), column("mentor_id"), column("state"))
_mentorship = table("mentorship", column("mentee_id"), column("mentor_id"), column("state"))

#: Members in these states are out of a programme: nobody there sees them as one of theirs.
GONE = ("rejected", "withdrawn", "removed")
#: Members in these states are let in: they see, and are seen by, others of the programme. Who applies is not yet.
INSIDE = ("approved", "paused")
_PARTICIPANTS = (Role.MENTOR, Role.MENTEE)
EVERYTHING = frozenset(Audience)
_STAFF_READS = frozenset({Audience.COORDINATORS, Audience.PAIR, Audience.PROGRAMME})


def audiences(tx: Transaction, person_id: int) -> frozenset[Audience]:
    """Return the audiences that the actor belongs to for a person: all for oneself, none for strangers.

    Staff are those who may ``people.read`` in a programme of the person. A pair are two people with a published
    proposal or a mentorship. Between people of whom one blocked the other there is neither pair nor programme.
    """
    if tx.actor.is_system or tx.actor.person_id == person_id:
        return EVERYTHING
    if _reads_as_staff(tx, person_id):
        return _STAFF_READS
    me = tx.actor.person_id
    if me is None or _blocked(tx.session, me, person_id):
        return frozenset()
    published = _between(_proposal, me, person_id, MatchState.PROPOSED, MatchState.AWAITING_ADMIN, MatchState.ACCEPTED)
    agreed = _between(_mentorship, me, person_id, MatchState.ACTIVE, MatchState.PAUSED, MatchState.COMPLETED)
    if tx.session.scalar(select(or_(published, agreed))):
        return frozenset({Audience.PAIR, Audience.PROGRAMME})
    mine = {grant.programme_id for grant in tx.actor.grants if grant.role in _PARTICIPANTS}
    shared = mine & programmes_of(tx.session, me, inside=True) & programmes_of(tx.session, person_id, inside=True)
    return frozenset({Audience.PROGRAMME} if shared else ())


def may_write_to(tx: Transaction, person_id: int, seen: frozenset[Audience]) -> bool:
    """Tell whether the actor may have a person's address: oneself, staff, and from when both agreed, the pair."""
    if seen & {Audience.SELF, Audience.COORDINATORS}:
        return True
    me = tx.actor.person_id
    if me is None or Audience.PAIR not in seen:
        return False
    return bool(tx.session.scalar(select(_between(_mentorship, me, person_id, MatchState.ACTIVE, MatchState.PAUSED))))


def require_visible(tx: Transaction, person_id: int) -> frozenset[Audience]:
    """Return :func:`audiences`; raise NotFound when there are none or a plugin hides the person."""
    found = audiences(tx, person_id)
    if not found or not _shown_by_plugins(tx, person_id):
        raise NotFound(gettext("This person is not here, or not for you to see. Go back to the list you came from."))
    return found


def require_change(tx: Transaction, person_id: int, own: str) -> None:
    """Raise NotAllowed unless the actor may change what a person says.

    ``own`` names the permission for one's own things; those of others take ``people.edit`` in one of their programmes.
    """
    if tx.actor.is_system:
        return
    if tx.actor.person_id == person_id:
        if not any(tx.may(own, grant.programme_id) for grant in tx.actor.grants):
            tx.require(own)
    elif not any(tx.may("people.edit", programme) for programme in programmes_of(tx.session, person_id)):
        tx.require("people.edit")


def programmes_of(session: Session, person_id: int, *, inside: bool = False) -> frozenset[int]:
    """Return the programmes that a person takes part or has a duty in.

    ``inside``: only those that let them in, so not those that they applied for, or are out of.
    """
    member = select(_cycle.c.programme_id).join(_membership, _membership.c.cycle_id == _cycle.c.id)
    member = member.where(_membership.c.person_id == person_id)
    if inside:
        member = member.where(_membership.c.state.in_(INSIDE))
    duty = select(_duty.c.programme_id).where(_duty.c.person_id == person_id, _duty.c.programme_id.is_not(None))
    return frozenset(session.scalars(union(member, duty)))


def _reads_as_staff(tx: Transaction, person_id: int) -> bool:
    if tx.may("people.read"):
        return True
    if not any(tx.may("people.read", grant.programme_id) for grant in tx.actor.grants):
        return False
    return any(tx.may("people.read", programme) for programme in programmes_of(tx.session, person_id))


def _blocked(session: Session, one: int, other: int) -> bool:
    either = or_(
        and_(Block.person_id == one, Block.blocked_id == other), and_(Block.person_id == other, Block.blocked_id == one)
    )
    return bool(session.scalar(select(exists().where(either))))


def _between(pair: TableClause, one: int, other: int, *states: MatchState) -> Exists:
    return exists().where(
        pair.c.mentee_id.in_((one, other)),
        pair.c.mentor_id.in_((one, other)),
        pair.c.mentee_id != pair.c.mentor_id,
        pair.c.state.in_(states),
    )


def _shown_by_plugins(tx: Transaction, person_id: int) -> bool:
    if tx.actor.is_system or tx.actor.person_id == person_id:
        return True
    import numpy as np

    ids = np.array([person_id], dtype=np.int64)
    return bool(tx.host.filter_visible(tx.actor, "people.read", ids, tx.session)[0])
