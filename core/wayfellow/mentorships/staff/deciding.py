"""Decide as a coordinator: approve pairs that agreed or turn them down, take proposals back, propose them anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import check_matchable, find_cycle
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.accepting import settle
from wayfellow.mentorships.holding import hold_all
from wayfellow.mentorships.letters import LetterTo, accepted
from wayfellow.mentorships.models import Asks, Proposal
from wayfellow.mentorships.notices import programmes_of, send_all, write_all
from wayfellow.mentorships.staff import letters
from wayfellow.mentorships.staff.by_hand import ByHand, propose
from wayfellow.mentorships.states import LIVE, move_all
from wayfellow.mentorships.views import Letter
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState
from wayfellow.words import gettext, ngettext

MAX_NOTE = 2000
#: How many proposals are decided on at once.
MOST = 50


class StaffReason(StrEnum):
    """Name why a coordinator ends a proposal."""

    BETTER_PAIR = "better_pair"
    CHANGED = "changed"
    MISTAKE = "mistake"
    OTHER = "other"


class Decision(StrEnum):
    """Name what a coordinator can do with proposals: approve them, turn them down, or take them back."""

    APPROVE = "approve"
    TURN_DOWN = "turn-down"
    WITHDRAW = "withdraw"


#: Writes a letter to the first about the second, with a coordinator's note.
Write = Callable[[PersonRef, PersonRef, str], LetterTo]
_WRITE: Mapping[Decision, Write] = {
    Decision.APPROVE: lambda to, other, note: accepted(to, other),
    Decision.TURN_DOWN: letters.not_approved,
    Decision.WITHDRAW: letters.withdrawn,
}


def preview_letters(tx: Transaction, proposal_id: int, decision: Decision, note: str = "") -> list[Letter]:
    """Return what the mentee and the mentor would read. Needs ``matching.publish``. Raises NotFound."""
    one = _find(tx, proposal_id)
    people = person_refs(tx.session, (one.mentee_id, one.mentor_id))
    mentee, mentor, write = people[one.mentee_id], people[one.mentor_id], _WRITE[decision]
    return write_all(tx, [write(mentee, mentor, note.strip()), write(mentor, mentee, note.strip())])


def approve(tx: Transaction, ids: Collection[int]) -> tuple[int, int]:
    """Let pairs that agreed begin; return how many did, and how many were not possible any more.

    What was approved before stays so. Needs ``matching.publish``. Raises NotFound, NotAllowed, Conflict.
    """
    waiting = [one for one in _hold(tx, ids) if one.state != MatchState.ACCEPTED]
    _check_states(waiting, (MatchState.AWAITING_ADMIN,))
    for one in waiting:
        cycle = tx.session.get_one(Cycle, one.cycle_id)
        check_matchable(cycle)
        if one.state == MatchState.AWAITING_ADMIN:  # an earlier one of these may have ended it
            settle(tx, one, cycle, approved=True)
            tx.session.flush()
    begun = sum(one.state == MatchState.ACCEPTED for one in waiting)
    return begun, len(waiting) - begun


def turn_down(tx: Transaction, ids: Collection[int], reason: StaffReason | None, note: str = "") -> int:
    """Decide against pairs that agreed, and tell both kindly. ``note`` and what is raised are as in ``withdraw``."""
    return _end(tx, ids, MatchState.DECLINED, (MatchState.AWAITING_ADMIN,), reason, note, letters.not_approved)


def withdraw(tx: Transaction, ids: Collection[int], reason: StaffReason | None, note: str = "") -> int:
    """Take proposals back that are not settled yet, and tell both kindly; ``note`` stands in their letters.

    Return how many were taken back; those that were before stay so. Needs ``matching.publish``. Raises NotFound,
    NotAllowed, InvalidInput without a reason, and Conflict, changing nothing, when one has come to an end.
    """
    return _end(tx, ids, MatchState.WITHDRAWN, LIVE, reason, note, letters.withdrawn)


def propose_again(tx: Transaction, proposal_id: int) -> Proposal:
    """Propose a pair anew that was declined, withdrawn or ran out: both are asked afresh, as if by hand.

    The same again gives the proposal that is there. Raises as ``staff.by_hand.propose``.
    """
    old = _find(tx, proposal_id)
    if old.state in (*LIVE, MatchState.ACCEPTED, MatchState.DRAFTED):
        raise Conflict(
            gettext("This proposal has not come to nothing, so it can't be proposed again. Load the list again.")
        )
    return propose(tx, old.cycle_id, ByHand(old.mentee_id, old.mentor_id, Asks.BOTH))


def _end(
    tx: Transaction,
    ids: Collection[int],
    to: MatchState,
    allowed: Sequence[MatchState],
    reason: StaffReason | None,
    note: str,
    write: Write,
) -> int:
    _check_words(reason, note)
    ending = [one for one in _hold(tx, ids) if one.state != to]
    _check_states(ending, allowed)
    heard = [one for one in ending if one.state != MatchState.QUEUED]
    for cycle_id, programme in programmes_of(tx, ending).items():
        move_all(tx, [one for one in ending if one.cycle_id == cycle_id], to, programme.id, reason=reason)
    people = person_refs(tx.session, {person for one in heard for person in (one.mentee_id, one.mentor_id)})
    written = []
    for one in heard:
        mentee, mentor = people[one.mentee_id], people[one.mentor_id]
        written += [(one, write(mentee, mentor, note.strip())), (one, write(mentor, mentee, note.strip()))]
    send_all(tx, written)
    return len(ending)


def _find(tx: Transaction, proposal_id: int) -> Proposal:
    found = tx.session.get(Proposal, proposal_id)
    if found is None or found.state == MatchState.DISCARDED:
        raise NotFound(gettext("This proposal is not there any more. Load the list again."))
    find_cycle(tx, found.cycle_id, "matching.publish")
    return found


def _hold(tx: Transaction, ids: Collection[int]) -> list[Proposal]:
    wanted = set(ids)
    if len(wanted) > MOST:
        raise InvalidInput(
            ngettext(
                "At most %(num)s proposal can be decided on at once. Tick fewer.",
                "At most %(num)s proposals can be decided on at once. Tick fewer.",
                MOST,
            )
        )
    held = list(hold_all(tx, wanted))
    if len(held) != len(wanted) or any(one.state == MatchState.DISCARDED for one in held):
        raise NotFound(gettext("One of these proposals is not there any more. Load the list again."))
    for cycle_id in {one.cycle_id for one in held}:
        find_cycle(tx, cycle_id, "matching.publish")
    return held


def _check_states(proposals: Sequence[Proposal], allowed: Sequence[MatchState]) -> None:
    wrong = next((one for one in proposals if one.state not in allowed), None)
    if wrong is not None:
        raise Conflict(
            gettext("Something has become of one of these meanwhile, so nothing was changed. Load the list again.")
        )


def _check_words(reason: StaffReason | None, note: str) -> None:
    problems = []
    if reason is None:
        problems.append(Problem(gettext("Choose the reason that comes closest."), column="reason"))
    if len(note) > MAX_NOTE:
        sentence = gettext(
            "The note has %(length)s characters; keep it to %(most)s.",
            length=f"{len(note):,}",
            most=f"{MAX_NOTE:,}",
        )
        problems.append(Problem(sentence, column="note"))
    if problems:
        raise InvalidInput(gettext("Nothing was changed yet. Mend what is marked."), tuple(problems))
