"""Propose a pair by hand: look at the two side by side, ask both, one or nobody, and check all that a run checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.models import Candidate, MatchRun
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import check_matchable, find_cycle
from wayfellow.matching.texts import matched_texts
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships import letters as proposal_letters
from wayfellow.mentorships.accepting import settle
from wayfellow.mentorships.checks import DraftRow, failing_drafts
from wayfellow.mentorships.holding import hold_people
from wayfellow.mentorships.letters import LetterTo
from wayfellow.mentorships.models import Asks, Mentorship, Origin, Proposal
from wayfellow.mentorships.notices import send, write_all
from wayfellow.mentorships.places import read_places
from wayfellow.mentorships.staff import letters
from wayfellow.mentorships.states import LIVE, OCCUPYING, note_move
from wayfellow.mentorships.terms import USUAL
from wayfellow.mentorships.views import Letter, Places
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Membership, Programme
from wayfellow.programmes.rules import answer_until, last_day
from wayfellow.types import MatchState, Role
from wayfellow.words import gettext

MAX_TEXT = 2000


@dataclass(frozen=True, slots=True)
class HandPair:
    """Hold two people side by side; ``why_not`` is a sentence on what stands in the way, "" when nothing does.

    ``terms`` are what the newest run that compared them says both speak of; ``places`` are the mentor's.
    """

    mentee: PersonRef
    mentor: PersonRef
    mentee_texts: Mapping[str, str]
    mentor_texts: Mapping[str, str]
    terms: tuple[str, ...]
    places: Places
    why_not: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """Hold what a coordinator proposes: whose yes it takes, why not both people's, and a note that both read."""

    mentee_id: int
    mentor_id: int
    asks: Asks = Asks.BOTH
    reason: str = ""
    note: str = ""


def look_at_pair(tx: Transaction, cycle_id: int, mentee_id: int, mentor_id: int) -> HandPair:
    """Return two people of a cycle side by side. Needs ``matching.publish``. Raises NotFound when one is not in it."""
    cycle = find_cycle(tx, cycle_id, "matching.publish")
    people = _people(tx, cycle_id, mentee_id, mentor_id)
    return HandPair(
        mentee=people[mentee_id],
        mentor=people[mentor_id],
        mentee_texts=matched_texts(tx.session, mentee_id, Role.MENTEE),
        mentor_texts=matched_texts(tx.session, mentor_id, Role.MENTOR),
        terms=_terms(tx, cycle_id, mentee_id, mentor_id),
        places=read_places(tx.session, cycle_id, USUAL, mentors=[mentor_id]).of(mentor_id),
        why_not=_why_not(tx, cycle, mentee_id, mentor_id),
    )


def preview_letters(tx: Transaction, cycle_id: int, wanted: ByHand) -> tuple[Letter, Letter]:
    """Return what the mentee and the mentor would read. Needs ``matching.publish``. Raises NotFound."""
    cycle = find_cycle(tx, cycle_id, "matching.publish")
    people = _people(tx, cycle_id, wanted.mentee_id, wanted.mentor_id)
    mentee_letter, mentor_letter = write_all(tx, _write(tx, cycle, wanted, people))
    return mentee_letter, mentor_letter


def propose(tx: Transaction, cycle_id: int, wanted: ByHand) -> Proposal:
    """Propose a pair by hand; needs ``matching.publish``. The same again gives the proposal that is there.

    With nobody to ask the mentorship begins at once. Raises NotFound, NotAllowed, InvalidInput for an override without
    a reason or texts that are too long, and Conflict, saying why, when the pair is not possible; that never tells of
    a block.
    """
    cycle = find_cycle(tx, cycle_id, "matching.publish", lock=True)
    check_matchable(cycle)
    _check(wanted)
    people = _people(tx, cycle_id, wanted.mentee_id, wanted.mentor_id)
    hold_people(tx, people)
    standing = _standing(tx, cycle_id, wanted)
    if standing is not None:
        return standing
    why_not = _why_not(tx, cycle, wanted.mentee_id, wanted.mentor_id)
    if why_not:
        mentee, mentor = people[wanted.mentee_id].name, people[wanted.mentor_id].name
        raise Conflict(
            gettext(
                "%(mentee)s and %(mentor)s can't be proposed to each other. %(why)s Choose somebody else.",
                mentee=mentee,
                mentor=mentor,
                why=why_not,
            )
        )
    return _propose(tx, cycle, wanted, people)


def _propose(tx: Transaction, cycle: Cycle, wanted: ByHand, people: Mapping[int, PersonRef]) -> Proposal:
    programme = tx.session.get_one(Programme, cycle.programme_id)
    proposal = Proposal(
        cycle_id=cycle.id,
        mentee_id=wanted.mentee_id,
        mentor_id=wanted.mentor_id,
        state=MatchState.PROPOSED,
        origin=Origin.HAND,
        asks=wanted.asks,
        why_arranged=wanted.reason.strip(),
        asked_by=tx.actor.person_id,
        message=wanted.note.strip(),
        expires_at=answer_until(programme, tx.now()),
        created_at=tx.now(),
        changed_at=tx.now(),
    )
    tx.session.add(proposal)
    tx.session.flush()
    note_move(tx, proposal, None, cycle.programme_id, origin=Origin.HAND, asks=wanted.asks)
    if wanted.asks == Asks.NOBODY:
        settle(tx, proposal, cycle)
    else:
        for letter in _write(tx, cycle, wanted, people):
            send(tx, proposal, letter)
    if wanted.asks != Asks.BOTH:
        record(tx, "proposal.overridden", "proposal", proposal.id, cycle.programme_id, asks=wanted.asks)
    return proposal


def _write(tx: Transaction, cycle: Cycle, wanted: ByHand, people: Mapping[int, PersonRef]) -> list[LetterTo]:
    """Write both letters, the mentee's first."""
    mentee, mentor, note = people[wanted.mentee_id], people[wanted.mentor_id], wanted.note.strip()
    if wanted.asks == Asks.NOBODY:
        return [letters.arranged(mentee, mentor, note), letters.arranged(mentor, mentee, note)]
    terms = _terms(tx, cycle.id, mentee.id, mentor.id)
    programme = tx.session.get_one(Programme, cycle.programme_id)
    until = last_day(programme, answer_until(programme, tx.now()))

    def write(to: PersonRef, other: PersonRef, side: Asks) -> LetterTo:
        if wanted.asks in (Asks.BOTH, side):
            return proposal_letters.proposed(to, other, terms, until, note, to_mentee=side is Asks.MENTEE)
        return letters.arranged_half(to, other, note)

    return [write(mentee, mentor, Asks.MENTEE), write(mentor, mentee, Asks.MENTOR)]


def _standing(tx: Transaction, cycle_id: int, wanted: ByHand) -> Proposal | None:
    """Return the same proposal if it was made before. Raises Conflict when the two are on another way already."""
    pair = (Proposal.cycle_id == cycle_id, Proposal.mentee_id == wanted.mentee_id)
    query = select(Proposal, Mentorship.id).outerjoin(
        Mentorship, (Mentorship.proposal_id == Proposal.id) & Mentorship.state.in_(OCCUPYING)
    )
    query = query.where(*pair, Proposal.mentor_id == wanted.mentor_id).order_by(Proposal.id.desc())
    for proposal, at_work in tx.session.execute(query):
        if proposal.state in LIVE or at_work is not None:
            if (proposal.origin, proposal.asks) == (Origin.HAND, wanted.asks):
                return proposal
            if at_work is not None:
                raise Conflict(gettext("These two are a pair already. Look for them in the list of proposals."))
            raise Conflict(
                gettext("These two are on their way to each other already. Look for them in the list of proposals.")
            )
    return None


def _why_not(tx: Transaction, cycle: Cycle, mentee_id: int, mentor_id: int) -> str:
    if mentee_id == mentor_id:
        return gettext("They are one and the same person.")
    failing = failing_drafts(tx.session, cycle, [DraftRow(0, mentee_id, mentor_id, 0.0, False)], USUAL)
    return failing[0][1] if failing else ""


def _people(tx: Transaction, cycle_id: int, mentee_id: int, mentor_id: int) -> Mapping[int, PersonRef]:
    wanted = {(mentee_id, Role.MENTEE), (mentor_id, Role.MENTOR)}
    members = select(Membership.person_id, Membership.role).where(
        Membership.cycle_id == cycle_id, Membership.person_id.in_((mentee_id, mentor_id))
    )
    if not wanted <= {(person, Role(role)) for person, role in tx.session.execute(members)}:
        raise NotFound(gettext("Choose a mentee and a mentor of this cycle; one of these is not among them."))
    return person_refs(tx.session, (mentee_id, mentor_id))


def _terms(tx: Transaction, cycle_id: int, mentee_id: int, mentor_id: int) -> tuple[str, ...]:
    query = select(Candidate.explanation).join(MatchRun, MatchRun.id == Candidate.run_id)
    here = (MatchRun.cycle_id == cycle_id, Candidate.mentee_id == mentee_id, Candidate.mentor_id == mentor_id)
    newest = tx.session.scalar(query.where(*here).order_by(MatchRun.number.desc()).limit(1))
    return top_terms(read_parts(newest or ()))


def _check(wanted: ByHand) -> None:
    problems = []
    if wanted.asks != Asks.BOTH and not wanted.reason.strip():
        sentence = gettext("Say why not both are asked; it stays with the proposal.")
        problems.append(Problem(sentence, column="reason"))
    most = f"{MAX_TEXT:,}"
    if (length := len(wanted.reason)) > MAX_TEXT:
        sentence = gettext(
            "The reason has %(length)s characters; keep it to %(most)s.", length=f"{length:,}", most=most
        )
        problems.append(Problem(sentence, column="reason"))
    if (length := len(wanted.note)) > MAX_TEXT:
        sentence = gettext("The note has %(length)s characters; keep it to %(most)s.", length=f"{length:,}", most=most)
        problems.append(Problem(sentence, column="note"))
    if problems:
        raise InvalidInput(gettext("Nothing was proposed yet. Mend what is marked."), tuple(problems))
