"""Publish what a run drafted: once, by one person, re-checked pair by pair, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.models import Candidate, MatchRun, RunState
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import check_matchable, find_cycle, find_run
from wayfellow.matching.tries import check_no_try
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships import letters
from wayfellow.mentorships.checks import DraftRow, failing_drafts
from wayfellow.mentorships.letters import LetterTo
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.notices import send_all, write_all
from wayfellow.mentorships.states import move_all
from wayfellow.mentorships.terms import terms_of
from wayfellow.mentorships.views import FailingPair, Published, PublishPreview
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.rules import answer_until, last_day
from wayfellow.types import MatchState
from wayfellow.wording import spoken_day
from wayfellow.words import gettext, ngettext

#: How many failing pairs a sentence names.
_NAMED = 5
D = TypeVar("D", Proposal, DraftRow)


def publish_preview(tx: Transaction, run_id: int, *, pair: int = 1) -> PublishPreview:
    """Say what publishing a run would do and what people will read. Needs ``matching.publish``.

    ``pair`` says whose letters are shown: it counts the pairs to publish from 1, best score first; beyond the last
    one the last one's are.
    """
    run, cycle = find_run(tx, run_id, "matching.publish")
    drafts = _look_at_drafts(tx.session, run_id)
    failing = failing_drafts(tx.session, cycle, drafts, terms_of(run))
    good = _without(drafts, failing)
    shown = max(1, min(pair, len(good)))
    named = [*good[shown - 1 : shown], *(draft for draft, _ in failing)]
    people = person_refs(tx.session, {person for draft in named for person in (draft.mentee_id, draft.mentor_id)})
    programme = tx.session.get_one(Programme, cycle.programme_id)
    until = last_day(programme, answer_until(programme, tx.now()))
    written = _letters(tx.session, run, good[shown - 1 : shown], people, until)
    mentee_letter, mentor_letter = write_all(tx, [letter for _, letter in written]) or (None, None)
    return PublishPreview(
        run_number=run.number,
        pairs=len(good),
        mentees=len({draft.mentee_id for draft in good}),
        mentors=len({draft.mentor_id for draft in good}),
        notices=2 * len(good),
        failing=_shown(failing, people),
        shown=shown,
        mentee_letter=mentee_letter,
        mentor_letter=mentor_letter,
    )


def publish_run(tx: Transaction, run_id: int, *, leave_out_failing: bool = False) -> Published:
    """Propose a run's drafts to the people in them. Needs ``matching.publish``.

    Raises Conflict when somebody published it before, when the run is not done, and, unless ``leave_out_failing``,
    when a pair does not hold any more; then nothing is published and the sentence names the pairs.
    """
    run, cycle = _claim(tx, run_id)
    drafts, people = _read_drafts(tx.session, run_id)
    failing = failing_drafts(tx.session, cycle, drafts, terms_of(run))
    good, left_out = _without(drafts, failing), _shown(failing, people)
    if left_out and not leave_out_failing:
        raise Conflict(_refusal(left_out))
    if not good:
        raise Conflict(gettext("Run %(number)s has no pairs to publish. Start a new run.", number=run.number))
    programme = tx.session.get_one(Programme, cycle.programme_id)
    until = answer_until(programme, tx.now())
    for one in good:
        one.expires_at = None if one.kind == TieKind.CHAT else until  # nobody answers about a chat
    move_all(tx, good, MatchState.PROPOSED, cycle.programme_id)
    written = _letters(tx.session, run, good, people, last_day(programme, until))
    send_all(tx, written)
    record(tx, "run.published", "match_run", run_id, cycle.programme_id, pairs=len(good), left_out=len(left_out))
    _tell_plugins(tx, run_id, [draft.id for draft in good])
    return Published(len(good), len(written), left_out)


def _tell_plugins(tx: Transaction, run_id: int, ids: Sequence[int]) -> None:
    import numpy as np  # slow to import, and pages do without it

    match_ids = np.array(ids, dtype=np.int64)
    tx.tell(lambda host: host.on_matches_proposed(run_id=run_id, match_ids=match_ids))


def _claim(tx: Transaction, run_id: int) -> tuple[MatchRun, Cycle]:
    """Take the run for this transaction: of two coordinators, one updates its row and the other finds it done."""
    run, _ = find_run(tx, run_id, "matching.publish")
    cycle = find_cycle(tx, run.cycle_id, "matching.publish", lock=True)
    check_matchable(cycle)
    tx.session.refresh(run)
    check_no_try(
        run,
        gettext(
            "Run %(number)s is a try, so it can't be published. Use it in place of the run it came from first.",
            number=run.number,
        ),
    )
    unpublished = (MatchRun.id == run_id) & MatchRun.published_at.is_(None) & (MatchRun.state == RunState.DONE)
    mine = update(MatchRun).where(unpublished).values(published_at=tx.now(), published_by=tx.actor.person_id)
    claimed = tx.session.scalar(mine.returning(MatchRun.id).execution_options(synchronize_session=False))
    tx.session.refresh(run)
    if claimed is None:
        raise Conflict(_too_late(tx.session, run))
    return run, cycle


def _too_late(session: Session, run: MatchRun) -> str:
    if run.published_at is None:
        return gettext("Run %(number)s is not done, so there is nothing to publish.", number=run.number)
    name = session.scalar(select(Person.name).where(Person.id == run.published_by)) or gettext("Somebody else")
    return gettext(
        "%(name)s published run %(number)s on %(day)s at %(time)s UTC.",
        name=name,
        number=run.number,
        day=spoken_day(run.published_at),
        time=f"{run.published_at:%H:%M}",
    )


def _read_drafts(session: Session, run_id: int) -> tuple[list[Proposal], dict[int, PersonRef]]:
    mine = (Proposal.run_id == run_id) & (Proposal.state == MatchState.DRAFTED)
    drafts = select(Proposal).where(mine).order_by(Proposal.score.desc(), Proposal.id)
    found = list(session.scalars(drafts.execution_options(populate_existing=True)))
    mentees: Select[int] = select(Proposal.mentee_id).where(mine)
    mentors: Select[int] = select(Proposal.mentor_id).where(mine)
    return found, person_refs(session, mentees) | person_refs(session, mentors)


def _look_at_drafts(session: Session, run_id: int) -> list[DraftRow]:
    """Return drafts without what only changes need: thousands of full records are slow to read."""
    columns = Proposal.id, Proposal.mentee_id, Proposal.mentor_id, Proposal.score, Proposal.locked
    mine = (Proposal.run_id == run_id) & (Proposal.state == MatchState.DRAFTED)
    rows = session.execute(select(*columns).where(mine).order_by(Proposal.score.desc(), Proposal.id))
    return [DraftRow(*row) for row in rows]


def _letters(
    session: Session, run: MatchRun, drafts: Sequence[D], people: Mapping[int, PersonRef], until: date
) -> list[tuple[D, LetterTo]]:
    """Write the two letters of each pair, the mentee's first."""
    kind = terms_of(run).kind
    stored = select(Candidate.mentee_id, Candidate.mentor_id, Candidate.explanation).where(Candidate.run_id == run.id)
    chosen = stored.join(
        Proposal, (Proposal.mentee_id == Candidate.mentee_id) & (Proposal.mentor_id == Candidate.mentor_id)
    ).where(Proposal.run_id == run.id, Proposal.state.in_((MatchState.DRAFTED, MatchState.PROPOSED)))
    if len(drafts) == 1:
        chosen = chosen.where(Candidate.mentee_id == drafts[0].mentee_id)
    terms = {(mentee, mentor): top_terms(read_parts(said)) for mentee, mentor, said in session.execute(chosen)}
    found = []
    for draft in drafts:
        mentee, mentor = people[draft.mentee_id], people[draft.mentor_id]
        why = terms.get((draft.mentee_id, draft.mentor_id), ())
        found.append((draft, letters.proposed(mentee, mentor, why, until, to_mentee=True, kind=kind)))
        found.append((draft, letters.proposed(mentor, mentee, why, until, to_mentee=False, kind=kind)))
    return found


def _without(drafts: Sequence[D], failing: Sequence[tuple[D, str]]) -> list[D]:
    out = {draft.id for draft, _ in failing}
    return [draft for draft in drafts if draft.id not in out]


def _shown(failing: Sequence[tuple[D, str]], people: Mapping[int, PersonRef]) -> tuple[FailingPair, ...]:
    return tuple(FailingPair(draft.id, people[draft.mentee_id], people[draft.mentor_id], why) for draft, why in failing)


def _refusal(failing: Sequence[FailingPair]) -> str:
    named = "; ".join(
        gettext(
            "%(mentee)s and %(mentor)s (%(reason)s)",
            mentee=pair.mentee.name,
            mentor=pair.mentor.name,
            reason=pair.reason[:-1],
        )
        for pair in failing[:_NAMED]
    )
    more = len(failing) - _NAMED
    if more > 0:
        named = ngettext("%(pairs)s; and %(num)s more", "%(pairs)s; and %(num)s more", more, pairs=named)
    return ngettext(
        "One pair does not hold any more, and nothing was published: %(pairs)s. Replace them, or publish the others.",
        "%(num)s pairs do not hold any more, and nothing was published: %(pairs)s. Replace them, or publish the "
        "others.",
        len(failing),
        pairs=named,
    )
