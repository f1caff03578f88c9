"""List who else a mentee could have had in a run, and what stands in the way of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.models import Candidate, Exclusion, MatchRun
from wayfellow.matching.refs import person_refs
from wayfellow.mentorships.partners import partners_of
from wayfellow.mentorships.places import read_places
from wayfellow.mentorships.terms import Terms, terms_of
from wayfellow.mentorships.views import Alternative, PairView, Places
from wayfellow.mentorships.whynot import because, read_holders
from wayfellow.people.models import Person
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.words import gettext, ngettext


def read_candidates(session: Session, run: MatchRun, mentee_id: int) -> Sequence[Candidate]:
    """Return the mentors that a run kept for a mentee, best first: its choice, the best, and those with a place."""
    kept = select(Candidate).where(Candidate.run_id == run.id, Candidate.mentee_id == mentee_id)
    return session.scalars(kept.order_by(Candidate.rank, Candidate.id)).all()


def list_alternatives(
    session: Session,
    run: MatchRun,
    mentee_id: int,
    *,
    than: PairView | None = None,
    kept: Sequence[Candidate] | None = None,
) -> Sequence[Alternative]:
    """List the mentors that a run kept for a mentee, best first, without the mentor of ``than``.

    ``kept`` are the candidates where they were read before. Twelve statements at most, however many they are.
    """
    terms = terms_of(run)
    candidates = read_candidates(session, run, mentee_id) if kept is None else kept
    if than is not None:
        candidates = [candidate for candidate in candidates if candidate.mentor_id != than.mentor.id]
    mentors = {candidate.mentor_id for candidate in candidates}
    people, book = person_refs(session, mentors), read_places(session, run.cycle_id, terms, run.id, mentors)
    barred = dict.fromkeys(
        partners_of(session, run.cycle_id, terms, mentee_id, run.id), gettext("In a pair with them already.")
    )
    barred |= _barred(session, run.cycle_id, terms, mentee_id, mentors)
    holders = read_holders(session, run.id, mentors)
    found = []
    for candidate in candidates:
        places, parts = book.of(candidate.mentor_id), read_parts(candidate.explanation)
        out = barred.get(candidate.mentor_id, "")
        why_not = out or _full(places, terms)
        found.append(
            Alternative(
                mentor=people[candidate.mentor_id],
                score=candidate.score,
                rank=candidate.rank,
                parts=parts,
                terms=top_terms(parts),
                places=places,
                why_not=why_not,
                note=why_not or _comparison(candidate.score, than),
                because="" if out else because(candidate, holders.get(candidate.mentor_id, ())),
            )
        )
    return found


def _barred(session: Session, cycle_id: int, terms: Terms, mentee_id: int, mentors: Collection[int]) -> dict[int, str]:
    """Return why some mentors are out of the question. Who made a block is never revealed, nor that it is one."""
    here = select(Membership.person_id).where(
        Membership.cycle_id == cycle_id,
        Membership.role.in_(terms.offering),
        Membership.state == MembershipState.APPROVED,
    )
    taking_part = set(session.scalars(here.where(Membership.person_id.in_(mentors))))
    blocked = session.scalars(select(Person.id).where(Person.id.in_(mentors), is_blocked(Person.id, mentee_id)))
    sides = [(Exclusion.mentee_id, Exclusion.mentor_id), (Exclusion.mentor_id, Exclusion.mentee_id)]
    excluded: list[int] = []
    for one, other in sides if terms.are_peers else sides[:1]:
        here = select(other).join(Cycle, Cycle.programme_id == Exclusion.programme_id)
        excluded += session.scalars(here.where(Cycle.id == cycle_id, one == mentee_id, other.in_(mentors)))
    reasons = {mentor: gettext("Not taking part at the moment.") for mentor in mentors if mentor not in taking_part}
    reasons |= dict.fromkeys(blocked, gettext("Not possible for this pair."))
    return reasons | dict.fromkeys(excluded, gettext("Excluded by a coordinator."))


def _full(places: Places, terms: Terms) -> str:
    if places.free:
        return ""
    if terms.are_peers:
        return (
            gettext("Has a partner, or a proposal, already.")
            if places.taken
            else gettext("In another pair of this run.")
        )
    if not places.capacity:
        return gettext("Offers no places.")
    return ngettext(
        "Full: of %(num)s place, %(taken)s taken already and %(drafted)s by pairs of this run.",
        "Full: of %(num)s places, %(taken)s taken already and %(drafted)s by pairs of this run.",
        places.capacity,
        taken=places.taken,
        drafted=places.drafted,
    )


def _comparison(score: float, than: PairView | None) -> str:
    if than is None:
        return gettext("Free.")
    points = round(100 * than.score) - round(100 * score)
    if points == 0:
        return gettext("Free, with as many points.")
    if points > 0:
        return ngettext("Free, %(num)s point lower.", "Free, %(num)s points lower.", points)
    return ngettext("Free, %(num)s point higher.", "Free, %(num)s points higher.", -points)
