"""Whoever blocks somebody is left alone: nothing is proposed, listed or mailed between the two any more."""

import pytest
from mail_sink import sending
from sqlalchemy import select

from wayfellow.errors import NotFound
from wayfellow.mentorships.blocking import block_person, find_other
from wayfellow.mentorships.home import list_my_mentorships, list_my_proposals
from wayfellow.mentorships.models import Mentorship
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.notify.models import Delivery, Notice
from wayfellow.people.blocks import list_blocks, unblock
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def pair(world):
    ada, cy = world.mentor("Ada", 2), world.mentee("Cy")
    world.run([(cy, ada, 0.8)], state=MatchState.PROPOSED)
    return world.actor(ada, Role.MENTOR), world.actor(cy, Role.MENTEE), world.proposals()[0].id


def does(world, actor, function, *arguments, **more):
    with world.deployment.transaction(actor) as tx:
        return function(tx, *arguments, **more)


def subjects(world, actor):
    mine = select(Notice.subject).where(Notice.person_id == actor.person_id).order_by(Notice.id)
    return does(world, SYSTEM, lambda tx: list(tx.session.scalars(mine)))


def test_a_block_ends_what_is_open_and_says_no_more_than_that(world, pair):
    ada, cy, number = pair
    for _ in range(5):
        does(world, cy, block_person, ada.person_id, end_mentorship=False)
    assert world.audited(number) == ["superseded"]
    assert subjects(world, ada) == ["This pair can't go ahead: you and Cy"]
    assert subjects(world, cy) == []
    for actor in (ada, cy):
        assert does(world, actor, list_my_proposals) == []
    assert does(world, cy, list_blocks) == [(ada.person_id, "Ada")]
    assert does(world, ada, list_blocks) == []


def test_nothing_that_is_kept_for_others_says_who_blocked(world, pair):
    ada, cy, number = pair
    does(world, cy, block_person, ada.person_id, end_mentorship=True)
    entries = does(world, SYSTEM, lambda tx: list(tx.session.scalars(select(AuditEntry))))
    assert {one.actor_id for one in entries if one.subject_id == number} == {None}
    assert not any("block" in one.action for one in entries)


@pytest.mark.parametrize("end", [True, False])
def test_whoever_blocks_says_whether_the_mentorship_ends(world, pair, end):
    ada, cy, number = pair
    for actor in (ada, cy):
        does(world, actor, answer_proposal, number, True)
    assert does(world, cy, find_other, ada.person_id)[1] is True
    for _ in range(3):
        does(world, cy, block_person, ada.person_id, end_mentorship=end)
    [state] = does(world, SYSTEM, lambda tx: list(tx.session.scalars(select(Mentorship.state))))
    assert state == ("ended_early" if end else "active")
    told = [one for one in subjects(world, ada) if "has ended" in one]
    assert told == (["Your mentorship with Cy has ended"] if end else [])
    assert not any("has ended" in one for one in subjects(world, cy))
    assert len(does(world, ada, list_my_mentorships)) == 1


def test_mails_that_wait_are_not_sent_any_more(world, pair, server, sink):
    ada, cy, number = pair
    world.deployment = sending(world.deployment, server).deployment
    for actor in (ada, cy):
        does(world, actor, answer_proposal, number, True)
    does(world, cy, block_person, ada.person_id, end_mentorship=True)
    world.work()
    assert [mail["Subject"] for mail in sink.mails] == ["Your mentorship with Cy has ended"]
    states = does(world, SYSTEM, lambda tx: sorted(tx.session.scalars(select(Delivery.state))))
    assert states == ["cancelled", "cancelled", "sent"]


def test_a_block_is_taken_back_and_changes_nothing_that_ended(world, pair):
    ada, cy, _ = pair
    does(world, cy, block_person, ada.person_id, end_mentorship=False)
    does(world, cy, unblock, ada.person_id)
    assert does(world, cy, list_blocks) == []
    [view] = does(world, cy, list_my_proposals)
    assert view.state is MatchState.SUPERSEDED


def test_strangers_can_not_be_looked_up_by_number(world, pair):
    _, cy, _ = pair
    stranger = world.person("Nobody of this programme")
    for person in (stranger, 999_999, cy.person_id):
        with pytest.raises(NotFound, match="not here, or not for you to see"):
            does(world, cy, block_person, person, end_mentorship=False)
