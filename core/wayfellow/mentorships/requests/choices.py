"""Keep people's ranked choices: when a request comes to nothing, the next in line is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import MATCHABLE
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.letters import LetterTo
from wayfellow.mentorships.models import Origin, Proposal, TieKind
from wayfellow.mentorships.notices import send
from wayfellow.mentorships.requests import letters
from wayfellow.mentorships.requests.possible import objection
from wayfellow.mentorships.states import LIVE, move
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.rules import answer_until, read_rules
from wayfellow.types import MatchState

#: The states in which a request of somebody's counts against how many may be open.
OPEN = (MatchState.REQUESTED, MatchState.MORE_INFO, MatchState.AWAITING_ADMIN)

#: Writes a letter to who asked, about whom they asked, and who was asked instead.
Write = Callable[[PersonRef, PersonRef, PersonRef | None], LetterTo]


def next_choice(tx: Transaction, ended: Proposal) -> Proposal | None:
    """Ask the next in line of whoever asked, once their request came to nothing; return it, None when nobody is left.

    The caller has moved ``ended`` already and holds its cycle. A choice that can't go ahead any more ends, the asker is
    told kindly, and the one after it is tried. Both people of the choice that is asked are told. At most as many
    requests are open as the programme allows, so that calling again does no harm.
    """
    asker, cycle = ended.asked_by, tx.session.get_one(Cycle, ended.cycle_id)
    if ended.origin != Origin.REQUEST or asker is None or cycle.state not in MATCHABLE:
        return None
    programme = tx.session.get_one(Programme, cycle.programme_id)
    tx.session.flush()
    if count_open(tx, cycle.id, asker) >= read_rules(programme).open_requests:
        return None
    for choice in _in_line(tx, cycle.id, asker):
        if not objection(tx.session, cycle, choice.mentee_id, choice.mentor_id, TieKind(choice.kind)):
            choice.asked_at, choice.expires_at = tx.now(), answer_until(programme, tx.now())
            move(tx, choice, MatchState.REQUESTED, cycle.programme_id)
            tell_asked(tx, choice)
            _tell_asker(tx, choice)
            return choice
        move(tx, choice, MatchState.SUPERSEDED, cycle.programme_id)
        _tell_asker(tx, choice)
    return None


def pass_on(tx: Transaction, ended: Proposal, write: Write = letters.not_now) -> None:
    """Tell who asked that it came to nothing, by default that the other said no, and ask their next choice."""
    following = next_choice(tx, ended)
    if ended.asked_by is None:
        return
    other = other_of(ended, ended.asked_by)
    wanted = {ended.asked_by, other} | ({other_of(following, ended.asked_by)} if following else set())
    people = person_refs(tx.session, wanted)
    asked = people[other_of(following, ended.asked_by)] if following else None
    send(tx, ended, write(people[ended.asked_by], people[other], asked))


def close_others(tx: Transaction, accepted: Proposal) -> None:
    """End what else a mentee asked for or was offered, once a mentorship of theirs began; each other person is told."""
    if accepted.kind != TieKind.MENTORSHIP:
        return
    cycle = tx.session.get_one(Cycle, accepted.cycle_id)
    query = select(Proposal).where(
        Proposal.cycle_id == cycle.id,
        Proposal.mentee_id == accepted.mentee_id,
        Proposal.id != accepted.id,
        Proposal.origin == Origin.REQUEST,
        Proposal.kind == TieKind.MENTORSHIP,
        Proposal.state.in_(LIVE),
    )
    held = query.order_by(Proposal.id).with_for_update().execution_options(populate_existing=True)
    for one in tx.session.scalars(held).all():
        move(tx, one, MatchState.SUPERSEDED, cycle.programme_id)
        if was_sent(one):
            tell_closed(tx, one, accepted.mentee_id)
            if one.asked_by == one.mentor_id:
                next_choice(tx, one)


def count_open(tx: Transaction, cycle_id: int, asker: int) -> int:
    """Count the requests and offers of somebody that wait for an answer."""
    mine = (Proposal.cycle_id == cycle_id, Proposal.asked_by == asker, Proposal.origin == Origin.REQUEST)
    return tx.session.scalar(select(func.count()).select_from(Proposal).where(*mine, Proposal.state.in_(OPEN))) or 0


def tell_asked(tx: Transaction, one: Proposal) -> None:
    """Tell who is asked what the asker wrote."""
    if one.asked_by is not None:
        to, people = other_of(one, one.asked_by), person_refs(tx.session, (one.mentee_id, one.mentor_id))
        asker, kind = people[one.asked_by], TieKind(one.kind)
        send(tx, one, letters.asked(people[to], asker, one.message, kind, to_mentee=to == one.mentee_id))


def tell_closed(tx: Transaction, one: Proposal, ended_by: int) -> None:
    """Tell the other person that an answer is not waited for any more."""
    to, people = other_of(one, ended_by), person_refs(tx.session, (one.mentee_id, one.mentor_id))
    send(tx, one, letters.closed(people[to], people[ended_by]))


def was_sent(one: Proposal) -> bool:
    """Tell whether the other person ever heard of a proposal; who only stood in line to be asked did not."""
    return one.origin != Origin.REQUEST or one.asked_at is not None


def other_of(one: Proposal, person_id: int) -> int:
    """Return the other of a proposal's two people."""
    return one.mentor_id if person_id == one.mentee_id else one.mentee_id


def _in_line(tx: Transaction, cycle_id: int, asker: int) -> Sequence[Proposal]:
    query = select(Proposal).where(
        Proposal.cycle_id == cycle_id, Proposal.asked_by == asker, Proposal.state == MatchState.QUEUED
    )
    ordered = query.order_by(Proposal.choice, Proposal.id)
    # What somebody is just changing is passed over, since two who wait for each other's rows would never end.
    held = ordered.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return tx.session.scalars(held).all()


def _tell_asker(tx: Transaction, choice: Proposal) -> None:
    """Tell who asked what became of their choice."""
    if choice.asked_by is not None:
        people = person_refs(tx.session, (choice.mentee_id, choice.mentor_id))
        me, other = people[choice.asked_by], people[other_of(choice, choice.asked_by)]
        write = letters.next_asked if choice.state == MatchState.REQUESTED else letters.gone
        send(tx, choice, write(me, other))
