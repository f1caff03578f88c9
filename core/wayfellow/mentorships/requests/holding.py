"""Hold a request for one of its two people, against everything that could change it meanwhile."""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.mentorships.models import Origin, Proposal
from wayfellow.mentorships.requests.choices import was_sent
from wayfellow.people.models import Person
from wayfellow.programmes.models import Cycle
from wayfellow.words import gettext

_NOT_YOURS = gettext("There is no such request among yours. Go back to your home page.")


def hold_request(tx: Transaction, request_id: int) -> tuple[Proposal, Cycle, int]:
    """Return a request of the actor's, its cycle, and the actor's id.

    Locks go from the cycle over both people to the request, as for answers. Raises NotFound for what is not theirs, or
    has not been sent to them.
    """
    me, session, fresh = tx.actor.person_id, tx.session, {"populate_existing": True}
    found = session.get(Proposal, request_id)
    if found is None or me not in (found.mentee_id, found.mentor_id) or found.origin != Origin.REQUEST or me is None:
        raise NotFound(_NOT_YOURS)
    cycle = select(Cycle).where(Cycle.id == found.cycle_id).with_for_update(read=True).execution_options(**fresh)
    held_cycle = session.scalars(cycle).one()
    tx.require("proposals.answer", held_cycle.programme_id)
    both = select(Person.id).where(Person.id.in_((found.mentee_id, found.mentor_id))).order_by(Person.id)
    session.execute(both.with_for_update()).all()
    held = select(Proposal).where(Proposal.id == request_id).with_for_update().execution_options(**fresh)
    request = session.scalars(held).one()
    if request.asked_by != me and not was_sent(request):
        raise NotFound(_NOT_YOURS)
    return request, held_cycle, me
