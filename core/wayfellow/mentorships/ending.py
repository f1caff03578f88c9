"""End mentorships before their time, and tell whoever did not ask for it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from wayfellow.deployment import Transaction
from wayfellow.matching.refs import person_refs
from wayfellow.mentorships.models import Mentorship
from wayfellow.mentorships.notices import write_all
from wayfellow.mentorships.staff import letters
from wayfellow.mentorships.states import OCCUPYING
from wayfellow.notify.service import NewNotice, tell_all
from wayfellow.privacy.audit import record_all
from wayfellow.programmes.models import Cycle
from wayfellow.types import MatchState

KIND = "mentorship.ended"


def end_early(tx: Transaction, where: ColumnElement[bool], leaving: Collection[int]) -> int:
    """End the mentorships at work that meet a condition, and tell those of their people who are not ``leaving``.

    The caller holds the people. The letter never says why. Return how many ended.
    """
    mine = select(Mentorship).where(where, Mentorship.state.in_(OCCUPYING)).order_by(Mentorship.id)
    ended = tx.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).all()
    for one in ended:
        before = MatchState(one.state)
        one.state, one.ended_at = MatchState.ENDED_EARLY, tx.now()
        _tell_plugins(tx, one, before)
    tx.session.flush()
    places = _programmes(tx, ended)
    for programme_id in set(places.values()):
        ids = [one.id for one in ended if places[one.cycle_id] == programme_id]
        record_all(tx, "mentorship.ended_early", "mentorship", ids, programme_id)
    _tell(tx, ended, leaving, places)
    return len(ended)


def _tell(tx: Transaction, ended: Collection[Mentorship], leaving: Collection[int], places: dict[int, int]) -> None:
    people = person_refs(tx.session, {person for one in ended for person in (one.mentee_id, one.mentor_id)})
    sides = [
        (one, people[to], people[other])
        for one in ended
        for to, other in ((one.mentee_id, one.mentor_id), (one.mentor_id, one.mentee_id))
        if to not in leaving
    ]
    worded = write_all(tx, [letters.ended(to, other) for _, to, other in sides])
    tell_all(
        tx,
        [
            NewNotice(to.id, f"{KIND}:{one.id}:{to.id}", letter.subject, letter.body, KIND, places[one.cycle_id])
            for (one, to, _), letter in zip(sides, worded, strict=True)
        ],
    )


def _programmes(tx: Transaction, ended: Collection[Mentorship]) -> dict[int, int]:
    """Return the programme of each cycle that mentorships are of."""
    cycles = {one.cycle_id for one in ended}
    return dict(tx.session.execute(select(Cycle.id, Cycle.programme_id).where(Cycle.id.in_(cycles))).all())


def _tell_plugins(tx: Transaction, one: Mentorship, before: MatchState) -> None:
    if one.proposal_id is not None:
        match_id, actor_id, after = one.proposal_id, tx.actor.person_id, MatchState(one.state)
        tx.tell(lambda host: host.on_match_changed(match_id=match_id, before=before, after=after, actor_id=actor_id))
