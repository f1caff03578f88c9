"""Say that an agreed conversation took place; it stays in view until somebody does."""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.mentorships.models import Mentorship, TieKind
from wayfellow.mentorships.states import OCCUPYING
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState
from wayfellow.words import gettext


def set_held(tx: Transaction, conversation_id: int, held: bool) -> Mentorship:
    """Say, as one of the two, that a conversation took place, or take that back; twice is the same as once.

    Raises NotFound, and Conflict for one that ended otherwise.
    """
    query = select(Mentorship).where(Mentorship.id == conversation_id, Mentorship.kind == TieKind.CONVERSATION)
    found = tx.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None or tx.actor.person_id not in (found.mentee_id, found.mentor_id):
        raise NotFound(gettext("There is no such conversation among yours. Go back to your home page."))
    programme_id = tx.session.get_one(Cycle, found.cycle_id).programme_id
    tx.require("proposals.answer", programme_id)
    before, after = MatchState(found.state), MatchState.COMPLETED if held else MatchState.ACTIVE
    if before is after:
        return found
    if before not in (*OCCUPYING, MatchState.COMPLETED):
        raise Conflict(gettext("This conversation was called off meanwhile. Look at your home page."))
    found.state, found.ended_at = after, tx.now() if held else None
    tx.session.flush()
    record(tx, f"mentorship.{after}", "mentorship", found.id, programme_id)
    if found.proposal_id is not None:
        match_id, actor_id = found.proposal_id, tx.actor.person_id
        tx.tell(lambda host: host.on_match_changed(match_id=match_id, before=before, after=after, actor_id=actor_id))
    return found
