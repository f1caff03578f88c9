"""Block somebody with all that follows: what is open between the two ends, and neither hears of the other again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotAllowed, NotFound
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships import letters
from wayfellow.mentorships.ending import KIND as ENDED
from wayfellow.mentorships.ending import end_early
from wayfellow.mentorships.holding import hold_people
from wayfellow.mentorships.models import Mentorship, Proposal
from wayfellow.mentorships.notices import programmes_of, send_all
from wayfellow.mentorships.states import LIVE, OCCUPYING, move_all
from wayfellow.notify.outbox import hold_back
from wayfellow.people import blocks
from wayfellow.people.audience import audiences
from wayfellow.types import SYSTEM, MatchState
from wayfellow.words import gettext

_HIDDEN = (MatchState.DRAFTED, MatchState.DISCARDED)


def find_other(tx: Transaction, person_id: int) -> tuple[PersonRef, bool]:
    """Return somebody whom the actor may block, and whether the two have a mentorship at work.

    That is who was proposed to the actor, who asked or was asked, and whoever the actor sees. Raises NotFound, also for
    whoever blocks the actor.
    """
    me = _me(tx)
    known = select(Proposal.id).where(_between(Proposal, me, person_id), Proposal.state.not_in(_HIDDEN)).limit(1)
    found = person_refs(tx.session, [person_id]).get(person_id)
    if found is None or me == person_id or not (tx.session.scalar(known) or audiences(tx, person_id)):
        raise NotFound(gettext("This person is not here, or not for you to see. Go back to your home page."))
    at_work = select(Mentorship.id).where(_between(Mentorship, me, person_id), Mentorship.state.in_(OCCUPYING))
    return found, tx.session.scalar(at_work.limit(1)) is not None


def block_person(tx: Transaction, person_id: int, *, end_mentorship: bool) -> None:
    """Block somebody for the actor; what is open between the two ends, and the mentorship too when asked for.

    The other reads no more than that the pair does not go ahead, or has ended; mails about the two that wait to be
    sent are not. The audit log does not say who ended it. The same again changes nothing. Raises NotAllowed, NotFound.
    """
    me = _me(tx)
    find_other(tx, person_id)
    hold_people(tx, (me, person_id))
    blocks.block(tx, person_id)
    quiet = replace(tx, actor=SYSTEM)
    _hold_mails_back(tx, me, person_id)
    _end_proposals(quiet, me, person_id)
    if end_mentorship:
        end_early(quiet, _between(Mentorship, me, person_id), leaving=(me,))


def _end_proposals(tx: Transaction, me: int, other: int) -> None:
    query = select(Proposal).where(_between(Proposal, me, other), Proposal.state.in_(LIVE)).order_by(Proposal.id)
    ended = tx.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    heard = [one for one in ended if one.state != MatchState.QUEUED or one.asked_by == other]
    for cycle_id, programme in programmes_of(tx, ended).items():
        here = [one for one in ended if one.cycle_id == cycle_id]
        move_all(tx, here, MatchState.SUPERSEDED, programme.id)
    people = person_refs(tx.session, (me, other))
    send_all(tx, [(one, letters.not_possible(people[other], people[me])) for one in heard])


def _hold_mails_back(tx: Transaction, me: int, other: int) -> None:
    """Take what waits to be sent about the two off the way; notices are named after what they tell of."""
    ids = tx.session.scalars(select(Proposal.id).where(_between(Proposal, me, other))).all()
    kinds = [f"proposal.{state}" for state in MatchState] + ["proposal.reminder"]
    keys = [f"{kind}:{number}:{person}" for kind in kinds for number in ids for person in (me, other)]
    pairs = tx.session.scalars(select(Mentorship.id).where(_between(Mentorship, me, other))).all()
    hold_back(tx, keys + [f"{ENDED}:{number}:{person}" for number in pairs for person in (me, other)])


def _between(model: type[Proposal] | type[Mentorship], one: int, other: int) -> ColumnElement[bool]:
    there = and_(model.mentee_id == one, model.mentor_id == other)
    return or_(there, and_(model.mentee_id == other, model.mentor_id == one))


def _me(tx: Transaction) -> int:
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Only a person can block somebody. Sign in first."))
    return tx.actor.person_id
