"""What nobody answers is reminded of once, ends in time, and both hear a word that fits."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict
from wayfellow.mentorships.home import get_my_proposal
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.mentorships.staff.deciding import propose_again
from wayfellow.notify.models import Notice
from wayfellow.notify.nudges import nudge
from wayfellow.programmes.models import Programme
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def pair(world):
    """Cy was proposed to Ada on Monday 23 November, with 14 days to answer."""
    ada, cy = world.mentor("Ada", 1), world.mentee("Cy")
    run = world.run([(cy, ada, 0.8)])
    with world.deployment.transaction(SYSTEM) as tx:
        preview = publish_preview(tx, run)
        publish_run(tx, run)
    assert "We wait for your answer until Monday 7 December." in preview.mentor_letter.body
    return world.proposals()[0].id, world.actor(ada, Role.MENTOR), world.actor(cy, Role.MENTEE)


def letters(world, person_id):
    with world.deployment.reading(SYSTEM) as tx:
        mine = select(Notice).where(Notice.person_id == person_id).order_by(Notice.id)
        return [one.subject for one in tx.session.scalars(mine)]


def say_yes(world, actor, proposal_id):
    with world.deployment.transaction(actor) as tx:
        return answer_proposal(tx, proposal_id, True)


def test_both_read_until_when_and_the_answer_comes_in_time_to_the_end_of_that_day(world, pair, clock):
    number, ada, cy = pair
    with world.deployment.reading(cy) as tx:
        assert f"{get_my_proposal(tx, number).answer_until:%A %d %B}" == "Monday 07 December"
    clock.move(days=14, hours=14)  # 23:00 on that Monday
    world.work()
    say_yes(world, ada, number)
    assert say_yes(world, cy, number).state is MatchState.ACCEPTED


def test_the_last_day_is_the_programmes(world, pair, clock):
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Programme, world.programme_id).timezone = "Pacific/Auckland"  # Monday began there earlier
    run = world.run([(world.mentee("Di"), world.mentor("Bo"), 0.5)])
    with world.deployment.transaction(SYSTEM) as tx:
        publish_run(tx, run)
    [until] = [one.expires_at for one in world.proposals(run)]
    assert until.isoformat() == "2026-12-07T11:00:00+00:00"


def test_a_third_before_the_end_whoever_has_not_answered_is_reminded_once(world, pair, clock):
    number, ada, cy = pair
    say_yes(world, ada, number)
    clock.move(days=9)
    world.work()
    assert not any("waited for" in subject for subject in letters(world, cy.person_id))
    clock.move(days=2)
    world.work()
    clock.move(hours=1)
    world.work()
    assert letters(world, cy.person_id)[1:] == ["Your answer is waited for until Monday 7 December: Ada"]
    assert not any("waited for" in subject for subject in letters(world, ada.person_id))


def test_a_reminder_is_one_of_the_weeks_few_nudges(world, pair, clock):
    number, ada, cy = pair
    say_yes(world, ada, number)
    clock.move(days=11)
    with world.deployment.transaction(SYSTEM) as tx:
        for key in ("one", "two"):
            assert nudge(tx, cy.person_id, key=f"{key}:{cy.person_id}", subject="Write to each other")
    world.work()
    assert not any("waited for" in subject for subject in letters(world, cy.person_id))
    with world.deployment.transaction(SYSTEM) as tx:  # a longer wait, so that it is not over before the nudges are
        tx.session.get_one(Proposal, number).expires_at += timedelta(days=6)
    clock.move(days=8)
    world.work()
    assert any("waited for" in subject for subject in letters(world, cy.person_id))


def test_what_ran_out_ends_once_and_each_hears_other_words(world, pair, clock):
    number, ada, cy = pair
    say_yes(world, ada, number)
    clock.move(days=15)
    for _ in range(3):
        world.work()
        clock.move(hours=1)
    assert world.audited(number) == ["proposed", "expired"]
    assert letters(world, ada.person_id)[-1] == "No answer in time: you and Cy"
    assert letters(world, cy.person_id)[-1] == "The time to answer is over: you and Ada"
    with pytest.raises(Conflict, match="The time to answer is over"):
        say_yes(world, cy, number)


def test_a_blocked_pair_is_neither_reminded_nor_told(world, pair, clock):
    number, ada, cy = pair
    world.block(cy.person_id, ada.person_id)
    before = letters(world, ada.person_id), letters(world, cy.person_id)
    for days in (11, 5):
        clock.move(days=days)
        world.work()
    assert world.audited(number) == ["proposed", "expired"]
    assert (letters(world, ada.person_id), letters(world, cy.person_id)) == before


def test_what_ran_out_can_be_proposed_again_and_five_times_is_once(world, pair, clock):
    number, _, _ = pair
    clock.move(days=15)
    world.work()
    ruth = world.coordinator()
    ids = set()
    for _ in range(5):
        with world.deployment.transaction(ruth) as tx:
            ids.add(propose_again(tx, number).id)
    [new] = ids
    assert [(one.state, one.origin) for one in world.proposals()] == [("expired", "run"), ("proposed", "hand")]
    assert world.audited(new) == ["proposed"]


def test_statements_do_not_grow_with_what_runs_out(world, clock):
    def statements(count):
        pairs = [(world.mentee(f"Cy {count} {i}"), world.mentor(f"Ada {count} {i}"), 0.5) for i in range(count)]
        run = world.run(pairs)
        with world.deployment.transaction(SYSTEM) as tx:
            publish_run(tx, run)
        clock.move(days=11)
        with world.count_statements() as reminding:
            world.work()
        clock.move(days=5)
        with world.count_statements() as ending:
            world.work()
        return len(reminding), len(ending)

    assert statements(2) == statements(12)
