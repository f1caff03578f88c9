"""Use a try in place of the run that it came from, or throw it away; each in one transaction, and with undo.

The cycle is locked first, then its runs, as everywhere, so that publishing and review come before or after.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.matching.runs import check_alone, find_cycle, find_run
from wayfellow.matching.tries import ORIGIN, STATE, TryState, check_in_force, set_try_state
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.replacing import replaced_drafts
from wayfellow.mentorships.states import move_all
from wayfellow.mentorships.views import Undo
from wayfellow.privacy.audit import record
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState
from wayfellow.words import gettext

_DISCARDED = "proposal.discarded"


def use_try(tx: Transaction, run_id: int) -> Undo:
    """Let a try take the place of the run that it came from, whose drafts are discarded. Needs ``matching.run``.

    Raises Conflict when this is no open try, when another run is at work, or when the other run was published or
    replaced meanwhile.
    """
    run, cycle = _find_open_try(tx, run_id)
    origin = find_run(tx, run.settings[ORIGIN], "matching.run", lock=True)[0]
    check_alone(tx, cycle.id)
    check_in_force(tx.session, origin)
    set_try_state(run, TryState.USED)
    sentence = gettext("Run %(number)s is in place of run %(origin)s now.", number=run.number, origin=origin.number)
    return _discard(tx, run, cycle, "use", replaced_drafts(tx.session, run), sentence)


def throw_away(tx: Transaction, run_id: int) -> Undo:
    """Discard the drafts of a try; it stays in the list of runs, to be compared with. Needs ``matching.run``.

    Raises Conflict when this is no open try.
    """
    run, cycle = _find_open_try(tx, run_id)
    set_try_state(run, TryState.THROWN_AWAY)
    own = select(Proposal).where(Proposal.run_id == run.id, Proposal.state == MatchState.DRAFTED)
    sentence = gettext("Run %(number)s is thrown away.", number=run.number)
    return _discard(tx, run, cycle, "throw_away", tx.session.scalars(own), sentence)


def undo_use(tx: Transaction, entry: AuditEntry) -> str:
    """Let a used try be a try again, and bring back the drafts that it took the place of; twice changes nothing.

    Raises Conflict when it was published or replaced, or when the other run has new pairs or was published meanwhile.
    """
    run, cycle = _find(tx, entry)
    origin = find_run(tx, run.settings[ORIGIN], "matching.run", lock=True)[0]
    if run.settings[STATE] == TryState.USED:
        check_alone(tx, cycle.id)
        check_in_force(tx.session, run)
        _check_empty(tx, origin)
        set_try_state(run, TryState.OPEN)
        _bring_back(tx, entry, cycle)
        record(tx, "run.use_undone", "match_run", run.id, cycle.programme_id, number=run.number)
    return gettext(
        "Run %(number)s is a try again, and the pairs of run %(origin)s are back.",
        number=run.number,
        origin=origin.number,
    )


def undo_throw_away(tx: Transaction, entry: AuditEntry) -> str:
    """Bring a try that was thrown away back with its drafts; twice changes nothing."""
    run, cycle = _find(tx, entry)
    if run.settings[STATE] == TryState.THROWN_AWAY:
        set_try_state(run, TryState.OPEN)
        _bring_back(tx, entry, cycle)
        record(tx, "run.throw_away_undone", "match_run", run.id, cycle.programme_id, number=run.number)
    return gettext("Run %(number)s is back.", number=run.number)


def _find_open_try(tx: Transaction, run_id: int) -> tuple[MatchRun, Cycle]:
    run, cycle = _lock(tx, run_id)
    if run.settings.get(STATE) == TryState.THROWN_AWAY:
        raise Conflict(
            gettext(
                "Run %(number)s was thrown away. Try the same again from the run that it came from.", number=run.number
            )
        )
    if run.settings.get(STATE) != TryState.OPEN:
        raise Conflict(
            gettext(
                "Run %(number)s is no try, so there is nothing to decide about it. Load the page again.",
                number=run.number,
            )
        )
    if run.state != RunState.DONE:
        raise Conflict(
            gettext("Run %(number)s is not done, so it has no pairs. Load the page again.", number=run.number)
        )
    return run, cycle


def _find(tx: Transaction, entry: AuditEntry) -> tuple[MatchRun, Cycle]:
    return _lock(tx, entry.subject_id or 0)


def _lock(tx: Transaction, run_id: int) -> tuple[MatchRun, Cycle]:
    run, _ = find_run(tx, run_id, "matching.run")
    cycle = find_cycle(tx, run.cycle_id, "matching.run", lock=True)
    return find_run(tx, run_id, "matching.run", lock=True)[0], cycle


def _discard(tx: Transaction, run: MatchRun, cycle: Cycle, act: str, drafts: Iterable[Proposal], sentence: str) -> Undo:
    """Discard drafts for the sake of an act on a run, each marked with the act, so that undo finds them."""
    found = list(drafts)
    details = {"act": act, "number": run.number, "origin": run.settings[ORIGIN], "discarded": len(found)}
    entry = record(
        tx, f"run.{'used' if act == 'use' else 'thrown_away'}", "match_run", run.id, cycle.programme_id, **details
    )
    tx.session.flush()
    move_all(tx, found, MatchState.DISCARDED, cycle.programme_id, for_act=entry.id)
    return Undo(entry.id, sentence)


def _bring_back(tx: Transaction, entry: AuditEntry, cycle: Cycle) -> None:
    marked = select(AuditEntry.subject_id).where(
        AuditEntry.id > entry.id,
        AuditEntry.action == _DISCARDED,
        AuditEntry.details["for_act"].as_integer() == entry.id,
    )
    gone = select(Proposal).where(Proposal.id.in_(marked), Proposal.state == MatchState.DISCARDED)
    move_all(tx, tx.session.scalars(gone), MatchState.DRAFTED, cycle.programme_id)


def _check_empty(tx: Transaction, origin: MatchRun) -> None:
    """Raise Conflict when drafts that come back could meet others, or could never be published."""
    live = select(Proposal.id).where(Proposal.run_id == origin.id, Proposal.state == MatchState.DRAFTED).limit(1)
    if origin.published_at is not None or tx.session.scalar(live) is not None:
        raise Conflict(
            gettext("Run %(number)s has other pairs by now, so those of before can't come back.", number=origin.number)
        )
