"""Say where a participant may look for somebody, and as what: the cycles whose programmes allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.runs import MATCHABLE
from wayfellow.mentorships.models import TieKind
from wayfellow.programmes.models import Cycle, Membership, MembershipState, Programme
from wayfellow.programmes.rules import Rules, read_rules
from wayfellow.types import Role
from wayfellow.words import gettext


@dataclass(frozen=True, slots=True)
class Part:
    """Be the actor's part in a cycle in which they may look for somebody; ``kinds`` are what they may ask for."""

    membership_id: int
    cycle: Cycle
    programme: Programme
    role: Role
    rules: Rules

    @property
    def other_role(self) -> Role:
        """Return what those are who are looked for."""
        return Role.MENTOR if self.role is Role.MENTEE else Role.MENTEE

    @property
    def kinds(self) -> tuple[TieKind, ...]:
        """Return what may be asked for, the first being the usual."""
        if self.role is Role.MENTOR:
            return (TieKind.MENTORSHIP,) if self.rules.mentors_offer else ()
        asked = {TieKind.MENTORSHIP: self.rules.mentees_ask, TieKind.CONVERSATION: self.rules.conversations}
        return tuple(kind for kind, allowed in asked.items() if allowed)

    def pair(self, person_id: int, other_id: int) -> tuple[int, int]:
        """Return (mentee, mentor) of the actor and somebody else."""
        return (person_id, other_id) if self.role is Role.MENTEE else (other_id, person_id)


def list_parts(tx: Transaction) -> Sequence[Part]:
    """List the actor's parts in which they may look for somebody now, the newest cycle first; one statement."""
    query = (
        select(Membership.id, Membership.role, Cycle, Programme)
        .join(Cycle, Cycle.id == Membership.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(
            Membership.person_id == tx.actor.person_id,
            Membership.state == MembershipState.APPROVED,
            Cycle.state.in_(MATCHABLE),
        )
        .order_by(Cycle.id.desc(), Membership.role)
    )
    found = [
        Part(number, cycle, programme, Role(role), read_rules(programme))
        for number, role, cycle, programme in tx.session.execute(query)
    ]
    return [part for part in found if part.kinds and tx.may("proposals.ask", part.programme.id)]


def find_part(tx: Transaction, membership_id: int) -> Part:
    """Return one of the actor's parts in which they may look for somebody. Raises NotFound."""
    for part in list_parts(tx):
        if part.membership_id == membership_id:
            return part
    raise NotFound(gettext("You can't look for anybody here at the moment. Your home page shows how you take part."))
