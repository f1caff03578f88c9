"""Let people say how the chats were that a run asked them to have.

What somebody says is theirs: nobody else reads it, coordinators see how many have said something, and only the choice
of pairs takes it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound, Problem
from wayfellow.matching.chemistry.ratings import HIGHEST, LOWEST
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.models import Candidate
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import MATCHABLE, check_matchable
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import ChatRating, Proposal, TieKind
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.types import MatchState, Role
from wayfellow.words import gettext

#: So many chats stand on a home page.
_MOST = 50


@dataclass(frozen=True, slots=True)
class ChatView:
    """Hold a chat as one of its two people sees it; ``mine`` is what they said of it, None for nothing yet."""

    id: int
    programme: str
    side: Role
    other: PersonRef
    other_email: str | None
    terms: tuple[str, ...]
    mine: int | None


def list_my_chats(tx: Transaction) -> Sequence[ChatView]:
    """List the actor's chats in cycles in which pairs can be chosen, those without a rating first; four statements."""
    me = tx.actor.person_id
    if me is None:
        return []
    own = and_(ChatRating.proposal_id == Proposal.id, ChatRating.person_id == me)
    kept = and_(*(getattr(Candidate, name) == getattr(Proposal, name) for name in ("run_id", "mentee_id", "mentor_id")))
    query = (
        select(Proposal, Programme.name, Candidate.explanation, ChatRating.rating)
        .join(Cycle, Cycle.id == Proposal.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .outerjoin(Candidate, kept)
        .outerjoin(ChatRating, own)
        .where(
            or_(Proposal.mentee_id == me, Proposal.mentor_id == me),
            Proposal.kind == TieKind.CHAT,
            Proposal.state == MatchState.PROPOSED,
            Cycle.state.in_(MATCHABLE),
            ~is_blocked(Proposal.mentee_id, Proposal.mentor_id),
        )
        .order_by(ChatRating.rating.is_not(None), Proposal.id)
    )
    rows = tx.session.execute(query.limit(_MOST)).all()
    others = {_other(chat, me) for chat, *_ in rows}
    people = person_refs(tx.session, others)
    emails: dict[int, str | None] = dict(
        tx.session.execute(select(Person.id, Person.email).where(Person.id.in_(others))).all()
    )
    return [
        ChatView(
            id=chat.id,
            programme=programme,
            side=Role.MENTEE if chat.mentee_id == me else Role.MENTOR,
            other=people[_other(chat, me)],
            other_email=emails[_other(chat, me)],
            terms=top_terms(read_parts(said or ())),
            mine=rating,
        )
        for chat, programme, said, rating in rows
    ]


def rate_chat(tx: Transaction, proposal_id: int, rating: int | None) -> None:
    """Say how one's chat was, from 1 (never) to 5, in place of what one said before; None takes it back.

    The log says that somebody did, never what. Raises NotFound for anybody but the two, InvalidInput for another
    number, and Conflict when the cycle is over.
    """
    chat, cycle, me = _find_mine(tx, proposal_id)
    tx.require("proposals.answer", cycle.programme_id)
    check_matchable(cycle)
    if rating is not None and not LOWEST <= rating <= HIGHEST:
        sentence = gettext("Choose what comes closest.")
        raise InvalidInput(sentence, (Problem(sentence, column="rating"),))
    said = tx.session.get(ChatRating, (chat.id, me))
    if (said.rating if said else None) == rating:
        return
    if rating is None:
        tx.session.delete(said)
    elif said is None:
        tx.session.add(ChatRating(proposal_id=chat.id, person_id=me, rating=rating, rated_at=tx.now()))
    else:
        said.rating, said.rated_at = rating, tx.now()
    tx.session.flush()
    record(tx, "chat.rating_removed" if rating is None else "chat.rated", "proposal", chat.id, cycle.programme_id)


def _find_mine(tx: Transaction, proposal_id: int) -> tuple[Proposal, Cycle, int]:
    me = tx.actor.person_id
    held = select(Proposal).where(Proposal.id == proposal_id, Proposal.kind == TieKind.CHAT).with_for_update()
    chat = tx.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if chat is None or me is None or me not in (chat.mentee_id, chat.mentor_id) or chat.state != MatchState.PROPOSED:
        raise NotFound(gettext("There is no such chat among yours. Go back to your home page."))
    return chat, tx.session.get_one(Cycle, chat.cycle_id), me


def _other(chat: Proposal, me: int) -> int:
    return chat.mentor_id if chat.mentee_id == me else chat.mentee_id
