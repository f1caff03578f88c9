"""Check, pair by pair but in a bounded number of SQL statements, whether a run's drafts still hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.matching.exclusions import blocked_pairs, excluded_pairs
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.partners import count_partners, pairs_together
from wayfellow.mentorships.places import PlaceBook, read_places
from wayfellow.mentorships.terms import Terms
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.types import Role
from wayfellow.words import gettext, ngettext


class DraftRow(NamedTuple):
    """Hold what a draft is judged by."""

    id: int
    mentee_id: int
    mentor_id: int
    score: float
    locked: bool


D = TypeVar("D", Proposal, DraftRow)


def failing_drafts(session: Session, cycle: Cycle, drafts: Sequence[D], terms: Terms) -> list[tuple[D, str]]:
    """Return the drafts that can't be published, each with a reason.

    Where somebody has fewer places than drafts, locked drafts come first, then those with the best scores. Ten
    statements at most, whatever the number of drafts.
    """
    facts = _read_facts(session, cycle, terms)
    failing = []
    for draft in sorted(drafts, key=lambda draft: (not draft.locked, -draft.score, draft.id)):
        why = next(facts.objections(draft), "")
        if why:
            failing.append((draft, why))
        else:
            facts.take(draft)
    return failing


@dataclass(frozen=True, slots=True)
class _Facts:
    """Hold what drafts are judged by; ``got`` and ``given`` count what those that go first take of either side."""

    terms: Terms
    approved: set[tuple[int, str]]
    blocked: set[tuple[int, int]]
    excluded: set[tuple[int, int]]
    together: set[tuple[int, int]]
    partners: Counter[int]
    book: PlaceBook
    got: Counter[int] = field(default_factory=Counter)
    given: Counter[int] = field(default_factory=Counter)

    def objections(self, draft: Proposal | DraftRow) -> Iterator[str]:
        """Say what stands in the way of a draft."""
        pair = draft.mentee_id, draft.mentor_id
        peers = self.terms.are_peers
        if not self._takes_part(draft.mentee_id, self.terms.asking):
            yield (
                gettext("The first partner is not taking part any more.")
                if peers
                else gettext("The mentee is not taking part any more.")
            )
        if not self._takes_part(draft.mentor_id, self.terms.offering):
            yield (
                gettext("The second partner is not taking part any more.")
                if peers
                else gettext("The mentor is not taking part any more.")
            )
        if pair in self.excluded or (peers and pair[::-1] in self.excluded):
            yield gettext("A coordinator excluded this pair.")
        if pair in self.blocked:
            yield gettext("This pair is not possible.")
        if self.partners[draft.mentee_id] + self.got[draft.mentee_id] >= self.terms.wanted:
            yield self._has_enough()
        if pair in self.together:
            yield gettext("The two are together, or proposed to each other, by now.")
        places = self.book.of(draft.mentor_id)
        if places.capacity - places.taken - self.given[draft.mentor_id] <= 0:
            yield self._has_enough() if peers else gettext("The mentor has no place left.")

    def take(self, draft: Proposal | DraftRow) -> None:
        """Count a draft that can be published."""
        self.got[draft.mentee_id] += 1
        self.given[draft.mentor_id] += 1
        if self.terms.are_peers:
            self.got[draft.mentor_id] += 1
            self.given[draft.mentee_id] += 1

    def _takes_part(self, person_id: int, roles: Sequence[Role]) -> bool:
        return any((person_id, role) in self.approved for role in roles)

    def _has_enough(self) -> str:
        if self.terms.are_peers:
            return gettext("One of the two has a partner, or another proposal, by now.")
        if self.terms.kind is TieKind.CHAT:
            return gettext("The mentee has as many chats as there are for each.")
        if self.terms.wanted == 1:
            return gettext("The mentee has a mentor, or another proposal, by now.")
        return ngettext(
            "The mentee has %(num)s mentor or proposal by now.",
            "The mentee has %(num)s mentors or proposals by now.",
            self.terms.wanted,
        )


def _read_facts(session: Session, cycle: Cycle, terms: Terms) -> _Facts:
    members = select(Membership.person_id, Membership.role).where(
        Membership.cycle_id == cycle.id, Membership.state == MembershipState.APPROVED
    )
    return _Facts(
        terms,
        approved={(one, other) for one, other in session.execute(members)},
        blocked=blocked_pairs(session, cycle.id),
        excluded=excluded_pairs(session, cycle.programme_id),
        together=pairs_together(session, cycle.id, terms),
        partners=count_partners(session, cycle.id, terms),
        book=read_places(session, cycle.id, terms),
    )
