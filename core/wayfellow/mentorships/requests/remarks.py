"""Let who is asked say "tell me more", and who asked reply: the time to answer stands still in between."""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.matching.refs import person_refs
from wayfellow.mentorships.models import Proposal, Remark
from wayfellow.mentorships.notices import write_all
from wayfellow.mentorships.requests import letters
from wayfellow.mentorships.requests.choices import other_of
from wayfellow.mentorships.requests.holding import hold_request
from wayfellow.mentorships.requests.wording import clean_message
from wayfellow.mentorships.states import move
from wayfellow.notify.service import tell
from wayfellow.types import MatchState
from wayfellow.words import gettext

_SHORTEST = 10
_KIND = "proposal.more_info"


def ask_more(tx: Transaction, request_id: int, question: str) -> Proposal:
    """Ask who asked to say more before answering; asking the same again changes nothing.

    Raises NotFound, InvalidInput for the question, and Conflict when the request does not wait for the actor's answer.
    """
    return _write(tx, request_id, question, MatchState.REQUESTED, MatchState.MORE_INFO)


def reply(tx: Transaction, request_id: int, text: str) -> Proposal:
    """Reply to "tell me more", as who asked; the day by which to answer moves by as long as the reply took.

    Raises NotFound, InvalidInput for the text, and Conflict when nobody asked for more.
    """
    return _write(tx, request_id, text, MatchState.MORE_INFO, MatchState.REQUESTED)


def _write(tx: Transaction, request_id: int, text: str, before: MatchState, after: MatchState) -> Proposal:
    request, cycle, me = hold_request(tx, request_id)
    is_asker = request.asked_by == me
    clean = clean_message(text, column="text", least=_SHORTEST)
    if request.state == after and is_asker == (after is MatchState.REQUESTED) and _newest(tx, request) == (me, clean):
        return request
    if request.state != before or is_asker != (before is MatchState.MORE_INFO):
        raise Conflict(gettext("This has moved on meanwhile, so your words were not sent. Look at your home page."))
    if before is MatchState.MORE_INFO and request.expires_at is not None:
        request.expires_at += tx.now() - request.changed_at
    remark = Remark(proposal_id=request.id, person_id=me, text=clean, written_at=tx.now())
    tx.session.add(remark)
    move(tx, request, after, cycle.programme_id)
    tx.session.flush()
    _tell(tx, request, remark, cycle.programme_id)
    return request


def _newest(tx: Transaction, request: Proposal) -> tuple[int, str] | None:
    query = select(Remark.person_id, Remark.text).where(Remark.proposal_id == request.id).order_by(Remark.id.desc())
    row = tx.session.execute(query.limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def _tell(tx: Transaction, request: Proposal, remark: Remark, programme_id: int) -> None:
    people = person_refs(tx.session, (request.mentee_id, request.mentor_id))
    to, writer = people[other_of(request, remark.person_id)], people[remark.person_id]
    write = letters.question if request.state == MatchState.MORE_INFO else letters.reply
    (letter,) = write_all(tx, [write(to, writer, remark.text)])
    key = f"remark:{remark.id}:{to.id}"
    tell(tx, to.id, key=key, subject=letter.subject, body=letter.body, kind=_KIND, programme_id=programme_id)
