"""Take a request back, and put one's choices in another order."""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.requests.choices import next_choice, tell_closed, was_sent
from wayfellow.mentorships.requests.holding import hold_request
from wayfellow.mentorships.states import LIVE, move
from wayfellow.privacy.audit import record
from wayfellow.types import MatchState
from wayfellow.words import gettext


def withdraw(tx: Transaction, request_id: int) -> Proposal:
    """Take one's own request back, and ask the next choice; doing so again changes nothing.

    The other is told, if they had heard of it. Raises NotFound, and Conflict once it has been answered.
    """
    request, cycle, me = hold_request(tx, request_id)
    if request.asked_by != me:
        raise NotFound(gettext("There is no such request of yours. Go back to your home page."))
    if request.state == MatchState.WITHDRAWN:
        return request
    if request.state not in LIVE:
        raise Conflict(gettext("This has been answered or has run out meanwhile, so there is nothing to take back."))
    move(tx, request, MatchState.WITHDRAWN, cycle.programme_id)
    if was_sent(request):
        tell_closed(tx, request, me)
        next_choice(tx, request)
    return request


def move_up(tx: Transaction, request_id: int) -> Proposal:
    """Let a choice in line change places with the one before it; the first stays first. Raises NotFound, Conflict."""
    request, cycle, me = hold_request(tx, request_id)
    if request.asked_by != me:
        raise NotFound(gettext("There is no such request of yours. Go back to your home page."))
    if request.state != MatchState.QUEUED:
        raise Conflict(gettext("This does not stand in line any more. Look at your home page."))
    line = select(Proposal).where(
        Proposal.cycle_id == cycle.id, Proposal.asked_by == me, Proposal.state == MatchState.QUEUED
    )
    held = tx.session.scalars(line.order_by(Proposal.choice, Proposal.id).with_for_update()).all()
    place = held.index(request)
    if place:
        before = held[place - 1]
        before.choice, request.choice = request.choice, before.choice
        tx.session.flush()
        record(tx, "proposal.moved_up", "proposal", request.id, cycle.programme_id)
    return request
