"""Say on what terms a run brings people together: what becomes of its pairs, who may be in them, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wayfellow.matching.models import MatchRun
from wayfellow.matching.runs import read_settings
from wayfellow.matching.settings import Mode
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.types import Role


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold what the pairs of a run are judged by.

    ``wanted`` is how many others each mentee gets, and ``per_place`` for how many pairs a mentor's place is, since
    chats are short. ``asking`` and ``offering`` are the roles of the two people; of peers both are the pool's, and each
    is in one pair.
    """

    kind: TieKind = TieKind.MENTORSHIP
    wanted: int = 1
    per_place: int = 1
    asking: tuple[Role, ...] = (Role.MENTEE,)
    offering: tuple[Role, ...] = (Role.MENTOR,)

    @property
    def are_peers(self) -> bool:
        """Tell whether the two people of a pair are alike, so that neither is the mentor."""
        return self.kind is TieKind.PEERS

    @property
    def take_places(self) -> bool:
        """Tell whether pairs take up a place of the mentor, and count among those that a mentee gets."""
        return self.kind is not TieKind.CONVERSATION

    def in_order(self, one: int, other: int) -> tuple[int, int]:
        """Return two people as a record holds them: the mentee first, of peers the smaller id."""
        return (min(one, other), max(one, other)) if self.are_peers else (one, other)


#: The terms of mentorships that no run made.
USUAL = Terms()


def terms_of(run: MatchRun) -> Terms:
    """Return the terms of a run's pairs."""
    asked = read_settings(run)
    if asked.mode == Mode.PEERS:
        return Terms(TieKind.PEERS, asking=asked.pool_roles, offering=asked.pool_roles)
    if asked.mode == Mode.CHEMISTRY:
        return Terms(TieKind.CHAT, wanted=asked.chats, per_place=asked.chats)
    return Terms(wanted=asked.mentors_per_mentee)


def terms_of_proposal(session: Session, proposal: Proposal) -> Terms:
    """Return the terms of a proposal, which are those of its run, if it has one."""
    run = session.get(MatchRun, proposal.run_id) if proposal.run_id is not None else None
    return Terms(TieKind(proposal.kind)) if run is None else terms_of(run)
