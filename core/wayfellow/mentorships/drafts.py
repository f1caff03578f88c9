"""Review what a run drafted: lock, exclude, replace, give the left-over a mentor.

All of it needs ``matching.review`` and raises Conflict once the run is published. Whoever reviews holds the run's row,
so that two coordinators' acts, and publishing, come one after the other.
"""

from __future__ import annotations

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.matching.exclusions import add_exclusion, find_exclusion
from wayfellow.matching.explanations import search_terms
from wayfellow.matching.models import MatchRun, RunState, Unmatched
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_run
from wayfellow.matching.tries import check_no_try, is_try
from wayfellow.mentorships.alternatives import list_alternatives
from wayfellow.mentorships.leftovers import EXCLUDED_IN_REVIEW, REASONS, REPLACED_IN_REVIEW, count_drafts_of, is_short
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.queries import read_pairs
from wayfellow.mentorships.states import move, note_move
from wayfellow.mentorships.terms import terms_of
from wayfellow.mentorships.views import Alternative, Undo
from wayfellow.privacy.audit import record
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import Cycle
from wayfellow.types import JSON, MatchState
from wayfellow.words import gettext, ngettext


def lock(tx: Transaction, proposal_id: int, locked: bool) -> Undo:
    """Lock a drafted pair so that the next run keeps it, or unlock it; the same again changes nothing."""
    proposal, _, cycle = find_draft(tx, proposal_id)
    before, proposal.locked = proposal.locked, locked
    action = "proposal.locked" if locked else "proposal.unlocked"
    entry = record(tx, action, "proposal", proposal.id, cycle.programme_id, act="lock", before=before)
    names = _names(tx, proposal)
    said = gettext("%(pair)s are locked.", pair=names)
    return _undo(tx, entry, said if locked else gettext("%(pair)s are not locked any more.", pair=names))


def exclude(tx: Transaction, proposal_id: int, reason: str = "") -> Undo:
    """Discard a drafted pair and never match the two in this programme; whoever has no other is left over."""
    proposal, run, cycle = find_draft(tx, proposal_id)
    names = _names(tx, proposal)
    pair = cycle.programme_id, proposal.mentee_id, proposal.mentor_id
    known = find_exclusion(tx.session, *pair)
    own = None if known else add_exclusion(tx, *pair, reason).id  # undo removes only the one made here
    entry = move(tx, proposal, MatchState.DISCARDED, cycle.programme_id, act="exclude", exclusion_id=own)
    for person_id in pair[1:] if terms_of(run).are_peers else pair[1:2]:
        leave_over(tx, run, person_id, EXCLUDED_IN_REVIEW)
    return _undo(tx, entry, gettext("%(pair)s will not be matched in this programme.", pair=names))


def replace(tx: Transaction, proposal_id: int, mentor_id: int) -> tuple[int, Undo]:
    """Give a drafted pair's mentee another of their candidates; return the new draft's id.

    Raises Conflict, saying why, when that mentor is no candidate, not possible for this pair, or has no free place.
    """
    proposal, run, cycle = find_draft(tx, proposal_id)
    pair = read_pairs(tx.session, run, [proposal_id])[0]
    chosen = _choose(tx, run, pair.mentee.id, mentor_id)
    move(tx, proposal, MatchState.DISCARDED, cycle.programme_id)
    if terms_of(run).are_peers:
        leave_over(tx, run, pair.mentor.id, REPLACED_IN_REVIEW)
    tx.session.flush()
    draft, entry = _draft(tx, run, cycle, pair.mentee.id, chosen, act="replace", old_id=proposal_id)
    sentence = gettext(
        "%(mentee)s is paired with %(chosen)s instead of %(before)s.",
        mentee=pair.mentee.name,
        chosen=chosen.mentor.name,
        before=pair.mentor.name,
    )
    return draft.id, _undo(tx, entry, sentence)


def propose_unmatched(tx: Transaction, run_id: int, mentee_id: int, mentor_id: int) -> tuple[int, Undo]:
    """Give a mentee who has fewer mentors than the run gives one of their candidates; return the new draft's id.

    Raises Conflict as ``replace`` does, and when the mentee has as many drafts by now.
    """
    run, cycle = find_open_run(tx, run_id)
    if tx.session.get(Unmatched, (run_id, mentee_id)) is None and not is_short(tx.session, run, mentee_id):
        raise NotFound(gettext("This person is not among those whom the run left over. Load the list again."))
    check_room(tx, run, mentee_id)
    chosen = _choose(tx, run, mentee_id, mentor_id)
    draft, entry = _draft(tx, run, cycle, mentee_id, chosen, act="propose")
    return draft.id, _undo(tx, entry, gettext("%(pair)s are a pair in this run.", pair=_names(tx, draft)))


def is_open(run: MatchRun) -> bool:
    """Tell whether a run's drafts may be changed."""
    return run.state == RunState.DONE and run.published_at is None and not is_try(run)


def find_open_run(tx: Transaction, run_id: int, permission: str = "matching.review") -> tuple[MatchRun, Cycle]:
    """Return a run whose drafts may be changed, locked against others, and its cycle."""
    run, cycle = find_run(tx, run_id, permission, lock=True)
    if run.published_at is not None:
        raise Conflict(
            gettext(
                "Run %(number)s is published, so its pairs can't be changed here. Start a new run.", number=run.number
            )
        )
    if run.state != RunState.DONE:
        raise Conflict(gettext("Run %(number)s is not done; there is nothing to review in it.", number=run.number))
    check_no_try(
        run,
        gettext(
            "Run %(number)s is a try, so it stays as it is. Use it in place of the run it came from first.",
            number=run.number,
        ),
    )
    return run, cycle


def find_draft(tx: Transaction, proposal_id: int) -> tuple[Proposal, MatchRun, Cycle]:
    """Return a drafted pair with its run, which is locked against others, and its cycle."""
    run_id = tx.session.scalar(select(Proposal.run_id).where(Proposal.id == proposal_id))
    if run_id is None:
        raise NotFound(gettext("There is no such pair. Go back to the list of pairs."))
    run, cycle = find_open_run(tx, run_id)
    proposal = tx.session.get(Proposal, proposal_id, populate_existing=True)
    if proposal is None or proposal.state != MatchState.DRAFTED:
        raise Conflict(gettext("This pair was taken out of the run meanwhile. Load the list of pairs again."))
    return proposal, run, cycle


def check_room(tx: Transaction, run: MatchRun, person_id: int) -> None:
    """Raise Conflict when a mentee, or a peer, has as many drafts as the run gives."""
    terms = terms_of(run)
    if count_drafts_of(tx.session, run.id, terms, person_id) < terms.wanted:
        return
    if terms.wanted > 1:
        raise Conflict(
            ngettext(
                "This mentee has %(num)s draft in the run by now. Load the list of pairs again.",
                "This mentee has %(num)s drafts in the run by now. Load the list of pairs again.",
                terms.wanted,
            )
        )
    if terms.are_peers:
        raise Conflict(gettext("This person has another draft in the run by now. Load the list of pairs again."))
    raise Conflict(gettext("This mentee has another draft in the run by now. Load the list of pairs again."))


def leave_over(tx: Transaction, run: MatchRun, person_id: int, cause: str) -> None:
    """Keep why review left somebody without a pair, unless the run said so itself."""
    if tx.session.get(Unmatched, (run.id, person_id)) is None:
        tx.session.add(Unmatched(run_id=run.id, mentee_id=person_id, cause=cause, reason=REASONS[cause]))


def _choose(tx: Transaction, run: MatchRun, mentee_id: int, mentor_id: int) -> Alternative:
    for candidate in list_alternatives(tx.session, run, mentee_id):
        if candidate.mentor.id == mentor_id:
            if candidate.why_not:
                raise Conflict(
                    gettext("%(mentor)s can't be chosen. %(why)s", mentor=candidate.mentor.name, why=candidate.why_not)
                )
            return candidate
    raise Conflict(
        gettext("This mentor is not among those whom the run kept for this mentee. Choose one from the list.")
    )


def _draft(
    tx: Transaction, run: MatchRun, cycle: Cycle, mentee_id: int, chosen: Alternative, **details: JSON
) -> tuple[Proposal, AuditEntry]:
    terms = terms_of(run)
    one, other = terms.in_order(mentee_id, chosen.mentor.id)
    draft = Proposal(
        cycle_id=cycle.id,
        run_id=run.id,
        mentee_id=one,
        mentor_id=other,
        kind=terms.kind,
        state=MatchState.DRAFTED,
        score=chosen.score,
        rank=chosen.rank,
        search=search_terms(term for part in chosen.parts for term in part.terms),
        created_at=tx.now(),
        changed_at=tx.now(),
    )
    tx.session.add(draft)
    tx.session.flush()
    return draft, note_move(tx, draft, None, cycle.programme_id, **details)


def _names(tx: Transaction, proposal: Proposal) -> str:
    people = person_refs(tx.session, (proposal.mentee_id, proposal.mentor_id))
    return gettext(
        "%(mentee)s and %(mentor)s",
        mentee=people[proposal.mentee_id].name,
        mentor=people[proposal.mentor_id].name,
    )


def _undo(tx: Transaction, entry: AuditEntry, sentence: str) -> Undo:
    tx.session.flush()
    return Undo(entry.id, sentence)
