"""Take acts of review back: what each did stands in its entry of the audit log."""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.matching.exclusions import remove_exclusion
from wayfellow.matching.models import Exclusion, MatchRun
from wayfellow.mentorships.alternatives import list_alternatives
from wayfellow.mentorships.drafts import check_room, find_open_run
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.states import move
from wayfellow.mentorships.tries import undo_throw_away, undo_use
from wayfellow.privacy.audit import record
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState
from wayfellow.words import gettext


def undo(tx: Transaction, act_id: int) -> str:
    """Take an act of review back and return a sentence that says so.

    Taking back twice changes nothing. Raises Conflict, saying why, when what came after stands in the way.
    """
    entry = tx.session.get(AuditEntry, act_id)
    act = entry.details.get("act") if entry is not None else None
    if entry is not None and act in _ON_RUNS:
        return _ON_RUNS[act](tx, entry)
    proposal = tx.session.get(Proposal, entry.subject_id) if entry is not None and act is not None else None
    if entry is None or proposal is None or proposal.run_id is None:
        raise NotFound(gettext("There is nothing to take back here. Load the list of pairs again."))
    run, cycle = find_open_run(tx, proposal.run_id)
    tx.session.refresh(proposal)
    if act == "lock":
        return _undo_lock(tx, proposal, cycle, before=entry.details["before"])
    if act == "exclude":
        return _undo_exclude(tx, proposal, run, cycle, exclusion_id=entry.details["exclusion_id"])
    return _undo_draft(tx, proposal, run, cycle, old_id=entry.details.get("old_id"))


_ON_RUNS = {"use": undo_use, "throw_away": undo_throw_away}


def _undo_lock(tx: Transaction, proposal: Proposal, cycle: Cycle, *, before: bool) -> str:
    if proposal.state != MatchState.DRAFTED:
        raise Conflict(gettext("This pair was taken out of the run meanwhile. Load the list of pairs again."))
    if proposal.locked != before:
        proposal.locked = before
        action = "proposal.locked" if before else "proposal.unlocked"
        record(tx, action, "proposal", proposal.id, cycle.programme_id)
    return gettext("The pair is locked again.") if before else gettext("The pair is not locked any more.")


def _undo_exclude(tx: Transaction, proposal: Proposal, run: MatchRun, cycle: Cycle, *, exclusion_id: int | None) -> str:
    if exclusion_id is not None and tx.session.get(Exclusion, exclusion_id) is not None:
        remove_exclusion(tx, exclusion_id)
    if proposal.state == MatchState.DISCARDED:
        _revive(tx, proposal, run, cycle)
    return gettext("The pair is back in the run, and may be matched again.")


def _undo_draft(tx: Transaction, draft: Proposal, run: MatchRun, cycle: Cycle, *, old_id: int | None) -> str:
    if draft.state == MatchState.DRAFTED:
        move(tx, draft, MatchState.DISCARDED, cycle.programme_id)
        tx.session.flush()
        old = tx.session.get(Proposal, old_id) if old_id is not None else None
        if old is not None:
            _revive(tx, old, run, cycle)
    return (
        gettext("The pair is out of this run again.")
        if old_id is None
        else gettext("The pair that was there before is back.")
    )


def _revive(tx: Transaction, proposal: Proposal, run: MatchRun, cycle: Cycle) -> None:
    """Draft a discarded pair again, if its mentee still lacks a mentor and its mentor is still possible."""
    check_room(tx, run, proposal.mentee_id)
    for mentor in list_alternatives(tx.session, run, proposal.mentee_id):
        if mentor.mentor.id == proposal.mentor_id and mentor.why_not:
            raise Conflict(
                gettext(
                    "The pair can't come back: %(mentor)s can't be chosen any more. %(why)s",
                    mentor=mentor.mentor.name,
                    why=mentor.why_not,
                )
            )
    move(tx, proposal, MatchState.DRAFTED, cycle.programme_id)
    tx.session.flush()
