"""Move members between states, and with them what hangs on it: their live proposals and mentorships of the cycle."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.matching.refs import person_refs
from wayfellow.mentorships import letters
from wayfellow.mentorships.ending import end_early
from wayfellow.mentorships.models import Mentorship, Proposal, TieKind
from wayfellow.mentorships.notices import send_all
from wayfellow.mentorships.requests.choices import next_choice, was_sent
from wayfellow.mentorships.states import LIVE, move_all
from wayfellow.people.audience import GONE
from wayfellow.programmes.models import Membership, MembershipState, RejectReason
from wayfellow.programmes.standing import Held, Who, Why, hold, move
from wayfellow.programmes.windows import local_day
from wayfellow.types import MatchState, Role
from wayfellow.words import gettext

MAX_NOTE = 2000


def set_state(tx: Transaction, membership_id: int, state: MembershipState) -> Membership:
    """Move one member on behalf of staff; see :func:`set_states`."""
    set_states(tx, [membership_id], state)
    return tx.session.get_one(Membership, membership_id)


def set_states(tx: Transaction, ids: Collection[int], state: MembershipState, why: Why | None = None) -> int:
    """Move members on behalf of staff, all of them or none, and return how many moved; needs ``people.edit``.

    Everybody is told once. Whoever is not approved any more loses the proposals that wait for an answer, and whoever is
    out of the cycle its mentorships; neither comes back with the state. Raises NotFound, NotAllowed, Conflict when the
    table of ``programmes.standing`` does not allow it, and InvalidInput for a note that is too long.
    """
    why = why or Why()
    if len(why.note) > MAX_NOTE:
        count, most = f"{len(why.note):,}", f"{MAX_NOTE:,}"
        sentence = gettext("The note has %(count)s characters; keep it to %(most)s.", count=count, most=most)
        raise InvalidInput(sentence, (Problem(sentence, column="note"),))
    return _move(tx, hold(tx, ids), state, Who.STAFF, why)


def restore(tx: Transaction, ids: Collection[int]) -> int:
    """Take the last move of members back, on behalf of staff; return how many moved. Raises as :func:`set_states`.

    Proposals and mentorships that ended with it stay ended.
    """
    held = hold(tx, ids)
    moved = 0
    for state in {one.member.state_before for one in held}:
        if state is not None:
            there = [one for one in held if one.member.state_before == state]
            moved += _move(tx, there, MembershipState(state), Who.STAFF, Why(RejectReason.OTHER))
    return moved


def leave(tx: Transaction, membership_id: int) -> None:
    """Take one's own place or application back. Raises NotFound, NotAllowed, Conflict."""
    _move(tx, hold(tx, [membership_id]), MembershipState.WITHDRAWN, Who.SELF, Why())


def pause(tx: Transaction, membership_id: int, back_on: date | None) -> None:
    """Pause one's own part; ``back_on`` is the day on which one means to be back, and ends nothing by itself.

    Raises NotFound, NotAllowed, Conflict, and InvalidInput for a day that is not after today in the programme.
    """
    (held,) = hold(tx, [membership_id])
    if back_on is not None and back_on <= local_day(held.programme, tx.now()):
        sentence = gettext("Choose a day after today, or none if you don't know yet.")
        raise InvalidInput(sentence, (Problem(sentence, column="back_on"),))
    _move(tx, [held], MembershipState.PAUSED, Who.SELF, Why(back_on=back_on))


def resume(tx: Transaction, membership_id: int) -> None:
    """Come back from a pause. Raises NotFound, NotAllowed, Conflict."""
    _move(tx, hold(tx, [membership_id]), MembershipState.APPROVED, Who.SELF, Why())


def _move(tx: Transaction, held: Sequence[Held], to: MembershipState, who: Who, why: Why) -> int:
    moved = move(tx, held, to, who, why)
    if to is not MembershipState.APPROVED:
        end_proposals(tx, moved)
    if to in GONE:
        end_mentorships(tx, moved)
    return len(moved)


def end_proposals(tx: Transaction, members: Sequence[Held]) -> None:
    """End the proposals of members that wait for an answer, and tell the others kindly; it never says why.

    Whoever asked such a member has their next choice asked; who was in line to be asked hears nothing.
    """
    if not members:
        return
    mine = select(Proposal).where(_theirs(Proposal, members), Proposal.state.in_(LIVE))
    held = mine.order_by(Proposal.id).with_for_update().execution_options(populate_existing=True)
    ended = list(tx.session.scalars(held))
    for programme_id, cycles in _by_programme(members).items():
        move_all(tx, [one for one in ended if one.cycle_id in cycles], MatchState.SUPERSEDED, programme_id)
    leaving = {one.member.person_id for one in members}
    people = person_refs(tx.session, {person for one in ended for person in (one.mentee_id, one.mentor_id)})
    written = []
    for one in ended:
        if was_sent(one) and one.asked_by not in leaving:
            next_choice(tx, one)
        for to, other in ((one.mentee_id, one.mentor_id), (one.mentor_id, one.mentee_id)):
            if to not in leaving and (was_sent(one) or to == one.asked_by):
                written.append((one, letters.not_possible(people[to], people[other])))
    send_all(tx, written)


def end_mentorships(tx: Transaction, members: Sequence[Held]) -> None:
    """End the mentorships at work of members who are out of the cycle, and tell the others kindly."""
    if members:
        leaving = {one.member.person_id for one in members}
        end_early(tx, _theirs(Mentorship, members), leaving)


def _theirs(model: type[Proposal] | type[Mentorship], members: Sequence[Held]) -> ColumnElement[bool]:
    """Return the condition of members' pairs: those in their role, and, since peers have none, all with peers."""
    sides = []
    for cycle_id in {one.cycle.id for one in members}:
        for role, column in ((Role.MENTOR, model.mentor_id), (Role.MENTEE, model.mentee_id)):
            ids = [one.member.person_id for one in members if (one.cycle.id, one.member.role) == (cycle_id, role)]
            if ids:
                sides.append((model.cycle_id == cycle_id) & (model.kind != TieKind.PEERS) & column.in_(ids))
        ids = [one.member.person_id for one in members if one.cycle.id == cycle_id]
        either = model.mentee_id.in_(ids) | model.mentor_id.in_(ids)
        sides.append((model.cycle_id == cycle_id) & (model.kind == TieKind.PEERS) & either)
    return or_(*sides)


def _by_programme(members: Sequence[Held]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one in members:
        found.setdefault(one.programme.id, set()).add(one.cycle.id)
    return found
