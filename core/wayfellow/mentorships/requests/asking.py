"""Ask somebody for a mentorship or a conversation, or offer one: now, or in line behind what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput
from wayfellow.matching.runs import check_matchable
from wayfellow.mentorships.models import Consent, Origin, Proposal, TieKind
from wayfellow.mentorships.requests.choices import count_open, other_of, tell_asked
from wayfellow.mentorships.requests.parts import Part, find_part
from wayfellow.mentorships.requests.possible import objection
from wayfellow.mentorships.requests.wording import clean_message, is_copy, refuse
from wayfellow.mentorships.states import LIVE, note_move
from wayfellow.people.audience import require_visible
from wayfellow.people.models import FieldValue, Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle
from wayfellow.programmes.rules import answer_until
from wayfellow.programmes.windows import local_day
from wayfellow.types import MatchState
from wayfellow.wording import spoken_date
from wayfellow.words import gettext, ngettext

#: With how many of somebody's own earlier messages a new one is compared.
_COMPARED = 50


def ask(
    tx: Transaction,
    membership_id: int,
    other_id: int,
    message: str,
    *,
    kind: TieKind = TieKind.MENTORSHIP,
    in_line: bool = False,
) -> Proposal:
    """Ask, in one of the actor's parts, somebody of the other side; asking the same again changes nothing.

    Asking is the actor's own yes. With ``in_line`` the other hears of it only once what is open before has come to
    nothing; with nothing open they are asked at once. Raises NotFound for whom the actor may not see, InvalidInput
    for the message, Conflict, naming the way out, when the two can't agree on it now or too much is open already.
    """
    part = find_part(tx, membership_id)
    require_visible(tx, other_id)
    me = _hold(tx, part, other_id)
    if kind not in part.kinds:
        raise InvalidInput(
            gettext("This programme does not allow that kind of request. Choose another, or ask a coordinator.")
        )
    text = clean_message(message)
    same = _live(tx, part, me, other_id, kind)
    if same is not None:
        return _again(same, me, text)
    _check_pair(tx, part, me, other_id, kind)
    _check_copied(tx, me, other_id, text)
    choice = _place(tx, part, me, in_line=in_line)
    return _write(tx, part, me, other_id, kind, text, choice)


def count_requests(tx: Transaction, part: Part) -> tuple[int, int]:
    """Return how many requests of the actor's are open in a part, and how many stand in line."""
    me = tx.actor.person_id
    if me is None:
        return 0, 0
    count, _ = _line(tx, part, me)
    return count_open(tx, part.cycle.id, me), count


def cooling_until(tx: Transaction, part: Part, me: int, other_id: int) -> datetime | None:
    """Return until when somebody who said no can't be asked again by the same person, None when they can."""
    mentee_id, mentor_id = part.pair(me, other_id)
    last = (
        select(func.max(Proposal.changed_at))
        .join(Cycle, Cycle.id == Proposal.cycle_id)
        .where(
            Cycle.programme_id == part.programme.id,
            Proposal.mentee_id == mentee_id,
            Proposal.mentor_id == mentor_id,
            Proposal.asked_by == me,
            Proposal.origin == Origin.REQUEST,
            Proposal.state == MatchState.DECLINED,
        )
    )
    said_no = tx.session.scalar(last)
    until = said_no + timedelta(days=part.rules.cooldown_days) if said_no else None
    return until if until is not None and until > tx.now() else None


def _hold(tx: Transaction, part: Part, other_id: int) -> int:
    """Hold the cycle and both people, in the order in which answers do, so that no two requests are counted at once."""
    me, fresh = tx.actor.person_id, {"populate_existing": True}
    cycle = select(Cycle).where(Cycle.id == part.cycle.id).with_for_update(read=True).execution_options(**fresh)
    check_matchable(tx.session.scalars(cycle).one())
    both = select(Person.id).where(Person.id.in_((me, other_id))).order_by(Person.id)
    tx.session.execute(both.with_for_update()).all()
    if me is None or me == other_id:
        raise InvalidInput(gettext("You can't ask yourself. Choose somebody else."))
    return me


def _live(tx: Transaction, part: Part, me: int, other_id: int, kind: TieKind) -> Proposal | None:
    mentee_id, mentor_id = part.pair(me, other_id)
    query = select(Proposal).where(
        Proposal.cycle_id == part.cycle.id,
        Proposal.mentee_id == mentee_id,
        Proposal.mentor_id == mentor_id,
        Proposal.kind == kind,
        Proposal.origin == Origin.REQUEST,
        Proposal.state.in_(LIVE),
        (Proposal.asked_by == me) | Proposal.asked_at.is_not(None),
    )
    return tx.session.scalars(query.execution_options(populate_existing=True)).first()


def _again(same: Proposal, me: int, text: str) -> Proposal:
    if same.asked_by != me:
        raise Conflict(gettext("They have asked you already. Answer on your home page."))
    if same.message != text:
        raise Conflict(
            gettext("You have asked this person already. See where it stands, or take it back, on your home page.")
        )
    return same


def _check_pair(tx: Transaction, part: Part, me: int, other_id: int, kind: TieKind) -> None:
    why = objection(tx.session, part.cycle, *part.pair(me, other_id), kind)
    if why:
        raise Conflict(why)
    until = cooling_until(tx, part, me, other_id)
    if until is not None:
        day = local_day(part.programme, until)
        again = spoken_date(day)
        raise Conflict(
            gettext("They said not now, so you can ask them again from %(day)s. Ask somebody else.", day=again)
        )


def _check_copied(tx: Transaction, me: int, other_id: int, text: str) -> None:
    """Refuse what was written for somebody else or stands in a profile already."""
    sent = select(Proposal).where(Proposal.asked_by == me, Proposal.origin == Origin.REQUEST)
    newest = tx.session.scalars(sent.order_by(Proposal.id.desc()).limit(_COMPARED)).all()
    elsewhere = [one for one in newest if other_of(one, me) != other_id]
    called = {other_id} | {other_of(one, me) for one in elsewhere}
    names = " ".join(tx.session.scalars(select(Person.name).where(Person.id.in_(called))))
    if is_copy(text, (one.message for one in elsewhere), names):
        refuse(gettext("You wrote the same to somebody else. Two sentences on why you ask this person are enough."))
    profiles: Sequence[str] = tx.session.scalars(
        select(FieldValue.value).where(FieldValue.person_id.in_((me, other_id)))
    ).all()
    if is_copy(text, profiles):
        refuse(
            gettext("This stands in a profile already, which is read anyway. Say what you would like to talk about.")
        )


def _place(tx: Transaction, part: Part, me: int, *, in_line: bool) -> int | None:
    """Return the place in line, None when the other is asked at once; refuse when there is no room for either."""
    rules, open_now = part.rules, count_open(tx, part.cycle.id, me)
    if open_now < rules.open_requests and not (in_line and open_now):
        return None
    if not in_line:
        raise Conflict(
            ngettext(
                "You have %(num)s open, as many as this programme allows at once. "
                "Put this one in line as your next choice, or take one back on your home page.",
                "You have %(num)s open, as many as this programme allows at once. "
                "Put this one in line as your next choice, or take one back on your home page.",
                open_now,
            )
        )
    count, last = _line(tx, part, me)
    if count >= rules.choices:
        raise Conflict(
            ngettext(
                "%(num)s stands in line already, as many as this programme allows. "
                "Wait for an answer, or take it out on your home page.",
                "%(num)s stand in line already, as many as this programme allows. "
                "Wait for an answer, or take one of them out on your home page.",
                count,
            )
        )
    return last + 1


def _line(tx: Transaction, part: Part, me: int) -> tuple[int, int]:
    """Return how many of somebody's choices stand in line, and the last place."""
    mine = (Proposal.cycle_id == part.cycle.id, Proposal.asked_by == me, Proposal.state == MatchState.QUEUED)
    count, last = tx.session.execute(select(func.count(), func.max(Proposal.choice)).where(*mine)).one()
    return count, last or 0


def _write(
    tx: Transaction, part: Part, me: int, other_id: int, kind: TieKind, text: str, choice: int | None
) -> Proposal:
    now, (mentee_id, mentor_id) = tx.now(), part.pair(me, other_id)
    asked = Proposal(
        cycle_id=part.cycle.id,
        mentee_id=mentee_id,
        mentor_id=mentor_id,
        state=MatchState.REQUESTED if choice is None else MatchState.QUEUED,
        origin=Origin.REQUEST,
        kind=kind,
        asked_by=me,
        message=text,
        choice=choice,
        asked_at=now if choice is None else None,
        expires_at=answer_until(part.programme, now) if choice is None else None,
        created_at=now,
        changed_at=now,
    )
    tx.session.add(asked)
    tx.session.flush()
    tx.session.add(Consent(proposal_id=asked.id, person_id=me, agrees=True, given_at=now))
    tx.session.flush()
    record(tx, "consent.given", "proposal", asked.id, part.programme.id, agrees=True)
    note_move(tx, asked, None, part.programme.id, kind=kind.value)
    if choice is None:
        tell_asked(tx, asked)
    return asked
